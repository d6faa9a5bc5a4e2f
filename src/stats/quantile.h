// SPDX-License-Identifier: MIT
// Quantile of values at hand.
//
// Based on: R. J. Hyndman, Y. Fan. Sample quantiles in statistical packages. Am. Statistician
// 50(4), 1996, pp. 361-365, definition 7 (the default of R and NumPy).
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "base/float.h"

namespace insitu::stats {

// The q-quantile of `sorted` (ascending, finite) in the unit of the values, interpolated between
// the two neighbours of rank (n - 1) q. q is cut to [0, 1]. Empty without values. O(1).
[[nodiscard]] inline std::optional<double> quantile_of_sorted(std::span<const double> sorted,
                                                              double q) {
  if (sorted.empty()) return std::nullopt;
  const double rank = static_cast<double>(sorted.size() - 1) * base::cut(q, 0, 1);
  const auto below = static_cast<std::size_t>(rank);
  if (below + 1 >= sorted.size()) return sorted.back();
  const double weight = rank - static_cast<double>(below);
  return sorted[below] + weight * (sorted[below + 1] - sorted[below]);
}

}  // namespace insitu::stats
