// SPDX-License-Identifier: MIT
// Difference of two independent rates.
//
// Based on: I. Campbell. Chi-squared and Fisher-Irwin tests of two-by-two tables with small sample
// recommendations. Statistics in Medicine 26, 2007, pp. 3661-3675 (the N - 1 test); A. Agresti,
// B. Caffo. Simple and effective confidence intervals for proportions and differences of
// proportions result from adding two successes and two failures. Am. Statistician 54(4), 2000 (the
// interval).
#pragma once

#include <cstdint>
#include <optional>

#include "stats/interval.h"

namespace insitu::stats {

struct TwoProportionResult {
  double difference;  // x1/n1 - x2/n2
  double z;
  double p;     // two-sided
  Interval ci;  // of the difference, within [-1, 1]
};

// The N - 1 two-proportion test of x1 of n1 against x2 of n2. Where all or none succeeded z = 0 and
// p = 1. Empty if a group is empty, x > n, or confidence is not inside (0, 1). Below a least
// expected count of 1 use fisher_exact (compare_proportions chooses). O(1).
[[nodiscard]] std::optional<TwoProportionResult> two_proportion_n1(
    std::uint64_t x1, std::uint64_t n1, std::uint64_t x2, std::uint64_t n2, double confidence);

}  // namespace insitu::stats
