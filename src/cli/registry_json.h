// SPDX-License-Identifier: MIT
// KPI definition records (KPI specification 8) from JSON, and what the lint finds as JSON.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "manage/registry_lint.h"
#include "nlohmann/json.hpp"

namespace insitu::cli {

// Reads a list of records. A field counts as given unless it is absent, null, false, 0, or an empty
// text, list or object. On a mistake gives nothing and `error` says which record is wrong how,
// counted from 0.
[[nodiscard]] std::vector<manage::KpiDefinition> read_definitions(const nlohmann::json& list,
                                                                  std::string& error);

// [[subject, finding], ...] in the order given.
[[nodiscard]] nlohmann::json findings_json(std::span<const manage::Finding> findings);

}  // namespace insitu::cli
