// SPDX-License-Identifier: MIT
// Short texts, which nearly all texts of a log are, without calls: memcmp() and memcpy() of a size
// that is not known take longer than the work.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace insitu::log {

// The `count` bytes at `at` as one number, of at most 8; which byte has which weight is not told.
[[nodiscard]] inline std::uint64_t load_bytes(const char* at, std::size_t count) {
  const auto load = [](const char* from, auto word) {
    std::memcpy(&word, from, sizeof word);
    return std::uint64_t{word};
  };
  if (count >= 8) return load(at, std::uint64_t{});
  if (count >= 4) {
    return load(at, std::uint32_t{}) | load(at + count - 4, std::uint32_t{}) << 32;
  }
  if (count == 0) return 0;
  const auto byte = [&](std::size_t i) { return load(at + i, std::uint8_t{}); };
  return byte(0) | byte(count / 2) << 8 | byte(count - 1) << 16;
}

// True if both texts have the same bytes.
[[nodiscard]] inline bool same_text(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  if (a.size() > 32) return a == b;
  std::size_t i = 0;
  for (; a.size() - i > 8; i += 8) {
    if (load_bytes(a.data() + i, 8) != load_bytes(b.data() + i, 8)) return false;
  }
  const std::size_t rest = a.size() - i;
  return load_bytes(a.data() + i, rest) == load_bytes(b.data() + i, rest);
}

}  // namespace insitu::log
