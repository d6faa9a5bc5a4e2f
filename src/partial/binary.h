// SPDX-License-Identifier: MIT
// A partial in about half the bytes of its canonical text (before any compression).
//
//   file    "INSP", the byte kBinaryVersion, then the members of the root
//   members varint count, then each: key, value; in the order of the bytes of the keys
//   key     varint k: k mod 4 says which, k / 4 is what
//             0  the key number k / 4 of those written out before
//             1  a key written out: k / 4 bytes of UTF-8; up to kMaxSharedKeyBytes it gets the next
//                number, from 0
//             2  the decimal text of the integer zigzag(k / 4)
//             3  "a,b": a is zigzag(k / 4), b a zigzag varint that follows
//   value   varint v: v mod 4 says which, v / 4 is what
//             0  an object: v / 4 is the count of its members, which follow
//             1  the integer zigzag(v / 4)
//             2  a sum: zigzag(v / 4) is floor(S / 2^32), a varint with S mod 2^32 follows
//             3  a string: v / 4 bytes of UTF-8
//
// A varint has 7 bits per byte, the lowest first, the high bit set on all bytes but the last.
// zigzag(2 i) is i, zigzag(2 i + 1) is -1 - i.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "partial/tree.h"

namespace insitu::partial {

inline constexpr std::uint8_t kBinaryVersion = 1;
// Longer keys are written out each time: few bytes must not stand for a large tree.
inline constexpr std::size_t kMaxSharedKeyBytes = 64;

// The bytes of a finished tree; equal canonical texts give equal bytes. O(size).
[[nodiscard]] std::vector<std::byte> encode(const Tree& tree);

// Reads what encode() wrote into `tree`, whatever it held; decoding, like parse(), accepts members
// in any order and values that say nothing, and refuses what the text form refuses. After an error
// the tree is empty. Bytes may be hostile: memory stays within a fixed multiple of their number.
// O(size log size).
[[nodiscard]] ParseResult decode(std::span<const std::byte> bytes, Tree& tree);

}  // namespace insitu::partial
