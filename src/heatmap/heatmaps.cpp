// SPDX-License-Identifier: MIT
#include "heatmap/heatmaps.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/sort.h"

namespace insitu::heatmap {

namespace {

constexpr int kElementShift = 16;
constexpr std::uint64_t kMaxPages = 1u << 20;

constexpr int row_bits(int shift) { return shift == Heatmaps::kPageShift ? 32 : 8; }

// Keys of all cells in ascending order: by group, then column, then row, as their bits lie.
base::Array<std::uint64_t> sorted_keys(const base::CountMap& cells) {
  base::Array<std::uint64_t> keys;
  keys.reserve(cells.size());
  cells.for_each([&](std::uint64_t cell, kpi::Count) { keys.push_back(cell); });
  base::sort(keys);
  return keys;
}

// Calls visit(column, row, key) for the keys of one group.
template <class Visit>
void for_each_of_group(const base::Array<std::uint64_t>& keys, std::uint64_t group, int shift,
                       Visit&& visit) {
  const std::uint64_t* at = std::lower_bound(keys.begin(), keys.end(), group << shift);
  for (; at != keys.end() && *at >> shift == group; ++at) {
    const std::uint64_t place = *at & ((std::uint64_t{1} << shift) - 1);
    visit(place >> row_bits(shift), place & ((std::uint64_t{1} << row_bits(shift)) - 1), *at);
  }
}

base::Array<Cell> list(const base::CountMap& cells, const base::Array<std::uint64_t>& keys,
                       std::uint64_t group, int shift) {
  base::Array<Cell> list;
  for_each_of_group(
      keys, group, shift, [&](std::uint64_t column, std::uint64_t row, std::uint64_t key) {
        const kpi::Count count = *cells.find(key);
        if (!count) return;
        list.push_back(
            {static_cast<double>(column), static_cast<double>(row), static_cast<double>(count)});
      });
  return list;
}

}  // namespace

Heatmaps::Heatmaps(const kpi::Options& options, const base::Limits& limits)
    : columns_(options.heat_cols),
      row_px_(options.heat_row_px),
      band_px_(options.band_px),
      element_grid_(options.element_grid),
      max_cells_(limits.grid_cells),
      max_bands_(limits.bands) {}

std::uint32_t Heatmaps::page_of(std::uint32_t id) {
  const std::uint32_t index = page_ids_.insert(id);
  if (index == pages_.size()) pages_.emplace_back();
  return index;
}

bool Heatmaps::view(std::uint32_t page, double width, double height, double viewport_height,
                    MappedView& view) {
  const bool had_room = look(view);
  if (page_ids_.size() >= kMaxPages) return false;
  const double shown = viewport_height > 0 || viewport_height < 0 ? viewport_height : 0;
  view.page = page_of(page);
  view.width = width;
  view.height = height;
  // Not below 0: a height of almost nothing divided by a row is 0 rows.
  view.last_row = std::max(0.0, std::ceil(height / row_px_) - 1);
  view.viewport_height = shown;
  view.top = 0;
  view.bottom = std::max(view.bottom, shown);
  place(view);
  Page& entry = pages_[view.page];
  ++entry.views;
  entry.document_width = width;
  entry.document_height = height;
  return had_room;
}

bool Heatmaps::element_click(const MappedView& view, std::uint32_t element, double x, double y,
                             double width, double height) {
  std::uint16_t cell = 0;
  if (!element_cell(x, y, width, height, cell)) return true;
  const std::uint64_t id = std::uint64_t{view.page} << 32 | element;
  if (elements_.size() >= max_cells_ && element_ids_.find(id) == base::FlatKeys::kNone) {
    return false;
  }
  const std::uint64_t index = element_ids_.insert(id);
  return add(elements_, index << kElementShift | cell, 1);
}

bool Heatmaps::element_cell(double x, double y, double width, double height,
                            std::uint16_t& cell) const {
  if (!(x >= 0 && x <= width && y >= 0 && y <= height && width > 0 && height > 0)) return false;
  const double last = element_grid_ - 1;
  const auto column =
      static_cast<std::uint32_t>(std::min(last, std::floor(x * element_grid_ / width)));
  const auto row =
      static_cast<std::uint32_t>(std::min(last, std::floor(y * element_grid_ / height)));
  cell = static_cast<std::uint16_t>(column << 8 | row);
  return true;
}

template <class T>
bool Heatmaps::extend(base::Array<T>& bands, double count) {
  const auto now = static_cast<double>(bands.size());
  if (count <= now) return true;
  if (!(static_cast<double>(bands_) + (count - now) <= static_cast<double>(max_bands_))) {
    return false;
  }
  bands_ += static_cast<std::uint64_t>(count - now);
  bands.resize(static_cast<std::size_t>(count));
  return true;
}

// Finds which bands the viewport cuts.
void Heatmaps::place(MappedView& view) const {
  const double bottom = std::min(view.height, view.top + view.viewport_height);
  const double first = std::floor(view.top / band_px_);
  const double last = std::ceil(bottom / band_px_) - 1;
  const auto cut = [&](double band) {
    const double overlap =
        std::min(bottom, (band + 1) * band_px_) - std::max(view.top, band * band_px_);
    // Rounding can leave less than nothing in view, and 0 says that a band is not cut.
    return overlap < band_px_ ? std::max(overlap, std::numeric_limits<double>::min()) : 0;
  };
  view.first_cut = cut(first);
  view.last_cut = last > first ? cut(last) : 0;
}

bool Heatmaps::see_more(MappedView& view, std::int64_t ms) {
  // Nobody looks so long without an event unless the cap of idle time is off.
  for (; ms >= kMostMs; ms -= kMostMs / 2) {
    if (!see(view, kMostMs / 2)) return false;
  }
  const bool had_room = view.seen_ms < kMostMs || look(view);
  add_seen(view, ms);
  return had_room;
}

// Spreads the time at the present top over the bands in view.
bool Heatmaps::look(MappedView& view) {
  if (!view.exists() || view.seen_ms <= 0) return true;
  const kpi::Count ms = view.seen_ms;
  const std::int64_t first_ms = view.first_ms;
  const std::int64_t last_ms = view.last_ms;
  view.seen_ms = view.first_ms = view.last_ms = 0;
  const double bottom = std::min(view.height, view.top + view.viewport_height);
  const double first_band = std::floor(view.top / band_px_);
  const double end_band = std::ceil(bottom / band_px_);
  // Without a viewport, or scrolled beyond what was the end of the document, nothing is in view.
  // Less than a rounding error in view may be in no band.
  if (!(view.top < bottom && first_band < end_band)) return true;
  Page& page = pages_[view.page];
  if (!extend(page.full_ms, end_band + 1)) return false;
  auto first = static_cast<std::size_t>(first_band);
  auto end = static_cast<std::size_t>(end_band);
  if (view.first_cut > 0 || view.last_cut > 0) {
    if (!extend(page.attention, end_band)) return false;
    if (view.first_cut > 0) (void)page.attention[first++].add(first_ms);
    if (view.last_cut > 0) (void)page.attention[--end].add(last_ms);
  }
  if (first >= end) return true;
  page.full_ms[first] += ms;
  page.full_ms[end] -= ms;
  return true;
}

bool Heatmaps::close(MappedView& view) {
  if (!view.exists()) return true;
  const bool had_room = look(view);
  const double count = std::ceil(std::min(view.bottom, view.height) / band_px_);
  base::Array<kpi::Count>& ends = pages_[view.page].reach_ends;
  view.page = MappedView::kNone;
  if (!(count > 0)) return had_room;
  if (!extend(ends, count + 1)) return false;
  ++ends[static_cast<std::size_t>(count)];
  return had_room;
}

void Heatmaps::Page::settle() {
  kpi::Count ms = 0;
  if (attention.size() < full_ms.size()) attention.resize(full_ms.size());
  for (std::size_t band = 0; band < full_ms.size(); ++band) {
    ms += full_ms[band];
    (void)attention[band].add(static_cast<base::Int128>(ms) << stats::kRealBits);
  }
  full_ms.clear();
  kpi::Count views_so_far = 0;
  if (reach.size() < reach_ends.size()) reach.resize(reach_ends.size());
  for (std::size_t band = reach_ends.size(); band-- > 0;) {
    reach[band] += views_so_far;
    views_so_far += reach_ends[band];
  }
  reach_ends.clear();
}

base::Array<PageMaps> Heatmaps::maps() const {
  const base::Array<std::uint64_t> clicks = sorted_keys(clicks_);
  const base::Array<std::uint64_t> dwell = sorted_keys(dwell_);
  const base::Array<std::uint64_t> elements = sorted_keys(elements_);
  base::Array<PageMaps> all(pages_.size());
  for (std::uint32_t index = 0; index < pages_.size(); ++index) {
    Page entry = pages_[index];
    entry.settle();
    PageMaps& maps = all[index];
    maps.page = static_cast<std::uint32_t>(page_ids_[index]);
    maps.columns = columns_;
    maps.row_px = row_px_;
    maps.views = static_cast<double>(entry.views);
    maps.out_of_bounds = static_cast<double>(entry.out_of_bounds);
    maps.document_width = entry.document_width;
    maps.document_height = entry.document_height;
    maps.clicks = list(clicks_, clicks, index, kPageShift);
    maps.dwell_ms = list(dwell_, dwell, index, kPageShift);
    for (std::size_t band = 0; band < entry.attention.size(); ++band) {
      const stats::FixedSum& ms = entry.attention[band];
      if (!ms.is_zero()) maps.attention_ms.push_back({static_cast<double>(band), ms.to_real()});
    }
    std::size_t deepest = entry.reach.size();
    while (deepest > 0 && entry.reach[deepest - 1] == 0) --deepest;
    for (std::size_t band = 0; band < deepest; ++band) {
      maps.reach.push_back(static_cast<double>(entry.reach[band]));
    }
  }
  for (std::size_t i = 0; i < element_ids_.size(); ++i) {
    ElementGrid grid{static_cast<std::uint32_t>(element_ids_[i]),
                     list(elements_, elements, i, kElementShift)};
    if (!grid.cells.empty()) all[element_ids_[i] >> 32].elements.push_back(std::move(grid));
  }
  return all;
}

void Heatmaps::partial_cells(kpi::PartialIo& io, std::string_view name, Cells& cells,
                             const base::Array<std::uint64_t>& sorted, std::uint64_t group,
                             int shift) {
  const kpi::PairKeys keys;
  const std::uint64_t columns = std::uint64_t{1} << (shift == kPageShift ? 12 : 8);
  io.begin(name);
  if (!io.reading()) {
    for_each_of_group(sorted, group, shift,
                      [&](std::uint64_t column, std::uint64_t row, std::uint64_t key) {
                        io.count(keys.name(io, column << 32 | row), cells[key]);
                      });
  } else {
    for (std::size_t i = 0; i < io.members(); ++i) {
      std::uint64_t place = 0;
      if (!keys.read(io, io.member(i), place) || place >> 32 >= columns ||
          (place & 0xffffffff) >> row_bits(shift) != 0) {
        io.fail();
        continue;
      }
      const std::uint64_t cell =
          group << shift | (place >> 32) << row_bits(shift) | (place & 0xffffffff);
      kpi::Count none = 0;
      kpi::Count* count = io.storing() ? &cells[cell] : cells.find(cell);
      io.count(io.member(i), count ? *count : none);
    }
  }
  io.end();
}

void Heatmaps::partial(kpi::PartialIo& io) {
  // Only what is written is looked up in order.
  base::Array<std::uint64_t> clicks;
  base::Array<std::uint64_t> dwell;
  base::Array<std::uint64_t> elements;
  if (!io.reading()) {
    clicks = sorted_keys(clicks_);
    dwell = sorted_keys(dwell_);
    elements = sorted_keys(elements_);
  }
  const auto one_page = [&](std::string_view name, std::uint32_t index) {
    Page none;
    const bool known = index < pages_.size();
    Page& page = known ? pages_[index] : none;
    page.settle();
    // A page that is only checked is none of ours, so its cells are not either.
    const std::uint64_t group = known ? index : kMaxPages - 1;
    io.begin(name);
    io.count("views", page.views);
    io.count("out_of_bounds", page.out_of_bounds);
    partial_cells(io, "click", clicks_, clicks, group, kPageShift);
    partial_cells(io, "dwell", dwell_, dwell, group, kPageShift);
    const auto bands = [&](std::string_view bands_name, auto& values, auto&& each) {
      io.begin(bands_name);
      if (!io.reading()) {
        for (std::size_t i = 0; i < values.size(); ++i) {
          each(kpi::NumberKeys::name(io, i), values[i]);
        }
      } else {
        for (std::size_t i = 0; i < io.members(); ++i) {
          std::int64_t band = 0;
          if (!kpi::read_whole(io.member(i), band) || band < 0 ||
              band >= static_cast<std::int64_t>(max_bands_)) {
            io.fail();
            continue;
          }
          const auto at = static_cast<std::size_t>(band);
          std::remove_reference_t<decltype(values[0])> zero{};
          if (io.storing() && !extend(values, static_cast<double>(band) + 1)) continue;
          each(io.member(i), at < values.size() ? values[at] : zero);
        }
      }
      io.end();
    };
    bands("attention", page.attention,
          [&](std::string_view band, stats::FixedSum& ms) { io.sum(band, ms); });
    bands("reach", page.reach, [&](std::string_view band, kpi::Count& n) { io.count(band, n); });
    io.begin("element");
    if (!io.reading()) {
      for (std::size_t i = 0; i < element_ids_.size(); ++i) {
        if (element_ids_[i] >> 32 != index) continue;
        partial_cells(io, io.table().text(static_cast<std::uint32_t>(element_ids_[i])), elements_,
                      elements, i, kElementShift);
      }
    } else {
      for (std::size_t i = 0; i < io.members(); ++i) {
        std::uint64_t element = 0;
        (void)kpi::TextKeys::read(io, io.member(i), element);
        const std::uint64_t id = std::uint64_t{index} << 32 | element;
        const std::uint32_t at = io.storing() ? element_ids_.insert(id) : element_ids_.find(id);
        partial_cells(io, io.member(i), elements_, elements, at, kElementShift);
      }
    }
    io.end();
    io.end();
  };
  io.begin("heatmaps");
  if (!io.reading()) {
    for (std::uint32_t i = 0; i < pages_.size(); ++i) {
      one_page(io.table().text(static_cast<std::uint32_t>(page_ids_[i])), i);
    }
  } else {
    for (std::size_t i = 0; i < io.members(); ++i) {
      std::uint64_t id = 0;
      (void)kpi::TextKeys::read(io, io.member(i), id);
      const auto page = static_cast<std::uint32_t>(id);
      one_page(io.member(i), io.storing() ? page_of(page) : page_ids_.find(page));
    }
  }
  io.end();
}

}  // namespace insitu::heatmap
