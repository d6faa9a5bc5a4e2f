// SPDX-License-Identifier: MIT
// Student's t distribution.
//
// Based on: NIST Digital Library of Mathematical Functions, 8.17 (tail as an incomplete beta
// function); quantile by Newton steps on ln(tail) as a function of ln(t), which is concave, so the
// steps settle from one side for every df. The common rational approximations are good to 1e-9
// only.
#include "stats/student_t.h"

#include <cmath>

#include "base/assert.h"
#include "base/elementary.h"
#include "stats/beta.h"
#include "stats/normal.h"

namespace insitu::stats {
namespace {

// x and y = 1 - x of P(|T| >= t) = I_x(df/2, 1/2).
struct BetaArgument {
  double x;
  double y;
};

BetaArgument beta_argument(double t, double df) {
  const double ratio = t * (t / df);
  return {1 / (1 + ratio), ratio > 1e300 ? 1 : ratio / (1 + ratio)};
}

}  // namespace

double student_t_two_sided_p(double t, double df) {
  INSITU_ASSERT(df > 0);
  const auto [x, y] = beta_argument(t, df);
  return beta_cdf(df / 2, 0.5, x, y);
}

double student_t_cdf(double t, double df) {
  const double tail = 0.5 * student_t_two_sided_p(t, df);
  return t < 0 ? tail : 1 - tail;
}

double student_t_two_sided(double confidence, double df) {
  INSITU_ASSERT(df > 0 && confidence > 0 && confidence < 1);
  const double outside = 1 - confidence;
  double t = normal_two_sided(confidence);
  if (t == 0) return 0;
  for (int i = 0; i < 50; ++i) {
    const auto [x, y] = beta_argument(t, df);
    const double tail = beta_cdf(df / 2, 0.5, x, y);
    // Minus twice the kernel is the derivative of the tail by ln(t).
    const double step = tail * base::ln(tail / outside) / (2 * beta_kernel(df / 2, 0.5, x, y));
    t *= base::exp(step);
    if (!(std::abs(step) > 1e-15)) break;
  }
  return t;
}

}  // namespace insitu::stats
