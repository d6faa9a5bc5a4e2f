// SPDX-License-Identifier: MIT
// Confidence interval of a rate. Sources beside each method in the header.
#include "stats/rate_interval.h"

#include <cmath>

#include "base/float.h"
#include "stats/beta.h"
#include "stats/normal.h"

namespace insitu::stats {
namespace {

Interval adjusted_wald(double x, double n, double confidence) {
  const double z = normal_two_sided(confidence);
  const double adjusted_n = n + z * z;
  const double centre = (x + z * z / 2) / adjusted_n;
  const double half = z * std::sqrt(centre * (1 - centre) / adjusted_n);
  return {base::cut(centre - half, 0, 1), base::cut(centre + half, 0, 1)};
}

Interval wilson(double x, double n, double confidence) {
  const double z = normal_two_sided(confidence);
  const double p = x / n;
  const double shrink = 1 + z * z / n;
  const double centre = (p + z * z / (2 * n)) / shrink;
  const double half = z / shrink * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  return {x == 0 ? 0 : base::cut(centre - half, 0, 1), x == n ? 1 : base::cut(centre + half, 0, 1)};
}

Interval clopper_pearson(double x, double n, double confidence) {
  const double tail = (1 - confidence) / 2;
  // The upper limit from the other end, where the tail is small and keeps its digits.
  return {x == 0 ? 0 : beta_quantile(tail, x, n - x + 1),
          x == n ? 1 : 1 - beta_quantile(tail, n - x, x + 1)};
}

}  // namespace

std::optional<Interval> rate_interval(std::uint64_t x, std::uint64_t n, double confidence,
                                      CiMethod method) {
  if (n == 0 || x > n || !is_confidence(confidence)) return std::nullopt;
  const auto successes = static_cast<double>(x);
  const auto trials = static_cast<double>(n);
  switch (method) {
    case CiMethod::kAdjustedWald:
      return adjusted_wald(successes, trials, confidence);
    case CiMethod::kWilson:
      return wilson(successes, trials, confidence);
    case CiMethod::kClopperPearson:
      return clopper_pearson(successes, trials, confidence);
  }
  return std::nullopt;
}

}  // namespace insitu::stats
