// SPDX-License-Identifier: MIT
// Confidence intervals of a mean and of a geometric mean. Sources in the header.
#include "stats/mean_interval.h"

#include <cmath>

#include "base/elementary.h"
#include "base/float.h"
#include "stats/student_t.h"

namespace insitu::stats {

std::optional<Interval> mean_interval(const Summary& sample, double confidence, Bounds bounds) {
  if (sample.n < 2 || !is_confidence(confidence)) return std::nullopt;
  const auto n = static_cast<double>(sample.n);
  const double half = student_t_two_sided(confidence, n - 1) * std::sqrt(sample.variance / n);
  return Interval{base::cut(sample.mean - half, bounds.lower, bounds.upper),
                  base::cut(sample.mean + half, bounds.lower, bounds.upper)};
}

std::optional<Interval> geometric_mean_interval(const Summary& logs, double confidence) {
  const std::optional<Interval> interval = mean_interval(logs, confidence);
  if (!interval) return std::nullopt;
  return Interval{base::exp(interval->lower), base::exp(interval->upper)};
}

}  // namespace insitu::stats
