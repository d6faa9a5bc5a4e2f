// SPDX-License-Identifier: MIT
// Every KPI of the build, found the way the engine finds them, and one that is none of them.
#pragma once

#include <vector>

#include "kpi/info.h"
#include "kpi/registry.gen.h"

namespace insitu::test {

template <class... Families>
struct KpiList {
  static std::vector<const kpi::KpiInfo*> all() {
    std::vector<const kpi::KpiInfo*> kpis;
    (kpis.insert(kpis.end(), std::begin(Families::kKpis), std::end(Families::kKpis)), ...);
    return kpis;
  }
  static constexpr std::size_t kFamilies = sizeof...(Families);
};

// In registry order.
inline std::vector<const kpi::KpiInfo*> all_kpis() { return kpi::WithFamilies<KpiList>::all(); }

// A KPI that is none of the build's.
constexpr kpi::KpiInfo kpi_in(const char* unit) {
  return {.id = "x",
          .unit = unit,
          .better = "none",
          .options = {},
          .title = nullptr,
          .family = nullptr,
          .role = nullptr,
          .stage = nullptr,
          .scope = nullptr,
          .formula = nullptr,
          .inputs = nullptr,
          .edge_cases = nullptr,
          .merge = nullptr,
          .interval = nullptr,
          .source = nullptr};
}

}  // namespace insitu::test
