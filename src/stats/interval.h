// SPDX-License-Identifier: MIT
// The interval every estimate comes with.
#pragma once

namespace insitu::stats {

// A closed interval in the unit of the value it belongs to; lower <= upper.
struct Interval {
  double lower = 0;
  double upper = 0;
};

// True if `confidence` can be asked for: 0 < confidence < 1 (so not NaN).
[[nodiscard]] constexpr bool is_confidence(double confidence) {
  return confidence > 0 && confidence < 1;
}

}  // namespace insitu::stats
