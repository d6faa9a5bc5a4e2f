// SPDX-License-Identifier: MIT
// Gaussian smoothing of a grid. Source in the header.
#include "stats/gaussian_smooth.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/assert.h"
#include "base/elementary.h"

namespace insitu::stats {
namespace {

// Weights of the centre and of distances 1, 2, ... on one side; all cells together weigh 1.
std::vector<double> kernel(double sigma) {
  const auto radius = static_cast<std::size_t>(std::floor(3 * sigma + 0.5));
  std::vector<double> weights(radius + 1);
  double total = 0;
  for (std::size_t j = 0; j <= radius; ++j) {
    const double distance = static_cast<double>(j) / sigma;
    weights[j] = base::exp(-0.5 * distance * distance);
    total += j == 0 ? weights[j] : 2 * weights[j];
  }
  for (double& weight : weights) weight /= total;
  return weights;
}

// The cell that stands for `index` of a line of n cells mirrored at both ends: ... b a | a b c | c
// b ...
std::size_t mirrored(std::ptrdiff_t index, std::size_t n) {
  INSITU_ASSERT(n > 0);
  const auto period = static_cast<std::ptrdiff_t>(2 * n);
  const auto inside = static_cast<std::size_t>(((index % period) + period) % period);
  return inside < n ? inside : 2 * n - 1 - inside;
}

// Both passes run along rows, so that memory is read in order and the loops vectorise.
void smooth_rows(std::span<double> grid, std::size_t columns, const std::vector<double>& weights) {
  const std::size_t radius = weights.size() - 1;
  std::vector<double> line(columns + 2 * radius);
  for (std::size_t start = 0; start < grid.size(); start += columns) {
    double* const row = grid.data() + start;
    for (std::size_t i = 0; i < line.size(); ++i) {
      line[i] = row[mirrored(static_cast<std::ptrdiff_t>(i) - static_cast<std::ptrdiff_t>(radius),
                             columns)];
    }
    const double* const centre = line.data() + radius;
    for (std::size_t i = 0; i < columns; ++i) row[i] = weights[0] * centre[i];
    for (std::size_t j = 1; j <= radius; ++j) {
      const double* const left = centre - j;
      const double* const right = centre + j;
      for (std::size_t i = 0; i < columns; ++i) row[i] += weights[j] * (left[i] + right[i]);
    }
  }
}

void smooth_columns(std::span<double> grid, std::size_t rows, std::size_t columns,
                    const std::vector<double>& weights) {
  const std::vector<double> source(grid.begin(), grid.end());
  const auto source_row = [&](std::ptrdiff_t index) {
    return source.data() + mirrored(index, rows) * columns;
  };
  for (std::size_t i = 0; i < rows; ++i) {
    double* const row = grid.data() + i * columns;
    const auto here = static_cast<std::ptrdiff_t>(i);
    const double* const centre = source_row(here);
    for (std::size_t c = 0; c < columns; ++c) row[c] = weights[0] * centre[c];
    for (std::size_t j = 1; j < weights.size(); ++j) {
      const double* const above = source_row(here - static_cast<std::ptrdiff_t>(j));
      const double* const below = source_row(here + static_cast<std::ptrdiff_t>(j));
      for (std::size_t c = 0; c < columns; ++c) row[c] += weights[j] * (above[c] + below[c]);
    }
  }
}

}  // namespace

void gaussian_smooth(std::span<double> grid, std::size_t rows, std::size_t columns, double sigma) {
  INSITU_ASSERT(grid.size() == rows * columns);
  if (grid.empty() || !(sigma > 0)) return;
  const std::vector<double> weights = kernel(std::min(sigma, kMaxSigmaCells));
  if (weights.size() == 1) return;
  smooth_rows(grid, columns, weights);
  smooth_columns(grid, rows, columns, weights);
}

}  // namespace insitu::stats
