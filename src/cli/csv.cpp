// SPDX-License-Identifier: MIT
#include "cli/csv.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>

#include "cli/fields.h"
#include "cli/text.h"

namespace insitu::cli {

void add_csv_text(std::string& out, std::string_view text) {
  constexpr std::string_view kBreaks = "\t\r\n";
  const bool is_formula =
      !text.empty() && std::string_view("=+-@\t\r\n").find(text[0]) != std::string_view::npos;
  const bool is_quoted = text.find_first_of(",\"\r\n") != std::string_view::npos;
  if (is_quoted) out += '"';
  if (is_formula) out += '\'';
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(kBreaks), text.size());
    for (const char c : printable(text.substr(0, end))) {
      if (c == '"') out += '"';
      out += c;
    }
    if (end < text.size()) out += text[end];
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (is_quoted) out += '"';
}

void add_csv_number(std::string& out, double value) {
  if (!std::isfinite(value)) return;
  char digits[32];
  char* const end = digits + sizeof digits;
  const bool is_whole = std::abs(value) < 1e15 && std::trunc(value) == value;
  const auto written = is_whole ? std::to_chars(digits, end, static_cast<long long>(value))
                                : std::to_chars(digits, end, value);
  out.append(digits, written.ptr);
}

namespace {

class Rows {
 public:
  explicit Rows(std::string& out) : out_(out) {}

  void add(std::string_view scope, std::string_view kpi, std::string_view field, double value) {
    begin(scope, kpi, field);
    add_csv_number(out_, value);
    out_ += '\n';
  }

  void add(std::string_view scope, const kpi::KpiResult& kpi) {
    const char* id = kpi.info->id;
    if (kpi.has_value) add(scope, id, "value", kpi.value);
    if (!std::isnan(kpi.x)) add(scope, id, "x", kpi.x);
    if (!std::isnan(kpi.n)) add(scope, id, "n", kpi.n);
    if (kpi.has_interval) {
      add(scope, id, "ci_lower", kpi.interval.lower);
      add(scope, id, "ci_upper", kpi.interval.upper);
    }
    for (const FlatField& field : flat_fields(kpi)) {
      if (!field.is_text) {
        add(scope, id, path_text(field), field.value);
        continue;
      }
      begin(scope, id, path_text(field));
      if (field.text) add_csv_text(out_, field.text);
      out_ += '\n';
    }
    begin(scope, id, "unit");
    add_csv_text(out_, kpi.info->unit);
    out_ += '\n';
  }

 private:
  void begin(std::string_view scope, std::string_view kpi, std::string_view field) {
    for (const std::string_view cell : {scope, kpi, field}) {
      add_csv_text(out_, cell);
      out_ += ',';
    }
  }

  std::string& out_;
};

}  // namespace

std::string to_csv(const report::Report& report) {
  std::string out = "scope,kpi,field,value\n";
  Rows rows(out);
  for (const kpi::KpiResult& kpi : report.kpis) rows.add("site", kpi);
  for (const report::TaskReport& task : report.by_task) {
    std::string scope = "task:";
    scope += task.task;
    for (const kpi::KpiResult& kpi : task.kpis) rows.add(scope, kpi);
  }
  for (std::size_t i = 0; i < base::kProblemCount; ++i) {
    const auto problem = static_cast<base::Problem>(i);
    const auto count = static_cast<double>(report.quality.count(problem));
    if (count > 0) rows.add("quality", "", base::name(problem), count);
  }
  return out;
}

}  // namespace insitu::cli
