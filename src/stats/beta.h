// SPDX-License-Identifier: MIT
// The beta distribution: density, regularised incomplete beta function and its inverse.
#pragma once

namespace insitu::stats {

// x^a y^b / B(a, b), the density of the beta distribution times x y. a, b > 0; 0 <= x, y with
// x + y = 1, both given because the smaller one cannot be had from the other without loss.
// Relative error about 1e-14 for a, b up to 1e6, growing like sqrt(a + b) ulp. O(1).
[[nodiscard]] double beta_kernel(double a, double b, double x, double y);

// Regularised incomplete beta function I_x(a, b): the probability that a beta(a, b) value is <= x.
// Arguments as for beta_kernel; the upper tail to full relative precision is beta_cdf(b, a, y, x).
// O(sqrt(a + b)) at worst: about 10^4 steps for a + b = 10^9.
[[nodiscard]] double beta_cdf(double a, double b, double x, double y);

// The same with y = 1 - x. x is cut to [0, 1].
[[nodiscard]] double beta_cdf(double a, double b, double x);

// The x with beta_cdf(a, b, x) = p; a, b > 0. p <= 0 gives 0, p >= 1 gives 1. Relative error about
// 1e-13 (of 1 - x, only as far as a double near 1 can say); where a is so small that x would be
// below 1e-60, all one learns is that it is. A few calls of beta_cdf.
[[nodiscard]] double beta_quantile(double p, double a, double b);

}  // namespace insitu::stats
