// SPDX-License-Identifier: MIT
// What the user typed behind `insitu heatmap`, checked.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "cli/args.h"
#include "heatmap/density.h"
#include "report/report.h"

namespace insitu::cli {

using report::HeatKind;
enum class HeatUnit : std::uint8_t { kClicks, kParticipants };
enum class HeatMarks : std::uint8_t { kAuto, kDots, kZones, kDensity };
enum class HeatTable : std::uint8_t { kNone, kText, kCsv };

struct HeatmapArgs {
  bool wants_help = false;
  std::string log;  // "-" is standard input
  std::string page;
  HeatKind kind = HeatKind::kClick;
  HeatUnit unit = HeatUnit::kParticipants;
  HeatMarks marks = HeatMarks::kAuto;
  std::optional<std::string> state;
  std::optional<Segment> segment;
  double sigma_px = heatmap::kDefaultSigmaPx;
  bool cut_top = false;
  std::string palette = "viridis";
  std::string options;  // as of `report`
  std::string boxes;    // layout.json; "" none
  std::string over;     // PNG; "" none
  double width_px = 0;  // 0: the width most page views have
  std::string out;      // .png, .svg, .scene.json or .grid.json; "" none
  HeatTable table = HeatTable::kNone;
};

// Reads the words behind "heatmap". On a mistake gives nothing, and `error` says what to type.
[[nodiscard]] std::optional<HeatmapArgs> parse_heatmap_args(std::span<const char* const> words,
                                                            std::string& error);

extern const char* const kHeatmapHelp;

}  // namespace insitu::cli
