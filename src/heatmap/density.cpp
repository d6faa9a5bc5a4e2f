// SPDX-License-Identifier: MIT
// Kernel density on a grid. Sources in the header.
#include "heatmap/density.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "stats/gaussian_smooth.h"

namespace insitu::heatmap {
namespace {

constexpr double kMaxCells = 1 << 22;
constexpr double kAreaPx = 10'000;  // that values count for

// NaN is the lower bound.
double cut(double value, double lower, double upper) {
  return value > lower ? std::min(value, upper) : lower;
}

double cells_of(double length_px, double step_px) { return std::ceil(length_px / step_px); }

}  // namespace

Density::Density(double width_px, double height_px, double step_px)
    : width_px_(cut(width_px, 1, kMaxPagePx)), height_px_(cut(height_px, 1, kMaxPagePx)) {
  double step = cut(step_px, 1, 64);
  while (cells_of(width_px_, step) * cells_of(height_px_, step) > kMaxCells) step *= 2;
  field_.step_px = step;
  field_.columns = static_cast<std::size_t>(cells_of(width_px_, step));
  field_.rows = static_cast<std::size_t>(cells_of(height_px_, step));
  field_.values.resize(field_.columns * field_.rows);
}

void Density::add(std::span<const Point> points) {
  const double per_px = 1 / field_.step_px;
  const std::size_t last_column = field_.columns - 1;
  const std::size_t last_row = field_.rows - 1;
  for (const Point& point : points) {
    if (!(point.x >= 0 && point.x <= width_px_ && point.y >= 0 && point.y <= height_px_ &&
          point.weight > 0 && point.weight <= kMaxWeight)) {
      ++outside_;
      continue;
    }
    // By way of 32 bits, which is one instruction; a page has fewer cells than that on each side.
    const std::size_t column = static_cast<std::uint32_t>(point.x * per_px);
    const std::size_t row = static_cast<std::uint32_t>(point.y * per_px);
    field_.values[std::min(row, last_row) * field_.columns + std::min(column, last_column)] +=
        static_cast<float>(point.weight);
  }
}

Field Density::take(double sigma_px) {
  const double sigma = cut(sigma_px, kMinSigmaPx, kMaxSigmaPx) / field_.step_px;
  stats::gaussian_smooth(std::span(field_.values), field_.rows, field_.columns, sigma);
  const auto scale = static_cast<float>(kAreaPx / (field_.step_px * field_.step_px));
  for (float& value : field_.values) value *= scale;
  outside_ = 0;
  return std::exchange(field_, {});
}

double maximum(const Field& field) {
  // Several at once, which no order of comparing changes.
  float most[16] = {};
  std::size_t i = 0;
  for (; i + 16 <= field.values.size(); i += 16) {
    for (std::size_t k = 0; k < 16; ++k) {
      most[k] = field.values[i + k] > most[k] ? field.values[i + k] : most[k];
    }
  }
  for (; i < field.values.size(); ++i) most[0] = std::max(most[0], field.values[i]);
  return static_cast<double>(*std::max_element(most, most + 16));
}

double quantile_of_nonzero(const Field& field, double share) {
  std::vector<float> values;
  for (const float value : field.values) {
    if (value > 0) values.push_back(value);
  }
  if (values.empty()) return 0;
  const double place = static_cast<double>(values.size() - 1) * cut(share, 0, 1);
  const auto below = static_cast<std::size_t>(place);
  const auto nth = values.begin() + static_cast<std::ptrdiff_t>(below);
  std::nth_element(values.begin(), nth, values.end());
  const auto low = static_cast<double>(*nth);
  if (below + 1 == values.size()) return low;
  const auto high = static_cast<double>(*std::min_element(nth + 1, values.end()));
  return low + (high - low) * (place - static_cast<double>(below));
}

}  // namespace insitu::heatmap
