// SPDX-License-Identifier: MIT
#include "partial/reader.h"

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace insitu::partial {

namespace {

// Reports add counts up, over tasks or answers, in 64 bits; what people do never gets near this.
constexpr std::int64_t kMaxTotal = std::int64_t{1} << 60;

}  // namespace

Reader::Reader(const Tree& tree, events::StringTable& table, const kpi::Setting& setting,
               bool storing)
    : PartialIo(table, setting), tree_(tree), storing_(storing), open_{Tree::root()} {
  if (!storing) asked_.resize(tree.nodes());
}

Node Reader::find(std::string_view name) {
  if (open_.back() == kNoNode) return kNoNode;
  const Node node = tree_.find(open_.back(), name);
  if (!storing_ && node != kNoNode) asked_[node] = true;
  return node;
}

void Reader::begin(std::string_view name) {
  Node node = find(name);
  if (node != kNoNode && tree_.kind(node) != Kind::kObject) {
    fail(name, "must be an object");
    node = kNoNode;
  }
  open_.push_back(node);
  names_.emplace_back(name);
}

void Reader::end() {
  open_.pop_back();
  names_.pop_back();
}

void Reader::count(std::string_view name, kpi::Count& value) {
  const Node node = find(name);
  if (node == kNoNode) return;
  if (tree_.kind(node) != Kind::kInteger) return fail(name, "must be an integer");
  const std::int64_t sum = value + tree_.integer(node);  // both within 2^53
  if (sum > kMaxInteger || sum < -kMaxInteger) return fail(name, "is out of range: beyond 2^53");
  total_ = std::min(total_ + std::abs(tree_.integer(node)), kMaxTotal + 1);
  if (total_ > kMaxTotal) return fail(name, "is out of range: all counts together are beyond 2^60");
  if (storing_) value = sum;
}

void Reader::size(std::string_view name, kpi::Count& value) {
  const Node node = find(name);
  if (node != kNoNode && tree_.kind(node) == Kind::kInteger && value + tree_.integer(node) < 0) {
    return fail(name, "must not make the sum negative");
  }
  count(name, value);
}

void Reader::least(std::string_view name, kpi::Count& value) {
  const Node node = find(name);
  if (node == kNoNode) return;
  if (tree_.kind(node) != Kind::kInteger || tree_.integer(node) < 0) {
    return fail(name, "must be an integer, 0 or more");
  }
  const kpi::Count read = tree_.integer(node);
  if (storing_ && read > 0 && (value == 0 || read < value)) value = read;
}

void Reader::sum(std::string_view name, stats::FixedSum& value) {
  const Node node = find(name);
  if (node == kNoNode) return;
  if (tree_.kind(node) != Kind::kPair) return fail(name, "must be a pair of integers");
  stats::FixedSum sum = value;
  if (!sum.add(tree_.sum(node))) return fail(name, "is out of range: beyond 2^85");
  if (storing_) value = sum;
}

void Reader::sketch(std::string_view name, stats::DDSketch& value) {
  begin(name);
  const Node node = open_.back();
  std::uint64_t total = value.count();
  for (std::size_t i = 0; i < members(); ++i) {
    const Tree::Member member = tree_.member(node, i);
    if (!storing_) asked_[member.node] = true;
    std::int64_t index = 0;
    const bool is_zero = member.key == "zero";
    if (!is_zero &&
        (!kpi::read_whole(member.key, index) || index > std::numeric_limits<std::int32_t>::max() ||
         index < -std::numeric_limits<std::int32_t>::max())) {
      fail(member.key, "is not the number of a bucket");
      continue;
    }
    if (tree_.kind(member.node) != Kind::kInteger || tree_.integer(member.node) < 0) {
      fail(member.key, "must be an integer, 0 or more");
      continue;
    }
    const auto count = static_cast<std::uint64_t>(tree_.integer(member.node));
    total += count;
    if (total > stats::kMaxCount) {
      fail(member.key, "is out of range: beyond 2^53");
      break;
    }
    if (!storing_ || count == 0) continue;
    if (is_zero) {
      (void)value.add_zeros(count);
    } else {
      (void)value.add_bucket(static_cast<std::int32_t>(index), count);
    }
  }
  end();
}

std::size_t Reader::members() const {
  return open_.back() == kNoNode ? 0 : tree_.size(open_.back());
}

std::string_view Reader::member(std::size_t index) const {
  return tree_.member(open_.back(), index).key;
}

void Reader::fail() { fail({}, "has a name or a value that cannot be there"); }

void Reader::fail(std::string_view name, const char* what) {
  if (error_.empty()) error_ = path(name) + " " + what;
}

std::string Reader::path(std::string_view name) const {
  std::string path;
  for (const std::string& each : names_) {
    if (!path.empty()) path += '.';
    path += each;
  }
  if (!name.empty() && !path.empty()) path += '.';
  return path += name;
}

std::string Reader::unknown() const {
  constexpr std::string_view kHead[] = {"version", "options", "segment"};
  struct Place {
    Node node;
    std::size_t next;
    std::string_view key;
  };
  std::vector<Place> places{{Tree::root(), 0, {}}};
  while (!places.empty()) {
    Place& at = places.back();
    if (at.next == tree_.size(at.node)) {
      places.pop_back();
      continue;
    }
    const Tree::Member member = tree_.member(at.node, at.next++);
    bool known = asked_[member.node];
    if (places.size() == 1) {
      for (const std::string_view each : kHead) known |= member.key == each;
    }
    if (!known) {
      std::string path;
      for (std::size_t i = 1; i < places.size(); ++i) path.append(places[i].key).append(".");
      // An empty name is a name too.
      return (path += member.key.empty() ? "\"\"" : member.key) + " is not known to this version";
    }
    if (tree_.kind(member.node) == Kind::kObject) places.push_back({member.node, 0, member.key});
  }
  return {};
}

}  // namespace insitu::partial
