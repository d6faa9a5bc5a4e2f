// SPDX-License-Identifier: MIT
// How many of a product's usability problems a test of n participants will show.
//
// Based on: R. A. Virzi. Refining the test phase of usability evaluation: how many subjects is
// enough? Human Factors 34, 1992; J. Nielsen, T. K. Landauer. A mathematical model of the finding
// of usability problems. INTERCHI 1993; J. R. Lewis. Evaluation of procedures for adjusting
// problem-discovery rates estimated from small samples. Int. J. Human-Computer Interaction 13(4),
// 2001.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace insitu::stats {

// Probability 1 - (1 - p)^n that n participants meet, at least once, a problem that each meets with
// probability p. p is cut to [0, 1]; n = 0 gives 0.
[[nodiscard]] double problem_discovery(double p, std::uint64_t n);

// Least n with problem_discovery(p, n) >= goal. goal <= 0: 0; else p >= 1: 1. Empty if p <= 0 or
// goal >= 1 (no n does it), beyond 2^53, or for NaN.
[[nodiscard]] std::optional<std::uint64_t> sample_size_discovery(double p, double goal);

// Estimates of p from a small test.
struct DiscoveryRate {
  double raw;          // share of ones; too high at few participants
  double deflated;     // (raw - 1/n)(1 - 1/n)
  double good_turing;  // raw / (1 + share of problems met exactly once)
  double adjusted;     // mean of the last two: the one to use
};

// `met` is row-major: met[participant * problems + problem] is not 0 if that participant met that
// problem; problems nobody met are left out. Empty if no problem was met, or if the size is not
// participants * problems. O(participants * problems).
[[nodiscard]] std::optional<DiscoveryRate> discovery_rate(std::span<const std::uint8_t> met,
                                                          std::size_t participants,
                                                          std::size_t problems);

}  // namespace insitu::stats
