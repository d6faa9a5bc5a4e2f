// SPDX-License-Identifier: MIT
// From a field of densities to coloured pixels.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "heatmap/density.h"
#include "heatmap/palette.h"

namespace insitu::heatmap {

// What colours mean. `outlines` are values, ascending, at which a dark line of 1 pixel is drawn so
// that the map can be read on any background; the edge of what is visible has one too.
struct Shading {
  Palette palette = Palette::kViridis;
  double maximum = 0;  // value of the last colour; nothing is drawn unless it is above 0
  std::vector<double> outlines;
};

// The part of a page that pixels show: its top left corner, CSS px, and pixels per CSS px (> 0).
struct Window {
  double x_px = 0;
  double y_px = 0;
  double scale = 1;
};

// Fills `rgba`, width * height pixels of 4 bytes, row by row, not premultiplied: the field within
// the window, interpolated linearly between the middles of cells, and beyond the field's edge
// transparent. O(pixels), quick where nothing is visible.
void paint(const Field& field, const Shading& shading, const Window& window, std::size_t width,
           std::size_t height, std::span<std::uint8_t> rgba);

}  // namespace insitu::heatmap
