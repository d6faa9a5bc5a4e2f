// SPDX-License-Identifier: MIT
// Text of heat pictures: what of it can be shown, how wide it is, and numbers as people read them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "heatmap/font.gen.h"

namespace insitu::heatmap {

enum class Font : std::uint8_t { kRegular, kBold };  // 12 and 15 px high

// Base line to base line, and how far letters reach above it, px.
double line_height_of(Font font);
double ascent_of(Font font);

// What stands for characters that must not be shown: controls, line breaks, marks and overrides of
// direction, bytes that are not UTF-8.
inline constexpr std::uint32_t kReplacement = 0xfffd;

// Takes the first character off `text`, which is not empty. Gives it, or kReplacement.
std::uint32_t next_character(std::string_view& text);

// The glyph of a character, and its pixels; null when no font has it, and a hollow box stands for
// it. What a bold font lacks is taken from the regular one. O(glyphs).
struct Letter {
  const font::Glyph* glyph = nullptr;
  const std::uint8_t* pixels = nullptr;
};
Letter find_letter(Font font, std::uint32_t character);
// Width and height of the hollow box, px; the pen moves 2 px more.
inline constexpr int kBoxWidth = 7;
inline constexpr int kBoxHeight = 9;

// How far the pen moves, px. O(text).
double width_of(std::string_view text, Font font);

// `text` with kReplacement for what must not be shown, cut to `most_px`: then it ends with "…".
// Empty when not even that has room. O(result).
std::string fit(std::string_view text, Font font, double most_px);

// `text` in lines of at most `most_px`, broken at spaces; a longer word is cut as fit() does.
std::vector<std::string> wrap(std::string_view text, Font font, double most_px);

// A number with at most `decimals` (0 ... 6) decimals, without zeros at its end; large ones in full
// up to 1e15. "no data" if it is not finite.
std::string number_text(double value, int decimals = 0);
// A ratio as whole per cent: "36 %".
std::string percent_text(double ratio);

}  // namespace insitu::heatmap
