// SPDX-License-Identifier: MIT
#include "events/event_json.h"

#include <cmath>
#include <cstddef>
#include <cstring>
#include <span>

namespace insitu::events {
namespace {

template <class T>
T load(const std::byte* bytes, std::size_t offset) {
  T value;
  std::memcpy(&value, bytes + offset, sizeof value);
  return value;
}

bool is_defined(std::string_view text) { return text.data() != nullptr; }

void write_ints(base::Writer& out, std::span<const std::byte> list) {
  out.begin_array();
  for (std::size_t i = 0; i < list.size(); i += 8) {
    const auto value = load<double>(list.data(), i);
    if (std::isinf(value)) {
      out.text("");
    } else {
      out.number(value);
    }
  }
  out.end_array();
}

void write_strings(base::Writer& out, std::span<const std::byte> list,
                   const StringLookup& strings) {
  out.begin_array();
  for (std::size_t i = 0; i < list.size(); i += 4) {
    const auto text = strings(load<std::uint32_t>(list.data(), i));
    if (is_defined(text)) out.text(text);
  }
  out.end_array();
}

void write_map(base::Writer& out, std::span<const std::byte> list, const StringLookup& strings) {
  out.begin_object();
  for (std::size_t i = 0; i < list.size(); i += 8) {
    const auto value_id = load<std::uint32_t>(list.data(), i + 4);
    if (!is_defined(strings(value_id))) continue;
    const auto name = strings(load<std::uint32_t>(list.data(), i));
    if (!is_defined(name)) continue;
    out.key(name);
    out.text(strings(value_id));
  }
  out.end_object();
}

void write_words(base::Writer& out, const FieldInfo& field, std::uint32_t bits) {
  out.begin_array();
  for (std::size_t i = 0; i < field.of.size() && field.of[i] != 0; ++i) {
    if (bits >> i & 1u) out.text(kWordTexts[field.of[i] - 1]);
  }
  out.end_array();
}

void write_field(base::Writer& out, const Record& record, const FieldInfo& field,
                 const StringLookup& strings) {
  // The aligned copy that Record holds: absent fields of a short record are 0 in it.
  const auto* fixed = reinterpret_cast<const std::byte*>(&record.head());
  if (field.kind == FieldKind::kString) {
    const auto text = strings(load<std::uint32_t>(fixed, field.offset));
    if (is_defined(text)) out.field(field.name, text);
    return;
  }
  out.key(field.name);
  switch (field.kind) {
    case FieldKind::kNumber:
    case FieldKind::kInt:
    case FieldKind::kIntOrNull:
      return out.number(load<double>(fixed, field.offset));
    case FieldKind::kBool:
      return out.boolean(load<std::uint32_t>(fixed, field.offset) != 0);
    case FieldKind::kWords:
      return write_words(out, field, load<std::uint32_t>(fixed, field.offset));
    case FieldKind::kInts:
      return write_ints(out, record.list(field));
    case FieldKind::kStrings:
      return write_strings(out, record.list(field), strings);
    case FieldKind::kMap:
      return write_map(out, record.list(field), strings);
    case FieldKind::kString:
      return;
  }
}

}  // namespace

void write_event(base::Writer& out, const Record& record, const StringLookup& strings,
                 std::string_view visitor, std::string_view session, double seq) {
  const RecordHead& head = record.head();
  out.begin_object();
  out.field("type", std::string_view(record.info().name));
  out.field("t", head.t);
  out.field("visitor", visitor);
  out.field("session", session);
  out.field("seq", seq);
  if (record.has(RecordHead::kHasPage)) {
    const auto page = strings(head.page);
    if (is_defined(page)) out.field("page", page);
  }
  if (record.has(RecordHead::kHasPv)) out.field("pv", head.pv);
  if (record.has(RecordHead::kHasMono)) out.field("mono", head.mono);
  for (const FieldInfo& field : record.info().fields) {
    if (record.has(1u << field.bit)) write_field(out, record, field, strings);
  }
  out.end_object();
}

}  // namespace insitu::events
