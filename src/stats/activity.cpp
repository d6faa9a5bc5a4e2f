// SPDX-License-Identifier: MIT
// Active visitors without identifiers. How it works is in the header.
#include "stats/activity.h"

namespace insitu::stats {

std::int64_t mau_from_gaps(std::span<const GapCount> rows, std::int64_t day, std::int64_t window) {
  const std::int64_t first = day - window + 1;
  std::int64_t visitors = 0;
  for (const GapCount& row : rows) {
    if (row.day >= first && row.day <= day && row.gap > row.day - first) visitors += row.count;
  }
  return visitors;
}

GapRetention retention_from_gaps(std::span<const GapCount> rows, std::int64_t as_of,
                                 std::int64_t period) {
  const std::int64_t middle = as_of - period;
  const std::int64_t begin = middle - period;
  GapRetention result;
  result.at_start = mau_from_gaps(rows, middle - 1, period);
  for (const GapCount& row : rows) {
    if (row.day < middle || row.day >= as_of) continue;
    // The first active day of the second period is the only one whose gap leads into the first.
    const std::int64_t before = row.day - row.gap;
    if (before >= begin && before < middle) result.retained += row.count;
  }
  return result;
}

}  // namespace insitu::stats
