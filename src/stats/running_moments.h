// SPDX-License-Identifier: MIT
// Mean and variance of a stream in one pass, in doubles.
//
// Based on: B. P. Welford. Note on a method for calculating corrected sums of squares and products.
// Technometrics 4(3), 1962 (add); T. F. Chan, G. H. Golub, R. J. LeVeque. Updating formulae and a
// pairwise algorithm for computing sample variances. Stanford STAN-CS-79-773, 1979 (merge).
#pragma once

#include <cstdint>

#include "stats/summary.h"

namespace insitu::stats {

// Count, mean and sum of squared deviations of finite values.
//
// Merging parts gives the same numbers in any order only up to rounding: partials that must be
// equal byte for byte hold Moments or IntMoments (moments.h). 24 bytes; every call O(1).
class RunningMoments {
 public:
  void add(double value) {
    ++n_;
    const double delta = value - mean_;
    mean_ += delta / static_cast<double>(n_);
    m2_ += delta * (value - mean_);
  }

  void merge(const RunningMoments& other) {
    if (other.n_ == 0) return;
    const auto own = static_cast<double>(n_);
    const auto others = static_cast<double>(other.n_);
    const double delta = other.mean_ - mean_;
    n_ += other.n_;
    mean_ += delta * (others / (own + others));
    m2_ += other.m2_ + delta * delta * (own * others / (own + others));
  }

  // What has been seen so far; n = 0 at first.
  [[nodiscard]] Summary summary() const {
    return {n_, mean_, n_ > 1 ? m2_ / static_cast<double>(n_ - 1) : 0};
  }

 private:
  std::uint64_t n_ = 0;
  double mean_ = 0;
  double m2_ = 0;
};

}  // namespace insitu::stats
