// SPDX-License-Identifier: MIT
// Which visitors of a log saw which arm of an A/B test.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "log/ndjson_reader.h"

namespace insitu::cli {

// Arms by visitor (KPI specification 6, ab_test): the unit is the visitor.
struct Arms {
  std::vector<std::string> names;                      // in the order of their bytes
  std::map<std::string, int, std::less<>> by_visitor;  // arm, kNone or kBoth
  std::vector<std::uint64_t> visitors;                 // of each arm
  std::uint64_t in_both = 0;                           // visitors seen in two arms, who are dropped
  std::uint64_t in_none = 0;                           // visitors without an arm, who are too

  static constexpr int kBoth = -2;
  static constexpr int kNone = -1;
  // Index of the visitor's arm, below 0 without one.
  [[nodiscard]] int arm_of(std::string_view visitor) const;
};

// Reads `variant` of every session_start. After reader.finish(). O(log).
[[nodiscard]] Arms find_arms(const log::NdjsonReader& reader);

}  // namespace insitu::cli
