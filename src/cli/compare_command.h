// SPDX-License-Identifier: MIT
// insitu compare: two designs, periods, segments or arms.
#pragma once

#include "cli/args.h"

namespace insitu::cli {

// Reads both sides, writes the comparison to standard output and problems to standard error.
// Returns the exit code.
[[nodiscard]] int run_compare(const Args& args);

}  // namespace insitu::cli
