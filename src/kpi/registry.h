// SPDX-License-Identifier: MIT
// All KPIs of this build as data, for documentation and tools.
#pragma once

#include "base/array.h"
#include "kpi/info.h"

namespace insitu::kpi {

// Every KPI, in the order of reports: family by family.
base::Array<const KpiInfo*> all_kpis();

}  // namespace insitu::kpi
