// SPDX-License-Identifier: MIT
#include "kpi/registry.h"

#include "kpi/family.h"
#include "kpi/registry.gen.h"

namespace insitu::kpi {

namespace {

template <class... Families>
struct KpiList {
  static base::Array<const KpiInfo*> all() {
    base::Array<const KpiInfo*> list;
    (list.append(Families::kKpis, std::size(Families::kKpis)), ...);
    return list;
  }
};

}  // namespace

base::Array<const KpiInfo*> all_kpis() { return WithFamilies<KpiList>::all(); }

}  // namespace insitu::kpi
