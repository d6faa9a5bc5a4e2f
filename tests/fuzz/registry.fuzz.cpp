// SPDX-License-Identifier: MIT
// Hostile lists of key figures: reading them never crashes, a mistake is named, and every finding
// is one line and one pair.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "cli/json_file.h"
#include "cli/lint_command.h"
#include "cli/registry_json.h"
#include "tests/helpers/sanitizers.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::string error;
  const auto registry = insitu::cli::parse_json(text, "kpis.json", error);
  require(registry.has_value() == error.empty());
  if (!registry) return 0;
  const auto findings = insitu::cli::lint(*registry, error);
  require(findings.has_value() == error.empty());
  if (!findings) return 0;
  const std::string lines = insitu::cli::lint_text(*findings);
  require(static_cast<std::size_t>(std::count(lines.begin(), lines.end(), '\n')) ==
          findings->size());
  const std::string list = insitu::cli::json_line(insitu::cli::findings_json(*findings));
  const auto again = insitu::cli::parse_json(list, "findings", error);
  require(again && again->size() == findings->size());
  return 0;
}
