// SPDX-License-Identifier: MIT
// Takes one line of a log apart: strict JSON in, the values of the known fields out.
//
// A parser of its own because the tree-free interface of nlohmann/json reads 77 MB/s where this one
// reads several hundred, and refuses two things that are JSON: numbers beyond the range of a double
// and halves of surrogate pairs. tests/log/event_line.test.cpp holds the two side by side.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "events/event.gen.h"
#include "events/word_table.h"

namespace insitu::log {

enum class ValueKind : std::uint8_t {
  kAbsent,
  kNull,
  kBool,
  kInteger,  // a number written without fraction and exponent
  kNumber,   // any other number
  kText,
  kArray,
  kObject,
};

// One element of an array or entry of an object. What is nested deeper is checked, not kept.
struct LineItem {
  ValueKind kind = ValueKind::kAbsent;
  double number = 0;      // of integers and numbers, infinite beyond the range of a double; 0 or 1
                          // of bools
  std::string_view text;  // of texts, UTF-8
  std::string_view key;   // of entries of objects
};

// The value of a field; the elements of arrays and objects are items() of its line.
struct LineValue : LineItem {
  std::uint32_t first_item = 0;
  std::uint32_t item_count = 0;
};

namespace detail {

// Names of all fields that any event has, each once, those of every event first.
inline constexpr std::size_t kMaxFields = 64;
struct FieldNames {
  std::array<std::string_view, kMaxFields> names{};
  std::size_t count = 0;

  constexpr std::uint8_t add(std::string_view name) {
    for (std::size_t i = 0; i < count; ++i) {
      if (names[i] == name) return static_cast<std::uint8_t>(i);
    }
    names[count] = name;
    return static_cast<std::uint8_t>(count++);
  }
};

inline constexpr FieldNames kFieldNames = [] {
  FieldNames fields;
  for (const char* name : {"type", "t", "visitor", "session", "seq", "page", "pv", "mono"}) {
    fields.add(name);
  }
  for (const events::EventInfo& event : events::kEvents) {
    for (const events::FieldInfo& field : event.fields) fields.add(field.name);
  }
  return fields;
}();

// A hash below kQuickHashes that tells the types of events apart, and of other texts little.
inline constexpr std::size_t kQuickHashes = 64;
[[nodiscard]] constexpr std::size_t quick_hash(std::string_view text) {
  if (text.empty()) return 0;
  const auto byte = [&](std::size_t i) -> std::size_t {
    return static_cast<unsigned char>(text[i]);
  };
  return (byte(0) * 3 + byte(text.size() - 1) * 5 + byte(text.size() / 2)) % kQuickHashes;
}

}  // namespace detail

// Where a field's value is found in EventLine.
enum class FieldSlot : std::uint8_t { kType, kT, kVisitor, kSession, kSeq, kPage, kPv, kMono };

// The slot of a field by its name in the log, which some event must have. For constants.
[[nodiscard]] constexpr FieldSlot slot_of(std::string_view name) {
  for (std::size_t i = 0; i < detail::kFieldNames.count; ++i) {
    if (detail::kFieldNames.names[i] == name) return static_cast<FieldSlot>(i);
  }
  __builtin_unreachable();
}

static_assert(slot_of("type") == FieldSlot::kType && slot_of("mono") == FieldSlot::kMono);

// The parsed line. Texts are views into the line or into this object: both must be left alone while
// they are used. Of a name that comes twice in an object the last value counts, as in ECMAScript.
class EventLine {
 public:
  // Parses `line`, one JSON object (RFC 8259) in UTF-8 with no line break inside. The byte after
  // its last one must be readable and be '\n'; more bytes that are `readable` behind the line make
  // it quicker. False if it is no such object; then error() and column() say why and the values
  // mean nothing. Half a surrogate pair in a \u escape is read as U+FFFD. O(size), whatever the
  // nesting; memory is reused from line to line.
  bool parse(std::string_view line, std::size_t readable = 1);

  // The value of a field, kAbsent if the line does not have it.
  [[nodiscard]] const LineValue& operator[](FieldSlot slot) const {
    const auto index = static_cast<std::size_t>(slot);
    return present_ >> index & 1u ? values_[index] : kAbsentValue;
  }
  // The elements of an array or the entries of an object, in the order of the line. An entry whose
  // name comes again later is still among them.
  [[nodiscard]] std::span<const LineItem> items(const LineValue& value) const {
    return std::span(items_).subspan(value.first_item, value.item_count);
  }

  // What parse() stumbled over: a phrase in English, and the byte of the line, from 1.
  [[nodiscard]] const char* error() const { return error_; }
  [[nodiscard]] std::size_t column() const { return column_; }

 private:
  bool fail(const char* what);
  void skip_space();
  bool read_name(std::string_view& name);
  bool read_scalar(LineItem& item);
  bool read_text(std::string_view& text);
  bool read_escaped_text(const char* begin, std::string_view& text);
  bool read_escape();
  bool read_code_unit(std::uint32_t& unit);
  bool read_utf8();
  bool read_number(LineItem& item);
  bool read_literal(std::string_view literal);
  bool read_value(LineValue& value);
  bool read_list(LineValue& value);
  bool read_nested();

  std::uint8_t read_slot();
  bool read_expected();
  void expect_type();

  static constexpr LineValue kAbsentValue{};

  std::array<LineValue, detail::kMaxFields> values_;
  // What followed each known field, or the opening bracket, last time: events of one type mostly
  // have the same fields. A row for each detail::quick_hash() of the type; the first also serves
  // until the type is known.
  using NextSlots = std::array<std::uint8_t, detail::kMaxFields + 1>;
  std::array<NextSlots, detail::kQuickHashes> next_slots_{};
  std::size_t type_hash_ = 0;
  std::uint8_t last_slot_ = 0;
  std::uint64_t present_ = 0;  // bit i: values_[i] is of this line
  std::vector<LineItem> items_;
  std::string text_;   // texts that had escapes; holds its capacity while a line is parsed
  std::string stack_;  // brackets that are open, for values nested deeper than the fields need
  const char* begin_ = nullptr;
  const char* at_ = nullptr;
  const char* end_ = nullptr;
  const char* readable_end_ = nullptr;
  const char* error_ = "";
  std::size_t column_ = 0;
};

}  // namespace insitu::log
