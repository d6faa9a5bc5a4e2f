// SPDX-License-Identifier: MIT
#include "kpi/family.h"

namespace insitu::kpi {

Sheet& Output::task(std::uint32_t id) {
  for (auto& [each, sheet] : tasks) {
    if (each == id) return sheet;
  }
  tasks.push_back({id, Sheet(setting.options)});
  return tasks.back().second;
}

}  // namespace insitu::kpi
