// SPDX-License-Identifier: MIT
#include "partial/merge.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace insitu::partial {
namespace detail {

// First finds out everything that is to be done, and changes nothing; then does it, and cannot
// fail.
class TreeMerger {
 public:
  TreeMerger(Tree& into, const Tree& other) : into_(into), other_(other) {}

  MergeStatus run() {
    if (other_.is_empty()) return {};
    if (into_.is_empty()) {
      into_ = other_;
      return {};
    }
    if (into_.slots_.size() + other_.slots_.size() > Tree::kMaxSlots ||
        into_.text_.size() + other_.text_.size() > Tree::kMaxTextBytes) {
      return {MergeError::kTooLarge, {}};
    }
    if (!check_head() || !plan()) return status_;
    apply();
    return {};
  }

 private:
  static constexpr std::array<std::string_view, 3> kHead = {"version", "options", "segment"};
  static constexpr std::string_view kLeast = "spec_time_ms_min";
  static constexpr std::size_t kNoPair = ~std::size_t{0};

  // An object that is in both trees.
  struct Pair {
    Node into = kNoNode;
    Node other = kNoNode;
    std::size_t parent = kNoPair;  // in pairs_
    Tree::Entry entry;             // its member in the other tree
    std::size_t inserts_end = 0;   // in inserts_; they begin where those of the pair before end
    bool has_nothings = false;     // a member of it became 0 or empty
  };
  // A number that changes.
  struct Change {
    std::size_t pair = 0;
    Node node = kNoNode;
    std::int64_t value = 0;
    std::uint32_t first = 0;
  };
  // A member that is new, before the old member `place` of its object.
  struct Insert {
    std::uint32_t place = 0;
    std::uint32_t entry = 0;  // in the entries of the other tree
  };

  bool fail(MergeError error, std::string_view key, std::size_t pair) {
    std::vector<std::string_view> keys = {key};
    for (; pairs_[pair].parent != kNoPair; pair = pairs_[pair].parent) {
      keys.push_back(other_.key(pairs_[pair].entry));
    }
    status_.error = error;
    for (; !keys.empty(); keys.pop_back()) {
      status_.path += '/';
      for (const char c : keys.back()) {
        if (c == '~') {
          status_.path += "~0";
        } else if (c == '/') {
          status_.path += "~1";
        } else {
          status_.path += c;
        }
      }
    }
    return false;
  }

  bool check_head() {
    pairs_.push_back({Tree::root(), Tree::root(), kNoPair, {}, 0, false});
    for (const std::string_view key : kHead) {
      const Node mine = into_.find(Tree::root(), key);
      const Node others = other_.find(Tree::root(), key);
      if (mine == kNoNode && others == kNoNode) continue;
      const bool are_both = mine != kNoNode && others != kNoNode;
      if (!are_both || !is_equal(mine, others)) return fail(MergeError::kMismatch, key, 0);
    }
    return true;
  }

  // Objects are never equal: no head has one.
  bool is_equal(Node mine, Node others) const {
    return into_.kind(mine) == other_.kind(others) && into_.kind(mine) != Kind::kObject &&
           into_.integer(mine) == other_.integer(others) && into_.sum(mine) == other_.sum(others) &&
           into_.text(mine) == other_.text(others);
  }

  bool plan() {
    changes_.reserve(other_.slots_.size());
    for (std::size_t pair = 0; pair < pairs_.size(); ++pair) {
      if (!plan_object(pair)) return false;
      pairs_[pair].inserts_end = inserts_.size();
    }
    return true;
  }

  bool plan_object(std::size_t pair) {
    const Tree::Slot& mine = into_.slots_[pairs_[pair].into];
    const Tree::Slot& others = other_.slots_[pairs_[pair].other];
    std::uint32_t place = 0;
    for (std::uint32_t i = 0; i < others.count; ++i) {
      const Tree::Entry& entry = other_.entries_[others.first + i];
      const auto is_before = [&](std::uint32_t at) {
        return into_.compare(into_.entries_[mine.first + at], other_, entry) < 0;
      };
      // Steps that double: mostly the next member is the one, in large objects it is far.
      std::uint32_t step = 1;
      std::uint32_t end = place;
      while (end < mine.count && is_before(end)) {
        place = end + 1;
        end = std::min(mine.count, end + step);
        step *= 2;
      }
      while (place < end) {
        const std::uint32_t middle = place + (end - place) / 2;
        if (is_before(middle)) {
          place = middle + 1;
        } else {
          end = middle;
        }
      }
      const bool is_new = place == mine.count ||
                          into_.compare(into_.entries_[mine.first + place], other_, entry) != 0;
      if (is_new) {
        inserts_.push_back({place, others.first + i});
      } else if (!plan_member(pair, into_.entries_[mine.first + place].node, entry)) {
        return false;
      }
    }
    return true;
  }

  bool plan_member(std::size_t pair, Node node, const Tree::Entry& entry) {
    const std::string_view key = other_.key(entry);
    // The head was compared; it does not add up.
    if (pair == 0 && std::find(kHead.begin(), kHead.end(), key) != kHead.end()) return true;
    if (into_.kind(node) != other_.kind(entry.node)) return fail(MergeError::kMismatch, key, pair);
    switch (into_.kind(node)) {
      case Kind::kObject:
        pairs_.push_back({node, entry.node, pair, entry, 0, false});
        break;
      case Kind::kInteger: {
        const std::int64_t mine = into_.integer(node);
        const std::int64_t others = other_.integer(entry.node);
        const std::int64_t value = key == kLeast ? std::min(mine, others) : mine + others;
        if (value < -kMaxInteger || value > kMaxInteger) return fail(MergeError::kRange, key, pair);
        changes_.push_back({pair, node, value, 0});
        break;
      }
      case Kind::kPair: {
        const base::Int128 sum = into_.sum(node) + other_.sum(entry.node);
        if (sum <= -kSumLimit || sum >= kSumLimit) return fail(MergeError::kRange, key, pair);
        changes_.push_back({pair, node, static_cast<std::int64_t>(sum >> 32),
                            static_cast<std::uint32_t>(sum & 0xffff'ffff)});
        break;
      }
      case Kind::kText:
        if (!is_equal(node, entry.node)) return fail(MergeError::kMismatch, key, pair);
        break;
    }
    return true;
  }

  void apply() {
    for (const Change& change : changes_) {
      Tree::Slot& slot = into_.slots_[change.node];
      slot.value = change.value;
      slot.first = change.first;
      if (change.value == 0 && change.first == 0) pairs_[change.pair].has_nothings = true;
    }
    std::size_t begin = 0;
    for (const Pair& pair : pairs_) {
      insert(pair.into, begin, pair.inserts_end);
      begin = pair.inserts_end;
    }
    // An object comes after the one it is in, so backwards the innermost are first.
    for (std::size_t i = pairs_.size(); i-- > 0;) {
      const Pair& pair = pairs_[i];
      if (!pair.has_nothings) continue;
      into_.drop_nothings(pair.into);
      if (pair.parent != kNoPair && into_.says_nothing(pair.into)) {
        pairs_[pair.parent].has_nothings = true;
      }
    }
  }

  // From the back, so that every old member moves once.
  void insert(Node object, std::size_t begin, std::size_t end) {
    if (begin == end) return;
    const std::uint32_t old_count = into_.slots_[object].count;
    const auto added = static_cast<std::uint32_t>(end - begin);
    into_.make_room(object, std::size_t{old_count} + added);
    const auto first =
        into_.entries_.begin() + static_cast<std::ptrdiff_t>(into_.slots_[object].first);
    auto last = static_cast<std::ptrdiff_t>(old_count);
    for (std::size_t i = end; i-- > begin;) {
      const auto place = static_cast<std::ptrdiff_t>(inserts_[i].place);
      const auto shift = static_cast<std::ptrdiff_t>(i - begin + 1);
      std::move_backward(first + place, first + last, first + last + shift);
      last = place;
    }
    into_.slots_[object].count = old_count + added;
    const std::uint32_t offset = into_.slots_[object].first;
    for (std::size_t i = begin; i < end; ++i) {
      const std::size_t at = offset + inserts_[i].place + (i - begin);
      const Tree::Entry entry = copy(other_.entries_[inserts_[i].entry]);
      into_.entries_[at] = entry;
    }
  }

  std::uint32_t copy_text(std::string_view text) {
    const auto first = static_cast<std::uint32_t>(into_.text_.size());
    into_.text_ += text;
    return first;
  }

  // With all that is below it: at most kMaxDepth calls deep.
  Tree::Entry copy(const Tree::Entry& from) {
    Tree::Entry entry = from;
    entry.key_first = copy_text(other_.key(from));
    entry.node = static_cast<Node>(into_.slots_.size());
    Tree::Slot slot = other_.slots_[from.node];
    if (slot.kind == Kind::kText) slot.first = copy_text(other_.text(from.node));
    if (slot.kind != Kind::kObject) {
      into_.slots_.push_back(slot);
      return entry;
    }
    const std::uint32_t first = slot.first;
    slot.first = static_cast<std::uint32_t>(into_.entries_.size());
    slot.capacity = slot.count;
    into_.slots_.push_back(slot);
    into_.entries_.resize(into_.entries_.size() + slot.count);
    for (std::uint32_t i = 0; i < slot.count; ++i) {
      const Tree::Entry below = copy(other_.entries_[first + i]);
      into_.entries_[slot.first + i] = below;
    }
    return entry;
  }

  Tree& into_;
  const Tree& other_;
  std::vector<Pair> pairs_;
  std::vector<Change> changes_;
  std::vector<Insert> inserts_;
  MergeStatus status_;
};

}  // namespace detail

MergeStatus merge(Tree& into, const Tree& other) { return detail::TreeMerger(into, other).run(); }

}  // namespace insitu::partial
