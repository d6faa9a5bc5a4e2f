// SPDX-License-Identifier: MIT
// Every KPI of the build, found the way the engine finds them.
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

}  // namespace insitu::test
