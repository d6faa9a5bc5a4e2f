// SPDX-License-Identifier: MIT
// exp and ln are based on fdlibm's e_exp.c and e_log.c:
//   Copyright (C) 1993, 2004 by Sun Microsystems, Inc. All rights reserved. Permission to use,
//   copy, modify, and distribute this software is freely granted, provided that this notice is
//   preserved.
#include "base/elementary.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace insitu::base {

namespace {

constexpr double kLn2High = 6.93147180369123816490e-01;
constexpr double kLn2Low = 1.90821492927058770002e-10;
constexpr double kInverseLn2 = 1.44269504088896338700e+00;

// 2^k for -1022 <= k <= 1023.
double two_to(int k) { return std::bit_cast<double>(static_cast<std::uint64_t>(k + 1023) << 52); }

}  // namespace

double exp(double x) {
  if (!(x < 709.782712893384)) return x > 0 ? std::numeric_limits<double>::infinity() : x;
  if (x < -745.13321910194122) return 0;
  // x = k ln2 + r, |r| <= ln2 / 2; r is held as high - low.
  const int k = static_cast<int>(kInverseLn2 * x + (x < 0 ? -0.5 : 0.5));
  const double high = x - k * kLn2High;
  const double low = k * kLn2Low;
  const double r = high - low;
  const double t = r * r;
  const double c =
      r - t * (1.66666666666666019037e-01 +
               t * (-2.77777777770155933842e-03 +
                    t * (6.61375632143793436117e-05 +
                         t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08))));
  const double y = 1 + (r * c / (2 - c) - low + high);
  // In two steps where 2^k or the result is not a normal number.
  if (k > 1023) return y * two_to(1023) * two_to(k - 1023);
  if (k < -1021) return y * two_to(k + 1000) * two_to(-1000);
  return y * two_to(k);
}

double ln(double x) {
  if (!(x > 0)) {
    return x == 0 ? -std::numeric_limits<double>::infinity()
                  : std::numeric_limits<double>::quiet_NaN();
  }
  if (x == std::numeric_limits<double>::infinity()) return x;
  int k = 0;
  if (x < std::numeric_limits<double>::min()) {
    x *= 18014398509481984.0;  // 2^54: subnormal numbers
    k = -54;
  }
  // x = 2^k (1 + f) with sqrt(2)/2 < 1 + f < sqrt(2).
  auto bits = std::bit_cast<std::uint64_t>(x);
  const std::uint64_t shifted = bits + ((0x3ff00000ull - 0x3fe6a09eull) << 32);
  k += static_cast<int>(shifted >> 52) - 0x3ff;
  bits = (shifted & 0x000fffffffffffffull) + (0x3fe6a09eull << 32);
  const double f = std::bit_cast<double>(bits) - 1;
  const double half_square = 0.5 * f * f;
  const double s = f / (2 + f);
  const double z = s * s;
  const double w = z * z;
  const double even = w * (3.999999999940941908e-01 +
                           w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
  const double odd = z * (6.666666666666735130e-01 +
                          w * (2.857142874366239149e-01 +
                               w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)));
  return s * (half_square + (even + odd)) + k * kLn2Low - half_square + f + k * kLn2High;
}

double power(double base, int exponent) {
  double result = 1;
  double square = exponent < 0 ? 1 / base : base;
  for (unsigned n = static_cast<unsigned>(exponent < 0 ? -exponent : exponent); n; n >>= 1) {
    if (n & 1) result *= square;
    square *= square;
  }
  return result;
}

}  // namespace insitu::base
