// SPDX-License-Identifier: MIT
// Where on a page people click, look and linger (KPI specification 7).
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "base/archive.h"
#include "base/array.h"
#include "base/count_map.h"
#include "base/flat_map.h"
#include "base/float.h"
#include "base/inline.h"
#include "base/limits.h"
#include "events/string_table.h"
#include "kpi/options.h"
#include "kpi/partial_io.h"
#include "stats/moments.h"

namespace insitu::heatmap {

// One cell and what was counted in it. Columns count from the left, rows from the top.
struct Cell {
  double column = 0;
  double row = 0;
  double count = 0;
};

// One horizontal band of a page, from band * band_px, and the time it was in view.
struct Band {
  double band = 0;
  double ms = 0;
};

// Clicks inside one element: cells of element_grid x element_grid over its box.
struct ElementGrid {
  std::uint32_t element = 0;  // engine string id
  base::Array<Cell> cells;
};

// Everything about one page. A column is document_width / columns wide, a row row_px high. Cells
// and bands are those with a count, in ascending order (column, then row).
struct PageMaps {
  std::uint32_t page = 0;  // engine string id
  double columns = 0;
  double row_px = 0;
  double views = 0;
  double out_of_bounds = 0;    // clicks
  double document_width = 0;   // of the latest page view, CSS px
  double document_height = 0;  // of the latest page view, CSS px
  base::Array<Cell> clicks;
  base::Array<Cell> dwell_ms;
  base::Array<Band> attention_ms;
  base::Array<double> reach;  // page views that saw band 0, 1, ...
  base::Array<ElementGrid> elements;
};

// Page view as the maps see it: where the page's numbers are, and its geometry, CSS px.
struct MappedView {
  static constexpr std::uint32_t kNone = 0xffffffff;
  std::uint32_t page = kNone;  // from Heatmaps::view(); kNone: no geometry
  double width = 0;            // of the document, > 0
  double height = 0;           // of the document, > 0
  double last_row = 0;         // of the grid
  double viewport_height = 0;  // 0: unknown
  double top = 0;              // of the viewport, as of the latest scroll
  double bottom = 0;           // lowest of the viewport so far
  // Active time at this top that is not in the bands yet: of bands in full view, and the shares of
  // the first and the last band when they are cut. `cut` is how much of them is in view, px.
  std::int64_t seen_ms = 0;
  double first_cut = 0;  // 0: the first band is in full view
  double last_cut = 0;
  std::uint64_t clicked = 0;  // not 0: it was
  std::int64_t first_ms = 0;  // in units of FixedSum
  std::int64_t last_ms = 0;

  bool exists() const { return page != kNone; }
};

// The grids of all pages. All numbers are integers or fixed-point sums, so any order of events and
// of merging gives the same maps. False from a function: there was no room (base/limits.h).
class Heatmaps {
 public:
  // A cell holds 20 bits of page, 12 of column and 32 of row.
  static constexpr int kPageShift = 44;

  Heatmaps(const kpi::Options& options, const base::Limits& limits);

  // A page view of `page` with a document and a viewport of this size; width and height > 0.
  // `view` is what the same page view had before, if it was shown before. O(1) on average.
  bool view(std::uint32_t page, double width, double height, double viewport_height,
            MappedView& view);
  // Whether view() can have given it; a forged one would reach beyond the pages.
  bool knows(const MappedView& view) const {
    return view.page < pages_.size() && view.top >= 0 && view.last_row >= 0;
  }
  // The viewport moved to `y`.
  INSITU_HOT bool scroll(MappedView& view, double y) {
    const double top = std::max(0.0, y);
    bool had_room = true;
    if (top != view.top) {
      had_room = look(view);
      view.top = top;
      place(view);
    }
    view.bottom = std::max(view.bottom, y + view.viewport_height);
    return had_room;
  }
  // Active time passed while the page view was the one to have it.
  INSITU_HOT bool see(MappedView& view, std::int64_t ms) {
    if (ms >= kMostMs || view.seen_ms >= kMostMs) [[unlikely]] {
      return see_more(view, ms);
    }
    add_seen(view, ms);
    return true;
  }
  // A click at document coordinates; outside the document it counts as out of bounds.
  INSITU_HOT bool click(const MappedView& view, double x, double y) {
    const std::uint64_t cell = this->cell(view, x, y);
    if (cell != kNoCell) [[likely]] {
      return add(clicks_, cell, 1);
    }
    if (x >= 0 && x <= view.width && y >= 0 && y <= view.height) return false;
    ++pages_[view.page].out_of_bounds;
    return true;
  }
  // The same click in the box of its element, all finite; outside of it it does not count.
  bool element_click(const MappedView& view, std::uint32_t element, double x, double y,
                     double width, double height);
  // The cell of a pointer position, for dwell(); kNoCell outside the document.
  static constexpr std::uint64_t kNoCell = ~std::uint64_t{0};
  INSITU_HOT std::uint64_t cell(const MappedView& view, double x, double y) const {
    if (!(x >= 0 && x <= view.width && y >= 0 && y <= view.height)) [[unlikely]] {
      return kNoCell;
    }
    // In doubles and in this order, so that every implementation cuts at the same pixel.
    const double column = std::min(columns_ - 1, std::floor(x * columns_ / view.width));
    const double row = std::min(std::floor(y / row_px_), view.last_row);
    if (row > kMaxRow) [[unlikely]] {
      return kNoCell;
    }
    // By way of signed numbers, which is one instruction each.
    return std::uint64_t{view.page} << kPageShift |
           static_cast<std::uint64_t>(static_cast<std::int64_t>(column) << 32 |
                                      static_cast<std::int64_t>(row));
  }
  // Column << 32 | row of such a cell.
  static std::uint64_t place_of(std::uint64_t cell) {
    return cell & ((std::uint64_t{1} << kPageShift) - 1);
  }
  // Column << 8 | row of a position inside a box; false beyond it.
  bool element_cell(double x, double y, double width, double height, std::uint16_t& cell) const;
  // The number of a page, by which ClickMaps know it; kNone of FlatKeys when it had no view.
  std::uint32_t index_of(std::uint32_t page) const { return page_ids_.find(page); }
  // The pointer stayed there.
  INSITU_HOT bool dwell(std::uint64_t cell, std::int64_t ms) { return add(dwell_, cell, ms); }
  // The page view is over: its time and depth go to the bands.
  bool close(MappedView& view);

  // The maps of all pages that had a view; pages and elements are in no particular order.
  // O(cells log cells).
  base::Array<PageMaps> maps() const;

  // Walks everything as members of `heatmaps` of a partial.
  void partial(kpi::PartialIo& io);

  void archive(base::Archive& a) {
    a(page_ids_, pages_, element_ids_, bands_, clicks_, dwell_, elements_);
    if (pages_.size() != page_ids_.size()) a.fail();
  }

 private:
  struct Page {
    kpi::Count views = 0;
    kpi::Count out_of_bounds = 0;
    double document_width = 0;
    double document_height = 0;
    // By band. Where a page view is over, and where time in full view begins and ends, only the
    // ends are noted: `reach_ends[k]` page views saw k bands, and band k had the sum of `full_ms`
    // up to k in full view. What is in neither comes from partials and from bands that were cut.
    base::Array<kpi::Count> reach_ends;
    base::Array<kpi::Count> full_ms;
    base::Array<kpi::Count> reach;
    base::Array<stats::FixedSum> attention;
    void archive(base::Archive& a) {
      a(views, out_of_bounds, document_width, document_height, reach_ends, full_ms, reach,
        attention);
    }
    // Moves the ends into the bands.
    void settle();
  };
  using Cells = base::CountMap;

  static constexpr double kMaxRow = 4294967295.0;
  // Below it, sums at one top fit 64 bits with room to spare: 17 minutes.
  static constexpr std::int64_t kMostMs = 1 << 20;

  std::uint32_t page_of(std::uint32_t id);
  bool see_more(MappedView& view, std::int64_t ms);
  INSITU_HOT void add_seen(MappedView& view, std::int64_t ms) const {
    view.seen_ms += ms;
    // Term by term, so that every implementation rounds the same way. Where people scroll to is as
    // good as random: the share of no band is cheaper than to guess whether one is cut.
    const auto time = static_cast<double>(ms);
    view.first_ms += fixed(time * (view.first_cut > 0 ? view.first_cut : 0) / band_px_);
    view.last_ms += fixed(time * (view.last_cut > 0 ? view.last_cut : 0) / band_px_);
  }
  // A time below 2^21 ms in units of FixedSum.
  static std::int64_t fixed(double ms) {
    constexpr double kUnits = 1099511627776.0;
    static_assert(stats::kRealBits == 40);
    return static_cast<std::int64_t>(base::round_half_even(ms * kUnits));
  }
  bool look(MappedView& view);
  void place(MappedView& view) const;
  INSITU_HOT bool add(Cells& cells, std::uint64_t cell, kpi::Count count) {
    return cells.add(cell, count, max_cells_);
  }
  // Makes room for bands below `count`; false when there is none.
  template <class T>
  bool extend(base::Array<T>& bands, double count);
  void partial_cells(kpi::PartialIo& io, std::string_view name, Cells& cells,
                     const base::Array<std::uint64_t>& sorted, std::uint64_t group, int shift);

  double columns_;
  double row_px_;
  double band_px_;
  double element_grid_;
  std::size_t max_cells_;
  std::size_t max_bands_;
  base::FlatKeys page_ids_;  // engine string ids of pages_
  base::Array<Page> pages_;
  base::FlatKeys element_ids_;  // page index << 32 | engine string id
  std::uint64_t bands_ = 0;
  Cells clicks_;    // page index << 44 | column << 32 | row
  Cells dwell_;     // the same -> ms
  Cells elements_;  // element index << 16 | column << 8 | row
};

}  // namespace insitu::heatmap
