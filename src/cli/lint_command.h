// SPDX-License-Identifier: MIT
// insitu lint: is a set of KPI definitions small, owned and complete?
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "manage/registry_lint.h"
#include "nlohmann/json.hpp"

namespace insitu::cli {

// Findings in a registry: a list of definitions, or an object with such a list as `kpis`. On a
// mistake gives nothing and `error` says what is wrong.
[[nodiscard]] std::optional<std::vector<manage::Finding>> lint(const nlohmann::json& registry,
                                                               std::string& error);

// The findings as lines "subject: finding: what to do", texts made safe to print.
[[nodiscard]] std::string lint_text(std::span<const manage::Finding> findings);

// Takes the words behind `lint`. Writes the findings to standard output and messages to standard
// error. Returns the exit code: 0 no findings, 1 findings, 2 the file cannot be used.
[[nodiscard]] int run_lint(std::span<const char* const> words);

// Text of `insitu lint --help`.
extern const char* const kLintHelp;

}  // namespace insitu::cli
