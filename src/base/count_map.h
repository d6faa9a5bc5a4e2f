// SPDX-License-Identifier: MIT
// Counts by number, for tables that are added to all the time.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/archive.h"
#include "base/array.h"
#include "base/flat_map.h"

namespace insitu::base {

// Maps 64-bit keys, all but the largest, to counts. One look into memory where FlatMap needs three:
// keys and counts lie together, at most 3/4 full, linear probing. Nothing is removed; a count may
// become 0. O(1) on average.
class CountMap {
 public:
  std::size_t size() const { return size_; }

  // The count of `key`, null when it was never added to.
  const std::int64_t* find(std::uint64_t key) const {
    if (slots_.empty()) return nullptr;
    const Slot& slot = slots_[place(key)];
    return slot.key == kFree ? nullptr : &slot.count;
  }
  std::int64_t* find(std::uint64_t key) {
    return const_cast<std::int64_t*>(static_cast<const CountMap*>(this)->find(key));
  }
  // The count of `key`, made 0 when it is not there. Valid until the next one is made.
  std::int64_t& operator[](std::uint64_t key) {
    if ((size_ + 1) * 4 > slots_.size() * 3) grow();
    Slot& slot = slots_[place(key)];
    if (slot.key == kFree) {
      slot.key = key;
      ++size_;
    }
    return slot.count;
  }

  // Calls visit(key, count) for every entry, in no particular order.
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (const Slot& slot : slots_) {
      if (slot.key != kFree) visit(slot.key, slot.count);
    }
  }

  void archive(Archive& a);

 private:
  static constexpr std::uint64_t kFree = ~std::uint64_t{0};
  struct Slot {
    std::uint64_t key = kFree;
    std::int64_t count = 0;
  };

  std::size_t place(std::uint64_t key) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t i = static_cast<std::size_t>(mix(key)) & mask;
    while (slots_[i].key != key && slots_[i].key != kFree) i = (i + 1) & mask;
    return i;
  }
  void grow();

  Array<Slot> slots_;  // a power of two
  std::size_t size_ = 0;
};

}  // namespace insitu::base
