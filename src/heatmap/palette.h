// SPDX-License-Identifier: MIT
// Colours of a heat picture, how opaque they lie on a page, and the round numbers of its legend.
//
// viridis: N. Smith, S. van der Walt, 2015 (CC0); cividis: J. Nunez, C. Anderton, R. Renslow.
// Optimizing colormaps with consideration for color vision deficiency. PLOS ONE 13(7), 2018.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace insitu::heatmap {

struct Colour {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;
  std::uint8_t alpha = 255;
  friend bool operator==(const Colour&, const Colour&) = default;
};

// All are even in lightness, so equal steps of the value look equal. Grey is light for few, dark
// for many: for print.
enum class Palette : std::uint8_t { kViridis, kCividis, kGrey };

// By name: "viridis", "cividis", "grey". False for any other name.
[[nodiscard]] bool find_palette(std::string_view name, Palette& palette);

// Opaque colour of a share of the maximum, cut to [0, 1]; NaN is 0. Within 2/255 of the published
// tables.
[[nodiscard]] Colour colour_of(Palette palette, double share);

// Nothing is drawn below this share of the maximum, so that a page with one stray click stays
// clean.
inline constexpr double kVisibleFrom = 0.05;
// From here on, behind a soft edge, everything is equally opaque: only the colour tells the value.
inline constexpr double kOpaqueFrom = 0.08;
inline constexpr double kOpacity = 0.65;

// Opacity of a share of the maximum: 0 below kVisibleFrom, kOpacity from kOpaqueFrom, linear
// between.
[[nodiscard]] double opacity_of(double share);

// Round numbers above 0 up to `most`, at most `count`: multiples of 1, 2 or 5 times a power of
// ten. ticks(7.3, 5) is 2, 4, 6. Empty unless most > 0 and finite and count > 0.
[[nodiscard]] std::vector<double> ticks(double most, int count = 5);

}  // namespace insitu::heatmap
