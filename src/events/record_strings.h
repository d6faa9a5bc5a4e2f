// SPDX-License-Identifier: MIT
// Finds the string ids inside an event record of any type: for code that moves records from one
// batch to another, where ids differ.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "events/batch.h"

namespace insitu::events {

// Bytes of one element of a list kind, 0 for all other kinds.
[[nodiscard]] constexpr std::size_t list_item_bytes(FieldKind kind) {
  switch (kind) {
    case FieldKind::kInts:
    case FieldKind::kMap:
      return 8;
    case FieldKind::kStrings:
      return 4;
    default:
      return 0;
  }
}

// Calls visit(offset) with the byte offset, in the record, of every string id: page, strings, lists
// of strings, keys and values of maps. Absent fields are left out. O(fields + list elements).
template <class Visit>
void for_each_string_id(const Record& record, Visit&& visit) {
  if (record.has(RecordHead::kHasPage)) visit(offsetof(RecordHead, page));
  for (const FieldInfo& field : record.info().fields) {
    if (!record.has(1u << field.bit)) continue;
    if (field.kind == FieldKind::kString) {
      visit(std::size_t{field.offset});
    } else if (field.kind == FieldKind::kStrings || field.kind == FieldKind::kMap) {
      const std::span<const std::byte> list = record.list(field);
      const auto begin = static_cast<std::size_t>(list.data() - record.bytes().data());
      for (std::size_t i = 0; i < list.size(); i += 4) visit(begin + i);
    }
  }
}

}  // namespace insitu::events
