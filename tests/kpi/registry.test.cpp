// SPDX-License-Identifier: MIT
// Covers the registry of KPIs (kpi/info.h, kpi/families/): complete, consistent, and what a report
// is made of.
#include <set>
#include <string>
#include <vector>

#include "catch_amalgamated.hpp"
#include "engine.h"
#include "kpi/options.h"
#include "tests/helpers/kpis.h"

using insitu::kpi::KpiInfo;
using insitu::test::all_kpis;

TEST_CASE("registry: there are families, and ids are unique and plain", "[kpi]") {
  CHECK(insitu::kpi::WithFamilies<insitu::test::KpiList>::kFamilies >= 4);
  std::set<std::string> ids;
  for (const KpiInfo* info : all_kpis()) {
    const std::string id = info->id;
    INFO(id);
    CHECK(ids.insert(id).second);
    CHECK(id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos);
    CHECK_FALSE(id.empty());
  }
  for (const char* built : {"task_success_rate", "sessions", "conversion_rate", "js_error_rate"}) {
    CHECK(ids.contains(built));
  }
}

TEST_CASE("registry: natively every text is there", "[kpi]") {
  for (const KpiInfo* info : all_kpis()) {
    INFO(info->id);
    for (const char* text : {info->unit, info->better, info->title, info->family, info->role,
                             info->stage, info->scope, info->formula, info->inputs,
                             info->edge_cases, info->merge, info->interval, info->source}) {
      REQUIRE(text != nullptr);
      CHECK_FALSE(std::string(text).empty());
    }
  }
}

TEST_CASE("registry: classifications are those of the specification", "[kpi]") {
  const std::set<std::string> betters{"higher", "lower", "none"};
  const std::set<std::string> roles{"outcome", "driver", "recovery", "trust", "context"};
  const std::set<std::string> stages{"evaluate", "purchase",  "onboarding",
                                     "support",  "retention", "all"};
  for (const KpiInfo* info : all_kpis()) {
    INFO(info->id);
    CHECK(betters.contains(info->better));
    CHECK(roles.contains(info->role));
    CHECK(stages.contains(info->stage));
  }
}

TEST_CASE("registry: every option a KPI depends on exists, each once", "[kpi]") {
  for (const KpiInfo* info : all_kpis()) {
    std::set<std::string> names;
    for (const char* name : info->options) {
      INFO(info->id << " depends on " << name);
      CHECK_FALSE(insitu::kpi::allowed(name).empty());
      CHECK(names.insert(name).second);
    }
    // Whatever has an interval depends on its confidence. "none; ..." says something else of it.
    INFO(info->id);
    const bool has_interval = !std::string(info->interval).starts_with("none");
    CHECK(names.contains("confidence") == has_interval);
  }
}

TEST_CASE("registry: a report has every KPI in registry order, even of nothing", "[kpi]") {
  const insitu::Engine engine{insitu::kpi::Options{}};
  const auto report = engine.report();
  const auto kpis = all_kpis();
  REQUIRE(report.kpis.size() == kpis.size());
  for (std::size_t i = 0; i < kpis.size(); ++i) CHECK(report.kpis[i].info == kpis[i]);
}
