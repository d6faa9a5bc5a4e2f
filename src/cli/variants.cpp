// SPDX-License-Identifier: MIT
#include "cli/variants.h"

#include <algorithm>

#include "base/limits.h"
#include "events/batch.h"
#include "events/batch_strings.h"
#include "events/string_table.h"

namespace insitu::cli {

int Arms::arm_of(std::string_view visitor) const {
  const auto found = by_visitor.find(visitor);
  return found == by_visitor.end() ? kNone : found->second;
}

Arms find_arms(const log::NdjsonReader& reader) {
  // Texts of arms by number first; they are put in order at the end.
  std::vector<std::string> texts;
  Arms arms;
  const base::Limits limits = base::Limits::lab();
  events::StringTable table(limits);
  events::BatchStrings strings(table, limits.batch_strings);
  reader.for_each_batch([&](std::span<const std::byte> batch, const log::ClientInfo& client) {
    int& arm = arms.by_visitor.try_emplace(std::string(client.visitor), Arms::kNone).first->second;
    events::BatchHead head;
    std::span<const std::byte> records;
    strings.clear();
    if (events::open_batch(batch, head, records) != base::Status::kOk) return;
    (void)events::for_each_record(
        records, [&](std::uint16_t type, std::span<const std::byte> bytes) {
          std::uint32_t id = 0;
          std::string_view text;
          if (type == static_cast<std::uint16_t>(events::ControlType::kString) &&
              events::read_string(bytes, id, text)) {
            (void)strings.define(id, text);
          }
          events::Record record;
          if (type != static_cast<std::uint16_t>(events::EventType::kSessionStart) ||
              !record.read(bytes)) {
            return;
          }
          const auto& start = record.as<events::SessionStart>();
          if (!record.has(start.kHasVariant)) return;
          const std::string name(strings.text(start.variant));
          if (name.empty()) return;
          const auto found = std::find(texts.begin(), texts.end(), name);
          const auto number = static_cast<int>(found - texts.begin());
          if (found == texts.end()) texts.push_back(name);
          arm = arm == Arms::kNone || arm == number ? number : Arms::kBoth;
        });
  });
  arms.names = texts;
  std::sort(arms.names.begin(), arms.names.end());
  arms.visitors.resize(arms.names.size());
  for (auto& [visitor, arm] : arms.by_visitor) {
    if (arm == Arms::kNone) ++arms.in_none;
    if (arm == Arms::kBoth) ++arms.in_both;
    if (arm < 0) continue;
    const auto& name = texts[static_cast<std::size_t>(arm)];
    arm = static_cast<int>(std::find(arms.names.begin(), arms.names.end(), name) -
                           arms.names.begin());
    ++arms.visitors[static_cast<std::size_t>(arm)];
  }
  return arms;
}

}  // namespace insitu::cli
