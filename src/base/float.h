// SPDX-License-Identifier: MIT
// Small helpers for doubles that mean the same on every platform and under every compiler flag.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

namespace insitu::base {

// True unless `value` is NaN or infinite. Looks at the bits, so no flag can optimise it away.
[[nodiscard]] constexpr bool is_finite(double value) {
  constexpr std::uint64_t kExponent = 0x7ff0'0000'0000'0000;
  return (std::bit_cast<std::uint64_t>(value) & kExponent) != kExponent;
}

// `value` cut to [lower, upper], lower <= upper. NaN becomes `lower`.
[[nodiscard]] constexpr double cut(double value, double lower, double upper) {
  if (!(value > lower)) return lower;
  return value < upper ? value : upper;
}

// The nearest whole number, ties to the even one. Relies on the default rounding mode, which
// WebAssembly fixes and nothing in this project changes.
[[nodiscard]] inline double round_half_even(double value) { return std::nearbyint(value); }

}  // namespace insitu::base
