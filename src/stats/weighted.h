// SPDX-License-Identifier: MIT
// Summary of a histogram: values that occurred a number of times each.
//
// Based on: T. F. Chan, G. H. Golub, R. J. LeVeque. Algorithms for computing the sample variance.
// Am. Statistician 37(3), 1983 (two passes, the mean's rounding corrected), as in summary.h.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "stats/compensated.h"
#include "stats/summary.h"

namespace insitu::stats {

struct WeightedValue {
  double value = 0;        // finite
  std::int64_t count = 0;  // how often it occurred; the row is skipped unless above 0
};

// As summarize() of a list that holds each value `count` times, with the same accuracy. The counts
// add up to at most 2^53. O(rows) time, no memory.
[[nodiscard]] inline Summary summarize_counts(std::span<const WeightedValue> rows) {
  Summary result;
  CompensatedSum sum;
  for (const WeightedValue& row : rows) {
    if (row.count <= 0) continue;
    result.n += static_cast<std::uint64_t>(row.count);
    sum.add(row.value * static_cast<double>(row.count));
  }
  if (result.n == 0) return result;
  const auto n = static_cast<double>(result.n);
  const double rough = sum.value() / n;
  CompensatedSum deviation;
  CompensatedSum square;
  for (const WeightedValue& row : rows) {
    if (row.count <= 0) continue;
    const double d = row.value - rough;
    const auto count = static_cast<double>(row.count);
    deviation.add(d * count);
    square.add(d * d * count);
  }
  const double shift = deviation.value() / n;
  result.mean = rough + shift;
  if (result.n > 1) {
    result.variance = std::max(0.0, square.value() - n * shift * shift) / (n - 1);
  }
  return result;
}

}  // namespace insitu::stats
