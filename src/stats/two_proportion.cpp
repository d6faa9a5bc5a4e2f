// SPDX-License-Identifier: MIT
// Difference of two independent rates. Sources in the header.
#include "stats/two_proportion.h"

#include <cmath>

#include "base/float.h"
#include "stats/normal.h"

namespace insitu::stats {

std::optional<TwoProportionResult> two_proportion_n1(std::uint64_t x1, std::uint64_t n1,
                                                     std::uint64_t x2, std::uint64_t n2,
                                                     double confidence) {
  if (n1 == 0 || n2 == 0 || x1 > n1 || x2 > n2 || !is_confidence(confidence)) return std::nullopt;
  const auto size1 = static_cast<double>(n1);
  const auto size2 = static_cast<double>(n2);
  const auto hits1 = static_cast<double>(x1);
  const auto hits2 = static_cast<double>(x2);
  const double a1 = (hits1 + 1) / (size1 + 2);
  const double a2 = (hits2 + 1) / (size2 + 2);
  const double half = normal_two_sided(confidence) *
                      std::sqrt(a1 * (1 - a1) / (size1 + 2) + a2 * (1 - a2) / (size2 + 2));
  TwoProportionResult result{};
  result.difference = hits1 / size1 - hits2 / size2;
  result.ci = {base::cut(a1 - a2 - half, -1, 1), base::cut(a1 - a2 + half, -1, 1)};
  result.p = 1;
  const double total = size1 + size2;
  const double pooled = (hits1 + hits2) / total;
  if (pooled > 0 && pooled < 1) {
    result.z = result.difference * std::sqrt((total - 1) / total) /
               std::sqrt(pooled * (1 - pooled) * (1 / size1 + 1 / size2));
    result.p = normal_two_sided_p(result.z);
  }
  return result;
}

}  // namespace insitu::stats
