// SPDX-License-Identifier: MIT
// Which test compares two rates, and its p-value.
//
// Based on: I. Campbell. Statistics in Medicine 26, 2007, pp. 3661-3675: the N - 1 test where every
// expected count is at least 1, Fisher's exact test below.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "stats/fisher.h"
#include "stats/two_proportion.h"

namespace insitu::stats {

enum class ProportionTest : std::uint8_t { kN1ChiSquare, kFisherExact };

struct ProportionComparison {
  ProportionTest method;
  double p;  // two-sided
};

// Compares x1 of n1 with x2 of n2. Empty if a group is empty or x > n.
[[nodiscard]] inline std::optional<ProportionComparison> compare_proportions(std::uint64_t x1,
                                                                             std::uint64_t n1,
                                                                             std::uint64_t x2,
                                                                             std::uint64_t n2) {
  if (n1 == 0 || n2 == 0 || x1 > n1 || x2 > n2) return std::nullopt;
  // In doubles: a product that rounds is far above the total.
  const double successes = static_cast<double>(x1) + static_cast<double>(x2);
  const double total = static_cast<double>(n1) + static_cast<double>(n2);
  const auto smaller_group = static_cast<double>(std::min(n1, n2));
  if (smaller_group * std::min(successes, total - successes) >= total) {
    // The p-value does not depend on the confidence.
    const auto test = two_proportion_n1(x1, n1, x2, n2, 0.95);
    return ProportionComparison{ProportionTest::kN1ChiSquare, test->p};
  }
  return ProportionComparison{ProportionTest::kFisherExact, *fisher_exact(x1, n1, x2, n2)};
}

}  // namespace insitu::stats
