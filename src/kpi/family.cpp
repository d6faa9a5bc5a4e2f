// SPDX-License-Identifier: MIT
#include "kpi/family.h"

#include "base/sort.h"

namespace insitu::kpi {

std::uint64_t Step::fingerprint(std::uint32_t bit, std::uint32_t id) const {
  if (!record.has(bit)) return 0;
  const std::string_view text = strings.text(id);
  if (text.empty()) return 0;
  return base::mix(base::checksum({reinterpret_cast<const std::byte*>(text.data()), text.size()}));
}

bool Place::before(const Place& other, const events::StringTable& table) const {
  if (first_ms != other.first_ms) return first_ms < other.first_ms;
  if (visitor != other.visitor) return table.text(visitor) < table.text(other.visitor);
  if (session != other.session) return table.text(session) < table.text(other.session);
  if (part != other.part) return part < other.part;
  return event < other.event;
}

Sheet& Output::task(std::uint32_t id) {
  for (auto& [each, sheet] : tasks) {
    if (each == id) return sheet;
  }
  tasks.push_back({id, Sheet(setting.options)});
  return tasks.back().second;
}

base::Array<std::uint32_t> Output::by_text(base::Array<std::uint32_t> ids) const {
  base::sort(ids,
             [this](std::uint32_t a, std::uint32_t b) { return table.text(a) < table.text(b); });
  return ids;
}

}  // namespace insitu::kpi
