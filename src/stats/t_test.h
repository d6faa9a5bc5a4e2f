// SPDX-License-Identifier: MIT
// What every t test answers.
#pragma once

#include <optional>

#include "stats/interval.h"
#include "stats/summary.h"

namespace insitu::stats {

// Effect of two groups or conditions, with its test where there is any spread to test against.
struct TComparison {
  struct Test {
    double t;
    double df;
    double p;     // two-sided
    Interval ci;  // of the effect, in its unit
  };

  double effect;  // difference first - second, or ratio first / second of geometric means
  std::optional<Test> test;
};

// The test of `difference` with the given standard error and degrees of freedom; without a test if
// the error is 0 or confidence is not inside (0, 1).
[[nodiscard]] TComparison t_comparison(double difference, double standard_error, double df,
                                       double confidence);

// The same comparison of logs, told as ratios: effect and interval become exp of themselves.
[[nodiscard]] TComparison as_ratio(const TComparison& logs);

}  // namespace insitu::stats
