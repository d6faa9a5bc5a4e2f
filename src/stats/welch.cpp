// SPDX-License-Identifier: MIT
// Welch's t test. Sources in the header.
#include "stats/welch.h"

#include <cmath>

namespace insitu::stats {

std::optional<TComparison> welch_t(const Summary& first, const Summary& second, double confidence) {
  if (first.n < 2 || second.n < 2) return std::nullopt;
  const auto n1 = static_cast<double>(first.n);
  const auto n2 = static_cast<double>(second.n);
  const double v1 = first.variance / n1;
  const double v2 = second.variance / n2;
  const double v = v1 + v2;
  // By shares of the whole, so that tiny variances do not underflow when squared.
  const double share1 = v1 / v;
  const double share2 = v2 / v;
  const double df = 1 / (share1 * share1 / (n1 - 1) + share2 * share2 / (n2 - 1));
  return t_comparison(first.mean - second.mean, std::sqrt(v), df, confidence);
}

std::optional<TComparison> welch_log_t(const Summary& first_logs, const Summary& second_logs,
                                       double confidence) {
  const std::optional<TComparison> logs = welch_t(first_logs, second_logs, confidence);
  if (!logs) return std::nullopt;
  return as_ratio(*logs);
}

}  // namespace insitu::stats
