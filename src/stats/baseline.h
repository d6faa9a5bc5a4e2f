// SPDX-License-Identifier: MIT
// A value against the product's own recent past.
#pragma once

#include <cmath>
#include <optional>

#include "stats/summary.h"

namespace insitu::stats {

struct BaselineChange {
  double baseline;                 // mean of the history
  double change;                   // current - baseline
  std::optional<double> relative;  // change / baseline; empty if the baseline is 0
  std::optional<double> z;         // change / sd; empty if sd is 0 or there is one value only
};

// Compares `current` with the summary of the values before it (by custom the last 8 complete weeks;
// weeks without a value left out). Empty without history.
[[nodiscard]] inline std::optional<BaselineChange> baseline_change(const Summary& history,
                                                                   double current) {
  if (history.n == 0) return std::nullopt;
  BaselineChange result{history.mean, current - history.mean, std::nullopt, std::nullopt};
  if (history.mean != 0) result.relative = result.change / history.mean;
  if (history.n > 1 && history.variance > 0) result.z = result.change / std::sqrt(history.variance);
  return result;
}

}  // namespace insitu::stats
