// SPDX-License-Identifier: MIT
// Hostile partials, as text and as bytes: reading them never crashes; what is accepted has one
// canonical text and comes back from either form; adding it to another or to an engine does all or
// nothing, and the same from both sides.
#include "partial/partial.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine.h"
#include "partial/binary.h"
#include "partial/merge.h"
#include "partial/tree.h"
#include "report/json.h"
#include "tests/helpers/random_log.h"
#include "tests/helpers/sanitizers.h"

namespace {

using insitu::Engine;
using insitu::partial::Tree;

void require(bool condition) {
  if (!condition) std::abort();
}

// Has every kind of value, most of them near the end of their range.
constexpr std::string_view kTarget =
    R"({"kpis":{"a":{"n":9007199254740991,"s1":[9007199254740991,4294967290],"x":-1}},)"
    R"("options":"{}","tasks":{"t":{"n":1,"spec_time_ms_min":5,"text":"x"}},"version":1})";

void check_merge(const Tree& target, const Tree& tree) {
  Tree left = target;
  Tree right = tree;
  const bool is_added = insitu::partial::merge(left, tree).ok();
  require(insitu::partial::merge(right, target).ok() == is_added);
  const std::string text = canonical(left);
  require(is_added ? text == canonical(right) : text == kTarget);
  require(is_added || canonical(right) == canonical(tree));
  Tree again;
  require(insitu::partial::parse(text, again).ok() && canonical(again) == text);
}

Engine make_engine() { return Engine(insitu::kpi::Options{}); }

// State of an engine that has closed and open numbers of its own.
std::vector<std::byte> make_state() {
  Engine engine = make_engine();
  engine.identify("somebody");
  insitu::test::Random random(1);
  const auto journal = insitu::test::random_journal(random, 60);
  for (const auto& batch : insitu::test::batches_of_journal(journal, [] { return false; })) {
    require(engine.ingest(batch) == insitu::base::Status::kOk);
  }
  return engine.save();
}

std::string report(const Engine& engine) {
  insitu::report::JsonWriter out;
  insitu::report::write_report(engine.report(), out);
  return out.take();
}

void check_engine(const Tree& tree) {
  static const std::vector<std::byte> kState = make_state();
  Engine engine = make_engine();
  require(engine.restore(kState) == insitu::base::Status::kOk);
  static const std::string kReport = report(engine);
  const Tree before = insitu::partial::make(engine);
  const std::string error = insitu::partial::check(tree, engine);
  require(canonical(insitu::partial::make(engine)) == canonical(before));
  require(insitu::partial::add(tree, engine) == error);
  const std::string after = canonical(insitu::partial::make(engine));
  if (!error.empty()) {
    require(after == canonical(before));
    require(report(engine) == kReport);
    return;
  }
  // The sum is that of the texts. These go together unless there is a segment, or what is still
  // open takes it beyond the range.
  Tree sum = before;
  require(!insitu::partial::merge(sum, tree).ok() || canonical(sum) == after);
  (void)report(engine);
  Engine alone = make_engine();
  // What takes away more than there is may need others to take it from.
  if (insitu::partial::add(tree, alone).empty()) (void)report(alone);
}

void check_tree(const Tree& tree) {
  const std::string text = canonical(tree);
  Tree again;
  require(insitu::partial::parse(text, again).ok() && canonical(again) == text);
  const std::vector<std::byte> bytes = encode(tree);
  require(insitu::partial::decode(bytes, again).ok() && canonical(again) == text);
  require(encode(again) == bytes);

  Tree target;
  require(insitu::partial::parse(kTarget, target).ok() && canonical(target) == kTarget);
  check_merge(target, tree);
  check_engine(tree);
  // With the target's head, so that the rest is reached as well.
  if (tree.find(Tree::root(), "version") != insitu::partial::kNoNode) return;
  Tree headed = tree;
  headed.add_integer(Tree::root(), "version", 1);
  if (tree.find(Tree::root(), "options") == insitu::partial::kNoNode) {
    headed.add_text(Tree::root(), "options", "{}");
  }
  require(headed.finish());
  check_merge(target, headed);
  check_engine(headed);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Tree tree;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (insitu::partial::parse(text, tree).ok()) check_tree(tree);
  if (insitu::partial::decode(std::as_bytes(std::span(data, size)), tree).ok()) check_tree(tree);
  return 0;
}
