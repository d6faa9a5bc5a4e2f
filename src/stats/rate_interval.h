// SPDX-License-Identifier: MIT
// Confidence interval of a rate: x successes in n independent trials.
#pragma once

#include <cstdint>
#include <optional>

#include "stats/interval.h"

namespace insitu::stats {

enum class CiMethod : std::uint8_t {
  // A. Agresti, B. A. Coull. Approximate is better than "exact" for interval estimation of binomial
  // proportions. Am. Statistician 52(2), 1998. The default: best coverage at a handful of trials
  // (J. Sauro, J. R. Lewis, 2005).
  kAdjustedWald,
  // E. B. Wilson. Probable inference, the law of succession, and statistical inference. JASA 22,
  // 1927. Lower is exactly 0 for x = 0, upper exactly 1 for x = n.
  kWilson,
  // C. J. Clopper, E. S. Pearson. The use of confidence or fiducial limits. Biometrika 26, 1934.
  // Never covers less than `confidence`, and is wider for it.
  kClopperPearson,
};

// The two-sided interval, within [0, 1]. Empty if n = 0, x > n or confidence is not inside (0, 1).
// O(1) but for kClopperPearson: a few calls of beta_cdf.
[[nodiscard]] std::optional<Interval> rate_interval(std::uint64_t x, std::uint64_t n,
                                                    double confidence, CiMethod method);

}  // namespace insitu::stats
