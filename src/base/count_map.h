// SPDX-License-Identifier: MIT
// Counts by number, for tables that are added to all the time.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/archive.h"
#include "base/array.h"
#include "base/flat_map.h"

namespace insitu::base {

// Maps 64-bit keys to counts. Keys that differ in their lowest bits alone lie together, so that
// counts of neighbours share one entry of the hash table and lie side by side. Nothing is
// removed; a count may become 0. O(1) on average.
class CountMap {
 public:
  std::size_t size() const { return size_; }

  // The count of `key`, null when it was never added to.
  const std::int64_t* find(std::uint64_t key) const {
    const std::uint32_t group = groups_.find(key >> kGroupBits);
    if (group == FlatKeys::kNone) return nullptr;
    const std::int64_t* count = &counts_[place(group, key)];
    return *count == kAbsent ? nullptr : count;
  }
  std::int64_t* find(std::uint64_t key) {
    return const_cast<std::int64_t*>(static_cast<const CountMap*>(this)->find(key));
  }
  // Adds to the count of `key`; false when it is not there and there are `most` counts already.
  bool add(std::uint64_t key, std::int64_t count, std::size_t most) {
    if (std::int64_t* known = find(key)) [[likely]] {
      *known += count;
      return true;
    }
    return add_new(key, count, most);
  }
  // The count of `key`, made 0 when it is not there. Valid until the next one is made.
  std::int64_t& operator[](std::uint64_t key) {
    (void)add(key, 0, SIZE_MAX);
    return *find(key);
  }

  // Calls visit(key, count) for every entry, in no particular order.
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      if (counts_[i] == kAbsent) continue;
      visit(groups_[i >> kGroupBits] << kGroupBits | (i & kInGroup), counts_[i]);
    }
  }

  void archive(Archive& a);

 private:
  // 128 bytes a group. A browser holds few counts, far from each other.
#ifdef __wasm__
  static constexpr unsigned kGroupBits = 0;
#else
  static constexpr unsigned kGroupBits = 4;
#endif
  static constexpr std::size_t kInGroup = (std::size_t{1} << kGroupBits) - 1;
  static constexpr std::int64_t kAbsent = INT64_MIN;

  static std::size_t place(std::uint32_t group, std::uint64_t key) {
    return std::size_t{group} << kGroupBits | (static_cast<std::size_t>(key) & kInGroup);
  }

  bool add_new(std::uint64_t key, std::int64_t count, std::size_t most);

  FlatKeys groups_;  // keys without their lowest bits
  Array<std::int64_t> counts_;
  std::size_t size_ = 0;
};

}  // namespace insitu::base
