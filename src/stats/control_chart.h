// SPDX-License-Identifier: MIT
// Charts that raise an alarm when a series leaves its usual level.
//
// Based on: S. W. Roberts. Control chart tests based on geometric moving averages. Technometrics
// 1(3), 1959 (EWMA); E. S. Page. Continuous inspection schemes. Biometrika 41, 1954 (CUSUM).
#pragma once

#include <cstdint>
#include <optional>

#include "stats/interval.h"

namespace insitu::stats {

// Exponentially weighted moving average around a baseline. Good for small lasting shifts.
class Ewma {
 public:
  struct Point {
    double z;                        // the average after this value
    std::optional<Interval> limits;  // empty for a missing value
    bool alarm;                      // z outside the limits; false for a missing value
  };

  // mean and sd of the baseline, in the unit of the values, sd >= 0; weight of the newest value
  // 0 < lambda <= 1; width of the limits in sd.
  Ewma(double mean, double sd, double lambda = 0.2, double width = 3);

  // Takes the value of the next window. A missing one changes nothing but the position in the
  // series, by which the limits widen. O(1).
  Point next(std::optional<double> value);

 private:
  double mean_;
  double sd_;
  double lambda_;
  double width_;
  double z_;
  std::uint64_t position_ = 0;
};

// Two one-sided cumulative sums. Good for finding when a shift began.
class Cusum {
 public:
  struct Point {
    double up;    // in sd of the baseline, >= 0
    double down;  // likewise
    bool alarm;   // either is above the limit; not reset by itself
  };

  // mean and sd of the baseline, in the unit of the values; slack and limit in sd. With sd = 0
  // every value counts as missing.
  Cusum(double mean, double sd, double slack = 0.5, double limit = 5);

  // Takes the value of the next window. A missing one changes nothing. O(1).
  Point next(std::optional<double> value);

 private:
  double mean_;
  double sd_;
  double slack_;
  double limit_;
  double up_ = 0;
  double down_ = 0;
};

// How far x of n lies from the baseline rate p0, in standard errors: what a rate enters the charts
// with, mean 0 and sd 1. Empty if n = 0 or p0 is not inside (0, 1).
[[nodiscard]] std::optional<double> proportion_z(std::uint64_t x, std::uint64_t n, double p0);

}  // namespace insitu::stats
