// SPDX-License-Identifier: MIT
// Sample-ratio mismatch: did the arms of an experiment get the share of visitors they should have?
//
// Based on: A. Fabijan et al. Diagnosing sample ratio mismatch in online controlled experiments.
// KDD 2019; the test is the normal approximation of the binomial.
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>

#include "stats/normal.h"

namespace insitu::stats {

// Below this p the comparison of the arms must not be read.
inline constexpr double kSrmAlarmP = 0.001;

struct SrmResult {
  double z;  // > 0: the first arm got too many
  double p;  // two-sided
};

// Tests n1 of n1 + n2 against the planned share of the first arm. Empty without visitors or if the
// share is not inside (0, 1).
[[nodiscard]] inline std::optional<SrmResult> sample_ratio_mismatch(std::uint64_t n1,
                                                                    std::uint64_t n2,
                                                                    double share1 = 0.5) {
  const double total = static_cast<double>(n1) + static_cast<double>(n2);
  if (total == 0 || !(share1 > 0 && share1 < 1)) return std::nullopt;
  const double z =
      (static_cast<double>(n1) - total * share1) / std::sqrt(total * share1 * (1 - share1));
  return SrmResult{z, normal_two_sided_p(z)};
}

}  // namespace insitu::stats
