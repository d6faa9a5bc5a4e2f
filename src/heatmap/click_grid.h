// SPDX-License-Identifier: MIT
// Where on a page people click: counts per cell.
#pragma once

#include <cstdint>
#include <vector>

#include "base/archive.h"
#include "base/array.h"
#include "base/flat_map.h"

namespace insitu::heatmap {

// One cell and its clicks. Columns count from the left, rows from the top.
struct Cell {
  double column = 0;
  double row = 0;
  double count = 0;
};

// The grid of one page. A column is document_width / columns wide, a row row_px high.
struct Grid {
  double columns = 0;  // 0: no view of this page with a geometry
  double row_px = 0;
  double views = 0;
  double out_of_bounds = 0;
  double document_width = 0;   // of the latest page view, CSS px
  double document_height = 0;  // of the latest page view, CSS px
  base::Array<Cell> cells;     // only those with clicks, by column, then row
};

// Page click grids (KPI specification 7, click_density): the document is cut into `columns` equal
// columns and rows of `row_px`; the right and bottom edges belong to the last cell. Counts add up,
// so any order of events gives the same grids.
class ClickGrids {
 public:
  // `max_cells`: all pages together; clicks in further cells are refused.
  ClickGrids(double columns, double row_px, std::size_t max_cells)
      : columns_(columns), row_px_(row_px), max_cells_(max_cells) {}

  // A page view of `page` with a document of this size, CSS px, both > 0.
  void view(std::uint32_t page, double document_width, double document_height);
  // A click at document coordinates of a page view with this geometry. False when there was no room
  // for its cell; a click outside the document counts as out of bounds. O(1) on average.
  bool click(std::uint32_t page, double document_width, double document_height, double x, double y);

  // Calls visit(page) for each page that had a view, in no particular order.
  template <class Visit>
  void for_each_page(Visit&& visit) const {
    pages_.for_each(
        [&](std::uint64_t page, const Page&) { visit(static_cast<std::uint32_t>(page)); });
  }
  // Those pages.
  std::vector<std::uint32_t> pages() const;
  // The grid of a page; no columns when the page is not known. O(cells log cells).
  Grid grid(std::uint32_t page) const;

  void archive(base::Archive& a) { a(pages_, cells_); }

 private:
  struct Page {
    std::uint64_t views = 0;
    std::uint64_t out_of_bounds = 0;
    double document_width = 0;
    double document_height = 0;
  };

  double columns_;
  double row_px_;
  std::size_t max_cells_;
  base::FlatMap<Page> pages_;           // by engine string id
  base::FlatMap<std::uint64_t> cells_;  // page << 44 | column << 32 | row -> clicks
};

}  // namespace insitu::heatmap
