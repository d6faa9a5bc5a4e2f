// SPDX-License-Identifier: MIT
// Two rates measured on the same participants.
//
// Based on: Q. McNemar. Note on the sampling error of the difference between correlated proportions
// or percentages. Psychometrika 12, 1947; M. W. Fagerland, S. Lydersen, P. Laake. The McNemar test
// for binary matched-pairs data: mid-p and asymptotic are better than exact conditional. BMC
// Medical Research Methodology 13:91, 2013.
#pragma once

#include <cstdint>

namespace insitu::stats {

struct McNemarResult {
  double exact_p;  // two-sided; never too small, often too large
  double mid_p;    // two-sided; nearer to the truth at a handful of participants
};

// `only_first` participants succeeded in the first condition alone, `only_second` in the second
// alone; the others do not matter. Both 0: p = 1. O(sqrt(n)).
[[nodiscard]] McNemarResult mcnemar(std::uint64_t only_first, std::uint64_t only_second);

}  // namespace insitu::stats
