// SPDX-License-Identifier: MIT
// Number, mean and variance of a sample: what intervals and tests need to know of it.
#pragma once

#include <cstdint>
#include <span>

namespace insitu::stats {

struct Summary {
  std::uint64_t n = 0;
  double mean = 0;      // 0 if n = 0; test n first
  double variance = 0;  // with n - 1; 0 if n < 2
};

// Summary of finite values, in two passes with compensated sums and the mean's rounding corrected
// (T. F. Chan, G. H. Golub, R. J. LeVeque. Algorithms for computing the sample variance.
// Am. Statistician 37(3), 1983): good to a few units of the last digit of the mean, whatever the
// offset of the values. O(n) time, no memory.
[[nodiscard]] Summary summarize(std::span<const double> values);

// The same of ln(value), for values > 0.
[[nodiscard]] Summary summarize_logs(std::span<const double> values);

// The same of first[i] - second[i], for spans of equal size (else of the common beginning).
[[nodiscard]] Summary summarize_differences(std::span<const double> first,
                                            std::span<const double> second);

// The same of ln(first[i] / second[i]), for values > 0.
[[nodiscard]] Summary summarize_log_ratios(std::span<const double> first,
                                           std::span<const double> second);

}  // namespace insitu::stats
