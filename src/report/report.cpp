// SPDX-License-Identifier: MIT
#include "report/report.h"

#include <cmath>

namespace insitu::report {

namespace {

void write_kpi(const kpi::KpiResult& kpi, const kpi::Options* options, base::Writer& out) {
  out.key(kpi.info->id);
  out.begin_object();
  out.field("value", kpi.value);
  if (!std::isnan(kpi.x)) out.field("x", kpi.x);
  if (!std::isnan(kpi.n)) out.field("n", kpi.n);
  if (kpi.has_interval) {
    out.key("ci");
    if (!std::isnan(kpi.interval.lower)) {
      out.begin_array();
      out.number(kpi.interval.lower);
      out.number(kpi.interval.upper);
      out.end_array();
    } else {
      out.null();
    }
  }
  for (const kpi::Extra& extra : kpi.extras) out.field(extra.name, extra.value);
  if (kpi.parts_name) {
    out.key(kpi.parts_name);
    out.begin_object();
    for (const kpi::Part& part : kpi.parts) out.field(part.label.view(), part.value);
    out.end_object();
  }
  if (options) {
    out.field("unit", kpi.info->unit);
    out.field("better", kpi.info->better);
    out.key("definition");
    out.begin_object();
    out.field("id", kpi.info->id);
    out.field("version", static_cast<double>(kpi::kSpecVersion));
    out.key("options");
    if (kpi.info->options.empty()) {
      out.begin_object();
      out.end_object();
    } else {
      options->write_differences(out, kpi.info->options);
    }
    out.end_object();
  }
  out.end_object();
}

void write_cells(const heatmap::Grid& grid, base::Writer& out) {
  out.begin_array();
  for (const heatmap::Cell& cell : grid.cells) {
    out.begin_array();
    out.number(cell.column);
    out.number(cell.row);
    out.number(cell.count);
    out.end_array();
  }
  out.end_array();
}

}  // namespace

void write_report(const Report& report, base::Writer& out) {
  out.begin_object();
  out.field("version", static_cast<double>(kpi::kSpecVersion));
  out.field("mode", report.exact ? "exact" : "sketch");
  out.key("kpis");
  out.begin_object();
  for (const kpi::KpiResult& kpi : report.kpis) write_kpi(kpi, report.options, out);
  out.end_object();
  out.key("by_task");
  out.begin_object();
  for (const TaskReport& task : report.by_task) {
    out.key(task.task);
    out.begin_object();
    for (const kpi::KpiResult& kpi : task.kpis) write_kpi(kpi, nullptr, out);
    out.end_object();
  }
  out.end_object();
  out.key("heatmaps");
  out.begin_object();
  for (const PageGrid& page : report.heatmaps) {
    out.key(page.page);
    out.begin_object();
    out.field("views", page.grid.views);
    out.field("out_of_bounds", page.grid.out_of_bounds);
    out.key("click");
    write_cells(page.grid, out);
    out.end_object();
  }
  out.end_object();
  out.key("quality");
  out.begin_object();
  for (std::size_t i = 0; i < base::kProblemCount; ++i) {
    const auto problem = static_cast<base::Problem>(i);
    if (report.quality.count(problem)) {
      out.field(base::name(problem), static_cast<double>(report.quality.count(problem)));
    }
  }
  out.end_object();
  out.end_object();
}

void write_grid(const PageGrid& page, base::Writer& out) {
  const heatmap::Grid& grid = page.grid;
  out.begin_object();
  out.field("page", page.page);
  out.field("columns", grid.columns);
  out.field("row_px", grid.row_px);
  out.field("rows", std::ceil(grid.document_height / grid.row_px));
  out.field("views", grid.views);
  out.field("out_of_bounds", grid.out_of_bounds);
  out.field("document_width", grid.document_width);
  out.field("document_height", grid.document_height);
  out.key("cells");
  write_cells(grid, out);
  out.end_object();
}

}  // namespace insitu::report
