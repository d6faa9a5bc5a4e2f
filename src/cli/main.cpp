// SPDX-License-Identifier: MIT
// The native command `insitu`.
#include <cstddef>
#include <cstdio>
#include <span>
#include <string>

#include "cli/args.h"
#include "cli/report_command.h"
#include "cli/text.h"

int main(int count, char** words) {
  using insitu::cli::Command;
  std::string error;
  const std::span<char*> all(words, static_cast<std::size_t>(count));
  const auto rest = all.subspan(all.empty() ? 0 : 1);
  const auto args = insitu::cli::parse_args(std::span<const char* const>(rest), error);
  if (!args) {
    std::fprintf(stderr, "insitu: %s\n", insitu::cli::printable(error).c_str());
    return insitu::cli::kUnusable;
  }
  switch (args->command) {
    case Command::kHelp:
      std::fputs(insitu::cli::kHelp, stdout);
      return insitu::cli::kFine;
    case Command::kReportHelp:
      std::fputs(insitu::cli::kReportHelp, stdout);
      return insitu::cli::kFine;
    case Command::kVersion:
      std::puts("insitu " INSITU_VERSION);
      return insitu::cli::kFine;
    case Command::kReport:
      return insitu::cli::run_report(*args);
  }
  return insitu::cli::kUnusable;
}
