// SPDX-License-Identifier: MIT
// The standard normal distribution.
//
// Based on: M. J. Wichura. Algorithm AS 241: The percentage points of the normal distribution.
// Applied Statistics 37(3), 1988, pp. 477-484 (routine PPND16).
// M. Abramowitz, I. A. Stegun. Handbook of Mathematical Functions. 1964, section 26.2.
#include "stats/normal.h"

#include <cmath>
#include <limits>

#include "base/elementary.h"

namespace insitu::stats {
namespace {

constexpr int kTerms = 8;
constexpr double kInverseSqrtTwoPi = 0.39894228040143267794;

// Numerator and denominator of the rational functions of AS 241, constant term first, for
// |p - 1/2| <= 0.425, for the near tail and for the far tail.
constexpr double kCentre[2][kTerms] = {
    {3.3871328727963666080e0, 1.3314166789178437745e+2, 1.9715909503065514427e+3,
     1.3731693765509461125e+4, 4.5921953931549871457e+4, 6.7265770927008700853e+4,
     3.3430575583588128105e+4, 2.5090809287301226727e+3},
    {1.0, 4.2313330701600911252e+1, 6.8718700749205790830e+2, 5.3941960214247511077e+3,
     2.1213794301586595867e+4, 3.9307895800092710610e+4, 2.8729085735721942674e+4,
     5.2264952788528545610e+3}};
constexpr double kNearTail[2][kTerms] = {
    {1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
     3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1,
     2.27238449892691845833e-2, 7.74545014278341407640e-4},
    {1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
     1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
     1.05075007164441684324e-9}};
constexpr double kFarTail[2][kTerms] = {
    {6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0,
     2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
     2.71155556874348757815e-5, 2.01033439929228813265e-7},
    {1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
     7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
     2.04426310338993978564e-15}};

double rational(const double (&coefficients)[2][kTerms], double r) {
  double numerator = 0;
  double denominator = 0;
  for (int i = kTerms - 1; i >= 0; --i) {
    numerator = numerator * r + coefficients[0][i];
    denominator = denominator * r + coefficients[1][i];
  }
  return numerator / denominator;
}

// The probability above z >= 0, by the series and the continued fraction of Mills' ratio
// (Abramowitz & Stegun 26.2.11 and 26.2.14). Not by erfc, which differs by platform, and which
// brings 2 KB of tables to the browser that do not compress.
double upper_tail(double z) {
  constexpr int kDepth = 100;  // enough for 1e-17 from 2 on
  const double density = kInverseSqrtTwoPi * base::exp(-0.5 * z * z);
  if (z < 2) {
    double term = z;
    double sum = z;
    for (int k = 3; term > 1e-17 * sum; k += 2) sum += term *= z * z / k;
    return 0.5 - density * sum;
  }
  double fraction = z;
  for (int k = kDepth; k > 0; --k) fraction = z + k / fraction;
  return density / fraction;
}

}  // namespace

double normal_cdf(double x) { return x < 0 ? upper_tail(-x) : 1 - upper_tail(x); }

double normal_quantile(double p) {
  if (!(p >= 0 && p <= 1)) return std::numeric_limits<double>::quiet_NaN();
  if (p == 0) return -std::numeric_limits<double>::infinity();
  if (p == 1) return std::numeric_limits<double>::infinity();
  const double q = p - 0.5;
  if (std::abs(q) <= 0.425) return q * rational(kCentre, 0.180625 - q * q);
  const double r = std::sqrt(-base::ln(q < 0 ? p : 1 - p));
  const double x = r <= 5 ? rational(kNearTail, r - 1.6) : rational(kFarTail, r - 5);
  return q < 0 ? -x : x;
}

double normal_two_sided(double confidence) {
  // By the lower tail, because 1/2 + confidence/2 would round digits of it away.
  return -normal_quantile((1 - confidence) / 2);
}

double normal_two_sided_p(double z) { return 2 * upper_tail(std::abs(z)); }

}  // namespace insitu::stats
