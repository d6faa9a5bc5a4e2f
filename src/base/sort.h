// SPDX-License-Identifier: MIT
// Sorting that costs few bytes in the browser and no time on a desk.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>

namespace insitu::base {

struct Ascending {
  template <class T>
  bool operator()(const T& a, const T& b) const {
    return a < b;
  }
};

// Sorts `values`, an Array or std::vector, by `less`, a strict weak order. Not stable: give a total
// order where equal elements can be told apart. O(n log n) natively; in wasm about O(n^1.3), for
// the few thousand elements that the limits allow.
template <class Values, class Less = Ascending>
void sort(Values& values, Less less = {}) {
#ifdef __wasm__
  // Shell sort with the gaps of Ciura (2001): 0.2 KB of code for every type, std::sort is 3 KB.
  for (const std::size_t gap : {1750u, 701u, 301u, 132u, 57u, 23u, 10u, 4u, 1u}) {
    for (std::size_t i = gap; i < values.size(); ++i) {
      auto value = std::move(values[i]);
      std::size_t j = i;
      for (; j >= gap && less(value, values[j - gap]); j -= gap) {
        values[j] = std::move(values[j - gap]);
      }
      values[j] = std::move(value);
    }
  }
#else
  std::sort(values.begin(), values.end(), less);
#endif
}

}  // namespace insitu::base
