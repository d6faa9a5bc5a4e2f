// SPDX-License-Identifier: MIT
#include "report/report.h"

#include <cmath>

namespace insitu::report {

namespace {

void write_fields(const kpi::KpiResult& kpi, base::Writer& out) {
  using Kind = kpi::Field::Kind;
  base::Array<bool> lists;  // of every group that is open
  for (const kpi::Field& field : kpi.fields) {
    if (field.kind == Kind::kEnd) {
      lists.back() ? out.end_array() : out.end_object();
      lists.resize(lists.size() - 1);
      continue;
    }
    if (lists.empty() || !lists.back()) out.key(kpi.name(field));
    switch (field.kind) {
      case Kind::kNumber:
        out.number(field.value);
        break;
      case Kind::kText:
        field.text ? out.text(field.text) : out.null();
        break;
      case Kind::kBeginObject:
        out.begin_object();
        lists.push_back(false);
        break;
      case Kind::kBeginList:
        out.begin_array();
        lists.push_back(true);
        break;
      case Kind::kEnd:
        break;
    }
  }
}

void write_kpi(const kpi::KpiResult& kpi, const kpi::Options* options, base::Writer& out) {
  out.key(kpi.info->id);
  out.begin_object();
  if (kpi.has_value) out.field("value", kpi.value);
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
  if (kpi.is_sketch) out.field("mode", "sketch");
  write_fields(kpi, out);
  out.field("unit", kpi.info->unit);
  if (options) {
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

void write_cells(std::string_view name, const base::Array<heatmap::Cell>& cells,
                 base::Writer& out) {
  out.key(name);
  out.begin_array();
  for (const heatmap::Cell& cell : cells) {
    out.begin_array();
    out.number(cell.column);
    out.number(cell.row);
    out.number(cell.count);
    out.end_array();
  }
  out.end_array();
}

void write_cells(std::string_view name, const base::Array<heatmap::CountedCell>& cells,
                 base::Writer& out) {
  out.key(name);
  out.begin_array();
  for (const heatmap::CountedCell& cell : cells) {
    out.begin_array();
    out.number(cell.column);
    out.number(cell.row);
    out.number(cell.clicks);
    out.number(cell.participants);
    out.end_array();
  }
  out.end_array();
}

void write_maps(const PageReport& page, base::Writer& out) {
  const heatmap::PageMaps& maps = page.maps;
  out.key(page.page);
  out.begin_object();
  out.field("views", maps.views);
  out.field("out_of_bounds", maps.out_of_bounds);
  write_cells("click", maps.clicks, out);
  write_cells("dwell_ms", maps.dwell_ms, out);
  out.key("attention_ms");
  out.begin_array();
  for (const heatmap::Band& band : maps.attention_ms) {
    out.begin_array();
    out.number(band.band);
    out.number(band.ms);
    out.end_array();
  }
  out.end_array();
  out.key("reach");
  out.begin_array();
  for (const double views : maps.reach) out.number(views);
  out.end_array();
  out.key("element");
  out.begin_object();
  for (std::size_t i = 0; i < maps.elements.size(); ++i) {
    write_cells(page.elements[i], maps.elements[i].cells, out);
  }
  out.end_object();
  out.end_object();
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
  for (const PageReport& page : report.heatmaps) write_maps(page, out);
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

void write_map(const MapReport& map, base::Writer& out) {
  const heatmap::PageMaps& page = map.page.maps;
  out.begin_object();
  out.field("page", map.page.page);
  out.field("kind", name_of(map.kind));
  out.key("state");
  if (map.state) {
    out.text(*map.state);
  } else {
    out.null();
  }
  out.key("states");
  out.begin_array();
  for (const std::string_view state : map.states) out.text(state);
  out.end_array();
  out.field("columns", page.columns);
  out.field("row_px", page.row_px);
  out.field("rows", std::ceil(page.document_height / page.row_px));
  out.field("band_px", map.options->band_px);
  out.field("element_grid", map.options->element_grid);
  out.field("views", page.views);
  out.key("participants");
  if (map.has_kinds) {
    out.number(map.clicks.participants);
  } else {
    out.null();
  }
  out.field("out_of_bounds", page.out_of_bounds);
  out.field("document_width", page.document_width);
  out.field("document_height", page.document_height);
  if (map.kind == HeatKind::kDwell) {
    write_cells("cells", page.dwell_ms, out);
  } else if (map.kind == HeatKind::kClick && !map.has_kinds) {
    write_cells("cells", page.clicks, out);
  } else {
    write_cells("cells", map.clicks.cells, out);
  }
  out.key("bands");
  out.begin_array();
  const auto band = [&out](double at, double value) {
    out.begin_array();
    out.number(at);
    out.number(value);
    out.end_array();
  };
  if (map.kind == HeatKind::kAttention) {
    for (const heatmap::Band& each : page.attention_ms) band(each.band, each.ms);
  }
  if (map.kind == HeatKind::kScrollReach) {
    for (std::size_t i = 0; i < page.reach.size(); ++i) {
      band(static_cast<double>(i), page.reach[i]);
    }
  }
  out.end_array();
  out.key("elements");
  out.begin_array();
  for (std::size_t i = 0; i < map.elements.size(); ++i) {
    const heatmap::ElementMap& element = map.clicks.elements[i];
    out.begin_object();
    out.field("element", map.elements[i].key);
    out.field("anchor", map.elements[i].anchor);
    out.field("clicks", element.clicks);
    out.field("participants", element.participants);
    out.key("interactive");
    out.boolean(element.interactive);
    out.key("box");
    out.begin_array();
    for (const double side : element.box) out.number(side);
    out.end_array();
    write_cells("cells", element.cells, out);
    out.end_object();
  }
  out.end_array();
  out.end_object();
}

}  // namespace insitu::report
