// SPDX-License-Identifier: MIT
// How dense clicks (or time) lie on a page: an additive Gaussian kernel density of weighted points
// (KPI specification 7, heatmap_smooth).
//
// Based on: B. W. Silverman. Density Estimation for Statistics and Data Analysis, 1986, sections
// 3.5 (counting on a grid first) and 4.2. Same bits natively and in WebAssembly.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace insitu::heatmap {

// A place on a page, CSS px of the document, and how much it counts.
struct Point {
  double x = 0;
  double y = 0;
  double weight = 1;
};

// Bounds of what a caller may ask for, CSS px. Values outside are cut to them.
inline constexpr double kMinSigmaPx = 8;
inline constexpr double kMaxSigmaPx = 40;
inline constexpr double kDefaultSigmaPx = 16;  // about a target of 24 ... 48 px
inline constexpr double kDefaultStepPx = 4;
inline constexpr double kMaxPagePx = 1'000'000;
inline constexpr double kMaxWeight = 1e15;  // of a point

// Values on a grid of square cells; row by row, from the top left corner of the page.
struct Field {
  double step_px = kDefaultStepPx;  // side of a cell
  std::size_t columns = 0;
  std::size_t rows = 0;
  std::vector<float> values;

  float at(std::size_t column, std::size_t row) const { return values[row * columns + column]; }
};

// Counts points on a grid, then spreads each as a Gaussian.
class Density {
 public:
  // A page of this size, CSS px, cut to 1 ... kMaxPagePx; NaN is 1. `step_px` is cut to 1 ... 64
  // and grows until the grid has at most 2^22 cells.
  Density(double width_px, double height_px, double step_px = kDefaultStepPx);

  // Adds points. Those on the right and bottom edge belong to the last cell; those beyond the page,
  // and weights that are not above 0 or are above kMaxWeight, count in outside(). A cell holds
  // whole weights exactly up to 2^24. O(points).
  void add(std::span<const Point> points);
  // Points that were left out.
  double outside() const { return outside_; }

  // Weight per 100 x 100 CSS px around each cell's middle: each point a Gaussian of `sigma_px` (cut
  // to kMinSigmaPx ... kMaxSigmaPx) around the middle of its cell, reaching 3 sigma, mirrored at
  // the edges of the page. So the mean of the values times the area of the grid is the weight of
  // all points, and the field of two sets of points is the sum of their fields. The object is empty
  // after it. O(cells * sigma / step), whatever the number of points.
  Field take(double sigma_px = kDefaultSigmaPx);

 private:
  Field field_;
  double width_px_;
  double height_px_;
  double outside_ = 0;
};

// The largest value; 0 of an empty field. O(cells).
double maximum(const Field& field);

// The type 7 quantile of the values above 0, 0 without any: the top of a scale that one hot spot
// should not own. `share` in [0, 1]. O(cells).
double quantile_of_nonzero(const Field& field, double share);

}  // namespace insitu::heatmap
