// SPDX-License-Identifier: MIT
// Covers manage/registry_lint.h.
#include "manage/registry_lint.h"

#include <algorithm>
#include <string>
#include <vector>

#include "catch_amalgamated.hpp"

using insitu::manage::Finding;
using insitu::manage::KpiDefinition;
using insitu::manage::Rule;

namespace {

KpiDefinition complete(std::string id) {
  KpiDefinition definition;
  definition.id = std::move(id);
  definition.has_owner = definition.has_definition = definition.has_threshold = true;
  definition.has_playbook = definition.has_cadence = true;
  definition.role = "outcome";
  return definition;
}

// "subject:finding" each.
std::vector<std::string> lint(const std::vector<KpiDefinition>& definitions) {
  std::vector<std::string> out;
  for (const Finding& each : insitu::manage::lint_registry(definitions)) {
    out.push_back(each.subject + ":" + insitu::manage::name(each.rule));
  }
  return out;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a complete set has no findings, nor has an empty one", "[manage]") {
  CHECK(lint({}).empty());
  CHECK(lint({complete("a"), complete("b")}).empty());
}

TEST_CASE("each missing field is found, in the order of the rules, definition by definition",
          "[manage]") {
  KpiDefinition bare;
  bare.id = "bare";
  bare.role = "outcome";
  bare.has_foreign_baseline = true;
  KpiDefinition idle = complete("idle");
  idle.has_cadence = false;
  CHECK(lint({bare, complete("fine"), idle}) ==
        Lines{"bare:missing_owner", "bare:missing_definition", "bare:missing_threshold",
              "bare:missing_playbook", "bare:missing_cadence", "bare:foreign_benchmark",
              "idle:missing_cadence"});
}

TEST_CASE("eleven are too many and ten are not", "[manage]") {
  std::vector<KpiDefinition> set(10, complete("a"));
  CHECK(lint(set).empty());
  set.push_back(complete("b"));
  CHECK(lint(set) == Lines{"*:too_many_kpis"});
}

TEST_CASE("three of a stage are too many, stages told in the order of the journey", "[manage]") {
  std::vector<KpiDefinition> set;
  for (const char* stage : {"retention", "evaluate", "retention", "evaluate"}) {
    set.push_back(complete("a"));
    set.back().stage = stage;
  }
  CHECK(lint(set).empty());
  for (const char* stage : {"retention", "evaluate"}) {
    set.push_back(complete("b"));
    set.back().stage = stage;
  }
  CHECK(lint(set) == Lines{"evaluate:too_many_for_stage", "retention:too_many_for_stage"});
}

TEST_CASE("only the stages of the journey are limited", "[manage]") {
  std::vector<KpiDefinition> set(5, complete("a"));
  for (KpiDefinition& each : set) each.stage = "all";
  CHECK(lint(set).empty());
}

TEST_CASE("a set without an outcome is told so last", "[manage]") {
  std::vector<KpiDefinition> set(11, complete("a"));
  for (KpiDefinition& each : set) {
    each.role = "driver";
    each.stage = "support";
  }
  CHECK(lint(set) == Lines{"*:too_many_kpis", "support:too_many_for_stage", "*:no_outcome"});
  set[7].role = "outcome";
  CHECK(lint(set).size() == 2);
}

TEST_CASE("every rule has a name and advice of its own", "[manage]") {
  std::vector<std::string> seen;
  for (int i = 0; i <= static_cast<int>(Rule::kNoOutcome); ++i) {
    const auto rule = static_cast<Rule>(i);
    for (const std::string text : {insitu::manage::name(rule), insitu::manage::advice(rule)}) {
      CHECK(text != "");
      CHECK(std::find(seen.begin(), seen.end(), text) == seen.end());
      seen.push_back(text);
    }
  }
}
