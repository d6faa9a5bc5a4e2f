// SPDX-License-Identifier: MIT
// The Net Promoter Score and its interval.
//
// Based on: F. F. Reichheld. The one number you need to grow. Harvard Business Review 81(12), 2003;
// B. Rocks. Interval estimation for the "Net Promoter Score". Am. Statistician 70(4), 2016
// (adjusted Wald: 3 answers added, 3/4 to promoters and detractors each, the rest to passives).
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>

#include "base/float.h"
#include "stats/interval.h"
#include "stats/normal.h"

namespace insitu::stats {

struct NpsResult {
  double value;  // -100 .. 100: share of promoters less share of detractors, times 100
  std::optional<Interval> ci;  // within [-100, 100]; empty if confidence is not inside (0, 1)
};

// Score of the given numbers of answers. Empty without answers.
[[nodiscard]] inline std::optional<NpsResult> net_promoter_score(std::uint64_t promoters,
                                                                 std::uint64_t passives,
                                                                 std::uint64_t detractors,
                                                                 double confidence) {
  const auto for_it = static_cast<double>(promoters);
  const auto against = static_cast<double>(detractors);
  const double n = for_it + static_cast<double>(passives) + against;
  if (n == 0) return std::nullopt;
  NpsResult result{100 * (for_it - against) / n, std::nullopt};
  if (!is_confidence(confidence)) return result;
  const double share_for = (for_it + 0.75) / (n + 3);
  const double share_against = (against + 0.75) / (n + 3);
  const double difference = share_for - share_against;
  const double half = normal_two_sided(confidence) *
                      std::sqrt((share_for + share_against - difference * difference) / (n + 3));
  result.ci = Interval{base::cut(100 * (difference - half), -100, 100),
                       base::cut(100 * (difference + half), -100, 100)};
  return result;
}

}  // namespace insitu::stats
