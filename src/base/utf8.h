// SPDX-License-Identifier: MIT
// Whether bytes are UTF-8 (RFC 3629).
#pragma once

#include <cstddef>
#include <string_view>

namespace insitu::base {

// Bytes of the UTF-8 sequence that starts `text`, which is not empty; 0 if there is none.
std::size_t utf8_size(std::string_view text);

// True for the empty text. O(size).
bool is_utf8(std::string_view text);

}  // namespace insitu::base
