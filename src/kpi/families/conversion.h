// SPDX-License-Identifier: MIT
// Whether visits end in what the site is for.
#pragma once

#include <algorithm>
#include <cstdint>

#include "kpi/family.h"

namespace insitu::kpi {

inline constexpr const char* kConversionRateOptions[] = {"conversion_goals", "conversion_unit",
                                                         "confidence", "ci_method"};
inline constexpr KpiInfo kConversionRate{
    .id = "conversion_rate",
    .unit = "ratio",
    .better = "higher",
    .options = kConversionRateOptions,
    .title = INSITU_TEXT("Conversion rate"),
    .family = INSITU_TEXT("conversion"),
    .role = INSITU_TEXT("outcome"),
    .stage = INSITU_TEXT("purchase"),
    .scope = INSITU_TEXT("visitor or session"),
    .formula = INSITU_TEXT("x = visitors with ≥ 1 goal of `conversion_goals` ([order]), n = "
                           "visitors; `conversion_unit: session` counts sessions."),
    .inputs = INSITU_TEXT("conversion, order"),
    .edge_cases = INSITU_TEXT("several conversions count once"),
    .merge = INSITU_TEXT("COUNT"),
    .interval = INSITU_TEXT("rate x/n"),
    .source = INSITU_TEXT("field usage")};

struct Conversion : FamilyBase {
  static constexpr const KpiInfo* kKpis[] = {&kConversionRate};

  struct Session {
    bool converted = false;
  };
  struct Visitor {
    bool converted = false;
  };
  struct Totals {
    std::uint64_t sessions = 0;
    std::uint64_t converted_sessions = 0;
    std::uint64_t visitors = 0;
    std::uint64_t converted_visitors = 0;
  };

  static constexpr std::uint64_t kEvents =
      mask(events::EventType::kConversion) | mask(events::EventType::kOrder);

  template <class S>
  static void event(const Step& step, S scopes) {
    const std::uint32_t goal = step.goal();
    const auto& goals = step.setting.names.conversion_goals;
    if (goal && std::find(goals.begin(), goals.end(), goal) != goals.end()) {
      scopes.session.converted = true;
    }
  }

  template <class S>
  static void end_session(const sessions::Session&, const Setting&, S scopes) {
    ++scopes.totals.sessions;
    scopes.totals.converted_sessions += scopes.session.converted;
    scopes.visitor.converted |= scopes.session.converted;
  }

  static void end_visitor(const Visitor& visitor, const Setting&, Totals& totals) {
    ++totals.visitors;
    totals.converted_visitors += visitor.converted;
  }

  static void write(const Totals& totals, Output& out) {
    if (out.setting.options.conversion_unit == ConversionUnit::kSession) {
      out.site.rate(kConversionRate, totals.converted_sessions, totals.sessions);
    } else {
      out.site.rate(kConversionRate, totals.converted_visitors, totals.visitors);
    }
  }
};

}  // namespace insitu::kpi
