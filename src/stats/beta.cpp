// SPDX-License-Identifier: MIT
// The beta distribution.
//
// Based on: A. R. DiDonato and A. H. Morris. Algorithm 708: Significant digit computation of the
// incomplete beta function ratios. ACM TOMS 18(3), 1992, pp. 360-373 (procedures BFRAC and BRCOMP).
// The continued fraction is the even part of NIST DLMF 8.17.22, written with lambda = a y - b x,
// the distance from the mean: the usual form, in x alone, and three log-gammas before it lose as
// many digits as a + b has. We use it for all a, b > 0; 708 has other methods for b < 1.
#include "stats/beta.h"

#include <cmath>
#include <limits>

#include "base/assert.h"
#include "base/elementary.h"

namespace insitu::stats {
namespace {

constexpr double kEpsilon = std::numeric_limits<double>::epsilon();
constexpr double kTwoPi = 6.28318530717958647693;

// ln(ratio) - u without cancellation, where u = ratio - 1 > -1. Both are given: near 0 the one,
// near 1 the other holds the digits.
double log_minus(double ratio, double u) {
  if (std::abs(u) > 0.4) return base::ln(ratio) - u;
  // With r = u / (2 + u): ln(1 + u) = 2 (r + r^3/3 + r^5/5 + ...).
  const double r = u / (2 + u);
  const double r2 = r * r;
  double series = 0;
  double power = 1;
  for (int k = 3; power > kEpsilon / 8; k += 2, power *= r2) series += power / k;
  return r * (2 * r2 * series - u);
}

// ln Gamma(a) less Stirling's (a - 1/2) ln a - a + ln(2 pi)/2.
double stirling_error(double a) {
  double sum = 0;
  // The series below is good to 1e-16 from 10 on; the recurrence brings a there.
  for (; a < 10; a += 1) sum += (a + 0.5) * (log_minus(1 + 1 / a, 1 / a) + 1 / a) - 1;
  const double r = 1 / (a * a);
  return sum +
         (1.0 / 12 -
          (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - (1.0 / 1188 - r * 691 / 360360) * r) * r) * r) *
              r) /
             a;
}

// I_x(a, b) over its kernel. lambda = a y - b x must be > x - y, where this converges quickly.
// Steps grow like sqrt(a + b) near the mean.
double continued_fraction(double a, double b, double x, double y, double lambda) {
  // Enough for a + b = 1e12; reached only by arguments nobody has.
  constexpr int kMaxSteps = 2'000'000;
  const double c = 1 + lambda;
  const double c1 = 1 + 1 / a;
  double numerator_before = 0;
  double numerator = 1;
  double denominator_before = 1;
  double denominator = c / c1;
  double value = c1 / c;
  for (int n = 1; n <= kMaxSteps; ++n) {
    const double s = a + 2.0 * n - 1;
    const double w = n * (b - n) * x;
    const double p = 1 + (n - 1) / a;
    const double ratio = a / s;
    const double alpha = p * (p + b / a) * ratio * ratio * w * x;
    const double beta = n + w / s + (1 + n / a) / (c1 + 2 * n / a) * (c + n * (1 + y));
    const double next_numerator = alpha * numerator_before + beta * numerator;
    const double next_denominator = alpha * denominator_before + beta * denominator;
    const double next = next_numerator / next_denominator;
    const bool settled = std::abs(next - value) <= kEpsilon * next;
    value = next;
    if (settled) break;
    numerator_before = numerator / next_denominator;
    denominator_before = denominator / next_denominator;
    numerator = next;
    denominator = 1;
  }
  return value;
}

// Starting point of the search for the quantile.
// After Abramowitz & Stegun 26.5.22 for a, b >= 1, else the leading term of either tail.
double first_guess(double p, double a, double b) {
  if (a >= 1 && b >= 1) {
    const double r = std::sqrt(-2 * base::ln(p < 0.5 ? p : 1 - p));
    double z = (2.30753 + r * 0.27061) / (1 + r * (0.99229 + r * 0.04481)) - r;
    if (p < 0.5) z = -z;
    const double lambda = (z * z - 3) / 6;
    const double h = 2 / (1 / (2 * a - 1) + 1 / (2 * b - 1));
    const double w = z * std::sqrt(lambda + h) / h -
                     (1 / (2 * b - 1) - 1 / (2 * a - 1)) * (lambda + 5.0 / 6 - 2 / (3 * h));
    return a / (a + b * base::exp(2 * w));
  }
  const double low = base::exp(a * base::ln(a / (a + b))) / a;
  const double high = base::exp(b * base::ln(b / (a + b))) / b;
  const double sum = low + high;
  return p < low / sum ? base::exp(base::ln(a * sum * p) / a)
                       : 1 - base::exp(base::ln(b * sum * (1 - p)) / b);
}

}  // namespace

double beta_kernel(double a, double b, double x, double y) {
  if (x <= 0 || y <= 0) return 0;
  // Distance from the mean a / (a + b), times a + b.
  const double lambda = a * y - b * x;
  return std::sqrt(a * b / ((a + b) * kTwoPi)) *
         base::exp(a * log_minus(x * (a + b) / a, -lambda / a) +
                   b * log_minus(y * (a + b) / b, lambda / b) - stirling_error(a) -
                   stirling_error(b) + stirling_error(a + b));
}

double beta_cdf(double a, double b, double x, double y) {
  INSITU_ASSERT(a > 0 && b > 0);
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  const double kernel = beta_kernel(a, b, x, y);
  const double lambda = a * y - b * x;
  if (lambda > x - y) return kernel * continued_fraction(a, b, x, y, lambda);
  return 1 - kernel * continued_fraction(b, a, y, x, -lambda);
}

double beta_cdf(double a, double b, double x) { return beta_cdf(a, b, x, 1 - x); }

double beta_quantile(double p, double a, double b) {
  INSITU_ASSERT(a > 0 && b > 0);
  if (!(p > 0)) return 0;
  if (p >= 1) return 1;
  double lower = 0;
  double upper = 1;
  double x = first_guess(p, a, b);
  // Newton steps, kept inside a bracket that every step makes smaller.
  for (int i = 0; i < 200; ++i) {
    if (!(x > lower && x < upper)) x = lower + (upper - lower) / 2;
    const double y = 1 - x;
    const double error = beta_cdf(a, b, x, y) - p;
    (error < 0 ? lower : upper) = x;
    const double step = error * x * y / beta_kernel(a, b, x, y);
    const double next = x - step;
    if (next > lower && next < upper && std::abs(step) <= 2 * kEpsilon * x) return next;
    if (error == 0 || upper - lower <= kEpsilon * x) return x;
    x = next;
  }
  return x;
}

}  // namespace insitu::stats
