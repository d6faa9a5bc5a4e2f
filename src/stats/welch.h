// SPDX-License-Identifier: MIT
// Means of two independent groups that need not have the same spread.
//
// Based on: B. L. Welch. The generalization of "Student's" problem when several different
// population variances are involved. Biometrika 34, 1947; degrees of freedom after F. E.
// Satterthwaite, 1946.
#pragma once

#include <optional>

#include "stats/summary.h"
#include "stats/t_test.h"

namespace insitu::stats {

// Difference of the means first - second. Empty if a group has fewer than 2 values; the difference
// without a test if neither group has any spread. O(1).
[[nodiscard]] std::optional<TComparison> welch_t(const Summary& first, const Summary& second,
                                                 double confidence);

// For times: summaries of ln(value) in, ratio of the geometric means first / second out. Otherwise
// as welch_t.
[[nodiscard]] std::optional<TComparison> welch_log_t(const Summary& first_logs,
                                                     const Summary& second_logs, double confidence);

}  // namespace insitu::stats
