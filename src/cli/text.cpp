// SPDX-License-Identifier: MIT
#include "cli/text.h"

#include <cmath>
#include <cstdint>
#include <cstdio>

namespace insitu::cli {
namespace {

constexpr std::uint32_t kInvalid = 0xffff'ffff;
constexpr std::string_view kReplacement = "\xef\xbf\xbd";

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};

constexpr Range kWide[] = {{0x1100, 0x115f}, {0x2e80, 0xa4cf},   {0xac00, 0xd7a3},
                           {0xf900, 0xfaff}, {0xfe30, 0xfe6f},   {0xff00, 0xff60},
                           {0xffe0, 0xffe6}, {0x1f300, 0x1faff}, {0x20000, 0x3fffd}};
constexpr Range kZeroWidth[] = {{0x300, 0x36f},   {0x483, 0x489},   {0x591, 0x5bd},
                                {0x610, 0x61a},   {0x64b, 0x65f},   {0x1ab0, 0x1aff},
                                {0x1dc0, 0x1dff}, {0x200b, 0x200d}, {0x20d0, 0x20ff},
                                {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}};
// Controls, line and paragraph separators, marks and overrides of direction, byte order mark, what
// is no character, tags.
constexpr Range kUnsafe[] = {{0x0, 0x1f},      {0x7f, 0x9f},     {0x61c, 0x61c},
                             {0x200e, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f},
                             {0xfeff, 0xfeff}, {0xfff9, 0xffff}, {0xe0000, 0xe0fff}};

template <std::size_t Count>
bool is_in(const Range (&ranges)[Count], std::uint32_t code) {
  for (const Range& range : ranges) {
    if (code >= range.first && code <= range.last) return true;
  }
  return false;
}

// The first character of `text`, removed from it; kInvalid takes one byte.
std::uint32_t next_code(std::string_view& text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(0);
  const std::size_t size = lead < 0x80   ? 1
                           : lead < 0xc2 ? 0
                           : lead < 0xe0 ? 2
                           : lead < 0xf0 ? 3
                           : lead < 0xf5 ? 4
                                         : 0;
  std::uint32_t code = size <= 1 ? lead : lead & (0x7fu >> size);
  bool valid = size > 0 && size <= text.size();
  for (std::size_t i = 1; valid && i < size; ++i) {
    valid = byte(i) >> 6 == 2;
    code = code << 6 | (byte(i) & 0x3fu);
  }
  constexpr std::uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  valid = valid && code >= kSmallest[size] && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  text.remove_prefix(valid ? size : 1);
  return valid ? code : kInvalid;
}

std::size_t columns_of(std::uint32_t code) {
  if (is_in(kZeroWidth, code)) return 0;
  return is_in(kWide, code) ? 2 : 1;
}

std::string print(const char* format, int decimals, double value) {
  char buffer[400];  // the longest double has 309 digits before its point
  const int size = std::snprintf(buffer, sizeof buffer, format, decimals, value);
  return {buffer, static_cast<std::size_t>(size)};
}

// `value` with at most `decimals` decimals, without zeros at their end and without "-0".
std::string fixed(double value, int decimals) {
  std::string text = print("%.*f", decimals, value);
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
  }
  return text == "-0" ? "0" : text;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    std::string_view rest = text;
    const std::uint32_t code = next_code(rest);
    if (code == kInvalid || is_in(kUnsafe, code)) {
      out += kReplacement;
    } else {
      out += text.substr(0, text.size() - rest.size());
    }
    text = rest;
  }
  return out;
}

std::size_t width(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) columns += columns_of(next_code(text));
  return columns;
}

std::string cut_to(std::string_view text, std::size_t columns) {
  if (width(text) <= columns) return std::string(text);
  if (columns == 0) return {};
  std::size_t used = 1;  // the ellipsis
  std::string_view rest = text;
  std::size_t kept = 0;
  while (!rest.empty()) {
    used += columns_of(next_code(rest));
    if (used > columns) break;
    kept = text.size() - rest.size();
  }
  return join({text.substr(0, kept), "…"});
}

std::string pad_right(std::string_view text, std::size_t columns) {
  const std::size_t used = width(text);
  return std::string(text) + std::string(used < columns ? columns - used : 0, ' ');
}

std::string pad_left(std::string_view text, std::size_t columns) {
  const std::size_t used = width(text);
  return std::string(used < columns ? columns - used : 0, ' ') + std::string(text);
}

std::string number_text(double value) {
  if (std::isnan(value)) return "no data";
  const double size = std::abs(value);
  if (size >= 1e15) return print("%.*g", 4, value);
  if (size >= 0.1 || size == 0) return fixed(value, 2);
  return print("%.*g", 3, value);
}

std::string percent_text(double ratio, int decimals) {
  if (std::isnan(ratio)) return "no data";
  return print("%.*f", decimals, ratio * 100) + " %";
}

std::string duration_text(double seconds) {
  if (std::isnan(seconds)) return "no data";
  if (seconds < 0) return join({"-", duration_text(-seconds)});
  if (seconds == 0) return "0 s";
  if (seconds < 0.9995) return fixed(seconds * 1000, seconds < 0.01 ? 2 : 0) + " ms";
  if (seconds < 59.95) return fixed(seconds, 1) + " s";
  struct Unit {
    double seconds;
    const char* name;
    const char* smaller;
    double parts;
  };
  constexpr Unit kUnits[] = {
      {86400, " d", " h", 24}, {3600, " h", " min", 60}, {60, " min", " s", 60}};
  for (const Unit& unit : kUnits) {
    // Rounded in the smaller unit first, so that 119.9 s are 2 min and not 1 min 60 s.
    const double parts = std::round(seconds / unit.seconds * unit.parts);
    if (parts < unit.parts) continue;
    const double whole = std::floor(parts / unit.parts);
    const double rest = parts - whole * unit.parts;
    const std::string text = fixed(whole, 0) + unit.name;
    return rest > 0 ? join({text, " ", fixed(rest, 0), unit.smaller}) : text;
  }
  return fixed(seconds, 1) + " s";
}

std::string join(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  return text;
}

std::string count_text(double count, std::string_view one, std::string_view many) {
  return join({fixed(count, 0), " ", count == 1 ? one : many});
}

}  // namespace insitu::cli
