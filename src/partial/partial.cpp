// SPDX-License-Identifier: MIT
#include "partial/partial.h"

#include <algorithm>
#include <vector>

#include "base/assert.h"
#include "kpi/info.h"
#include "partial/reader.h"
#include "report/canonical.h"

namespace insitu::partial {

namespace {

// Builds a tree of what totals write.
class TreeWriter final : public base::Writer {
 public:
  TreeWriter(Tree& tree, std::int64_t min_count) : tree_(tree), min_count_(min_count) {}

  void begin_object() override {
    open_.push_back(tree_.add_object(open_.back(), key_));
    names_.push_back(key_);
  }
  void end_object() override {
    open_.pop_back();
    names_.pop_back();
  }
  void begin_array() override { in_pair_ = true; }
  void end_array() override {
    tree_.add_sum(open_.back(), key_, pair_[0] * (base::Int128{1} << 32) + pair_[1]);
    pair_.clear();
    in_pair_ = false;
  }
  void key(std::string_view name) override { key_ = name; }
  void text(std::string_view value) override { tree_.add_text(open_.back(), key_, value); }
  void number(double value) override {
    // A log can add up to more than a partial can say: it says the most it can.
    constexpr auto kMost = static_cast<double>(kMaxInteger);
    const auto integer = static_cast<std::int64_t>(std::clamp(value, -kMost, kMost));
    if (in_pair_) {
      pair_.push_back(integer);
    } else if (min_count_ <= 0 || integer >= min_count_ || !is_cell()) {
      tree_.add_integer(open_.back(), key_, integer);
    }
  }
  void boolean(bool) override {}
  void null() override {}

 private:
  // A count of visitors in a cohort, or of clicks in a cell.
  bool is_cell() const {
    const std::size_t depth = names_.size();
    if (depth == 3 && names_[0] == "activity") return names_[1] != "gaps";
    return depth >= 3 && names_[0] == "heatmaps" && (names_[2] == "click" || depth == 4);
  }

  Tree& tree_;
  std::int64_t min_count_;
  std::vector<Node> open_{Tree::root()};
  std::vector<std::string> names_;
  std::string key_;
  bool in_pair_ = false;
  std::vector<base::Int128> pair_;
};

}  // namespace

std::string options_text(const kpi::Options& options) {
  report::CanonicalWriter out;
  options.write_differences(out, {});
  return out.take();
}

Tree make(const Engine& engine, std::string_view segment, std::int64_t min_count) {
  Tree tree;
  tree.add_integer(Tree::root(), "version", kpi::kSpecVersion);
  tree.add_text(Tree::root(), "options", options_text(engine.options()));
  if (!segment.empty()) tree.add_text(Tree::root(), "segment", segment);
  TreeWriter out(tree, min_count);
  engine.partial(out);
  const bool is_whole = tree.finish();
  INSITU_ASSERT(is_whole);  // names of one object are different
  (void)is_whole;
  return tree;
}

std::string read_head(const Tree& tree, Head& head) {
  const Node version = tree.find(Tree::root(), "version");
  const Node options = tree.find(Tree::root(), "options");
  const Node segment = tree.find(Tree::root(), "segment");
  if (version == kNoNode || tree.kind(version) != Kind::kInteger) {
    return "this is no partial: `version` must be an integer";
  }
  if (tree.integer(version) != kpi::kSpecVersion) {
    return "made under version " + std::to_string(tree.integer(version)) +
           " of the KPI specification, this program knows version " +
           std::to_string(kpi::kSpecVersion);
  }
  if (options == kNoNode || tree.kind(options) != Kind::kText) {
    return "this is no partial: `options` must be a text";
  }
  head.options = tree.text(options);
  head.segment.clear();
  if (segment == kNoNode) return {};
  if (tree.kind(segment) != Kind::kText) return "`segment` must be a text";
  head.segment = tree.text(segment);
  return {};
}

std::string check(const Tree& tree, Engine& engine) {
  Head head;
  std::string error = read_head(tree, head);
  if (!error.empty()) return error;
  if (head.options != options_text(engine.options())) {
    return "made with other options: " + head.options;
  }
  Reader reader(tree, engine.strings(), engine.setting(), false);
  engine.read_partial(reader);
  if (!reader.error().empty()) return reader.error();
  return reader.unknown();
}

std::string add(const Tree& tree, Engine& engine) {
  const std::string error = check(tree, engine);
  if (!error.empty()) return error;
  Reader store(tree, engine.strings(), engine.setting(), true);
  engine.read_partial(store);
  return {};
}

}  // namespace insitu::partial
