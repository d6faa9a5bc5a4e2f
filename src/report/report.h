// SPDX-License-Identifier: MIT
// What the engine answers when it is asked: plain values, and how they are written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/array.h"
#include "base/quality.h"
#include "base/writer.h"
#include "heatmap/click_maps.h"
#include "heatmap/heatmaps.h"
#include "kpi/options.h"
#include "kpi/result.h"

namespace insitu::report {

// The KPIs of one task.
struct TaskReport {
  std::string_view task;
  base::Array<kpi::KpiResult> kpis;
};

// The heatmaps of one page.
struct PageReport {
  std::string_view page;
  heatmap::PageMaps maps;
  base::Array<std::string_view> elements;  // names of maps.elements
};

// What a map can show of a page. The kinds of clicks come first, in the order of ClickKind.
enum class HeatKind : std::uint8_t {
  kClick,
  kFirstClick,
  kRage,
  kDead,
  kError,
  kDwell,
  kAttention,
  kScrollReach
};
inline constexpr std::string_view kHeatKindNames[] = {
    "click", "first_click", "rage", "dead", "error", "dwell", "attention", "scroll_reach"};
// As it is typed and written: "click".
constexpr std::string_view name_of(HeatKind kind) {
  return kHeatKindNames[static_cast<std::size_t>(kind)];
}
constexpr bool is_of_clicks(HeatKind kind) { return kind <= HeatKind::kError; }
// Of those of clicks, else kClick.
constexpr heatmap::ClickKind click_kind(HeatKind kind) {
  return is_of_clicks(kind) ? static_cast<heatmap::ClickKind>(kind) : heatmap::ClickKind::kClick;
}

// One map of one page. Without the option `heat_kinds` there are clicks of kind click alone, on the
// page as a whole, and nobody knows of how many participants.
struct MapReport {
  struct Element {
    std::string_view key;
    std::string_view anchor;  // empty: unknown
  };
  HeatKind kind = HeatKind::kClick;
  std::optional<std::string_view> state;  // nullopt: all states together
  bool has_kinds = false;
  const kpi::Options* options = nullptr;  // of the engine
  PageReport page;
  heatmap::ClickMap clicks;              // of this kind and state
  base::Array<std::string_view> states;  // sorted
  base::Array<Element> elements;         // of clicks.elements
};

// Everything about one log or one browser. Lists are sorted: KPIs in registry order, tasks and
// pages by the bytes of their names. Texts belong to the engine: they are valid until it changes.
struct Report {
  const kpi::Options* options = nullptr;  // of the engine
  bool exact = true;  // false: some value comes from a sketch (KPI specification 4)
  base::Array<kpi::KpiResult> kpis;
  base::Array<TaskReport> by_task;
  base::Array<PageReport> heatmaps;
  base::Quality quality;
};

// Writes the report in the shape of KPI specification 10, with `unit`, `better` and `definition`
// for each KPI of the site. Intervals that do not exist are null; counters that are 0 are left out.
void write_report(const Report& report, base::Writer& out);

// Writes a map with its geometry, as Grid of js/src/types.ts says.
void write_map(const MapReport& map, base::Writer& out);

}  // namespace insitu::report
