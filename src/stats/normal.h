// SPDX-License-Identifier: MIT
// The standard normal distribution.
#pragma once

namespace insitu::stats {

// Probability that a standard normal value is <= x. Any finite or infinite x; relative error about
// 1e-15 in the lower tail down to x = -5, growing like x^2 ulp below.
[[nodiscard]] double normal_cdf(double x);

// The x with normal_cdf(x) = p, to about 1 part in 1e16. p = 0 gives -infinity, p = 1 +infinity,
// anything outside [0, 1] NaN.
[[nodiscard]] double normal_quantile(double p);

// The z with P(|Z| <= z) = confidence, that is 1.959963984540054 for 0.95. 0 < confidence < 1.
[[nodiscard]] double normal_two_sided(double confidence);

// Two-sided p-value 2 P(Z <= -|z|).
[[nodiscard]] double normal_two_sided_p(double z);

}  // namespace insitu::stats
