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
template <class T>
std::vector<T> kernel(double sigma) {
  const auto radius = static_cast<std::size_t>(std::floor(3 * sigma + 0.5));
  std::vector<double> weights(radius + 1);
  double total = 0;
  for (std::size_t j = 0; j <= radius; ++j) {
    const double distance = static_cast<double>(j) / sigma;
    weights[j] = base::exp(-0.5 * distance * distance);
    total += j == 0 ? weights[j] : 2 * weights[j];
  }
  std::vector<T> rounded(radius + 1);
  for (std::size_t j = 0; j <= radius; ++j) rounded[j] = static_cast<T>(weights[j] / total);
  return rounded;
}

// The cell that stands for `index` of a line of n cells mirrored at both ends: ... b a | a b c | c
// b ...
std::size_t mirrored(std::ptrdiff_t index, std::size_t n) {
  INSITU_ASSERT(n > 0);
  const auto period = static_cast<std::ptrdiff_t>(2 * n);
  const auto inside = static_cast<std::size_t>(((index % period) + period) % period);
  return inside < n ? inside : 2 * n - 1 - inside;
}

// out[i] = the weighted sum of centre[i] and, for every j, before(j)[i] and after(j)[i]. In tiles
// whose sums stay in registers; each cell is summed in the same order however the loops vectorise.
template <class T, class Before, class After>
void weigh(T* out, std::size_t count, const T* centre, const std::vector<T>& weights, Before before,
           After after) {
  constexpr std::size_t kTile = 16;
  std::size_t i = 0;
  for (; i + kTile <= count; i += kTile) {
    T sum[kTile];
    for (std::size_t k = 0; k < kTile; ++k) sum[k] = weights[0] * centre[i + k];
    for (std::size_t j = 1; j < weights.size(); ++j) {
      const T weight = weights[j];
      const T* const a = before(j) + i;
      const T* const b = after(j) + i;
      for (std::size_t k = 0; k < kTile; ++k) sum[k] += weight * (a[k] + b[k]);
    }
    std::copy_n(sum, kTile, out + i);
  }
  for (; i < count; ++i) {
    T sum = weights[0] * centre[i];
    for (std::size_t j = 1; j < weights.size(); ++j) {
      sum += weights[j] * (before(j)[i] + after(j)[i]);
    }
    out[i] = sum;
  }
}

// Both passes run along rows, so that memory is read in order.
template <class T>
void smooth_rows(std::span<T> grid, std::size_t columns, const std::vector<T>& weights) {
  const std::size_t radius = weights.size() - 1;
  std::vector<T> line(columns + 2 * radius);
  for (std::size_t start = 0; start < grid.size(); start += columns) {
    T* const row = grid.data() + start;
    std::copy_n(row, columns, line.data() + radius);
    for (std::size_t i = 1; i <= radius; ++i) {
      const auto beyond = static_cast<std::ptrdiff_t>(i);
      line[radius - i] = row[mirrored(-beyond, columns)];
      line[radius + columns - 1 + i] =
          row[mirrored(static_cast<std::ptrdiff_t>(columns) - 1 + beyond, columns)];
    }
    const T* const centre = line.data() + radius;
    weigh(
        row, columns, centre, weights, [&](std::size_t j) { return centre - j; },
        [&](std::size_t j) { return centre + j; });
  }
}

template <class T>
void smooth_columns(std::span<T> grid, std::size_t rows, std::size_t columns,
                    const std::vector<T>& weights) {
  const std::vector<T> source(grid.begin(), grid.end());
  const std::size_t radius = weights.size() - 1;
  // Rows i - radius ... i + radius of the mirrored grid.
  std::vector<const T*> around(2 * radius + 1);
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < around.size(); ++j) {
      const auto index = static_cast<std::ptrdiff_t>(i + j) - static_cast<std::ptrdiff_t>(radius);
      around[j] = source.data() + mirrored(index, rows) * columns;
    }
    const T* const* const centre = around.data() + radius;
    weigh(
        grid.data() + i * columns, columns, *centre, weights,
        [&](std::size_t j) { return *(centre - j); }, [&](std::size_t j) { return centre[j]; });
  }
}

template <class T>
void smooth(std::span<T> grid, std::size_t rows, std::size_t columns, double sigma) {
  INSITU_ASSERT(grid.size() == rows * columns);
  if (grid.empty() || !(sigma > 0)) return;
  const std::vector<T> weights = kernel<T>(std::min(sigma, kMaxSigmaCells));
  if (weights.size() == 1) return;
  smooth_rows(grid, columns, weights);
  smooth_columns(grid, rows, columns, weights);
}

}  // namespace

void gaussian_smooth(std::span<double> grid, std::size_t rows, std::size_t columns, double sigma) {
  smooth(grid, rows, columns, sigma);
}

void gaussian_smooth(std::span<float> grid, std::size_t rows, std::size_t columns, double sigma) {
  smooth(grid, rows, columns, sigma);
}

}  // namespace insitu::stats
