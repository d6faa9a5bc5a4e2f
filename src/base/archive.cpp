// SPDX-License-Identifier: MIT
#include "base/archive.h"

#include <cstring>

#include "base/append.h"

namespace insitu::base {

std::uint64_t checksum(std::span<const std::byte> bytes) {
  std::uint64_t hash = 0xcbf29ce484222325ull;
  for (const std::byte b : bytes) hash = (hash ^ static_cast<std::uint64_t>(b)) * 0x100000001b3ull;
  return hash;
}

void Archive::raw(void* data, std::size_t size) {
  if (size == 0) return;
  if (out_) {
    const auto* bytes = static_cast<const std::byte*>(data);
    append(*out_, bytes, size);
    return;
  }
  if (!good_ || size > in_.size()) {
    good_ = false;
    return;
  }
  std::memcpy(data, in_.data(), size);
  in_ = in_.subspan(size);
}

void Archive::plain(detail::Block& values, std::size_t each) {
  const std::size_t count = size(values.size, each);
  if (loading()) {
    values.size = 0;
    values.append(nullptr, count, each);
  }
  raw(values.data, count * each);
}

std::size_t Archive::size(std::size_t now, std::size_t each) {
  std::uint64_t count = now;
  raw(&count, sizeof count);
  if (out_) return now;
  // More elements than there are bytes is damage, not a reason to allocate.
  if (!good_ || count > in_.size() / each) {
    good_ = false;
    return 0;
  }
  return static_cast<std::size_t>(count);
}

}  // namespace insitu::base
