// SPDX-License-Identifier: MIT
// A 64-bit hash of text that every implementation of the specification computes alike.
//
// Based on: FNV-1a 64 (G. Fowler, L. C. Noll, K.-P. Vo, 1991) followed by the 64-bit finaliser of
// MurmurHash3 (A. Appleby, 2011), which spreads FNV's weak high bits.
#pragma once

#include <cstdint>
#include <string_view>

namespace insitu::stats {

// Hash of the bytes of `text` (UTF-8 by convention). Not for security. O(length).
[[nodiscard]] constexpr std::uint64_t hash64(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
  hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
  hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53;
  return hash ^ (hash >> 33);
}

}  // namespace insitu::stats
