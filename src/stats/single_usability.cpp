// SPDX-License-Identifier: MIT
// The Single Usability Metric. Source in the header.
#include "stats/single_usability.h"

#include "stats/normal.h"

namespace insitu::stats {

double share_below(double difference, double sd) {
  if (sd > 0) return normal_cdf(difference / sd);
  if (difference == 0) return 0.5;
  return difference > 0 ? 1 : 0;
}

SingleUsability single_usability(const UsabilityParts& parts) {
  SingleUsability result{parts, std::nullopt, 0};
  double sum = 0;
  for (const auto& part : {parts.completion, parts.time, parts.satisfaction, parts.errors}) {
    if (!part) continue;
    sum += *part;
    ++result.components;
  }
  if (result.components > 0) result.value = 100 * sum / result.components;
  return result;
}

}  // namespace insitu::stats
