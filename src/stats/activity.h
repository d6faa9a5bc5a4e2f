// SPDX-License-Identifier: MIT
// Active visitors of a period and how many came back, counted without any identifier.
//
// Each browser reports on an active day how many days ago its active day before was. A visitor is
// counted at the first active day inside a window, the one whose gap reaches back beyond its
// beginning; so each visitor counts once, and the counts of browsers simply add up.
#pragma once

#include <cstdint>
#include <span>

namespace insitu::stats {

// `count` visitors were active on `day` and before that `gap` >= 1 days ago. The very first day of
// a visitor has the largest gap; gaps may be cut at any value that is at least the window asked for
// (mau) or twice the period (retention). Days and gaps within +-2^53.
struct GapCount {
  std::int64_t day = 0;
  std::int64_t gap = 0;
  std::int64_t count = 0;
};

// Visitors active on at least one of the `window` days that end with `day`; window >= 1. Exact.
// Rows may come in any order and repeat. O(rows).
[[nodiscard]] std::int64_t mau_from_gaps(std::span<const GapCount> rows, std::int64_t day,
                                         std::int64_t window);

struct GapRetention {
  std::int64_t at_start = 0;  // active in [as_of - 2 period, as_of - period)
  std::int64_t retained = 0;  // of these, active in [as_of - period, as_of) too
};

// Who came back from one period to the next; days in whole numbers, as_of is the day after the
// last one that counts, period >= 1. Exact. O(rows).
[[nodiscard]] GapRetention retention_from_gaps(std::span<const GapCount> rows, std::int64_t as_of,
                                               std::int64_t period);

}  // namespace insitu::stats
