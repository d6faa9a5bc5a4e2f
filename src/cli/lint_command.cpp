// SPDX-License-Identifier: MIT
#include "cli/lint_command.h"

#include "cli/input.h"
#include "cli/json_file.h"
#include "cli/registry_json.h"
#include "cli/text.h"

namespace insitu::cli {

const char* const kLintHelp =
    "usage: insitu lint FILE [--json]\n"
    "\n"
    "Checks the definitions of your key figures: each needs somebody who looks after it, and "
    "there\n"
    "should be few. FILE is JSON, a list of records or {\"kpis\": [records]}; - is standard "
    "input:\n"
    "\n"
    "  {\"id\": \"checkout\", \"owner\": \"Team Cart\",\n"
    "   \"definition\": \"checkout_completion_rate, cart_unit session\",\n"
    "   \"threshold\": {\"warn\": 0.6, \"bad\": 0.5},\n"
    "   \"playbook\": [\"look at the JS errors\", \"try it on a phone\"],\n"
    "   \"cadence\": \"weekly\", \"role\": \"driver\", \"stage\": \"purchase\",\n"
    "   \"target\": {\"baseline_source\": \"own\"}}\n"
    "\n"
    "Findings, one per line as `id: finding: what to do`:\n"
    "\n"
    "  missing_owner, missing_definition, missing_threshold, missing_playbook, missing_cadence\n"
    "  foreign_benchmark   the target is measured against somebody else's figures\n"
    "  too_many_kpis       more than 10\n"
    "  too_many_for_stage  more than 2 for one of evaluate, purchase, onboarding, support, "
    "retention\n"
    "  no_outcome          none has the role outcome\n"
    "\n"
    "  --json   [[id, finding], ...] instead\n"
    "\n"
    "Exit code: 0 no findings; 1 findings; 2 the file cannot be used.\n";

namespace {

// Mistakes name the command.
int refuse(const std::string& message) { return fail("lint: " + message); }

}  // namespace

std::optional<std::vector<manage::Finding>> lint(const nlohmann::json& registry,
                                                 std::string& error) {
  if (registry.is_object() && !registry.contains("kpis")) {
    error = "a registry is a list of definitions, or an object with that list as `kpis`";
    return std::nullopt;
  }
  const auto definitions =
      read_definitions(registry.is_object() ? registry["kpis"] : registry, error);
  if (!error.empty()) return std::nullopt;
  return manage::lint_registry(definitions);
}

std::string lint_text(std::span<const manage::Finding> findings) {
  std::string text;
  for (const manage::Finding& each : findings) {
    text += join({printable(each.subject), ": ", manage::name(each.rule), ": ",
                  manage::advice(each.rule), "\n"});
  }
  return text;
}

int run_lint(std::span<const char* const> words) {
  std::vector<std::string> paths;
  bool is_json = false;
  for (const std::string_view word : words) {
    if (word == "--help" || word == "-h") {
      std::fputs(kLintHelp, stdout);
      return kFine;
    }
    if (word == "--json") {
      is_json = true;
    } else if (word != "-" && word.starts_with('-')) {
      return refuse(join({"there is no option `", word, "`: see `insitu lint --help`"}));
    } else {
      paths.emplace_back(word);
    }
  }
  if (paths.size() != 1) {
    return refuse(paths.empty() ? "which file? `insitu lint kpis.json`" : "takes one file");
  }
  std::string error;
  const auto registry = read_json_file(paths[0], error);
  if (!registry) return refuse(error);
  const auto findings = lint(*registry, error);
  if (!findings) return refuse(join({paths[0], ": ", error}));
  const std::string text =
      is_json ? json_line(findings_json(*findings)) + "\n" : lint_text(*findings);
  return print(text, findings->empty() ? kFine : kInputHadProblems);
}

}  // namespace insitu::cli
