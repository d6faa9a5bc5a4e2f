// SPDX-License-Identifier: MIT
#include "report/canonical.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace insitu::report {

std::string canonical_number(double value) {
  if (value == 0) return "0";
  std::string text = value < 0 ? "-" : "";
  // Shortest digits that read back as the same number: "d.ddde[+-]xx".
  char room[32];
  const auto end =
      std::to_chars(room, room + sizeof room, std::abs(value), std::chars_format::scientific).ptr;
  std::string digits(room, end);
  const std::size_t e = digits.find('e');
  const int exponent = std::atoi(digits.c_str() + e + 1);
  digits.resize(e);
  digits.erase(std::remove(digits.begin(), digits.end(), '.'), digits.end());
  const int count = static_cast<int>(digits.size());
  const int point = exponent + 1;  // digits before the decimal point
  const auto size = [](int n) { return static_cast<std::size_t>(n); };
  if (point >= count && point <= 21) return text + digits + std::string(size(point - count), '0');
  if (point > 0 && point <= 21) {
    return text + digits.substr(0, size(point)) + '.' + digits.substr(size(point));
  }
  if (point > -6 && point <= 0) return text + "0." + std::string(size(-point), '0') + digits;
  text += digits[0];
  if (count > 1) text.append(1, '.').append(digits, 1);
  return text + (exponent < 0 ? "e-" : "e+") + std::to_string(std::abs(exponent));
}

std::string canonical_text(std::string_view text) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += "\\u00";
          out += kHex[c >> 4];
          out += kHex[c & 15];
        } else {
          out += c;
        }
    }
  }
  return out += '"';
}

void CanonicalWriter::add(std::string text) {
  if (open_.empty()) {
    text_ = std::move(text);
  } else {
    open_.back().members.emplace_back(std::exchange(open_.back().key, {}), std::move(text));
  }
}

void CanonicalWriter::number(double value) {
  add(std::isfinite(value) ? canonical_number(value) : "null");
}

void CanonicalWriter::end_object() {
  auto members = std::move(open_.back().members);
  open_.pop_back();
  std::sort(members.begin(), members.end());
  std::string text = "{";
  for (const auto& [key, value] : members) {
    if (text.size() > 1) text += ',';
    text.append(canonical_text(key)).append(":").append(value);
  }
  add(text += '}');
}

void CanonicalWriter::end_array() {
  const auto members = std::move(open_.back().members);
  open_.pop_back();
  std::string text = "[";
  for (const auto& member : members) {
    if (text.size() > 1) text += ',';
    text += member.second;
  }
  add(text += ']');
}

}  // namespace insitu::report
