// SPDX-License-Identifier: MIT
// The formulas of the KPI specification by name, each from a JSON object to a JSON object.
//
// Names and shapes of arguments and answers are those of the vector files (KPI specification 10).
// What has no data is null in the answer.
#pragma once

#include <optional>
#include <span>

#include "cli/calc_input.h"
#include "stats/interval.h"

namespace insitu::cli {

// Gives the answer; what is wrong with the input is noted in it, and the answer then meaningless.
using CalcFunction = Json (*)(CalcInput& input);

struct CalcEntry {
  const char* name;
  const char* arguments;  // for --help, those that may be left out in brackets
  CalcFunction function;
};

// One list per topic, each in a file of its own: calc_functions_<topic>.cpp.
[[nodiscard]] std::span<const CalcEntry> rate_functions();
[[nodiscard]] std::span<const CalcEntry> loyalty_functions();
[[nodiscard]] std::span<const CalcEntry> task_functions();
[[nodiscard]] std::span<const CalcEntry> survey_functions();
[[nodiscard]] std::span<const CalcEntry> comparison_functions();
[[nodiscard]] std::span<const CalcEntry> planning_functions();
[[nodiscard]] std::span<const CalcEntry> number_functions();
[[nodiscard]] std::span<const CalcEntry> partial_functions();

// A value, or null for an empty optional.
template <class Value>
[[nodiscard]] Json to_json(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}

// [lower, upper] times `factor`, or null.
[[nodiscard]] inline Json to_json(const std::optional<stats::Interval>& interval,
                                  double factor = 1) {
  if (!interval) return nullptr;
  return Json::array({factor * interval->lower, factor * interval->upper});
}

}  // namespace insitu::cli
