// SPDX-License-Identifier: MIT
// A report as comma-separated values, one number per line.
#pragma once

#include <string>
#include <string_view>

#include "report/report.h"

namespace insitu::cli {

// The report as RFC 4180 text with the header `scope,kpi,field,value`.
//
// scope is `site`, `task:NAME` or `quality`; field is value, x, n, ci_lower, ci_upper, unit, or
// the name the number has in the JSON report ("reach.0.25" for one of a group). What has no data is
// an empty cell. Heatmaps are not in it. A text cell that a spreadsheet would take for a formula
// (it begins with = + - @, a tab or a line break) gets a ' in front (OWASP, CSV injection);
// what moves a terminal's cursor or turns the writing is U+FFFD, as in tables, but for tabs and
// line breaks.
[[nodiscard]] std::string to_csv(const report::Report& report);

// Appends a text as one cell, as said above; a number, whole ones in full, nothing if it is not
// finite.
void add_csv_text(std::string& out, std::string_view text);
void add_csv_number(std::string& out, double value);

}  // namespace insitu::cli
