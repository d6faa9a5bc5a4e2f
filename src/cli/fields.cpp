// SPDX-License-Identifier: MIT
#include "cli/fields.h"

namespace insitu::cli {

std::vector<FlatField> flat_fields(const kpi::KpiResult& kpi) {
  using Kind = kpi::Field::Kind;
  struct Group {
    bool is_list;
    std::size_t members = 0;
  };
  std::vector<FlatField> fields;
  std::vector<std::string> path;
  std::vector<Group> groups;
  for (const kpi::Field& field : kpi.fields) {
    if (field.kind == Kind::kEnd) {
      groups.pop_back();
      path.pop_back();
      continue;
    }
    const bool in_list = !groups.empty() && groups.back().is_list;
    path.push_back(in_list ? std::to_string(groups.back().members) : std::string(kpi.name(field)));
    if (!groups.empty()) ++groups.back().members;
    if (field.kind == Kind::kBeginObject || field.kind == Kind::kBeginList) {
      groups.push_back({field.kind == Kind::kBeginList});
      continue;
    }
    fields.push_back({path, field.value, field.text, field.kind == Kind::kText});
    path.pop_back();
  }
  return fields;
}

std::string path_text(const FlatField& field) {
  std::string text;
  for (const std::string& name : field.path) {
    if (!text.empty()) text += '.';
    text += name;
  }
  return text;
}

}  // namespace insitu::cli
