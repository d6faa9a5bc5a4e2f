// SPDX-License-Identifier: MIT
// Fisher's exact test of a two-by-two table.
//
// Based on: J. O. Irwin. Tests of significance for differences between percentages based on small
// numbers. Metron 12, 1935 (two-sided rule: all tables at most as likely as the observed one).
#pragma once

#include <cstdint>
#include <optional>

namespace insitu::stats {

// Two-sided p of x1 of n1 against x2 of n2: the sum of the probabilities of all tables with the
// same margins whose probability is <= that of the observed one times 1 + 1e-7. Absolute error
// about 1e-12. Empty if a group is empty or x > n. O(min(x1 + x2, n1, n2, failures)) time, no
// memory.
[[nodiscard]] std::optional<double> fisher_exact(std::uint64_t x1, std::uint64_t n1,
                                                 std::uint64_t x2, std::uint64_t n2);

}  // namespace insitu::stats
