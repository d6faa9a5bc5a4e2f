// SPDX-License-Identifier: MIT
#include "manage/registry_lint.h"

#include <algorithm>

namespace insitu::manage {
namespace {

constexpr const char* kStages[] = {"evaluate", "purchase", "onboarding", "support", "retention"};

}  // namespace

std::vector<Finding> lint_registry(std::span<const KpiDefinition> definitions) {
  std::vector<Finding> findings;
  for (const KpiDefinition& each : definitions) {
    const auto check = [&](bool is_fine, Rule rule) {
      if (!is_fine) findings.push_back({each.id, rule});
    };
    check(each.has_owner, Rule::kMissingOwner);
    check(each.has_definition, Rule::kMissingDefinition);
    check(each.has_threshold, Rule::kMissingThreshold);
    check(each.has_playbook, Rule::kMissingPlaybook);
    check(each.has_cadence, Rule::kMissingCadence);
    check(!each.has_foreign_baseline, Rule::kForeignBenchmark);
  }
  if (definitions.size() > kMaxKpis) findings.push_back({"*", Rule::kTooManyKpis});
  for (const char* stage : kStages) {
    const auto count =
        std::count_if(definitions.begin(), definitions.end(),
                      [&](const KpiDefinition& each) { return each.stage == stage; });
    if (static_cast<std::size_t>(count) > kMaxKpisPerStage) {
      findings.push_back({stage, Rule::kTooManyForStage});
    }
  }
  const bool has_outcome =
      std::any_of(definitions.begin(), definitions.end(),
                  [](const KpiDefinition& each) { return each.role == "outcome"; });
  if (!definitions.empty() && !has_outcome) findings.push_back({"*", Rule::kNoOutcome});
  return findings;
}

const char* name(Rule rule) {
  switch (rule) {
    case Rule::kMissingOwner:
      return "missing_owner";
    case Rule::kMissingDefinition:
      return "missing_definition";
    case Rule::kMissingThreshold:
      return "missing_threshold";
    case Rule::kMissingPlaybook:
      return "missing_playbook";
    case Rule::kMissingCadence:
      return "missing_cadence";
    case Rule::kForeignBenchmark:
      return "foreign_benchmark";
    case Rule::kTooManyKpis:
      return "too_many_kpis";
    case Rule::kTooManyForStage:
      return "too_many_for_stage";
    case Rule::kNoOutcome:
      return "no_outcome";
  }
  return "";
}

const char* advice(Rule rule) {
  switch (rule) {
    case Rule::kMissingOwner:
      return "name one person or team that answers for it (`owner`)";
    case Rule::kMissingDefinition:
      return "say what exactly is counted (`definition`: the KPI's id and its options)";
    case Rule::kMissingThreshold:
      return "say from which value on somebody must act (`threshold`: `warn`, `bad`)";
    case Rule::kMissingPlaybook:
      return "list what to check first when it turns bad (`playbook`)";
    case Rule::kMissingCadence:
      return "say how often it is looked at (`cadence`), weekly as a rule";
    case Rule::kForeignBenchmark:
      return "measure the target against your own past (`baseline_source`: `own`)";
    case Rule::kTooManyKpis:
      return "keep the 10 that decisions depend on, and show the others elsewhere";
    case Rule::kTooManyForStage:
      return "keep the 2 of this stage that decisions depend on";
    case Rule::kNoOutcome:
      return "add one figure that says whether it was worth it (`role`: `outcome`)";
  }
  return "";
}

}  // namespace insitu::manage
