// SPDX-License-Identifier: MIT
#include "base/count_map.h"

namespace insitu::base {

void CountMap::grow() {
  Array<Slot> before;
  before.swap(slots_);
  slots_.assign(before.empty() ? 16 : before.size() * 2, {});
  for (const Slot& slot : before) {
    if (slot.key != kFree) slots_[place(slot.key)] = slot;
  }
}

void CountMap::archive(Archive& a) {
  // Only what is there, so that saved state stays small.
  Array<Slot> entries;
  for_each([&](std::uint64_t key, std::int64_t count) { entries.push_back({key, count}); });
  a(entries);
  if (!a.loading()) return;
  slots_.clear();
  size_ = 0;
  for (const Slot& entry : entries) {
    if (entry.key == kFree) return a.fail();
    (*this)[entry.key] = entry.count;
  }
}

}  // namespace insitu::base
