// SPDX-License-Identifier: MIT
// Confidence intervals of a mean and of a geometric mean.
#pragma once

#include <limits>
#include <optional>

#include "stats/interval.h"
#include "stats/summary.h"

namespace insitu::stats {

// The ends of a rating scale; without limits by default.
struct Bounds {
  double lower = -std::numeric_limits<double>::infinity();
  double upper = std::numeric_limits<double>::infinity();
};

// mean-t: mean +- t * sd / sqrt(n), Student's t with n - 1 degrees of freedom (Student 1908), cut
// to `bounds`, in the unit of the values. Empty if n < 2 or confidence is not inside (0, 1); with
// variance 0 both ends are the mean.
[[nodiscard]] std::optional<Interval> mean_interval(const Summary& sample, double confidence,
                                                    Bounds bounds = {});

// log-t, for times: exp of mean_interval of the logs, that is the interval of the geometric mean
// exp(logs.mean) in the unit of the values (J. Sauro, J. R. Lewis. Average task times in usability
// tests: what to report? CHI 2010). `logs` is the summary of ln(value). Empty as mean_interval.
[[nodiscard]] std::optional<Interval> geometric_mean_interval(const Summary& logs,
                                                              double confidence);

}  // namespace insitu::stats
