// SPDX-License-Identifier: MIT
// How lost somebody was on the way to a goal.
//
// Based on: P. A. Smith. Towards a practical measure of hypertext usability. Interacting with
// Computers 8(4), 1996.
#pragma once

#include <cmath>

namespace insitu::stats {

// Above this a person was lost (Smith 1996); below 0.4 certainly not.
inline constexpr double kLostAbove = 0.5;

// sqrt((N/S - 1)^2 + (R/N - 1)^2) for S `pages` seen, N `different` ones among them and R
// `optimal`, the fewest that lead to the goal; 1 <= N <= S, R >= 1. 0 on the best way; R > N, a
// goal reached by fewer pages than thought possible, counts like a detour.
[[nodiscard]] inline double lostness(double pages, double different, double optimal) {
  const double repeated = different / pages - 1;
  const double needless = optimal / different - 1;
  return std::sqrt(repeated * repeated + needless * needless);
}

}  // namespace insitu::stats
