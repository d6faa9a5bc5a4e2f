// SPDX-License-Identifier: MIT
// The further members of a KPI as a flat list, for tables and spreadsheets.
#pragma once

#include <string>
#include <vector>

#include "kpi/result.h"

namespace insitu::cli {

// One number or text of a KPI and where it is: {"by_page", "/cart", "exits"}. Members of lists have
// their index as name.
struct FlatField {
  std::vector<std::string> path;
  double value = kpi::kNoData;
  const char* text = nullptr;  // of texts; then value is no data
  bool is_text = false;
};

// In the order of the report. O(fields).
[[nodiscard]] std::vector<FlatField> flat_fields(const kpi::KpiResult& kpi);

// The path as one text, its names separated by dots: "reach.0.25".
[[nodiscard]] std::string path_text(const FlatField& field);

}  // namespace insitu::cli
