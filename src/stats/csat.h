// SPDX-License-Identifier: MIT
// Which answers to a satisfaction question count as satisfied.
#pragma once

#include <cstdint>

namespace insitu::stats {

// True if `answer` lies in the top quarter of the scale: 4 and 5 of 1 .. 5, 6 and 7 of 1 .. 7,
// 8 to 10 of 1 .. 10. In integers, so that no rounding decides; lower < upper, all within +-2^53.
[[nodiscard]] constexpr bool is_satisfied(std::int64_t answer, std::int64_t lower,
                                          std::int64_t upper) {
  return 4 * (answer - lower) >= 3 * (upper - lower);
}

}  // namespace insitu::stats
