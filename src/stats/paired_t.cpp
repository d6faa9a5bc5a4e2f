// SPDX-License-Identifier: MIT
// The paired t test. Source in the header.
#include "stats/paired_t.h"

#include <cmath>

namespace insitu::stats {

std::optional<TComparison> paired_t(const Summary& differences, double confidence) {
  if (differences.n < 2) return std::nullopt;
  const auto n = static_cast<double>(differences.n);
  return t_comparison(differences.mean, std::sqrt(differences.variance / n), n - 1, confidence);
}

std::optional<TComparison> paired_log_t(const Summary& log_ratios, double confidence) {
  const std::optional<TComparison> logs = paired_t(log_ratios, confidence);
  if (!logs) return std::nullopt;
  return as_ratio(*logs);
}

}  // namespace insitu::stats
