// SPDX-License-Identifier: MIT
// The strings of one batch, and what they are called in the engine's table.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

#include "base/array.h"
#include "events/event.gen.h"
#include "events/string_table.h"

namespace insitu::events {

// Resolves the string ids of a batch. A string enters the engine's table only when a KPI keeps it
// (keep), so that order numbers or element keys nobody asks for cost no room.
class BatchStrings {
 public:
  // Strings that an engine adds to a batch with local numbers when it gives it final ones: the
  // visitor and the session. So a full batch can be read again.
  static constexpr std::size_t kAdded = 2;

  BatchStrings(StringTable& table, std::size_t limit)
      : table_(table), limit_(limit), room_(limit) {}

  void clear() { entries_.clear(); }
  // As clear(), for a batch with local or with final numbers; the latter has room for kAdded more.
  void begin(bool is_local) {
    clear();
    room_ = limit_ + (is_local ? 0 : kAdded);
  }

  // Defines an id >= kFirstBatchString; `text` must live as long as the batch. False when the id is
  // beyond the limit.
  bool define(std::uint32_t id, std::string_view text) {
    const std::size_t index = id - kFirstBatchString;
    if (index >= room_) return false;
    if (index >= entries_.size()) entries_.resize(index + 1);
    entries_[index] = {text, StringTable::kNone, false};
    return true;
  }

  // True for 0, which is the empty text, for well-known words and for ids the batch has defined.
  bool is_defined(std::uint32_t id) const {
    if (id < kFirstBatchString) return !id || !table_.text(id).empty();
    return at(id);
  }

  // Text of an id; empty when it is not defined, which is noted.
  std::string_view text(std::uint32_t id) {
    if (!meets(id)) return {};
    return id < kFirstBatchString ? table_.text(id) : at(id)->text;
  }

  // Engine id of a batch id, kept for good. kNone when it is not defined, which is noted.
  std::uint32_t keep(std::uint32_t id) {
    if (!meets(id)) return StringTable::kNone;
    if (id < kFirstBatchString) return id;
    Entry* entry = at(id);
    if (!entry->kept) entry->kept = table_.intern(entry->text);
    return entry->kept;
  }

  // Engine id of a batch id if the table knows its text (all well-known words do), else kNone. That
  // an id is not defined is noted.
  std::uint32_t known(std::uint32_t id) {
    if (!meets(id)) return StringTable::kNone;
    if (id < kFirstBatchString) return id;
    Entry* entry = at(id);
    if (!entry->kept && !entry->looked_up) {
      entry->kept = table_.find(entry->text);
      entry->looked_up = true;
    }
    return entry->kept;
  }

  // Whether somebody has asked for an id that is not defined since the last call of this.
  bool take_missed() { return std::exchange(missed_, false); }

  const StringTable& table() const { return table_; }

 private:
  struct Entry {
    std::string_view text;
    std::uint32_t kept = StringTable::kNone;
    bool looked_up = false;
  };
  const Entry* at(std::uint32_t id) const {
    const std::size_t index = id - kFirstBatchString;
    return index < entries_.size() && entries_[index].text.data() ? &entries_[index] : nullptr;
  }
  Entry* at(std::uint32_t id) { return const_cast<Entry*>(std::as_const(*this).at(id)); }
  bool meets(std::uint32_t id) {
    const bool is_there = is_defined(id);
    missed_ |= !is_there;
    return is_there;
  }

  StringTable& table_;
  std::size_t limit_;
  std::size_t room_;
  bool missed_ = false;
  base::Array<Entry> entries_;
};

}  // namespace insitu::events
