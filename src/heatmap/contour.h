// SPDX-License-Identifier: MIT
// Lines of equal density as closed rings, for pictures made of shapes (SVG, print).
//
// W. E. Lorensen, H. E. Cline. Marching cubes. SIGGRAPH 1987, in two dimensions; where the four
// corners leave two ways open, the mean of the corners decides.
#pragma once

#include <vector>

#include "heatmap/density.h"

namespace insitu::heatmap {

struct Corner {
  double x = 0;  // CSS px of the page
  double y = 0;
};

// A closed line; the last corner is joined to the first. What is at or above the level lies on the
// right of the way along it, so that holes run the other way round, and any fill rule works.
using Ring = std::vector<Corner>;

// The border of where `field` is at or above `level` (> 0), interpolated linearly between the
// middles of cells. Beyond the page is nothing, so that every ring is closed. Rings do not cross
// each other, nor those of other levels. In the order of their first corner from the top.
// O(cells).
[[nodiscard]] std::vector<Ring> rings(const Field& field, double level);

}  // namespace insitu::heatmap
