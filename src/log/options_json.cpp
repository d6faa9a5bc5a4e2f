// SPDX-License-Identifier: MIT
#include "log/options_json.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "nlohmann/json.hpp"

namespace insitu::log {
namespace {

using nlohmann::json;

// Takes nothing but the place and the reason of a syntax error, which the parser that builds a
// tree keeps to itself in builds without exceptions.
struct ErrorFinder : nlohmann::json_sax<json> {
  std::size_t position = 0;
  std::string reason;

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override { return true; }
  bool key(string_t&) override { return true; }
  bool end_object() override { return true; }
  bool start_array(std::size_t) override { return true; }
  bool end_array() override { return true; }
  bool parse_error(std::size_t at, const std::string&,
                   const nlohmann::detail::exception& exception) override {
    position = at;
    reason = exception.what();
    // "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error ..."
    const std::size_t colon = reason.find(": ");
    if (colon != std::string::npos) reason.erase(0, colon + 2);
    return false;
  }
};

void find_place(std::string_view text, std::size_t position, OptionsText& out) {
  // The parser names the byte after the one it could not take.
  const std::string_view before = text.substr(0, position > 0 ? position - 1 : 0);
  out.line = 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
  const std::size_t line_break = before.rfind('\n');
  out.column = before.size() - (line_break == std::string_view::npos ? 0 : line_break + 1) + 1;
}

// {"page": "/cart"} is a step of a funnel.
bool read_text(const json& value, std::string& text) {
  if (value.is_string()) {
    text = value.get_ref<const std::string&>();
    return true;
  }
  if (!value.is_object() || value.size() != 1 || !value.begin()->is_string()) return false;
  text = value.begin().key() + " " + value.begin()->get_ref<const std::string&>();
  return true;
}

OptionValue read_value(const std::string& name, const json& value) {
  using Kind = OptionValue::Kind;
  OptionValue out;
  out.name = name;
  if (value.is_null()) {
    out.kind = Kind::kNumber;
    out.number = std::numeric_limits<double>::quiet_NaN();
  } else if (value.is_boolean()) {
    out.kind = Kind::kNumber;
    out.number = value.get<bool>() ? 1 : 0;
  } else if (value.is_number()) {
    out.kind = Kind::kNumber;
    out.number = value.get<double>();
  } else if (value.is_string()) {
    out.kind = Kind::kText;
    out.text = value.get<std::string>();
  } else if (value.is_array()) {
    const bool numbers =
        std::all_of(value.begin(), value.end(), [](const json& each) { return each.is_number(); });
    out.kind = numbers ? Kind::kNumbers : Kind::kTexts;
    for (const json& each : value) {
      if (numbers) {
        out.numbers.push_back(each.get<double>());
      } else if (std::string text; read_text(each, text)) {
        out.texts.push_back(std::move(text));
      } else {
        out.kind = Kind::kOther;
      }
    }
  } else if (value.is_object()) {
    out.kind = Kind::kTable;
    for (const auto& [key, list] : value.items()) {
      out.texts.push_back(key);
      if (!list.is_array() || list.size() != value.begin()->size()) out.kind = Kind::kOther;
      for (const json& each : list) {
        if (each.is_boolean()) {
          out.numbers.push_back(each.get<bool>() ? 1 : 0);
        } else if (each.is_number()) {
          out.numbers.push_back(each.get<double>());
        } else {
          out.kind = Kind::kOther;
        }
      }
    }
  }
  return out;
}

}  // namespace

OptionsText read_options(std::string_view text) {
  OptionsText out;
  ErrorFinder finder;
  if (!json::sax_parse(text.begin(), text.end(), &finder)) {
    out.error = finder.reason;
    find_place(text, finder.position, out);
    return out;
  }
  const json document = json::parse(text.begin(), text.end(), nullptr, false);
  if (!document.is_object()) {
    out.error = R"(options must be a JSON object, such as {"bounce_mode": "ga4"})";
    out.line = out.column = 1;
    return out;
  }
  for (const auto& [name, value] : document.items()) out.values.push_back(read_value(name, value));
  return out;
}

namespace detail {

std::string explain(const OptionValue& value, std::string_view allowed) {
  if (allowed.empty()) return "there is no option `" + value.name + "`";
  std::string choices(allowed);
  // Words are listed as "a|b".
  for (std::size_t bar = 0; (bar = choices.find('|', bar)) != std::string::npos;) {
    choices.replace(bar, 1, " or ");
  }
  const char* given = "this value";
  std::string shown;
  switch (value.kind) {
    case OptionValue::Kind::kNumber:
      shown = json(value.number).dump();  // NaN, which null was, is null again
      given = shown.c_str();
      break;
    case OptionValue::Kind::kText:
      shown = json(value.text).dump(-1, ' ', false, json::error_handler_t::replace);
      given = shown.c_str();
      break;
    case OptionValue::Kind::kNumbers:
      given = "this list of numbers";
      break;
    case OptionValue::Kind::kTexts:
      given = "this list of texts";
      break;
    case OptionValue::Kind::kTable:
    case OptionValue::Kind::kOther:
      break;
  }
  return "option `" + value.name + "` cannot be " + given + "; allowed: " + choices;
}

}  // namespace detail
}  // namespace insitu::log
