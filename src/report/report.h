// SPDX-License-Identifier: MIT
// What the engine answers when it is asked: plain values, and how they are written.
#pragma once

#include <string_view>

#include "base/array.h"
#include "base/quality.h"
#include "base/writer.h"
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

// Writes the click grid of a page with its geometry: {page, columns, row_px, rows, views,
// out_of_bounds, document_width, document_height, cells: [[column, row, count], ...]}.
void write_grid(const PageReport& page, base::Writer& out);

}  // namespace insitu::report
