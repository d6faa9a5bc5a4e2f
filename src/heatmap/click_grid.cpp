// SPDX-License-Identifier: MIT
#include "heatmap/click_grid.h"

#include <algorithm>
#include <cmath>

#include "base/sort.h"

namespace insitu::heatmap {

namespace {

// A key holds 20 bits of page, 12 of column and 32 of row.
constexpr std::uint64_t kMaxPage = (1u << 20) - 1;
constexpr double kMaxRow = 4294967295.0;

std::uint64_t key(std::uint64_t page, std::uint64_t column, std::uint64_t row) {
  return page << 44 | column << 32 | row;
}

}  // namespace

void ClickGrids::view(std::uint32_t page, double document_width, double document_height) {
  Page& entry = pages_[page];
  ++entry.views;
  entry.document_width = document_width;
  entry.document_height = document_height;
}

bool ClickGrids::click(std::uint32_t page, double document_width, double document_height, double x,
                       double y) {
  if (!(x >= 0 && x <= document_width && y >= 0 && y <= document_height)) {
    ++pages_[page].out_of_bounds;
    return true;
  }
  // In doubles and in this order, so that every implementation cuts at the same pixel.
  const double column = std::min(columns_ - 1, std::floor(x * columns_ / document_width));
  // Not below 0: a height of almost nothing divided by a row is 0 rows.
  const double last_row = std::max(0.0, std::ceil(document_height / row_px_) - 1);
  const double row = std::min(last_row, std::floor(y / row_px_));
  if (row > kMaxRow || page > kMaxPage) return false;
  const std::uint64_t cell =
      key(page, static_cast<std::uint64_t>(column), static_cast<std::uint64_t>(row));
  if (cells_.size() >= max_cells_ && !cells_.find(cell)) return false;
  ++cells_[cell];
  return true;
}

std::vector<std::uint32_t> ClickGrids::pages() const {
  std::vector<std::uint32_t> pages;
  for_each_page([&](std::uint32_t page) { pages.push_back(page); });
  return pages;
}

Grid ClickGrids::grid(std::uint32_t page) const {
  Grid grid;
  const Page* entry = pages_.find(page);
  if (!entry) return grid;
  grid.columns = columns_;
  grid.row_px = row_px_;
  grid.views = static_cast<double>(entry->views);
  grid.out_of_bounds = static_cast<double>(entry->out_of_bounds);
  grid.document_width = entry->document_width;
  grid.document_height = entry->document_height;
  base::Array<std::uint64_t> keys;
  cells_.for_each([&](std::uint64_t cell, std::uint64_t) {
    if (cell >> 44 == page) keys.push_back(cell);
  });
  base::sort(keys);  // column before row, as the bits lie
  for (const std::uint64_t cell : keys) {
    grid.cells.push_back({static_cast<double>(cell >> 32 & 0xfff),
                          static_cast<double>(cell & 0xffffffff),
                          static_cast<double>(*cells_.find(cell))});
  }
  return grid;
}

}  // namespace insitu::heatmap
