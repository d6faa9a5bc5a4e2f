// SPDX-License-Identifier: MIT
// Control charts. Sources in the header.
#include "stats/control_chart.h"

#include <algorithm>
#include <cmath>

#include "base/assert.h"

namespace insitu::stats {

Ewma::Ewma(double mean, double sd, double lambda, double width)
    : mean_(mean), sd_(sd), lambda_(lambda), width_(width), z_(mean) {
  INSITU_ASSERT(sd >= 0 && lambda > 0 && lambda <= 1);
}

Ewma::Point Ewma::next(std::optional<double> value) {
  ++position_;
  if (!value) return {z_, std::nullopt, false};
  z_ = lambda_ * *value + (1 - lambda_) * z_;
  const double settled = 1 - std::pow(1 - lambda_, 2 * static_cast<double>(position_));
  const double half = width_ * sd_ * std::sqrt(lambda_ / (2 - lambda_) * settled);
  const Interval limits{mean_ - half, mean_ + half};
  return {z_, limits, z_ < limits.lower || z_ > limits.upper};
}

Cusum::Cusum(double mean, double sd, double slack, double limit)
    : mean_(mean), sd_(sd), slack_(slack), limit_(limit) {
  INSITU_ASSERT(sd >= 0);
}

Cusum::Point Cusum::next(std::optional<double> value) {
  if (value && sd_ > 0) {
    const double z = (*value - mean_) / sd_;
    up_ = std::max(0.0, up_ + z - slack_);
    down_ = std::max(0.0, down_ - z - slack_);
  }
  return {up_, down_, up_ > limit_ || down_ > limit_};
}

std::optional<double> proportion_z(std::uint64_t x, std::uint64_t n, double p0) {
  if (n == 0 || !(p0 > 0 && p0 < 1)) return std::nullopt;
  const auto size = static_cast<double>(n);
  return (static_cast<double>(x) / size - p0) / std::sqrt(p0 * (1 - p0) / size);
}

}  // namespace insitu::stats
