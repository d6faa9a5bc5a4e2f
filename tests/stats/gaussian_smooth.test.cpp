// SPDX-License-Identifier: MIT
// stats/gaussian_smooth.h: vectors from SciPy, a naive version, and what smoothing must keep.
#include "stats/gaussian_smooth.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "tests/helpers/random.h"
#include "tests/helpers/vectors.h"

using namespace insitu;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

using Grid = std::vector<double>;

// Straight from the definition: every cell by every weight, mirrored one step at a time.
Grid naive_smooth(const Grid& grid, int rows, int columns, double sigma) {
  const int radius = int(3 * sigma + 0.5);
  const auto mirrored = [](int i, int n) {
    while (i < 0 || i >= n) i = i < 0 ? -1 - i : 2 * n - 1 - i;
    return i;
  };
  double total = 0;
  for (int j = -radius; j <= radius; ++j) total += std::exp(-j * j / (2 * sigma * sigma));
  Grid out(grid.size(), 0);
  for (int r = 0; r < rows; ++r) {
    for (int c = 0; c < columns; ++c) {
      for (int i = -radius; i <= radius; ++i) {
        for (int j = -radius; j <= radius; ++j) {
          const double weight = std::exp(-(i * i + j * j) / (2 * sigma * sigma)) / (total * total);
          const int from = mirrored(r + i, rows) * columns + mirrored(c + j, columns);
          out[std::size_t(r * columns + c)] += weight * grid[std::size_t(from)];
        }
      }
    }
  }
  return out;
}

Grid random_grid(test::Random& random, std::size_t cells) {
  Grid grid(cells);
  for (double& cell : grid) cell = double(random.below(50));
  return grid;
}

double total(const Grid& grid) { return std::accumulate(grid.begin(), grid.end(), 0.0); }

}  // namespace

TEST_CASE("smoothing passes its vectors", "[stats][vectors]") {
  test::check_vectors("heatmap_smooth", [](const test::Json& in) {
    const auto rows = in.at("grid").get<std::vector<Grid>>();
    Grid grid;
    for (const Grid& row : rows) grid.insert(grid.end(), row.begin(), row.end());
    const std::size_t columns = rows.empty() ? 0 : rows[0].size();
    stats::gaussian_smooth(grid, rows.size(), columns, in.at("sigma"));
    std::vector<Grid> out;
    for (std::size_t r = 0; r < rows.size(); ++r) {
      const auto start = grid.begin() + std::ptrdiff_t(r * columns);
      out.emplace_back(start, start + std::ptrdiff_t(columns));
    }
    return test::Json{{"grid", out}};
  });
}

TEST_CASE("smoothing agrees with the definition, also where the kernel is wider than the grid",
          "[stats]") {
  test::Random random(61);
  struct Shape {
    int rows, columns;
    double sigma;
  };
  for (const Shape shape : {Shape{9, 7, 1.2}, Shape{1, 6, 2}, Shape{5, 1, 2}, Shape{1, 1, 3},
                            Shape{3, 2, 4}, Shape{4, 4, 0.3}}) {
    const Grid grid = random_grid(random, std::size_t(shape.rows * shape.columns));
    Grid smooth = grid;
    stats::gaussian_smooth(smooth, std::size_t(shape.rows), std::size_t(shape.columns),
                           shape.sigma);
    const Grid naive = naive_smooth(grid, shape.rows, shape.columns, shape.sigma);
    INFO(shape.rows << " x " << shape.columns << " sigma " << shape.sigma);
    for (std::size_t i = 0; i < grid.size(); ++i) CHECK_THAT(smooth[i], WithinAbs(naive[i], 1e-11));
  }
}

TEST_CASE("smoothing keeps the total, stays within the extremes and is additive", "[stats]") {
  test::Random random(62);
  const Grid first = random_grid(random, 20 * 31);
  const Grid second = random_grid(random, 20 * 31);
  Grid both(first.size());
  for (std::size_t i = 0; i < both.size(); ++i) both[i] = first[i] + second[i];
  const double all = total(both);
  const double most = *std::max_element(both.begin(), both.end());

  Grid a = first;
  Grid b = second;
  stats::gaussian_smooth(a, 20, 31, 1.7);
  stats::gaussian_smooth(b, 20, 31, 1.7);
  stats::gaussian_smooth(both, 20, 31, 1.7);
  CHECK_THAT(total(both), WithinRel(all, 1e-12));
  for (std::size_t i = 0; i < both.size(); ++i) {
    CHECK_THAT(both[i], WithinAbs(a[i] + b[i], 1e-11));
    CHECK(both[i] >= 0);
    CHECK(both[i] <= most * (1 + 1e-12));
  }
}

TEST_CASE("smoothing by nothing and of nothing changes nothing", "[stats]") {
  const Grid grid = {1, 2, 3, 4};
  for (const double sigma : {0.0, -1.0, 0.1, std::numeric_limits<double>::quiet_NaN()}) {
    Grid smooth = grid;
    stats::gaussian_smooth(smooth, 2, 2, sigma);
    CHECK(smooth == grid);
  }
  Grid none;
  stats::gaussian_smooth(none, 0, 0, 1);
  CHECK(none.empty());
  // Cut to kMaxSigmaCells, where every cell becomes the mean.
  Grid flat = grid;
  stats::gaussian_smooth(flat, 2, 2, std::numeric_limits<double>::infinity());
  for (const double cell : flat) CHECK_THAT(cell, WithinRel(2.5, 1e-3));
}
