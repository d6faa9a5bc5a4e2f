// SPDX-License-Identifier: MIT
// Sums, means and variances that merge exactly: the same integers in any order and grouping.
//
// Values are held as whole multiples of a unit, 2^-40 for reals and 1 for whole numbers such as
// milliseconds, and added in 128 bits. Every operation that would leave the range returns false and
// changes nothing; nothing wraps.
#pragma once

#include <cstdint>
#include <optional>

#include "base/archive.h"
#include "base/int128.h"
#include "stats/summary.h"

namespace insitu::stats {

using base::Int128;

// Bits after the point of the unit of real values. 2^-40 keeps the mean within 4e-13 and the
// standard deviation within 3e-7 relative, even of groups of nearly equal times.
inline constexpr int kRealBits = 40;

// Largest count that survives any JSON reader.
inline constexpr std::uint64_t kMaxCount = std::uint64_t{1} << 53;

// A sum as it is written: hi * 2^32 + lo. Both fit a double exactly.
struct SumPair {
  std::int64_t hi = 0;   // floor(sum / 2^32), -2^53 .. 2^53 - 1
  std::uint32_t lo = 0;  // sum modulo 2^32
  friend bool operator==(const SumPair&, const SumPair&) = default;
};

// An exact sum of integers or of reals in units of 2^-40; always |sum| < 2^85. 16 bytes.
class FixedSum {
 public:
  // Adds `units`. False, and no change, if the sum would leave the range.
  [[nodiscard]] bool add(Int128 units);

  // Adds a real number, rounded to the nearest multiple of 2^-40, ties to even. False, and no
  // change, if `value` is not finite or the sum would leave the range.
  [[nodiscard]] bool add_real(double value);

  // Adds the other sum. False, and no change, if the result would leave the range.
  [[nodiscard]] bool merge(const FixedSum& other) { return add(other.units_); }

  [[nodiscard]] Int128 units() const { return units_; }
  [[nodiscard]] bool is_zero() const { return units_ == 0; }

  // The sum in units, rounded once to a double.
  [[nodiscard]] double to_double() const;

  // The sum of reals: to_double() * 2^-40.
  [[nodiscard]] double to_real() const;

  [[nodiscard]] SumPair pair() const;

  // The sum a pair stands for. Empty if it is out of range; lo must be 0 .. 2^32 - 1, and is taken
  // as int64 so that whatever a reader found can be passed.
  [[nodiscard]] static std::optional<FixedSum> from_pair(std::int64_t hi, std::int64_t lo);

  friend bool operator==(const FixedSum&, const FixedSum&) = default;

 private:
  Int128 units_ = 0;
};

// `value` in units of 2^-40, ties to even; empty unless |result| < 2^85.
[[nodiscard]] std::optional<Int128> to_fixed(double value);

namespace detail {

// Count, sum and sum of squares in units of 2^-bits, bits the same for both.
class FixedMoments {
 public:
  [[nodiscard]] std::uint64_t n() const { return n_; }
  [[nodiscard]] const FixedSum& s1() const { return s1_; }
  [[nodiscard]] const FixedSum& s2() const { return s2_; }
  friend bool operator==(const FixedMoments&, const FixedMoments&) = default;

 protected:
  FixedMoments() = default;
  FixedMoments(std::uint64_t n, const FixedSum& s1, const FixedSum& s2) : n_(n), s1_(s1), s2_(s2) {}

  [[nodiscard]] bool add_terms(std::uint64_t n, Int128 value, Int128 square);
  [[nodiscard]] Summary summarize(int bits) const;

 private:
  std::uint64_t n_ = 0;
  FixedSum s1_;
  FixedSum s2_;
};

}  // namespace detail

// Moments of real values: n, S1 = sum of fix(v), S2 = sum of fix(v * v), v * v as a double.
//
// summary() is exact in n, S1 and S2: the integer n S2 - S1^2 is formed without rounding, so mean
// and variance are good to about 1e-15 of what the rounded terms stand for, and a variance that
// comes out negative by the rounding of the terms is 0. 48 bytes; every call O(1).
class Moments : public detail::FixedMoments {
 public:
  Moments() = default;
  Moments(std::uint64_t n, const FixedSum& s1, const FixedSum& s2) : FixedMoments(n, s1, s2) {}

  // Adds one value. False, and no change, if it is not finite or a sum would leave its range
  // (sum of v^2 < 2^45: millions of values up to 2896, |v| of ln(time) never gets near).
  [[nodiscard]] bool add(double value);
  // Adds the other's values. False, and no change, if a sum or the count would leave its range.
  [[nodiscard]] bool merge(const Moments& other) {
    return add_terms(other.n(), other.s1().units(), other.s2().units());
  }
  [[nodiscard]] Summary summary() const { return summarize(kRealBits); }
};

// Moments of whole numbers: n, S1 = sum of v, S2 = sum of v * v, all exact. As Moments otherwise.
class IntMoments : public detail::FixedMoments {
 public:
  IntMoments() = default;
  IntMoments(std::uint64_t n, const FixedSum& s1, const FixedSum& s2) : FixedMoments(n, s1, s2) {}

  [[nodiscard]] bool add(std::int64_t value) {
    return add_terms(1, value, static_cast<Int128>(value) * value);
  }
  [[nodiscard]] bool merge(const IntMoments& other) {
    return add_terms(other.n(), other.s1().units(), other.s2().units());
  }
  [[nodiscard]] Summary summary() const { return summarize(0); }
};

}  // namespace insitu::stats
