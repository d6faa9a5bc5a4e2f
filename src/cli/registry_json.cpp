// SPDX-License-Identifier: MIT
#include "cli/registry_json.h"

#include <cstddef>
#include <utility>

#include "cli/text.h"

namespace insitu::cli {
namespace {

using nlohmann::json;

bool is_given(const json& record, const char* field) {
  const auto found = record.find(field);
  if (found == record.end()) return false;
  if (found->is_boolean()) return found->get<bool>();
  if (found->is_number()) return found->get<double>() != 0;
  if (found->is_string()) return !found->get_ref<const std::string&>().empty();
  return !found->empty();  // null is empty
}

std::string text_of(const json& record, const char* field) {
  const auto found = record.find(field);
  return found != record.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool has_foreign_baseline(const json& record) {
  const auto target = record.find("target");
  if (target == record.end() || !target->is_object()) return false;
  const auto source = target->find("baseline_source");
  return source != target->end() && *source != "own";
}

}  // namespace

std::vector<manage::KpiDefinition> read_definitions(const json& list, std::string& error) {
  std::vector<manage::KpiDefinition> out;
  if (!list.is_array()) {
    error = "the definitions must be a list";
    return out;
  }
  for (std::size_t i = 0; i < list.size(); ++i) {
    const json& record = list[i];
    if (!record.is_object() || text_of(record, "id").empty()) {
      error = join({"record ", std::to_string(i),
                    record.is_object() ? " needs an `id`, a text" : " is not an object"});
      return {};
    }
    manage::KpiDefinition definition;
    definition.id = text_of(record, "id");
    definition.has_owner = is_given(record, "owner");
    definition.has_definition = is_given(record, "definition");
    definition.has_threshold = is_given(record, "threshold");
    definition.has_playbook = is_given(record, "playbook");
    definition.has_cadence = is_given(record, "cadence");
    definition.role = text_of(record, "role");
    definition.stage = text_of(record, "stage");
    definition.has_foreign_baseline = has_foreign_baseline(record);
    out.push_back(std::move(definition));
  }
  return out;
}

json findings_json(std::span<const manage::Finding> findings) {
  json out = json::array();
  for (const manage::Finding& each : findings) {
    out.push_back(json::array({each.subject, manage::name(each.rule)}));
  }
  return out;
}

}  // namespace insitu::cli
