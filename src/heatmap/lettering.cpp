// SPDX-License-Identifier: MIT
#include "heatmap/lettering.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <span>

#include "base/elementary.h"
#include "base/utf8.h"

namespace insitu::heatmap {
namespace {

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};
// Controls, the soft hyphen, line and paragraph separators, marks and overrides of direction,
// zero-width characters, the byte order mark, what is no character, tags.
constexpr Range kUnshown[] = {
    {0x0, 0x1f},      {0x7f, 0x9f},     {0xad, 0xad},     {0x61c, 0x61c},   {0x200b, 0x200f},
    {0x2028, 0x202e}, {0x2060, 0x206f}, {0xfeff, 0xfeff}, {0xfff9, 0xffff}, {0xe0000, 0xe0fff}};

std::span<const font::Glyph> glyphs_of(Font font) {
  if (font == Font::kBold) return font::kBoldGlyphs;
  return font::kRegularGlyphs;
}

const font::Glyph* find_in(std::span<const font::Glyph> all, std::uint32_t character) {
  const auto found = std::lower_bound(
      all.begin(), all.end(), character,
      [](const font::Glyph& glyph, std::uint32_t code) { return glyph.code < code; });
  return found != all.end() && found->code == character ? &*found : nullptr;
}

double advance_of(Font font, std::uint32_t character) {
  const font::Glyph* glyph = find_in(glyphs_of(font), character);
  if (!glyph) glyph = find_in(glyphs_of(Font::kRegular), character);
  return glyph ? glyph->advance : kBoxWidth + 2;
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto byte = [&](std::uint32_t value) { out += static_cast<char>(value); };
  if (code < 0x80) return byte(code);
  if (code < 0x800) {
    byte(0xc0 | code >> 6);
  } else {
    if (code < 0x10000) {
      byte(0xe0 | code >> 12);
    } else {
      byte(0xf0 | code >> 18);
      byte(0x80 | (code >> 12 & 0x3f));
    }
    byte(0x80 | (code >> 6 & 0x3f));
  }
  byte(0x80 | (code & 0x3f));
}

constexpr std::uint32_t kEllipsis = 0x2026;

}  // namespace

double line_height_of(Font font) { return font == Font::kBold ? 21 : 17; }
double ascent_of(Font font) { return font == Font::kBold ? 14 : 11; }

std::uint32_t next_character(std::string_view& text) {
  const std::size_t size = base::utf8_size(text);
  if (size == 0) {
    text.remove_prefix(1);
    return kReplacement;
  }
  std::uint32_t code = static_cast<unsigned char>(text[0]);
  if (size > 1) code &= 0x7fu >> size;
  for (std::size_t i = 1; i < size; ++i) {
    code = code << 6 | (static_cast<unsigned char>(text[i]) & 0x3fu);
  }
  text.remove_prefix(size);
  for (const Range& range : kUnshown) {
    if (code >= range.first && code <= range.last) return kReplacement;
  }
  return code;
}

Letter find_letter(Font font, std::uint32_t character) {
  const font::Glyph* glyph = find_in(glyphs_of(font), character);
  if (!glyph) font = Font::kRegular;
  if (!glyph) glyph = find_in(glyphs_of(font), character);
  if (!glyph) return {};
  const std::uint8_t* pixels = font == Font::kBold ? font::kBoldData : font::kRegularData;
  for (const font::Glyph& before : glyphs_of(font)) {
    if (&before == glyph) break;
    pixels += (before.width * before.height + 1) / 2;
  }
  return {glyph, pixels};
}

double width_of(std::string_view text, Font font) {
  double width = 0;
  while (!text.empty()) width += advance_of(font, next_character(text));
  return width;
}

std::string fit(std::string_view text, Font font, double most_px) {
  const double ellipsis = advance_of(font, kEllipsis);
  std::string out;
  std::size_t cut = 0;  // bytes of `out` that leave room for the ellipsis
  double width = 0;
  if (ellipsis > most_px && width_of(text.substr(0, 64), font) > most_px) return out;
  while (!text.empty()) {
    const std::uint32_t character = next_character(text);
    width += advance_of(font, character);
    if (width > most_px) {
      out.resize(cut);
      while (out.ends_with(' ')) out.pop_back();
      append_utf8(out, kEllipsis);
      return out;
    }
    append_utf8(out, character);
    if (width + ellipsis <= most_px) cut = out.size();
  }
  return out;
}

std::vector<std::string> wrap(std::string_view text, Font font, double most_px) {
  std::vector<std::string> lines;
  std::string line;
  double used = 0;
  const double space = advance_of(font, ' ');
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string word = fit(text.substr(0, end), font, most_px);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty()) continue;
    const double width = width_of(word, font);
    if (!line.empty() && used + space + width > most_px) {
      lines.push_back(line);
      line.clear();
      used = 0;
    }
    if (!line.empty()) {
      line += ' ';
      used += space;
    }
    line += word;
    used += width;
  }
  if (!line.empty()) lines.push_back(line);
  return lines;
}

std::string number_text(double value, int decimals) {
  if (!std::isfinite(value)) return "no data";
  const double size = std::abs(value);
  if (size >= 1e15) return value < 0 ? "below -1e15" : "above 1e15";
  // Digits beyond 15 of them would be invented.
  while (decimals > 0 && size * base::power(10, decimals) >= 1e15) --decimals;
  auto scaled = static_cast<std::uint64_t>(size * base::power(10, decimals) + 0.5);
  std::string digits;
  int place = 0;
  bool has_fraction = false;
  do {
    const auto digit = static_cast<char>('0' + scaled % 10);
    if (place < decimals && (digit != '0' || has_fraction)) {
      digits += digit;
      has_fraction = true;
    } else if (place >= decimals) {
      if (place == decimals && has_fraction) digits += '.';
      digits += digit;
    }
    scaled /= 10;
    ++place;
  } while (scaled > 0 || place <= decimals);
  if (value < 0 && digits != "0") digits += '-';
  std::reverse(digits.begin(), digits.end());
  return digits;
}

std::string percent_text(double ratio) {
  if (!std::isfinite(ratio)) return "no data";
  return number_text(ratio * 100) + " %";
}

}  // namespace insitu::heatmap
