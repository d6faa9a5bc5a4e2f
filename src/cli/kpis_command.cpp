// SPDX-License-Identifier: MIT
#include "cli/kpis_command.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "cli/input.h"
#include "cli/text.h"
#include "kpi/options.h"
#include "kpi/registry.h"
#include "report/canonical.h"
#include "report/json.h"

namespace insitu::cli {

const char* const kKpisHelp =
    "usage: insitu kpis [ID] [--json|--markdown]\n"
    "\n"
    "Lists the KPIs of this program; with an ID, its whole definition: formula, inputs, edge\n"
    "cases, interval, merging, source, and the options its value depends on.\n"
    "\n"
    "  insitu kpis\n"
    "  insitu kpis task_success_rate\n"
    "  insitu kpis --markdown    the page docs/kpi.md\n"
    "  insitu kpis --json        for programs\n"
    "\n"
    "Exit code: 0 fine; 2 there is no such KPI.\n";

namespace {

using kpi::KpiInfo;

struct Part {
  const char* title;
  const char* key;
  const char* KpiInfo::*text;
};
constexpr Part kParts[] = {{"Formula", "formula", &KpiInfo::formula},
                           {"Inputs", "inputs", &KpiInfo::inputs},
                           {"Edge cases", "edge_cases", &KpiInfo::edge_cases},
                           {"Interval", "interval", &KpiInfo::interval},
                           {"Merging", "merge", &KpiInfo::merge},
                           {"Source", "source", &KpiInfo::source}};

std::string default_text(const char* option) {
  report::CanonicalWriter out;
  kpi::write_option(kpi::Options{}, option, out);
  return out.take();
}

std::string options_of(const KpiInfo& info) {
  std::string text;
  for (const char* option : info.options) {
    if (!text.empty()) text += ", ";
    text += join({"`", option, "`"});
  }
  return text;
}

// Families in the order of their first KPI.
std::vector<std::string_view> families() {
  std::vector<std::string_view> names;
  for (const KpiInfo* info : kpi::all_kpis()) {
    if (std::find(names.begin(), names.end(), info->family) == names.end()) {
      names.emplace_back(info->family);
    }
  }
  return names;
}

std::string definition(const KpiInfo& info) {
  std::string text =
      join({info.id, ": ", info.title, "\n", info.family, ", ", info.role, ", stage ", info.stage,
            ", scope ", info.scope, ", unit ", info.unit, ", better: ", info.better, "\n"});
  for (const Part& part : kParts) {
    text += join({"\n", part.title, ": ", info.*part.text, "\n"});
  }
  const std::string options = options_of(info);
  if (!options.empty()) text += join({"\nOptions: ", options, "\n"});
  return text;
}

std::string list() {
  constexpr std::size_t kId = 32;
  std::string text;
  for (const std::string_view family : families()) {
    if (!text.empty()) text += '\n';
    text += join({family, "\n"});
    for (const KpiInfo* info : kpi::all_kpis()) {
      if (info->family == family) {
        text += join({"  ", pad_right(info->id, kId), info->title, "\n"});
      }
    }
  }
  return text;
}

std::string json() {
  report::JsonWriter out(2);
  out.begin_object();
  out.field("version", static_cast<double>(kpi::kSpecVersion));
  out.key("kpis");
  out.begin_array();
  for (const KpiInfo* info : kpi::all_kpis()) {
    out.begin_object();
    out.field("id", std::string_view(info->id));
    out.field("title", std::string_view(info->title));
    out.field("family", std::string_view(info->family));
    out.field("role", std::string_view(info->role));
    out.field("stage", std::string_view(info->stage));
    out.field("scope", std::string_view(info->scope));
    out.field("unit", std::string_view(info->unit));
    out.field("better", std::string_view(info->better));
    for (const Part& part : kParts) out.field(part.key, std::string_view(info->*part.text));
    out.key("options");
    out.begin_array();
    for (const char* option : info->options) out.text(option);
    out.end_array();
    out.end_object();
  }
  out.end_array();
  out.end_object();
  return out.take() + "\n";
}

// Cells of a Markdown table end at a bar.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

std::string kpi_page() {
  std::string page =
      "# KPIs\n"
      "\n"
      "Every number Insitu computes. This page is made from the registry in the code: `./dev gen`\n"
      "writes it, a test compares it. Ratios are 0...1; no data is `null`, never 0. x/n: value "
      "x/n,\n"
      "interval by the option `ci_method`, null when n is 0. mean-t and log-t: Student's t on the\n"
      "values or on their logarithms. τ is corrected time, in which clocks that jump do no harm.\n"
      "How numbers of many browsers merge is said for each: COUNT, HIST, GRID, GAP and COHORT "
      "add\n"
      "up exactly; MOMENTS are fixed-point sums; SKETCH is a DDSketch, within 1 % "
      "(`sketch_alpha`).\n"
      "\n";
  for (const std::string_view family : families()) {
    std::string title(family);
    title[0] = static_cast<char>(title[0] - 'a' + 'A');
    page += join({"## ", title, "\n\n"});
    for (const KpiInfo* info : kpi::all_kpis()) {
      if (info->family != family) continue;
      page += join({"### `", info->id, "` ", info->title, "\n\n", info->unit,
                    " · better: ", info->better, " · ", info->role, " · stage: ", info->stage,
                    " · per ", info->scope, "\n\n"});
      for (const Part& part : kParts) {
        const std::string_view text = info->*part.text;
        if (text.empty() || text == "–") continue;
        page += join({"- **", part.title, "** ", text, "\n"});
      }
      const std::string options = options_of(*info);
      if (!options.empty()) page += join({"- **Options** ", options, "\n"});
      page += '\n';
    }
  }
  page +=
      "## Options\n"
      "\n"
      "Where the field disagrees, you choose. `insitu report --options '{\"bounce_mode\": "
      "\"ga4\"}'`,\n"
      "or the `kpi` option of `init()`.\n"
      "\n"
      "| option | default | allowed |\n"
      "|---|---|---|\n";
  for (const char* option : kpi::option_names()) {
    page += join({"| `", option, "` | `", cell(default_text(option)), "` | ",
                  cell(kpi::allowed(option)), " |\n"});
  }
  return page;
}

int run_kpis(std::span<const char* const> words) {
  std::string_view id;
  std::string_view format;
  for (const std::string_view word : words) {
    if (word == "--help" || word == "-h") return print(kKpisHelp, kFine);
    if (word == "--json" || word == "--markdown") {
      format = word;
    } else if (word.starts_with('-') || !id.empty()) {
      return fail(join({"kpis takes one ID, not `", word, "`: see `insitu kpis --help`"}));
    } else {
      id = word;
    }
  }
  if (format == "--json") return print(json(), kFine);
  if (format == "--markdown") return print(kpi_page(), kFine);
  if (id.empty()) return print(list(), kFine);
  for (const KpiInfo* info : kpi::all_kpis()) {
    if (id == info->id) return print(definition(*info), kFine);
  }
  return fail(join({"there is no KPI `", id, "`: see `insitu kpis`"}));
}

}  // namespace insitu::cli
