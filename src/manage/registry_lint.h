// SPDX-License-Identifier: MIT
// Rules that keep a set of key figures small and looked after (KPI specification 8).
//
// Every key figure has an owner, a definition, a threshold, a playbook and a cadence, is measured
// against the product's own past, and stands in a small set that contains an outcome.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace insitu::manage {

// More key figures than this are an overload.
inline constexpr std::size_t kMaxKpis = 10;
// More than this for one stage of the journey, likewise.
inline constexpr std::size_t kMaxKpisPerStage = 2;

// What the rules look at in the record of one key figure.
struct KpiDefinition {
  std::string id;
  bool has_owner = false;
  bool has_definition = false;
  bool has_threshold = false;
  bool has_playbook = false;
  bool has_cadence = false;
  std::string role;   // outcome, driver, recovery, trust; free text has no effect
  std::string stage;  // evaluate, purchase, onboarding, support, retention; others are not limited
  bool has_foreign_baseline = false;  // the target is measured against somebody else's figures
};

enum class Rule : std::uint8_t {
  kMissingOwner,
  kMissingDefinition,
  kMissingThreshold,
  kMissingPlaybook,
  kMissingCadence,
  kForeignBenchmark,
  kTooManyKpis,
  kTooManyForStage,
  kNoOutcome,
};

struct Finding {
  std::string subject;  // id of a definition, name of a stage, or "*" for the whole set
  Rule rule;
};

// All findings: by definition in the given order, for each in the order of the rules; then those of
// the set, stages in the order of the journey. O(definitions).
[[nodiscard]] std::vector<Finding> lint_registry(std::span<const KpiDefinition> definitions);

// The name files use: "missing_owner". Never null.
[[nodiscard]] const char* name(Rule rule);

// One sentence that says what to do. Never null.
[[nodiscard]] const char* advice(Rule rule);

}  // namespace insitu::manage
