// SPDX-License-Identifier: MIT
// insitu report: the KPIs of a log.
#pragma once

#include "cli/args.h"

namespace insitu::cli {

// Exit codes of the program.
inline constexpr int kFine = 0;
inline constexpr int kInputHadProblems = 1;  // the report is complete, something was not usable
inline constexpr int kUnusable = 2;          // there is no report

// Reads the log, writes the report to standard output and problems to standard error. Returns the
// exit code. Memory is O(log), see log::NdjsonReader.
[[nodiscard]] int run_report(const Args& args);

}  // namespace insitu::cli
