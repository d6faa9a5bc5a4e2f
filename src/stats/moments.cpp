// SPDX-License-Identifier: MIT
// Sums, means and variances that merge exactly.
#include "stats/moments.h"

#include <cmath>

#include "base/float.h"

namespace insitu::stats {
namespace {

constexpr Int128 kLimit = static_cast<Int128>(1) << 85;
constexpr double kTwo62 = 4611686018427387904.0;
constexpr double kTwo32 = 4294967296.0;
constexpr auto kRealUnits = static_cast<double>(std::uint64_t{1} << kRealBits);

constexpr bool in_range(Int128 units) { return units > -kLimit && units < kLimit; }

// Whole numbers below 2^256 in 32-bit limbs, lowest first: enough for n S2 2^40 < 2^178 and
// S1^2 < 2^170, and small code where 128-bit products would call library functions.
constexpr int kLimbs = 8;
struct Wide {
  std::uint32_t limb[kLimbs] = {};
};

// `value` 2^shift for 0 <= value < 2^86, shift a multiple of 8 below 64.
Wide to_wide(Int128 value, int shift) {
  Wide wide;
  value <<= shift % 32;
  for (int i = shift / 32; i < kLimbs; ++i, value >>= 32) {
    wide.limb[i] = static_cast<std::uint32_t>(value);
  }
  return wide;
}

// The product, which must fit.
Wide multiply(const Wide& a, const Wide& b) {
  Wide result;
  for (int i = 0; i < kLimbs; ++i) {
    std::uint64_t carry = 0;
    for (int j = 0; i + j < kLimbs; ++j) {
      carry += static_cast<std::uint64_t>(a.limb[i]) * b.limb[j] + result.limb[i + j];
      result.limb[i + j] = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
  }
  return result;
}

// a - b as a double, 0 if negative.
double difference(const Wide& a, const Wide& b) {
  Wide result;
  std::int64_t borrow = 0;
  for (int i = 0; i < kLimbs; ++i) {
    borrow += static_cast<std::int64_t>(a.limb[i]) - b.limb[i];
    result.limb[i] = static_cast<std::uint32_t>(borrow);
    borrow >>= 32;
  }
  if (borrow < 0) return 0;
  double value = 0;
  // From the top: each step is exact until 53 bits are full, and what follows is below the last
  // one.
  for (int i = kLimbs - 1; i >= 0; --i) value = value * kTwo32 + result.limb[i];
  return value;
}

}  // namespace

std::optional<Int128> to_fixed(double value) {
  const double units = base::round_half_even(value * kRealUnits);
  if (std::abs(units) < kTwo62) return static_cast<std::int64_t>(units);
  if (!(std::abs(units) < static_cast<double>(kLimit))) return std::nullopt;
  // In two halves: a double beyond 2^63 has no conversion instruction. Both steps are exact.
  const double hi = std::floor(units / kTwo32);
  return static_cast<Int128>(static_cast<std::int64_t>(hi)) * (std::int64_t{1} << 32) +
         static_cast<std::int64_t>(units - hi * kTwo32);
}

bool FixedSum::add(Int128 units) {
  // Bounded first so that the addition itself cannot overflow.
  if (!in_range(units) || !in_range(units_ + units)) return false;
  units_ += units;
  return true;
}

bool FixedSum::add_real(double value) {
  const std::optional<Int128> units = to_fixed(value);
  return units && add(*units);
}

double FixedSum::to_double() const {
  const SumPair parts = pair();
  return static_cast<double>(parts.hi) * kTwo32 + parts.lo;
}

double FixedSum::to_real() const { return to_double() / kRealUnits; }

SumPair FixedSum::pair() const {
  return {static_cast<std::int64_t>(units_ >> 32), static_cast<std::uint32_t>(units_)};
}

std::optional<FixedSum> FixedSum::from_pair(std::int64_t hi, std::int64_t lo) {
  if (lo < 0 || lo >> 32 != 0) return std::nullopt;
  const Int128 units = static_cast<Int128>(hi) * (std::int64_t{1} << 32) + lo;
  FixedSum sum;
  if (!sum.add(units)) return std::nullopt;
  return sum;
}

namespace detail {

bool FixedMoments::add_terms(std::uint64_t n, Int128 value, Int128 square) {
  if (n > kMaxCount || n_ + n > kMaxCount) return false;
  FixedSum s1 = s1_;
  FixedSum s2 = s2_;
  if (!s1.add(value) || !s2.add(square)) return false;
  n_ += n;
  s1_ = s1;
  s2_ = s2;
  return true;
}

Summary FixedMoments::summarize(int bits) const {
  Summary result;
  result.n = n_;
  if (n_ == 0) return result;
  const auto n = static_cast<double>(n_);
  const auto unit = static_cast<double>(std::uint64_t{1} << bits);
  result.mean = s1_.to_double() / n / unit;
  if (n_ < 2 || s2_.units() <= 0) return result;
  const Int128 s1 = s1_.units();
  const Wide root = to_wide(s1 < 0 ? -s1 : s1, 0);
  const double n_m2 =
      difference(multiply(to_wide(s2_.units(), bits), to_wide(static_cast<Int128>(n_), 0)),
                 multiply(root, root));
  // Divided one by one: the product of the divisors could be beyond 2^53 and round.
  result.variance = n_m2 / unit / unit / n / (n - 1);
  return result;
}

}  // namespace detail

bool Moments::add(double value) {
  const std::optional<Int128> fixed = to_fixed(value);
  const std::optional<Int128> square = to_fixed(value * value);
  return fixed && square && add_terms(1, *fixed, *square);
}

}  // namespace insitu::stats
