// SPDX-License-Identifier: MIT
// HyperLogLog: how many distinct keys there are, from registers that merge exactly.
//
// Based on: P. Flajolet, E. Fusy, O. Gandouet, F. Meunier. HyperLogLog: the analysis of a
// near-optimal cardinality estimation algorithm. AofA 2007, with linear counting below 2.5 m. The
// correction for 32-bit hashes is left out: ours has 64 bits.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/archive.h"
#include "base/array.h"

namespace insitu::stats {

// 2^precision registers of one byte. Standard error of estimate() 1.04 / sqrt(2^precision), 1.6 %
// for the default. The same keys give the same registers in any order and grouping.
class HyperLogLog {
 public:
  static constexpr int kDefaultPrecision = 12;

  // 4 <= precision <= 18; outside it is cut to this range.
  explicit HyperLogLog(int precision = kDefaultPrecision);

  // Adds a key, by hash64 of its bytes. O(length).
  void add(std::string_view key);
  // Adds a key by a hash of its own, whose 64 bits must be uniform. O(1).
  void add_hash(std::uint64_t hash);

  // Adds all keys of the other. False, and no change, if the precision differs. O(2^precision).
  [[nodiscard]] bool merge(const HyperLogLog& other);

  // Estimated number of distinct keys; exactly 0 before the first. O(2^precision).
  [[nodiscard]] double estimate() const;

  [[nodiscard]] std::span<const std::uint8_t> registers() const { return registers_; }
  [[nodiscard]] int precision() const { return precision_; }

  void archive(base::Archive& a) {
    a(precision_, registers_);
    if (precision_ < 4 || precision_ > 18 || registers_.size() != std::size_t{1} << precision_) {
      a.fail();
    }
    for (const std::uint8_t rank : registers_) {
      if (rank > 64 - precision_ + 1) a.fail();
    }
  }

 private:
  int precision_;
  base::Array<std::uint8_t> registers_;
};

}  // namespace insitu::stats
