// SPDX-License-Identifier: MIT
// Two conditions measured on the same participants.
//
// Based on: Student. The probable error of a mean. Biometrika 6, 1908.
#pragma once

#include <optional>

#include "stats/summary.h"
#include "stats/t_test.h"

namespace insitu::stats {

// Mean difference, from summarize_differences(first, second). Empty if n < 2; without a test if all
// differences are equal. O(1).
[[nodiscard]] std::optional<TComparison> paired_t(const Summary& differences, double confidence);

// For times: from summarize_log_ratios(first, second), the ratio of the geometric means
// first / second. Otherwise as paired_t.
[[nodiscard]] std::optional<TComparison> paired_log_t(const Summary& log_ratios, double confidence);

}  // namespace insitu::stats
