// SPDX-License-Identifier: MIT
#include "heatmap/paint.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/assert.h"

namespace insitu::heatmap {
namespace {

// Colours per scale: more than eyes or 8 bits of a channel can tell apart.
constexpr int kLevels = 1024;
constexpr Colour kOutline{20, 20, 20, 150};

struct Level {
  Colour colour;
  std::uint8_t band = 0;  // number of outlines at or below it
};

std::vector<Level> levels_of(const Shading& shading) {
  std::vector<Level> levels(kLevels + 1);
  for (int i = 0; i <= kLevels; ++i) {
    const double share = static_cast<double>(i) / kLevels;
    Level& level = levels[static_cast<std::size_t>(i)];
    level.colour = colour_of(shading.palette, share);
    level.colour.alpha = static_cast<std::uint8_t>(opacity_of(share) * 255 + 0.5);
    if (level.colour.alpha == 0) level.colour = {0, 0, 0, 0};
    std::uint8_t band = share >= kVisibleFrom ? 1 : 0;
    for (const double outline : shading.outlines) {
      if (band && band < 255 && share * shading.maximum >= outline) ++band;
    }
    level.band = band;
  }
  return levels;
}

// Where the pixels of one axis lie between the middles of cells.
struct Axis {
  std::vector<std::uint32_t> cell;  // the one before
  std::vector<float> part;          // of the way to the next
  std::size_t first = 0;            // pixels first ... end - 1 lie on the field
  std::size_t end = 0;
};

Axis axis_of(double start_px, double scale, std::size_t pixels, double step_px, std::size_t cells) {
  Axis axis;
  axis.cell.resize(pixels);
  axis.part.resize(pixels);
  axis.first = pixels;
  const double length = static_cast<double>(cells) * step_px;
  for (std::size_t i = 0; i < pixels; ++i) {
    const double at = start_px + (static_cast<double>(i) + 0.5) / scale;
    if (!(at >= 0 && at < length)) continue;
    axis.first = std::min(axis.first, i);
    axis.end = i + 1;
    const double place = std::max(0.0, at / step_px - 0.5);
    const auto cell = std::min(static_cast<std::size_t>(place), cells - 1);
    axis.cell[i] = static_cast<std::uint32_t>(cell);
    axis.part[i] = static_cast<float>(cell + 1 < cells ? place - static_cast<double>(cell) : 0);
  }
  return axis;
}

}  // namespace

void paint(const Field& field, const Shading& shading, const Window& window, std::size_t width,
           std::size_t height, std::span<std::uint8_t> rgba) {
  INSITU_ASSERT(rgba.size() == width * height * 4);
  std::fill(rgba.begin(), rgba.end(), std::uint8_t{0});
  if (!(shading.maximum > 0) || !(window.scale > 0) || field.values.empty()) return;
  const std::vector<Level> levels = levels_of(shading);
  const auto per_level = static_cast<float>(std::min(kLevels / shading.maximum, 1e30));
  const auto visible =
      static_cast<float>(std::min(shading.maximum, 1e30) * kVisibleFrom * (1 - 1e-3));
  const Axis across = axis_of(window.x_px, window.scale, width, field.step_px, field.columns);
  const Axis down = axis_of(window.y_px, window.scale, height, field.step_px, field.rows);
  // One row of the field at the pixels' height; the cell behind the last repeats it.
  std::vector<float> line(field.columns + 1);
  std::vector<std::uint8_t> above(width);
  for (std::size_t y = down.first; y < down.end; ++y) {
    const std::size_t row = down.cell[y];
    const float* const from = field.values.data() + row * field.columns;
    const float* const to = row + 1 < field.rows ? from + field.columns : from;
    const float part = down.part[y];
    for (std::size_t c = 0; c < field.columns; ++c) line[c] = from[c] + (to[c] - from[c]) * part;
    line[field.columns] = line[field.columns - 1];
    std::uint8_t* const out = rgba.data() + y * width * 4;
    std::uint8_t left = 0;
    for (std::size_t x = across.first; x < across.end; ++x) {
      const std::uint32_t cell = across.cell[x];
      const float a = line[cell];
      const float b = line[cell + 1];
      if (a < visible && b < visible && !left && !above[x]) continue;
      const float value = a + (b - a) * across.part[x];
      // What is above the scale, or no number, has its last colour.
      const float level = value * per_level;
      const auto index =
          static_cast<std::size_t>(level < kLevels ? static_cast<int>(level) : kLevels);
      const Level& found = levels[index];
      const bool is_edge = found.band != left || found.band != above[x];
      left = above[x] = found.band;
      const Colour colour = is_edge ? kOutline : found.colour;
      std::memcpy(out + x * 4, &colour, 4);
    }
  }
}

}  // namespace insitu::heatmap
