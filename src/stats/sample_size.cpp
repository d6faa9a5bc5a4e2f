// SPDX-License-Identifier: MIT
// How many observations a study needs. Source in the header.
#include "stats/sample_size.h"

#include <algorithm>
#include <cmath>

#include "stats/interval.h"
#include "stats/normal.h"

namespace insitu::stats {
namespace {

constexpr bool is_rate(double p) { return p >= 0 && p <= 1; }

std::optional<std::uint64_t> rounded_up(double size, double at_least) {
  // So that a size that is whole but for rounding is not raised by one.
  constexpr double kSlack = 1e-9;
  const double whole = std::max(at_least, std::ceil(size - kSlack));
  if (!(whole <= 9007199254740992.0)) return std::nullopt;
  return static_cast<std::uint64_t>(whole);
}

}  // namespace

std::optional<std::uint64_t> sample_size_proportion(double p, double margin, double confidence) {
  if (!is_rate(p) || !(margin > 0) || !is_confidence(confidence)) return std::nullopt;
  const double z = normal_two_sided(confidence);
  return rounded_up(z * z * p * (1 - p) / (margin * margin) - z * z, 1);
}

std::optional<std::uint64_t> sample_size_two_proportions(double p1, double p2, double confidence,
                                                         double power) {
  if (!is_rate(p1) || !is_rate(p2) || p1 == p2 || !is_confidence(confidence) ||
      !(power > 0 && power < 1)) {
    return std::nullopt;
  }
  const double z = normal_two_sided(confidence) + normal_quantile(power);
  return rounded_up(z * z * (p1 * (1 - p1) + p2 * (1 - p2)) / ((p1 - p2) * (p1 - p2)), 0);
}

std::optional<double> worst_half_width(std::uint64_t n, double confidence) {
  if (n == 0 || !is_confidence(confidence)) return std::nullopt;
  const double z = normal_two_sided(confidence);
  return z / (2 * std::sqrt(static_cast<double>(n) + z * z));
}

}  // namespace insitu::stats
