// SPDX-License-Identifier: MIT
// insitu kpis: what this program computes, and how each number is defined.
#pragma once

#include <span>
#include <string>

namespace insitu::cli {

// Reads the words behind the command. Returns the exit code.
[[nodiscard]] int run_kpis(std::span<const char* const> words);

// The page docs/kpi.md.
[[nodiscard]] std::string kpi_page();

extern const char* const kKpisHelp;

}  // namespace insitu::cli
