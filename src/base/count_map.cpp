// SPDX-License-Identifier: MIT
#include "base/count_map.h"

namespace insitu::base {

bool CountMap::add_new(std::uint64_t key, std::int64_t count, std::size_t most) {
  if (size_ >= most) return false;
  const std::uint32_t group = groups_.insert(key >> kGroupBits);
  const std::size_t first = std::size_t{group} << kGroupBits;
  if (first == counts_.size()) {
    counts_.resize(first + kInGroup + 1);
    for (std::size_t i = 0; i <= kInGroup; ++i) counts_[first + i] = kAbsent;
  }
  counts_[place(group, key)] = count;
  ++size_;
  return true;
}

void CountMap::archive(Archive& a) {
  // Only what is there, so that saved state stays small.
  struct Entry {
    std::uint64_t key;
    std::int64_t count;
  };
  Array<Entry> entries;
  for_each([&](std::uint64_t key, std::int64_t count) { entries.push_back({key, count}); });
  a(entries);
  if (!a.loading()) return;
  groups_.clear();
  counts_.clear();
  size_ = 0;
  for (const Entry& entry : entries) {
    if (entry.count == kAbsent) return a.fail();
    (*this)[entry.key] = entry.count;
  }
}

}  // namespace insitu::base
