// SPDX-License-Identifier: MIT
// HyperLogLog. Source in the header.
#include "stats/hll.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/elementary.h"
#include "stats/compensated.h"
#include "stats/hash64.h"

namespace insitu::stats {

HyperLogLog::HyperLogLog(int precision)
    : precision_(std::clamp(precision, 4, 18)), registers_(std::size_t{1} << precision_) {}

void HyperLogLog::add(std::string_view key) { add_hash(hash64(key)); }

void HyperLogLog::add_hash(std::uint64_t hash) {
  const auto index = static_cast<std::size_t>(hash >> (64 - precision_));
  const std::uint64_t rest = hash << precision_;
  const int rank = rest == 0 ? 64 - precision_ + 1 : std::countl_zero(rest) + 1;
  registers_[index] = std::max(registers_[index], static_cast<std::uint8_t>(rank));
}

bool HyperLogLog::merge(const HyperLogLog& other) {
  if (precision_ != other.precision_) return false;
  for (std::size_t i = 0; i < registers_.size(); ++i) {
    registers_[i] = std::max(registers_[i], other.registers_[i]);
  }
  return true;
}

double HyperLogLog::estimate() const {
  const auto m = static_cast<double>(registers_.size());
  CompensatedSum sum;
  int zeros = 0;
  for (const std::uint8_t rank : registers_) {
    sum.add(1 / static_cast<double>(std::uint64_t{1} << rank));
    zeros += rank == 0;
  }
  double alpha = 0.7213 / (1 + 1.079 / m);
  if (precision_ == 4) alpha = 0.673;
  if (precision_ == 5) alpha = 0.697;
  if (precision_ == 6) alpha = 0.709;
  const double raw = alpha * m * m / sum.value();
  return raw <= 2.5 * m && zeros > 0 ? m * base::ln(m / zeros) : raw;
}

}  // namespace insitu::stats
