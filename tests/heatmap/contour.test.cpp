// SPDX-License-Identifier: MIT
// heatmap/contour.h: rings are closed, lie on the level, and hold what is above it.
#include "heatmap/contour.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "catch_amalgamated.hpp"
#include "tests/helpers/random.h"

using namespace insitu::heatmap;
namespace test = insitu::test;
using Catch::Matchers::WithinRel;

namespace {

// Area on the right of the way, by the shoelace formula (y grows downwards).
double area(const Ring& ring) {
  double sum = 0;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const Corner& a = ring[i];
    const Corner& b = ring[(i + 1) % ring.size()];
    sum += a.x * b.y - b.x * a.y;
  }
  return sum / 2;
}

double area(const std::vector<Ring>& rings) {
  double sum = 0;
  for (const Ring& ring : rings) sum += area(ring);
  return sum;
}

// By the even-odd rule.
bool is_inside(const std::vector<Ring>& rings, double x, double y) {
  bool inside = false;
  for (const Ring& ring : rings) {
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const Corner& a = ring[i];
      const Corner& b = ring[(i + 1) % ring.size()];
      if ((a.y > y) != (b.y > y) && x < a.x + (b.x - a.x) * (y - a.y) / (b.y - a.y)) {
        inside = !inside;
      }
    }
  }
  return inside;
}

}  // namespace

TEST_CASE("the ring of a round hill is a circle", "[heatmap]") {
  Density density(400, 300);
  const Point hill[] = {{202, 150, 100}};
  density.add(hill);
  const Field field = density.take(20);
  const auto found = rings(field, maximum(field) / 2);
  REQUIRE(found.size() == 1);
  // Where a Gaussian is half as high.
  const double radius = 20 * std::sqrt(2 * std::log(2.0));
  CHECK_THAT(area(found), WithinRel(3.14159265 * radius * radius, 0.02));
  for (const Corner& corner : found[0]) {
    CHECK_THAT(std::hypot(corner.x - 202, corner.y - 150), WithinRel(radius, 0.03));
  }
}

TEST_CASE("what is dense everywhere has the page's edge as its ring", "[heatmap]") {
  Field field;
  field.columns = 5;
  field.rows = 3;
  field.values.assign(15, 2.0f);
  const auto found = rings(field, 1);
  REQUIRE(found.size() == 1);
  // The four corners are cut by half a cell.
  CHECK_THAT(area(found), WithinRel(20.0 * 12 - 4 * 2, 1e-9));
  CHECK(rings(field, 3).empty());
  CHECK(rings(field, 0).empty());
  CHECK(rings({}, 1).empty());
}

TEST_CASE("a hole runs the other way round", "[heatmap]") {
  Field field;
  field.columns = 9;
  field.rows = 9;
  field.values.assign(81, 0.0f);
  for (std::size_t row = 1; row < 8; ++row) {
    for (std::size_t column = 1; column < 8; ++column) {
      const bool is_hole = row >= 3 && row < 6 && column >= 3 && column < 6;
      field.values[row * 9 + column] = is_hole ? 0.0f : 1.0f;
    }
  }
  const auto found = rings(field, 0.5);
  REQUIRE(found.size() == 2);
  CHECK(area(found[0]) > 0);
  CHECK(area(found[1]) < 0);
}

TEST_CASE("rings hold the cells at or above their level and no others", "[heatmap]") {
  test::Random random(81);
  for (int round = 0; round < 20; ++round) {
    Field field;
    field.columns = 3 + random.below(20);
    field.rows = 3 + random.below(20);
    for (std::size_t i = 0; i < field.columns * field.rows; ++i) {
      field.values.push_back(static_cast<float>(random.below(6)));
    }
    double before = 1e18;
    for (const double level : {0.5, 1.5, 2.0, 3.3, 4.5}) {
      const auto found = rings(field, level);
      for (const Ring& ring : found) CHECK(ring.size() >= 3);
      for (std::size_t row = 0; row < field.rows; ++row) {
        for (std::size_t column = 0; column < field.columns; ++column) {
          const auto value = double(field.at(column, row));
          if (std::abs(value - level) < 0.1) continue;  // on the ring itself
          // Not exactly at the middle, where corners of rings meet the ray of the rule.
          const double x = (double(column) + 0.5) * 4 + 1e-4;
          const double y = (double(row) + 0.5) * 4 + 1e-4;
          CHECK(is_inside(found, x, y) == (value > level));
        }
      }
      const double now = area(found);
      CHECK(now <= before);
      before = now;
    }
  }
}

TEST_CASE("where corners meet the mean of the four decides whether hills are joined", "[heatmap]") {
  Field field;
  field.columns = 2;
  field.rows = 2;
  field.values = {1, 0, 0, 1};
  CHECK(rings(field, 0.4).size() == 1);
  CHECK(rings(field, 0.6).size() == 2);
}
