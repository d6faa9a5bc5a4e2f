// SPDX-License-Identifier: MIT
// insitu calc: one formula of the KPI specification on given numbers, or a file of cases.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/calc_functions.h"

namespace insitu::cli {

struct Calculation {
  Json answer;                      // null if there is an error
  std::string error;                // empty: fine; else a sentence that says what and where
  std::vector<std::string> unused;  // members of the input that the formula does not know
};

// Answers `kpi` for `input`, an object of arguments; see calc_functions.h for both shapes.
[[nodiscard]] Calculation calculate(std::string_view kpi, const Json& input);

struct CaseAnswers {
  Json answers = Json::array();  // in the order of the cases; {"error": sentence} where none could
                                 // be had
  std::size_t failed = 0;
};

// Answers every {"kpi": ..., "input": {...}} of a list; other members are not looked at.
[[nodiscard]] CaseAnswers calculate_cases(const Json& cases);

// Takes the words behind `calc`. Writes the answer to standard output and messages to standard
// error. Returns the exit code: 0 fine, 1 some cases failed, 2 there is no answer.
[[nodiscard]] int run_calc(std::span<const char* const> words);

// Text of `insitu calc --help`: usage, and every formula with its arguments.
[[nodiscard]] std::string calc_help();

}  // namespace insitu::cli
