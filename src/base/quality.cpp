// SPDX-License-Identifier: MIT
#include "base/quality.h"

namespace insitu::base {

const char* name(Problem problem) {
  static constexpr const char* kNames[kProblemCount] = {"malformed",       "unknown_type",
                                                        "duplicate",       "out_of_order",
                                                        "clock_back",      "bad_task_start",
                                                        "orphan_task_end", "invalid_answers",
                                                        "duplicate_order", "orphan_ticket",
                                                        "bad_batch",       "bad_string",
                                                        "over_limit",      "late"};
  return kNames[static_cast<std::size_t>(problem)];
}

}  // namespace insitu::base
