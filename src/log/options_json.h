// SPDX-License-Identifier: MIT
// The options of a report (docs/kpi.md) from JSON text.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace insitu::log {

// One member of the JSON object, as the kind of value that options have.
struct OptionValue {
  enum class Kind {
    kNumber,  // numbers; true and false as 1 and 0, null as NaN
    kText,
    kNumbers,  // arrays of numbers; the empty array
    kTexts,    // arrays of texts; an object of one text, {"page": "/cart"}, is "page /cart"
    kTable,    // objects of arrays of equal length of numbers (true and false as 1 and 0)
    kOther,    // anything else: no option has such a value
  };
  std::string name;
  Kind kind = Kind::kOther;
  double number = 0;
  std::string text;
  std::vector<double> numbers;     // of tables: all arrays, one after the other
  std::vector<std::string> texts;  // of tables: the keys
};

// A JSON object taken apart, or why that was not possible.
struct OptionsText {
  std::vector<OptionValue> values;  // in alphabetical order of their names; the last of equal names
  std::string error;                // empty: fine
  std::size_t line = 0;             // where the error is, from 1; column counts bytes
  std::size_t column = 0;
};

// Reads `json`, one object. O(size).
[[nodiscard]] OptionsText read_options(std::string_view json);

// Sets the values of `text` on `options`, an object with set_number, set_text, set_numbers,
// set_texts and set_table as kpi::Options has them. `allowed(name)` says in words what an option
// may be, empty if there is none of the name. Gives "" or a sentence that names the option, what
// was wrong with it and what is allowed; values before that one are set then.
template <class Options, class Allowed>
[[nodiscard]] std::string apply_options(const OptionsText& text, Options& options,
                                        Allowed&& allowed);

namespace detail {

std::string explain(const OptionValue& value, std::string_view allowed);

}  // namespace detail

template <class Options, class Allowed>
std::string apply_options(const OptionsText& text, Options& options, Allowed&& allowed) {
  const auto set = [&](const OptionValue& value) {
    switch (value.kind) {
      case OptionValue::Kind::kNumber:
        return options.set_number(value.name, value.number);
      case OptionValue::Kind::kText:
        return options.set_text(value.name, value.text);
      case OptionValue::Kind::kNumbers:
        return options.set_numbers(value.name, value.numbers);
      case OptionValue::Kind::kTexts: {
        const std::vector<std::string_view> views(value.texts.begin(), value.texts.end());
        return options.set_texts(value.name, std::span<const std::string_view>(views));
      }
      case OptionValue::Kind::kTable: {
        const std::vector<std::string_view> views(value.texts.begin(), value.texts.end());
        return options.set_table(value.name, std::span<const std::string_view>(views),
                                 value.numbers);
      }
      case OptionValue::Kind::kOther:
        break;
    }
    return base::Status::kBadOptionValue;
  };
  for (const OptionValue& value : text.values) {
    if (set(value) != base::Status::kOk) return detail::explain(value, allowed(value.name));
  }
  return {};
}

}  // namespace insitu::log
