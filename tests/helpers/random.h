// SPDX-License-Identifier: MIT
// Seeded random numbers that are the same with every standard library.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

namespace insitu::test {

// A stream of random numbers; equal seeds give equal streams everywhere (the distributions of
// <random> do not promise that).
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  // Uniform in [0, 1).
  double uniform() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }
  // Uniform in 0 .. n - 1 (bias below 1e-10 for n < 10^9).
  std::uint64_t below(std::uint64_t n) { return engine_() % n; }
  // Log-normal durations in seconds, around 20 s.
  double duration() {
    const double u = 1 - uniform();
    const double angle = 6.283185307179586 * uniform();
    return std::exp(3 + 0.8 * std::sqrt(-2 * std::log(u)) * std::cos(angle));
  }
  template <class T>
  void shuffle(std::vector<T>& values) {
    for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[below(i)]);
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace insitu::test
