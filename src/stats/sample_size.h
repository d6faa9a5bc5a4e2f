// SPDX-License-Identifier: MIT
// How many observations a study needs.
//
// Based on: J. Sauro, J. R. Lewis. Quantifying the User Experience, 2nd ed., 2016, chapters 6
// and 7.
#pragma once

#include <cstdint>
#include <optional>

namespace insitu::stats {

// Observations for an adjusted-Wald interval of +- margin around a rate of about p, at least 1.
// 0 <= p <= 1, 0 < margin, 0 < confidence < 1; empty otherwise, or beyond 2^53.
[[nodiscard]] std::optional<std::uint64_t> sample_size_proportion(double p, double margin,
                                                                  double confidence);

// Observations per group to tell rates p1 and p2 apart with the given power (0.8 by custom) in a
// two-sided test at 1 - confidence. Empty if p1 = p2, an argument is out of range, or beyond 2^53.
[[nodiscard]] std::optional<std::uint64_t> sample_size_two_proportions(double p1, double p2,
                                                                       double confidence,
                                                                       double power);

// Half width of the adjusted-Wald interval of a rate at its worst, x = n/2: what a test with n
// participants can promise beforehand (0.2 for 20). Empty if n = 0 or confidence is out of range.
[[nodiscard]] std::optional<double> worst_half_width(std::uint64_t n, double confidence);

}  // namespace insitu::stats
