// SPDX-License-Identifier: MIT
// insitu plan: how many people a study needs, and what a test with so many can promise.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "nlohmann/json.hpp"

namespace insitu::cli {

enum class PlanKind : std::uint8_t { kTest, kDiscovery, kProportion, kTwoProportions };

// What the user asked for; of the numbers those count that belong to `kind`.
struct Plan {
  PlanKind kind = PlanKind::kTest;
  std::uint64_t participants = 20;
  double p = 0;  // discovery: share of people who meet a problem; proportion: the rate expected
  double goal = 0;
  double margin = 0;
  double p1 = 0;
  double p2 = 0;
  double power = 0.8;
  double confidence = 0.95;
  bool is_json = false;
};

// Reads the words behind `plan`. On a mistake gives nothing, and `error` says what to type instead.
[[nodiscard]] std::optional<Plan> parse_plan(std::span<const char* const> words,
                                             std::string& error);

// The plan in numbers, null where no number of people is enough:
//   test             {participants, confidence, worst_half_width, problem_discovery [{p, value}]}
//   discovery        {n}; proportion {n}; two-proportions {n_per_group}
[[nodiscard]] nlohmann::json plan_json(const Plan& plan);

// The same in words, for people; ends with a line break.
[[nodiscard]] std::string plan_text(const Plan& plan);

// Takes the words behind `plan`, writes to standard output or messages to standard error. Returns
// the exit code: 0 fine, 2 the words do not make a plan.
[[nodiscard]] int run_plan(std::span<const char* const> words);

// Text of `insitu plan --help`.
extern const char* const kPlanHelp;

}  // namespace insitu::cli
