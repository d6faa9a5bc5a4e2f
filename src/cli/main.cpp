// SPDX-License-Identifier: MIT
// The native command `insitu`.
#include <cstddef>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>

#include "cli/args.h"
#include "cli/calc_command.h"
#include "cli/compare_command.h"
#include "cli/convert_command.h"
#include "cli/heatmap_command.h"
#include "cli/kpis_command.h"
#include "cli/lint_command.h"
#include "cli/plan_command.h"
#include "cli/report_command.h"
#include "cli/text.h"

namespace {

using insitu::cli::Args;
using insitu::cli::Command;

// Commands that read their own words.
int run_other(std::string_view command, std::span<const char* const> words) {
  if (command == "heatmap") return insitu::cli::run_heatmap(words);
  if (command == "convert") return insitu::cli::run_convert(words);
  if (command == "calc") return insitu::cli::run_calc(words);
  if (command == "kpis") return insitu::cli::run_kpis(words);
  if (command == "plan") return insitu::cli::run_plan(words);
  return insitu::cli::run_lint(words);
}

}  // namespace

int main(int count, char** argv) {
  const std::span<const char* const> all(argv, static_cast<std::size_t>(count));
  const auto words = all.subspan(all.empty() ? 0 : 1);
  std::string error;
  const auto args = insitu::cli::parse_args(words, error);
  if (!args) return insitu::cli::fail(error);
  if (args->wants_help || args->command == Command::kHelp) {
    return insitu::cli::print(insitu::cli::help_of(args->command), insitu::cli::kFine);
  }
  switch (args->command) {
    case Command::kReport:
      return insitu::cli::run_report(*args);
    case Command::kPartial:
      return insitu::cli::run_partial(*args);
    case Command::kMerge:
      return insitu::cli::run_merge(*args);
    case Command::kCompare:
      return insitu::cli::run_compare(*args);
    case Command::kOther:
      return run_other(words[0], words.subspan(1));
    case Command::kHelp:
    case Command::kVersion:
      break;
  }
  return insitu::cli::print("insitu " INSITU_VERSION "\n", insitu::cli::kFine);
}
