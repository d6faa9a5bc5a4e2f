// SPDX-License-Identifier: MIT
// From what a log says about a page to what a picture shows of it, and to the same as a table.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/heatmap_args.h"
#include "cli/layout_file.h"
#include "cli/page_clicks.h"
#include "heatmap/heatmaps.h"
#include "heatmap/scene.h"
#include "kpi/options.h"

namespace insitu::cli {

// One line of the table: an element, band or cell.
struct HeatRow {
  std::string name;
  double count = 0;  // clicks, or participants; for times ms
  double of = 0;     // of so many; 0: no share
  double lower = 0;  // interval of count / of, 0 ... 1
  double upper = 0;
  double participants = 0;  // different ones
};

struct Heat {
  heatmap::Scene scene;
  std::vector<HeatRow> rows;  // largest first, bands from the top
  std::string grid;           // what the engine counted, as JSON (report::write_map)
};

// What to draw on.
struct HeatPage {
  const Layout* layout = nullptr;
  // Height / width of the screenshot; 0 without one.
  double picture_shape = 0;
};

// Clicks as dots, zones or density; `args.marks` or what suits their number.
[[nodiscard]] Heat heat_of_clicks(const HeatmapArgs& args, const PageClicks& page,
                                  const HeatPage& drawn, const kpi::Options& options);

// Dwell, attention and scroll reach, from the grids of the engine. `page` is for who was there.
[[nodiscard]] Heat heat_of_maps(const HeatmapArgs& args, const heatmap::PageMaps& maps,
                                const PageClicks& page, const HeatPage& drawn,
                                const kpi::Options& options);

// The rows as a table for people, or as comma-separated values with a header.
[[nodiscard]] std::string table_of(const Heat& heat, const HeatmapArgs& args);

}  // namespace insitu::cli
