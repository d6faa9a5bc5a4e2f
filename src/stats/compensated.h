// SPDX-License-Identifier: MIT
// Sums of doubles that do not lose small terms beside large ones.
//
// Based on: A. Neumaier. Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen.
// ZAMM 54, 1974, pp. 39-51.
#pragma once

#include <cmath>

namespace insitu::stats {

// A running sum whose error is about two roundings, whatever the number of terms, unless the terms
// cancel by more than sixteen digits. The result may depend on the order of the terms in its last
// digit: use FixedSum (moments.h) where sums are merged.
class CompensatedSum {
 public:
  // Adds a finite term. O(1).
  void add(double term) {
    const double sum = sum_ + term;
    if (std::abs(sum_) >= std::abs(term)) {
      correction_ += (sum_ - sum) + term;
    } else {
      correction_ += (term - sum) + sum_;
    }
    sum_ = sum;
  }

  // The sum so far; 0 before the first term.
  [[nodiscard]] double value() const { return sum_ + correction_; }

 private:
  double sum_ = 0;
  double correction_ = 0;
};

}  // namespace insitu::stats
