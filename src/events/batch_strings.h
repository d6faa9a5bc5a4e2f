// SPDX-License-Identifier: MIT
// The strings of one batch, and what they are called in the engine's table.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/array.h"
#include "events/event.gen.h"
#include "events/string_table.h"

namespace insitu::events {

// Resolves the string ids of a batch. A string enters the engine's table only when a KPI keeps it
// (keep), so that order numbers or element keys nobody asks for cost no room.
class BatchStrings {
 public:
  BatchStrings(StringTable& table, std::size_t limit) : table_(table), limit_(limit) {}

  void clear() { entries_.clear(); }

  // Defines an id >= kFirstBatchString; `text` must live as long as the batch. False when the id is
  // beyond the limit.
  bool define(std::uint32_t id, std::string_view text) {
    const std::size_t index = id - kFirstBatchString;
    if (index >= limit_) return false;
    if (index >= entries_.size()) entries_.resize(index + 1);
    entries_[index] = {text, StringTable::kNone, false};
    return true;
  }

  // Text of an id; empty when it is not defined.
  std::string_view text(std::uint32_t id) const {
    if (id < kFirstBatchString) return table_.text(id);
    const std::size_t index = id - kFirstBatchString;
    return index < entries_.size() ? entries_[index].text : std::string_view{};
  }

  // Engine id of a batch id, kept for good. kNone when it is not defined.
  std::uint32_t keep(std::uint32_t id) {
    if (id < kFirstBatchString) return table_.text(id).empty() ? StringTable::kNone : id;
    Entry* entry = at(id);
    if (!entry) return StringTable::kNone;
    if (!entry->kept) entry->kept = table_.intern(entry->text);
    return entry->kept;
  }

  // Engine id of a batch id if the table knows its text (all well-known words do), else kNone.
  std::uint32_t known(std::uint32_t id) {
    if (id < kFirstBatchString) return table_.text(id).empty() ? StringTable::kNone : id;
    Entry* entry = at(id);
    if (!entry) return StringTable::kNone;
    if (!entry->kept && !entry->looked_up) {
      entry->kept = table_.find(entry->text);
      entry->looked_up = true;
    }
    return entry->kept;
  }

  const StringTable& table() const { return table_; }

 private:
  struct Entry {
    std::string_view text;
    std::uint32_t kept = StringTable::kNone;
    bool looked_up = false;
  };
  Entry* at(std::uint32_t id) {
    const std::size_t index = id - kFirstBatchString;
    return index < entries_.size() && entries_[index].text.data() ? &entries_[index] : nullptr;
  }

  StringTable& table_;
  std::size_t limit_;
  base::Array<Entry> entries_;
};

}  // namespace insitu::events
