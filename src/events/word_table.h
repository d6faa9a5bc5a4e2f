// SPDX-License-Identifier: MIT
// Looks up the well-known words (event.gen.h) by their text, with a table made at compile time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "events/event.gen.h"

namespace insitu::events {

// 64-bit FNV-1a of `text` (Fowler, Noll, Vo 1991), the hash of all string tables of this folder.
[[nodiscard]] constexpr std::uint64_t hash_text(std::string_view text) {
  std::uint64_t hash = 0xcbf2'9ce4'8422'2325;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x0000'0100'0000'01b3;
  }
  // FNV leaves the low bits of short texts poorly mixed, and the tables mask by the low bits.
  return hash ^ (hash >> 32);
}

namespace detail {

inline constexpr std::size_t kWordCount = sizeof(kWordTexts) / sizeof(kWordTexts[0]);
inline constexpr std::size_t kWordBuckets = 256;
static_assert(kWordCount * 2 <= kWordBuckets, "the table of words is too full to be quick");

inline constexpr std::array<std::uint8_t, kWordBuckets> kWordTable = [] {
  std::array<std::uint8_t, kWordBuckets> table{};
  for (std::size_t i = 0; i < kWordCount; ++i) {
    std::size_t bucket = hash_text(kWordTexts[i]) % kWordBuckets;
    while (table[bucket] != 0) bucket = (bucket + 1) % kWordBuckets;
    table[bucket] = static_cast<std::uint8_t>(i + 1);
  }
  return table;
}();

}  // namespace detail

// The fixed id of `text` if it is a well-known word, else 0. `hash` must be hash_text(text).
[[nodiscard]] constexpr std::uint32_t find_word(std::string_view text, std::uint64_t hash) {
  std::size_t bucket = hash % detail::kWordBuckets;
  while (detail::kWordTable[bucket] != 0) {
    const std::uint32_t id = detail::kWordTable[bucket];
    if (text == kWordTexts[id - 1]) return id;
    bucket = (bucket + 1) % detail::kWordBuckets;
  }
  return 0;
}

[[nodiscard]] constexpr std::uint32_t find_word(std::string_view text) {
  return find_word(text, hash_text(text));
}

static_assert(find_word("visible") == words::kVisible && find_word("customer") == words::kCustomer);
static_assert(find_word("") == 0 && find_word("Visible") == 0);

}  // namespace insitu::events
