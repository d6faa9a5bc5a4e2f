// SPDX-License-Identifier: MIT
#include "events/string_table.h"

#include <cstddef>
#include <iterator>

#include "events/event.gen.h"

namespace insitu::events {

namespace {

// Entry i of the pool is word i; later entries are texts.
constexpr std::uint32_t kWordCount = static_cast<std::uint32_t>(std::size(kWordTexts));

std::uint32_t to_id(std::uint32_t entry) {
  return entry < kWordCount ? entry + 1 : entry - kWordCount + kFirstBatchString;
}

}  // namespace

StringTable::StringTable(const base::Limits& limits) : limits_(limits) {
  for (const char* word : kWordTexts) texts_.add(word);
}

std::uint32_t StringTable::intern(std::string_view text) {
  const std::uint32_t known = find(text);
  if (known || text.empty()) return known;
  if (texts_.size() >= limits_.strings + kWordCount ||
      texts_.all().size() + text.size() > limits_.string_bytes) {
    return kOther;
  }
  return to_id(texts_.add(text));
}

std::uint32_t StringTable::find(std::string_view text) const {
  if (text.empty()) return kNone;
  // A partial of a full table names it; it must stay the same one.
  if (text == this->text(kOther)) return kOther;
  const std::uint32_t entry = texts_.find(text);
  return entry == base::TextPool::kNone ? kNone : to_id(entry);
}

std::string_view StringTable::text(std::uint32_t id) const {
  if (id == kOther) return "(other)";
  std::size_t entry = id - 1;  // no entry for kNone
  if (entry >= kWordCount) {
    if (id < kFirstBatchString) return {};
    entry = id - kFirstBatchString + kWordCount;
  }
  return entry < texts_.size() ? texts_[entry] : std::string_view{};
}

}  // namespace insitu::events
