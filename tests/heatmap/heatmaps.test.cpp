// SPDX-License-Identifier: MIT
// Covers heatmap/heatmaps.h: edges, clicks outside, time in view, depth, elements, limits.
#include "heatmap/heatmaps.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <map>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "base/archive.h"
#include "catch_amalgamated.hpp"
#include "tests/helpers/random.h"

using insitu::base::Limits;
using insitu::heatmap::Heatmaps;
using insitu::heatmap::MappedView;
using insitu::heatmap::PageMaps;
using insitu::kpi::Options;

namespace {

using Cells = std::map<std::pair<double, double>, double>;

Cells cells_of(const insitu::base::Array<insitu::heatmap::Cell>& list) {
  Cells cells;
  for (const auto& cell : list) cells[{cell.column, cell.row}] = cell.count;
  CHECK(cells.size() == list.size());
  return cells;
}

// The maps of one page; no columns when it had no view.
PageMaps maps_of(const Heatmaps& maps, std::uint32_t page = 1) {
  for (const PageMaps& one : maps.maps()) {
    if (one.page == page) return one;
  }
  return {};
}

Options grid(double columns, double row_px) {
  Options options;
  options.heat_cols = columns;
  options.heat_row_px = row_px;
  return options;
}

Limits cells(std::size_t count) {
  Limits limits = Limits::lab();
  limits.grid_cells = count;
  return limits;
}

// A page view of 32 columns, rows of 40 px, bands of 100 px.
struct Page {
  Heatmaps maps;
  MappedView view;

  explicit Page(double width = 1000, double height = 1000, double viewport_height = 0,
                const Options& options = {}, const Limits& limits = Limits::lab())
      : maps(options, limits) {
    CHECK(maps.view(1, width, height, viewport_height, view));
  }
  std::map<double, double> attention() {
    CHECK(maps.close(view));
    std::map<double, double> bands;
    const PageMaps shown = maps_of(maps);
    for (const auto& band : shown.attention_ms) bands[band.band] = band.ms;
    return bands;
  }
  std::vector<double> reach() {
    CHECK(maps.close(view));
    const auto reach = maps_of(maps).reach;
    return {reach.begin(), reach.end()};
  }
};

// The one cell a click falls into, on a page of this size.
std::pair<double, double> cell_of(double width, double height, double x, double y) {
  Page page(width, height);
  CHECK(page.maps.click(page.view, x, y));
  const PageMaps maps = maps_of(page.maps);
  REQUIRE(maps.clicks.size() == 1);
  CHECK(maps.out_of_bounds == 0);
  return {maps.clicks[0].column, maps.clicks[0].row};
}

}  // namespace

TEST_CASE("heatmaps: a page nobody viewed has none", "[heatmap]") {
  const Heatmaps maps(Options{}, Limits::lab());
  CHECK(maps.maps().empty());
}

TEST_CASE("heatmaps: a view without events has empty maps with their geometry", "[heatmap]") {
  Heatmaps maps(Options{}, Limits::lab());
  MappedView first;
  MappedView second;
  CHECK_FALSE(first.exists());
  CHECK(maps.view(7, 1280, 3200, 0, first));
  CHECK(maps.view(7, 1000, 2000, 0, second));
  CHECK(first.exists());
  const PageMaps page = maps_of(maps, 7);
  CHECK(page.page == 7);
  CHECK(page.columns == 32);
  CHECK(page.row_px == 40);
  CHECK(page.views == 2);
  CHECK(page.document_width == 1000);
  CHECK(page.document_height == 2000);
  CHECK(page.clicks.empty());
  CHECK(page.dwell_ms.empty());
  CHECK(page.attention_ms.empty());
  CHECK(page.reach.empty());
  CHECK(page.elements.empty());
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
  Page page(100, 1e15);
  CHECK_FALSE(page.maps.click(page.view, 50, 1e15));
  CHECK(page.maps.cell(page.view, 50, 1e15) == Heatmaps::kNoCell);
  CHECK(page.maps.click(page.view, 50, 50));
  CHECK(maps_of(page.maps).clicks.size() == 1);
  CHECK(maps_of(page.maps).out_of_bounds == 0);
}

TEST_CASE("click grid: clicks outside the document are counted apart", "[heatmap]") {
  Page page(100, 200);
  for (const auto& [x, y] : {std::pair{-0.001, 5.0},
                             {100.001, 5.0},
                             {5.0, -0.001},
                             {5.0, 200.001},
                             {1e300, 5.0},
                             {std::nan(""), 5.0}}) {
    CHECK(page.maps.click(page.view, x, y));
    CHECK(page.maps.cell(page.view, x, y) == Heatmaps::kNoCell);
  }
  CHECK(page.maps.click(page.view, -0.0, -0.0));
  const PageMaps maps = maps_of(page.maps);
  CHECK(maps.out_of_bounds == 6);
  CHECK(cells_of(maps.clicks) == Cells{{{0, 0}, 1}});
}

TEST_CASE("click grid: a click counts by the geometry of its own page view", "[heatmap]") {
  Page page(320, 400);
  MappedView wide;
  CHECK(page.maps.view(1, 640, 400, 0, wide));
  CHECK(page.maps.click(page.view, 310, 0));
  CHECK(page.maps.click(wide, 310, 0));
  CHECK(cells_of(maps_of(page.maps).clicks) == Cells{{{31, 0}, 1}, {{15, 0}, 1}});
}

TEST_CASE("click grid: beyond the limit only cells that are there take clicks", "[heatmap]") {
  Page page(320, 400, 0, {}, cells(2));
  MappedView other;
  CHECK(page.maps.view(2, 320, 400, 0, other));
  CHECK(page.maps.click(page.view, 5, 5));
  CHECK(page.maps.click(other, 5, 5));  // all pages together
  CHECK_FALSE(page.maps.click(page.view, 15, 5));
  CHECK(page.maps.click(page.view, 6, 6));
  CHECK(cells_of(maps_of(page.maps).clicks) == Cells{{{0, 0}, 2}});
  // Dwell and elements have as much room each.
  CHECK(page.maps.dwell(page.maps.cell(page.view, 5, 5), 10));
  CHECK(page.maps.dwell(page.maps.cell(page.view, 15, 5), 10));
  CHECK_FALSE(page.maps.dwell(page.maps.cell(page.view, 25, 5), 10));
  CHECK(page.maps.element_click(page.view, 300, 0, 0, 8, 8));
  CHECK(page.maps.element_click(page.view, 300, 1, 0, 8, 8));
  CHECK_FALSE(page.maps.element_click(page.view, 300, 2, 0, 8, 8));
  CHECK_FALSE(page.maps.element_click(page.view, 301, 0, 0, 8, 8));
  CHECK(page.maps.element_click(page.view, 300, 1, 0, 8, 8));
  CHECK(maps_of(page.maps).elements.size() == 1);
}

TEST_CASE("click grid: cells come by column, then row", "[heatmap]") {
  Page page(40, 100'000, 0, grid(4, 10));
  insitu::test::Random random(1);
  Cells expected;
  for (int i = 0; i < 2000; ++i) {
    const auto column = static_cast<double>(random.below(4));
    const auto row = static_cast<double>(random.below(200));
    CHECK(page.maps.click(page.view, column * 10 + 5, row * 10 + 5));
    ++expected[{column, row}];
  }
  const PageMaps maps = maps_of(page.maps);
  CHECK(cells_of(maps.clicks) == expected);
  CHECK(std::is_sorted(maps.clicks.begin(), maps.clicks.end(), [](const auto& a, const auto& b) {
    return std::tie(a.column, a.row) < std::tie(b.column, b.row);
  }));
}

TEST_CASE("dwell: times add up in the cell of the position", "[heatmap]") {
  Page page(320, 400);
  CHECK(page.maps.dwell(page.maps.cell(page.view, 5, 5), 300));
  CHECK(page.maps.dwell(page.maps.cell(page.view, 9.99, 39.99), 200));
  CHECK(page.maps.dwell(page.maps.cell(page.view, 320, 400), 50));
  const PageMaps maps = maps_of(page.maps);
  CHECK(cells_of(maps.dwell_ms) == Cells{{{0, 0}, 500}, {{31, 9}, 50}});
  CHECK(maps.clicks.empty());
}

TEST_CASE("attention: bands in full view get the time, cut ones their share", "[heatmap]") {
  using Bands = std::map<double, double>;
  Page whole(1000, 1000, 300);
  whole.maps.see(whole.view, 500);
  CHECK(whole.attention() == Bands{{0, 500}, {1, 500}, {2, 500}});

  // 50 ... 275: half of band 0, all of 1, three quarters of 2.
  Page cut(1000, 1000, 225);
  CHECK(cut.maps.scroll(cut.view, 50));
  cut.maps.see(cut.view, 400);
  CHECK(cut.attention() == Bands{{0, 200}, {1, 400}, {2, 300}});

  // 110 ... 160: half of one band.
  Page one(1000, 1000, 50);
  CHECK(one.maps.scroll(one.view, 110));
  one.maps.see(one.view, 400);
  CHECK(one.attention() == Bands{{1, 200}});

  // The document ends at 250, in the middle of band 2.
  Page low(1000, 250, 800);
  low.maps.see(low.view, 400);
  CHECK(low.attention() == Bands{{0, 400}, {1, 400}, {2, 200}});
}

TEST_CASE("attention: every position has its own time, and it adds up over views", "[heatmap]") {
  using Bands = std::map<double, double>;
  Page page(1000, 1000, 100);
  page.maps.see(page.view, 100);
  CHECK(page.maps.scroll(page.view, 200));
  page.maps.see(page.view, 30);
  page.maps.see(page.view, 10);
  CHECK(page.maps.scroll(page.view, 200));
  CHECK(page.maps.scroll(page.view, -50));  // never below 0
  page.maps.see(page.view, 1);
  MappedView second;
  CHECK(page.maps.view(1, 1000, 1000, 200, second));
  page.maps.see(second, 1000);
  CHECK(page.maps.close(second));
  CHECK(page.attention() == Bands{{0, 1101}, {1, 1000}, {2, 40}});
}

TEST_CASE("attention: shares are rounded event by event, so any split adds up the same",
          "[heatmap]") {
  // 100 / 3 px of the first band are in view.
  const auto seen = [](std::initializer_list<std::int64_t> times) {
    Page page(1000, 1000, 100.0 / 3);
    for (const std::int64_t ms : times) page.maps.see(page.view, ms);
    return page.attention()[0];
  };
  CHECK(seen({7, 11}) == seen({11, 7}));
  CHECK_THAT(seen({7, 11}), Catch::Matchers::WithinAbs(6, 1e-11));
}

TEST_CASE("attention: edges that differ by a rounding error from those of bands", "[heatmap]") {
  Options options;
  options.band_px = 1.1;
  for (const double height : {3.3, 3.3000000000000003, 7.7, 7.700000000000001, 1e6 + 0.1}) {
    Page page(1000, height, 1.65, options);
    for (const double top : {0.0, 1.1, 2.2, 3.3, 3.2999999999999998, 6.6, height - 1.1}) {
      CHECK(page.maps.scroll(page.view, top));
      page.maps.see(page.view, 100);
    }
    for (const auto& [band, ms] : page.attention()) CHECK((ms >= 0 && ms <= 700));
  }
}

TEST_CASE("attention: nothing in view gets nothing", "[heatmap]") {
  for (const double viewport : {0.0, -5.0, std::nan("")}) {
    Page none(1000, 1000, viewport);
    none.maps.see(none.view, 500);
    CHECK(none.attention().empty());
  }
  // Also where the edge of the viewport lies inside a band.
  for (const double viewport : {0.0, -5.0}) {
    Page scrolled(1000, 1000, viewport);
    CHECK(scrolled.maps.scroll(scrolled.view, 450));
    scrolled.maps.see(scrolled.view, 500);
    CHECK(scrolled.attention().empty());
  }
  Page beyond(1000, 950, 100);
  CHECK(beyond.maps.scroll(beyond.view, 980));
  beyond.maps.see(beyond.view, 500);
  CHECK(beyond.attention().empty());
  Page below(1000, 1000, 100);
  CHECK(below.maps.scroll(below.view, 1000));
  below.maps.see(below.view, 500);
  CHECK(below.attention().empty());
  Page unseen(1000, 1000, 100);
  CHECK(unseen.attention().empty());
}

TEST_CASE("reach: bands down to the lowest bottom, a cut one too", "[heatmap]") {
  using Reach = std::vector<double>;
  CHECK(Page(1000, 1000, 100).reach() == Reach(1, 1));
  CHECK(Page(1000, 1000, 101).reach() == Reach(2, 1));
  CHECK(Page(1000, 250, 800).reach() == Reach(3, 1));  // not below the document
  CHECK(Page(1000, 1000, 0).reach().empty());
  Page page(1000, 1000, 100);
  CHECK(page.maps.scroll(page.view, 400));
  CHECK(page.maps.scroll(page.view, 0));
  MappedView second;
  CHECK(page.maps.view(1, 1000, 1000, 250, second));
  CHECK(page.maps.close(second));
  CHECK(page.reach() == Reach{2, 2, 2, 1, 1});
  CHECK(maps_of(page.maps).views == 2);
}

TEST_CASE("reach and attention: a page view that is over counts once", "[heatmap]") {
  Page page(1000, 1000, 100);
  page.maps.see(page.view, 5);
  CHECK(page.maps.close(page.view));
  CHECK_FALSE(page.view.exists());
  CHECK(page.reach() == std::vector<double>{1});
  CHECK(page.attention() == std::map<double, double>{{0, 5}});
}

TEST_CASE("bands: beyond the limit of bands what has no room is left out", "[heatmap]") {
  Limits limits = Limits::lab();
  limits.bands = 4;
  Page page(1000, 1000, 300, {}, limits);
  CHECK(page.maps.close(page.view));  // reach takes them all
  MappedView second;
  CHECK(page.maps.view(1, 1000, 1000, 300, second));
  page.maps.see(second, 100);
  CHECK_FALSE(page.maps.close(second));
  CHECK(maps_of(page.maps).attention_ms.empty());
  REQUIRE(maps_of(page.maps).reach.size() == 3);
  CHECK(maps_of(page.maps).reach[0] == 2);
  MappedView third;
  CHECK(page.maps.view(1, 1000, 1000, 1000, third));
  CHECK_FALSE(page.maps.close(third));
}

TEST_CASE("elements: a click lies in a cell of the element's own box, edges in the last one",
          "[heatmap]") {
  using Cell = std::pair<double, double>;
  const auto place = [](double x, double y, double width, double height) {
    Page page;
    CHECK(page.maps.element_click(page.view, 300, x, y, width, height));
    const PageMaps maps = maps_of(page.maps);
    REQUIRE(maps.elements.size() == 1);
    CHECK(maps.elements[0].element == 300);
    REQUIRE(maps.elements[0].cells.size() == 1);
    return Cell{maps.elements[0].cells[0].column, maps.elements[0].cells[0].row};
  };
  CHECK(place(0, 0, 80, 40) == Cell{0, 0});
  CHECK(place(9.99, 4.99, 80, 40) == Cell{0, 0});
  CHECK(place(10, 5, 80, 40) == Cell{1, 1});
  CHECK(place(80, 40, 80, 40) == Cell{7, 7});
  CHECK(place(0.5, 0.25, 1, 0.25) == Cell{4, 7});
}

TEST_CASE("elements: outside its box, or in a box without a size, a click does not count",
          "[heatmap]") {
  Page page;
  for (const auto& [x, y, width, height] :
       {std::tuple{-0.1, 1.0, 8.0, 8.0}, std::tuple{8.1, 1.0, 8.0, 8.0},
        std::tuple{1.0, -0.1, 8.0, 8.0}, std::tuple{1.0, 8.1, 8.0, 8.0},
        std::tuple{0.0, 0.0, 0.0, 8.0}, std::tuple{0.0, 0.0, 8.0, 0.0},
        std::tuple{0.0, 0.0, -8.0, 8.0}}) {
    CHECK(page.maps.element_click(page.view, 300, x, y, width, height));
  }
  CHECK(maps_of(page.maps).elements.empty());
}

TEST_CASE("elements: each element of each page has its own cells", "[heatmap]") {
  Page page;
  MappedView other;
  CHECK(page.maps.view(2, 1000, 1000, 0, other));
  CHECK(page.maps.element_click(page.view, 300, 1, 1, 8, 8));
  CHECK(page.maps.element_click(page.view, 300, 1, 1, 8, 8));
  CHECK(page.maps.element_click(page.view, 301, 1, 1, 8, 8));
  CHECK(page.maps.element_click(other, 300, 7, 1, 8, 8));
  std::map<std::uint32_t, Cells> elements;
  const PageMaps shown = maps_of(page.maps);
  for (const auto& element : shown.elements) {
    elements[element.element] = cells_of(element.cells);
  }
  CHECK(elements == std::map<std::uint32_t, Cells>{{300, {{{1, 1}, 2}}}, {301, {{{1, 1}, 1}}}});
  REQUIRE(maps_of(page.maps, 2).elements.size() == 1);
  CHECK(cells_of(maps_of(page.maps, 2).elements[0].cells) == Cells{{{7, 1}, 1}});
}

TEST_CASE("heatmaps: pages stay apart and come back from an archive", "[heatmap]") {
  Heatmaps maps(Options{}, Limits::lab());
  for (std::uint32_t page : {256u, 257u, 100'000u}) {
    MappedView view;
    CHECK(maps.view(page, 320, 400, 200, view));
    for (std::uint32_t i = 0; i <= page % 7; ++i) CHECK(maps.click(view, 5, 5));
    CHECK(maps.dwell(maps.cell(view, 5, 5), page));
    CHECK(maps.element_click(view, 300, 1, 1, 8, 8));
    maps.see(view, 10 + page);
    CHECK(maps.close(view));
  }
  std::vector<std::byte> bytes;
  insitu::base::Archive save(bytes);
  save(maps);
  Heatmaps back(Options{}, Limits::lab());
  insitu::base::Archive load{std::span<const std::byte>(bytes)};
  load(back);
  REQUIRE(load.at_end());
  std::vector<std::uint32_t> pages;
  for (const PageMaps& one : back.maps()) pages.push_back(one.page);
  std::sort(pages.begin(), pages.end());
  CHECK(pages == std::vector<std::uint32_t>{256, 257, 100'000});
  for (const std::uint32_t page : pages) {
    const PageMaps one = maps_of(back, page);
    CHECK(cells_of(one.clicks) == Cells{{{0, 0}, static_cast<double>(1 + page % 7)}});
    CHECK(cells_of(one.dwell_ms) == Cells{{{0, 0}, static_cast<double>(page)}});
    CHECK(one.views == 1);
    REQUIRE(one.attention_ms.size() == 2);
    CHECK(one.attention_ms[1].ms == 10 + page);
    CHECK(one.reach.size() == 2);
    CHECK(one.elements.size() == 1);
  }
}
