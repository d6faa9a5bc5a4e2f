// SPDX-License-Identifier: MIT
// Problem discovery. Sources in the header.
#include "stats/problem_discovery.h"

#include <algorithm>
#include <cmath>

#include "base/float.h"

namespace insitu::stats {

double problem_discovery(double p, std::uint64_t n) {
  if (n == 0) return 0;
  return -std::expm1(static_cast<double>(n) * std::log1p(-base::cut(p, 0, 1)));
}

std::optional<std::uint64_t> sample_size_discovery(double p, double goal) {
  if (goal <= 0) return 0;
  if (p >= 1) return 1;
  if (!(p > 0 && goal < 1)) return std::nullopt;
  // So that a goal that n participants reach exactly does not ask for one more.
  constexpr double kSlack = 1e-12;
  const double n = std::max(1.0, std::ceil(std::log1p(-goal) / std::log1p(-p) - kSlack));
  if (!(n <= 9007199254740992.0)) return std::nullopt;
  return static_cast<std::uint64_t>(n);
}

std::optional<DiscoveryRate> discovery_rate(std::span<const std::uint8_t> met,
                                            std::size_t participants, std::size_t problems) {
  if (met.size() != participants * problems) return std::nullopt;
  std::size_t meetings = 0;
  std::size_t known = 0;
  std::size_t once = 0;
  for (std::size_t problem = 0; problem < problems; ++problem) {
    std::size_t by = 0;
    for (std::size_t i = problem; i < met.size(); i += problems) by += met[i] != 0;
    meetings += by;
    known += by > 0;
    once += by == 1;
  }
  if (known == 0) return std::nullopt;
  const auto n = static_cast<double>(participants);
  const auto seen = static_cast<double>(known);
  DiscoveryRate rate{};
  rate.raw = static_cast<double>(meetings) / (n * seen);
  rate.deflated = (rate.raw - 1 / n) * (1 - 1 / n);
  rate.good_turing = rate.raw / (1 + static_cast<double>(once) / seen);
  rate.adjusted = (rate.deflated + rate.good_turing) / 2;
  return rate;
}

}  // namespace insitu::stats
