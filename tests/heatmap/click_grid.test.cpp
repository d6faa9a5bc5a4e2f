// SPDX-License-Identifier: MIT
// Covers heatmap/click_grid.h: edges, clicks outside, limits.
#include "heatmap/click_grid.h"

#include <algorithm>
#include <limits>
#include <map>
#include <span>
#include <tuple>
#include <vector>

#include "base/archive.h"
#include "catch_amalgamated.hpp"
#include "tests/helpers/random.h"

using insitu::heatmap::ClickGrids;
using insitu::heatmap::Grid;

namespace {

using Cells = std::map<std::pair<double, double>, double>;

Cells cells_of(const Grid& grid) {
  Cells cells;
  for (const auto& cell : grid.cells) cells[{cell.column, cell.row}] = cell.count;
  CHECK(cells.size() == grid.cells.size());
  return cells;
}

// The one cell a click falls into, on a page of this size.
std::pair<double, double> cell_of(double width, double height, double x, double y) {
  ClickGrids grids(32, 40, 100);
  grids.view(1, width, height);
  CHECK(grids.click(1, width, height, x, y));
  const Grid grid = grids.grid(1);
  REQUIRE(grid.cells.size() == 1);
  CHECK(grid.out_of_bounds == 0);
  return {grid.cells[0].column, grid.cells[0].row};
}

}  // namespace

TEST_CASE("click grid: a page nobody viewed has no grid", "[heatmap]") {
  ClickGrids grids(32, 40, 100);
  CHECK(grids.pages().empty());
  CHECK(grids.grid(1).columns == 0);
  CHECK(grids.grid(1).cells.empty());
}

TEST_CASE("click grid: a view without clicks is an empty grid with its geometry", "[heatmap]") {
  ClickGrids grids(32, 40, 100);
  grids.view(7, 1280, 3200);
  grids.view(7, 1000, 2000);
  const Grid grid = grids.grid(7);
  CHECK(grid.columns == 32);
  CHECK(grid.row_px == 40);
  CHECK(grid.views == 2);
  CHECK(grid.document_width == 1000);
  CHECK(grid.document_height == 2000);
  CHECK(grid.cells.empty());
}

TEST_CASE(
    "click grid: edges between cells belong to the right and lower one, outer ones to the last",
    "[heatmap]") {
  using Cell = std::pair<double, double>;
  // 1280 px in 32 columns of 40 px, rows of 40 px.
  CHECK(cell_of(1280, 3200, 0, 0) == Cell{0, 0});
  CHECK(cell_of(1280, 3200, 39.999, 39.999) == Cell{0, 0});
  CHECK(cell_of(1280, 3200, 40, 40) == Cell{1, 1});
  CHECK(cell_of(1280, 3200, 1279.99, 3199.99) == Cell{31, 79});
  CHECK(cell_of(1280, 3200, 1280, 3200) == Cell{31, 79});
  // A last row that is cut: 100 px are two rows of 40 and one of 20.
  CHECK(cell_of(1280, 100, 0, 80) == Cell{0, 2});
  CHECK(cell_of(1280, 100, 0, 100) == Cell{0, 2});
  // A document lower than one row.
  CHECK(cell_of(1280, 10, 0, 10) == Cell{0, 0});
  // Sizes that are no whole numbers.
  CHECK(cell_of(0.5, 0.5, 0.25, 0.5) == Cell{16, 0});
  // The last double below the right edge.
  CHECK(cell_of(3, 40, 2.9999999999999996, 0) == Cell{31, 0});
}

TEST_CASE("click grid: documents of the least and the largest size still have cells", "[heatmap]") {
  using Cell = std::pair<double, double>;
  constexpr double kLeast = std::numeric_limits<double>::denorm_min();
  CHECK(cell_of(kLeast, kLeast, 0, 0) == Cell{0, 0});
  CHECK(cell_of(kLeast, kLeast, kLeast, kLeast) == Cell{31, 0});
  constexpr double kLargest = std::numeric_limits<double>::max();
  CHECK(cell_of(kLargest, 4e10, kLargest, 4e10) == Cell{31, 999'999'999});
}

TEST_CASE("click grid: a row beyond 32 bits has no room", "[heatmap]") {
  ClickGrids grids(32, 40, 100);
  grids.view(1, 100, 1e15);
  CHECK_FALSE(grids.click(1, 100, 1e15, 50, 1e15));
  CHECK(grids.click(1, 100, 1e15, 50, 50));
  CHECK(grids.grid(1).cells.size() == 1);
  CHECK(grids.grid(1).out_of_bounds == 0);
}

TEST_CASE("click grid: clicks outside the document are counted apart", "[heatmap]") {
  ClickGrids grids(32, 40, 100);
  grids.view(1, 100, 200);
  for (const auto& [x, y] : {std::pair{-0.001, 5.0},
                             {100.001, 5.0},
                             {5.0, -0.001},
                             {5.0, 200.001},
                             {1e300, 5.0},
                             {std::nan(""), 5.0}}) {
    CHECK(grids.click(1, 100, 200, x, y));
  }
  CHECK(grids.click(1, 100, 200, -0.0, -0.0));
  const Grid grid = grids.grid(1);
  CHECK(grid.out_of_bounds == 6);
  CHECK(cells_of(grid) == Cells{{{0, 0}, 1}});
}

TEST_CASE("click grid: a click counts by the geometry of its own page view", "[heatmap]") {
  ClickGrids grids(32, 40, 100);
  grids.view(1, 320, 400);
  grids.view(1, 640, 400);
  CHECK(grids.click(1, 320, 400, 310, 0));
  CHECK(grids.click(1, 640, 400, 310, 0));
  CHECK(cells_of(grids.grid(1)) == Cells{{{31, 0}, 1}, {{15, 0}, 1}});
}

TEST_CASE("click grid: beyond the limit only cells that are there take clicks", "[heatmap]") {
  ClickGrids grids(32, 40, 2);
  grids.view(1, 320, 400);
  grids.view(2, 320, 400);
  CHECK(grids.click(1, 320, 400, 5, 5));
  CHECK(grids.click(2, 320, 400, 5, 5));  // all pages together
  CHECK_FALSE(grids.click(1, 320, 400, 15, 5));
  CHECK(grids.click(1, 320, 400, 6, 6));
  CHECK(cells_of(grids.grid(1)) == Cells{{{0, 0}, 2}});
}

TEST_CASE("click grid: cells come by column, then row", "[heatmap]") {
  ClickGrids grids(4, 10, 1000);
  grids.view(3, 40, 100'000);
  insitu::test::Random random(1);
  Cells expected;
  for (int i = 0; i < 2000; ++i) {
    const auto column = static_cast<double>(random.below(4));
    const auto row = static_cast<double>(random.below(200));
    CHECK(grids.click(3, 40, 100'000, column * 10 + 5, row * 10 + 5));
    ++expected[{column, row}];
  }
  const Grid grid = grids.grid(3);
  CHECK(cells_of(grid) == expected);
  CHECK(std::is_sorted(grid.cells.begin(), grid.cells.end(), [](const auto& a, const auto& b) {
    return std::tie(a.column, a.row) < std::tie(b.column, b.row);
  }));
}

TEST_CASE("click grid: pages stay apart and come back from an archive", "[heatmap]") {
  ClickGrids grids(32, 40, 1000);
  for (std::uint32_t page : {256u, 257u, 100'000u}) {
    grids.view(page, 320, 400);
    for (std::uint32_t i = 0; i <= page % 7; ++i) grids.click(page, 320, 400, 5, 5);
  }
  std::vector<std::byte> bytes;
  insitu::base::Archive save(bytes);
  save(grids);
  ClickGrids back(32, 40, 1000);
  insitu::base::Archive load{std::span<const std::byte>(bytes)};
  load(back);
  REQUIRE(load.at_end());
  std::vector<std::uint32_t> pages = back.pages();
  std::sort(pages.begin(), pages.end());
  CHECK(pages == std::vector<std::uint32_t>{256, 257, 100'000});
  for (const std::uint32_t page : pages) {
    CHECK(cells_of(back.grid(page)) == Cells{{{0, 0}, static_cast<double>(1 + page % 7)}});
    CHECK(back.grid(page).views == 1);
  }
}
