// SPDX-License-Identifier: MIT
#include "base/array.h"

#include <cstring>

namespace insitu::base::detail {

void Block::grow(std::size_t wanted, std::size_t each) {
  if (wanted <= capacity) return;
  if (wanted < 2 * capacity) wanted = 2 * capacity;
  void* grown = ::operator new(wanted* each);
  if (size) std::memcpy(grown, data, size * each);
  ::operator delete(data);
  data = grown;
  capacity = wanted;
}

void Block::append(const void* from, std::size_t count, std::size_t each) {
  if (count == 0) return;
  reserve(size + count, each);
  std::byte* to = static_cast<std::byte*>(data) + size * each;
  if (from) {
    std::memcpy(to, from, count * each);
  } else {
    std::memset(to, 0, count * each);
  }
  size += count;
}

void Block::remove(std::size_t index, std::size_t each) {
  std::byte* hole = static_cast<std::byte*>(data) + index * each;
  --size;
  std::memmove(hole, hole + each, (size - index) * each);
}

}  // namespace insitu::base::detail
