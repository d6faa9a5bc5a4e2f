// SPDX-License-Identifier: MIT
// Draws a scene: its page, what lies on it, and a legend that says what is seen.
#pragma once

#include <string>

#include "heatmap/canvas.h"
#include "heatmap/raster.h"
#include "heatmap/scene.h"

namespace insitu::heatmap {

// Up to here dots and zones show more than a density, which would invent a pattern.
inline constexpr double kDensityFrom = 30;

// Size of the picture of a scene, px: the page, and the legend above it.
struct PictureSize {
  double width = 0;
  double height = 0;
  double legend_height = 0;
};
PictureSize size_of(const Scene& scene);

// The picture as pixels, 1 px per CSS px. Empty (width 0) if it would have more than kMaxPixels.
// `backdrop` is used where scene.background is 3. Same bytes natively and in WebAssembly.
Raster draw(const Scene& scene, const Backdrop& backdrop = {});

// The same as an SVG document (svg.h). Nothing in it can run, whatever the texts are.
std::string draw_svg(const Scene& scene, const Backdrop& backdrop = {});

// The scene in a few sentences: title, facts, what lies where most. For readers who do not see it.
std::string describe(const Scene& scene);

}  // namespace insitu::heatmap
