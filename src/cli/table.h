// SPDX-License-Identifier: MIT
// A report as a person wants to read it in a terminal.
#pragma once

#include <string>
#include <string_view>

#include "report/report.h"

namespace insitu::cli {

// No line of a table is wider, in columns.
inline constexpr std::size_t kTableColumns = 100;

// Below this many observations the interval says more than the value, so it comes first
// (J. Sauro, J. R. Lewis. Quantifying the User Experience, 2nd ed. 2016, chapter 3).
inline constexpr double kSmallSample = 20;

// The report under `title`: KPIs by family, tasks, and what was wrong with the input. `is_coloured`
// sets headings off with the terminal's bold type. Texts of the log are made safe to print. UTF-8,
// ends with a line break.
[[nodiscard]] std::string to_table(const report::Report& report, std::string_view title,
                                   bool is_coloured);

// What a counter of the quality block means: "2 lines malformed".
[[nodiscard]] std::string problem_text(base::Problem problem, double count);

}  // namespace insitu::cli
