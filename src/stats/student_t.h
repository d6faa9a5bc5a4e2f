// SPDX-License-Identifier: MIT
// Student's t distribution.
#pragma once

namespace insitu::stats {

// Probability that a t value with `df` > 0 degrees of freedom (any real number) is <= t.
// Relative error of the lower tail about 1e-13. Cost: one beta_cdf.
[[nodiscard]] double student_t_cdf(double t, double df);

// The t with P(|T| <= t) = confidence, for 0 < confidence < 1 and df > 0, to 1e-12 relative.
// Infinite if it does not fit a double (df far below 1). A few calls of beta_cdf.
[[nodiscard]] double student_t_two_sided(double confidence, double df);

// Two-sided p-value P(|T| >= |t|).
[[nodiscard]] double student_t_two_sided_p(double t, double df);

}  // namespace insitu::stats
