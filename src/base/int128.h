// SPDX-License-Identifier: MIT
// 128-bit integers: exact sums of 64-bit terms.
#pragma once

namespace insitu::base {

__extension__ using Int128 = __int128;

}  // namespace insitu::base
