// SPDX-License-Identifier: MIT
// Appending plain values to a vector, in less code than vector::insert.
#pragma once

#include <cstddef>
#include <cstring>
#include <type_traits>
#include <vector>

namespace insitu::base {

// Appends `count` values; `from` must not point into `to`.
template <class T>
void append(std::vector<T>& to, const T* from, std::size_t count) {
  static_assert(std::is_trivially_copyable_v<T>);
  const std::size_t at = to.size();
  to.resize(at + count);
  if (count) std::memcpy(to.data() + at, from, count * sizeof(T));
}

}  // namespace insitu::base
