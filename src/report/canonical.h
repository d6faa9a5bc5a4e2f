// SPDX-License-Identifier: MIT
// Canonical JSON: equal values have equal text (RFC 8785, keys in the order of their UTF-8 bytes).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/writer.h"

namespace insitu::report {

// A finite number as ECMAScript writes it (ECMA-262, Number::toString), which RFC 8785 asks for.
[[nodiscard]] std::string canonical_number(double value);

// A text in quotes: `\"` `\\` `\b` `\f` `\n` `\r` `\t`, other control characters `\u00xx`, nothing
// else is escaped. `text` is UTF-8.
[[nodiscard]] std::string canonical_text(std::string_view text);

// Writes one value without white space. Keys may come in any order; numbers that are not finite are
// null.
class CanonicalWriter final : public base::Writer {
 public:
  void begin_object() override { open_.push_back({true, {}, {}}); }
  void end_object() override;
  void begin_array() override { open_.push_back({false, {}, {}}); }
  void end_array() override;
  void key(std::string_view name) override { open_.back().key = name; }
  void text(std::string_view value) override { add(canonical_text(value)); }
  void number(double value) override;
  void boolean(bool value) override { add(value ? "true" : "false"); }
  void null() override { add("null"); }

  // The text of the value, once it is complete.
  [[nodiscard]] std::string take() { return std::exchange(text_, {}); }

 private:
  struct Group {
    bool is_object;
    std::string key;
    std::vector<std::pair<std::string, std::string>> members;  // key and text
  };
  void add(std::string text);

  std::vector<Group> open_;
  std::string text_;
};

}  // namespace insitu::report
