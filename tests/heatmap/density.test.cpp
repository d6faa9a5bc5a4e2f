// SPDX-License-Identifier: MIT
// heatmap/density.h beside the definition of a kernel density, and what no step may lose.
#include "heatmap/density.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "catch_amalgamated.hpp"
#include "stats/gaussian_smooth.h"
#include "tests/helpers/random.h"

using namespace insitu;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using heatmap::Density;
using heatmap::Field;
using heatmap::Point;

namespace {

constexpr double kWidth = 320;
constexpr double kHeight = 240;

std::vector<Point> random_points(test::Random& random, std::size_t count) {
  std::vector<Point> points(count);
  for (Point& point : points) {
    point = {random.uniform() * kWidth, random.uniform() * kHeight, 1 + double(random.below(3))};
  }
  return points;
}

Field field_of(const std::vector<Point>& points, double sigma, double step = 4,
               double width = kWidth, double height = kHeight) {
  Density density(width, height, step);
  density.add(points);
  return density.take(sigma);
}

// From the definition: Gaussians around the points themselves and their mirror images, not cut.
double naive_density(const std::vector<Point>& points, double x, double y, double sigma) {
  double sum = 0;
  for (const Point& point : points) {
    for (const double px : {point.x, -point.x, 2 * kWidth - point.x}) {
      for (const double py : {point.y, -point.y, 2 * kHeight - point.y}) {
        const double square = (x - px) * (x - px) + (y - py) * (y - py);
        sum += point.weight * std::exp(-square / (2 * sigma * sigma));
      }
    }
  }
  return sum * 10'000 / (2 * 3.14159265358979 * sigma * sigma);
}

// The largest difference to the definition, as a share of the largest value.
double worst_error(const std::vector<Point>& points, double sigma, double step) {
  const Field field = field_of(points, sigma, step);
  double worst = 0;
  for (std::size_t row = 0; row < field.rows; row += 3) {
    for (std::size_t column = 0; column < field.columns; column += 3) {
      const double exact =
          naive_density(points, (double(column) + 0.5) * step, (double(row) + 0.5) * step, sigma);
      worst = std::max(worst, std::abs(double(field.at(column, row)) - exact));
    }
  }
  return worst / heatmap::maximum(field);
}

double total(const Field& field) {
  const double sum = std::accumulate(field.values.begin(), field.values.end(), 0.0);
  return sum * field.step_px * field.step_px / 10'000;
}

}  // namespace

TEST_CASE("a density is the kernel density of its points, the nearer the smaller the cells",
          "[heatmap]") {
  test::Random random(71);
  const std::vector<Point> points = random_points(random, 200);
  // A point moves by half a cell at most, and the kernel ends at 3 sigma (0.5 % of it).
  const double at_4 = worst_error(points, 16, 4);
  const double at_2 = worst_error(points, 16, 2);
  const double at_1 = worst_error(points, 16, 1);
  INFO("worst error at steps 4, 2, 1: " << at_4 << " " << at_2 << " " << at_1);
  CHECK(at_4 < 0.08);
  CHECK(at_2 < 0.05);
  CHECK(at_1 < 0.02);
  CHECK(at_1 < at_2);
  CHECK(at_2 < at_4);
  CHECK(worst_error({{160, 120, 1}}, 16, 4) < 0.11);
}

TEST_CASE("a density of one spot peaks there with weight / (2 pi sigma^2)", "[heatmap]") {
  const Field field = field_of({{162, 122, 7}}, 20);
  std::size_t at = 0;
  for (std::size_t i = 0; i < field.values.size(); ++i) {
    if (field.values[i] > field.values[at]) at = i;
  }
  CHECK(at % field.columns == 40);
  CHECK(at / field.columns == 30);
  // The kernel ends at 3 sigma, so what is inside weighs a little more.
  CHECK_THAT(heatmap::maximum(field), WithinRel(7 * 10'000 / (2 * 3.14159265358979 * 400), 0.01));
}

TEST_CASE("a density keeps the weight of all points, at the edges too", "[heatmap]") {
  test::Random random(72);
  std::vector<Point> points = random_points(random, 500);
  points.push_back({0, 0, 5});
  points.push_back({kWidth, kHeight, 5});
  double weight = 0;
  for (const Point& point : points) weight += point.weight;
  for (const double sigma : {8.0, 16.0, 40.0}) {
    CHECK_THAT(total(field_of(points, sigma)), WithinRel(weight, 1e-5));
  }
}

TEST_CASE("the density of two crowds is the sum of theirs", "[heatmap]") {
  test::Random random(73);
  const std::vector<Point> a = random_points(random, 300);
  const std::vector<Point> b = random_points(random, 100);
  std::vector<Point> both = a;
  both.insert(both.end(), b.begin(), b.end());
  const Field of_a = field_of(a, 16);
  const Field of_b = field_of(b, 16);
  const Field sum = field_of(both, 16);
  const auto tolerance = heatmap::maximum(sum) * 1e-5;
  for (std::size_t i = 0; i < sum.values.size(); ++i) {
    CHECK_THAT(double(sum.values[i]),
               WithinAbs(double(of_a.values[i] + of_b.values[i]), tolerance));
  }
}

TEST_CASE("a density is heatmap_smooth of the counted grid", "[heatmap]") {
  test::Random random(74);
  const std::vector<Point> points = random_points(random, 400);
  const Field field = field_of(points, 12);
  std::vector<double> grid(field.columns * field.rows);
  for (const Point& point : points) {
    grid[std::size_t(point.y / 4) * field.columns + std::size_t(point.x / 4)] += point.weight;
  }
  stats::gaussian_smooth(grid, field.rows, field.columns, 3);
  const double tolerance = heatmap::maximum(field) * 1e-5;
  for (std::size_t i = 0; i < grid.size(); ++i) {
    CHECK_THAT(double(field.values[i]), WithinAbs(grid[i] * 625, tolerance));
  }
}

TEST_CASE("points beyond the page and without weight are counted apart", "[heatmap]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  Density density(100, 100);
  const Point odd[] = {{-1, 5, 1},  {5, -0.1, 1},     {101, 5, 1},     {5, 100.5, 1},
                       {nan, 5, 1}, {5, nan, 1},      {5, 5, 0},       {5, 5, -1},
                       {5, 5, nan}, {5, 5, infinity}, {infinity, 5, 1}};
  density.add(odd);
  CHECK(density.outside() == 11);
  CHECK(heatmap::maximum(density.take()) == 0);
}

TEST_CASE("pages of any size and nonsense for sizes give a grid that fits", "[heatmap]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double size : {nan, -5.0, 0.0, 1.0, 3.9, 1e5, infinity}) {
    for (const double step : {nan, 0.0, 4.0, infinity}) {
      Density density(size, 2 * size, step);
      const Point corner[] = {{0, 0, 1}};
      density.add(corner);
      const Field field = density.take(nan);
      INFO("size " << size << ", step " << step);
      CHECK(field.columns >= 1);
      CHECK(field.rows >= 1);
      CHECK(field.columns * field.rows <= 1u << 22);
      CHECK(field.values.size() == field.columns * field.rows);
      CHECK_THAT(total(field), WithinRel(1.0, 1e-4));
    }
  }
}

TEST_CASE("the quantile of a field looks at what is above 0", "[heatmap]") {
  Field field;
  CHECK(heatmap::maximum(field) == 0);
  CHECK(heatmap::quantile_of_nonzero(field, 0.99) == 0);
  field.columns = 6;
  field.rows = 1;
  field.values = {0, 4, 1, 0, 3, 2};
  CHECK(heatmap::maximum(field) == 4);
  CHECK(heatmap::quantile_of_nonzero(field, 0) == 1);
  CHECK(heatmap::quantile_of_nonzero(field, 0.5) == 2.5);
  CHECK(heatmap::quantile_of_nonzero(field, 1) == 4);
}
