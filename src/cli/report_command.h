// SPDX-License-Identifier: MIT
// insitu report, partial and merge: what a log or many add up to.
#pragma once

#include "cli/args.h"
#include "cli/input.h"

namespace insitu::cli {

// Each reads its input, writes the answer to standard output and problems to standard error, and
// returns the exit code. Memory is O(log), unless --streaming is given.
[[nodiscard]] int run_report(const Args& args);
[[nodiscard]] int run_partial(const Args& args);
// Memory is O(result + largest partial).
[[nodiscard]] int run_merge(const Args& args);

}  // namespace insitu::cli
