// SPDX-License-Identifier: MIT
// How the page behaves: script errors.
#pragma once

#include <cstdint>

#include "kpi/family.h"

namespace insitu::kpi {

inline constexpr KpiInfo kJsErrorRate{.id = "js_error_rate",
                                      .unit = "errors/view",
                                      .better = "lower",
                                      .options = {},
                                      .title = INSITU_TEXT("Script errors per page view"),
                                      .family = INSITU_TEXT("performance"),
                                      .role = INSITU_TEXT("driver"),
                                      .stage = INSITU_TEXT("all"),
                                      .scope = INSITU_TEXT("page"),
                                      .formula = INSITU_TEXT("js errors / page views."),
                                      .inputs = INSITU_TEXT("error"),
                                      .edge_cases = INSITU_TEXT("no view null"),
                                      .merge = INSITU_TEXT("COUNT"),
                                      .interval = INSITU_TEXT("none"),
                                      .source = INSITU_TEXT("field usage")};

struct Performance : FamilyBase {
  static constexpr const KpiInfo* kKpis[] = {&kJsErrorRate};

  struct Totals {
    std::uint64_t js_errors = 0;
    std::uint64_t page_views = 0;
  };

  static constexpr std::uint64_t kEvents =
      mask(events::EventType::kError) | mask(events::EventType::kPageView);

  template <class S>
  static void event(const Step& step, S scopes) {
    if (step.type == events::EventType::kPageView) {
      ++scopes.totals.page_views;
      return;
    }
    const auto& error = step.record.as<events::Error>();
    if (step.record.has(error.kHasKind) && step.strings.known(error.kind) == events::words::kJs) {
      ++scopes.totals.js_errors;
    }
  }

  static void write(const Totals& totals, Output& out) {
    const auto x = static_cast<double>(totals.js_errors);
    const auto n = static_cast<double>(totals.page_views);
    KpiResult& result = out.site.add(kJsErrorRate);
    result.value = ratio(x, n);
    result.x = x;
    result.n = n;
  }
};

}  // namespace insitu::kpi
