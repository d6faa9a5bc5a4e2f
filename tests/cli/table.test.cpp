// SPDX-License-Identifier: MIT
// Covers cli/table.h and cli/csv.h on reports made by hand.
#include "cli/table.h"

#include <sstream>
#include <string>
#include <vector>

#include "catch_amalgamated.hpp"
#include "cli/csv.h"
#include "cli/text.h"

using insitu::base::Problem;
using insitu::cli::to_csv;
using insitu::cli::to_table;
using insitu::kpi::KpiInfo;
using insitu::kpi::KpiResult;
using insitu::report::Report;

namespace {

constexpr KpiInfo make_info(const char* id, const char* unit, const char* title,
                            const char* family) {
  KpiInfo info{};
  info.id = id;
  info.unit = unit;
  info.title = title;
  info.family = family;
  return info;
}

constexpr KpiInfo kRate =
    make_info("task_success_rate", "ratio", "Task success (completion) rate", "usability");
constexpr KpiInfo kTime = make_info("time_on_task", "s", "Time on task", "usability");
constexpr KpiInfo kDepth = make_info("scroll_depth", "ratio", "Scroll depth", "engagement");
constexpr KpiInfo kPages = make_info("pages_per_visit", "pages", "Pages per visit", "engagement");

KpiResult rate(double x, double n, double lower, double upper) {
  KpiResult result;
  result.info = &kRate;
  result.value = x / n;
  result.x = x;
  result.n = n;
  result.has_interval = true;
  result.interval = {lower, upper};
  return result;
}

KpiResult plain(const KpiInfo& info, double value) {
  KpiResult result;
  result.info = &info;
  result.value = value;
  return result;
}

// The line of a table that contains `text`, without the spaces at its start.
std::string line_with(const std::string& table, const std::string& text) {
  std::istringstream lines(table);
  for (std::string line; std::getline(lines, line);) {
    if (line.find(text) != std::string::npos) return line.substr(line.find_first_not_of(' '));
  }
  return "no line has " + text;
}

}  // namespace

TEST_CASE("table: a small sample shows its interval first", "[cli]") {
  Report report;
  report.kpis = {rate(4, 5, 0.3599, 0.9796)};
  report.kpis[0].number("laplace", 5.0 / 7);
  CHECK(line_with(to_table(report, "log", false), "Task success") ==
        "Task success (completion) rate  36 %–98 % (80 %, 4 of 5)                          "
        "laplace 71 %");
}

TEST_CASE("table: a large sample shows its value first", "[cli]") {
  Report report;
  report.kpis = {rate(40, 50, 0.668, 0.8885)};
  CHECK(line_with(to_table(report, "log", false), "Task success") ==
        "Task success (completion) rate         80 %  67 %–89 %              40 of 50");
}

TEST_CASE("table: times, counts, notes and missing values", "[cli]") {
  Report report;
  report.kpis = {plain(kTime, 72), plain(kPages, 4.25), plain(kTime, insitu::kpi::kNoData)};
  report.kpis[0].n = 30;
  report.kpis[0].number("excluded", 2.0);
  const std::string table = to_table(report, "log", false);
  CHECK(line_with(table, "1 min 12 s").find("n = 30") != std::string::npos);
  CHECK(line_with(table, "1 min 12 s").ends_with("2 excluded"));
  CHECK(line_with(table, "4.25").ends_with("pages"));
  CHECK(table.find("no data") != std::string::npos);
}

TEST_CASE("table: families have headings, parts a line of their own", "[cli]") {
  Report report;
  report.kpis = {plain(kDepth, 0.5), plain(kTime, 1), plain(kPages, 2)};
  report.kpis[0].begin_object("reach");
  report.kpis[0].number("0.25", 0.86);
  report.kpis[0].number("1.0", 0.1);
  report.kpis[0].end();
  const std::string table = to_table(report, "log", false);
  CHECK(table.find("\nEngagement\n") < table.find("Scroll depth"));
  CHECK(table.find("Pages per visit") < table.find("\nUsability\n"));
  CHECK(line_with(table, "reach") == "reach: 0.25 86 %, 1.0 10 %");
}

TEST_CASE("table: tasks, options, quality, and texts that attack the terminal", "[cli]") {
  Report report;
  report.by_task = {{"pay\x1b[2J", {rate(1, 2, 0.1, 0.9)}}};
  report.quality.add(Problem::kMalformed, 2);
  insitu::kpi::Options options;
  options.engaged_ms = 5;
  report.options = &options;
  const std::string table = to_table(report, "log\n", false);
  CHECK(table.find('\x1b') == std::string::npos);
  CHECK(table.find("\nTask pay") != std::string::npos);
  CHECK(table.find("  2 lines malformed\n") != std::string::npos);
  CHECK(table.find("options {\"engaged_ms\":5}\n") != std::string::npos);
  CHECK(to_table(Report{}, "log", false).find("nothing was dropped") != std::string::npos);
}

TEST_CASE("table: bold only when asked for", "[cli]") {
  CHECK(to_table(Report{}, "log", true).starts_with("\x1b[1mlog\x1b[0m\n"));
  CHECK(to_table(Report{}, "log", false).find('\x1b') == std::string::npos);
}

TEST_CASE("table: no line is wider than 100 columns", "[cli]") {
  Report report;
  report.kpis = {rate(123456789, 987654321, 0.1, 0.9), plain(kDepth, 0.5)};
  report.kpis[1].begin_object("reach");
  for (int i = 0; i < 60; ++i) report.kpis[1].number(std::to_string(i), 0.5);
  report.kpis[1].number(std::string(500, 'x'), 0.5);
  report.kpis[1].end();
  const std::string task(300, 'y');
  report.by_task = {{task, {rate(19, 19, 0.1, 0.9)}}};
  std::istringstream lines(to_table(report, std::string(300, 'z'), false));
  for (std::string line; std::getline(lines, line);) {
    INFO(line);
    CHECK(insitu::cli::width(line) <= insitu::cli::kTableColumns);
    CHECK_FALSE(line.ends_with(' '));
  }
}

TEST_CASE("CSV: one number per line, empty where there is no data", "[cli]") {
  Report report;
  report.kpis = {rate(4, 5, 0.25, 0.75), plain(kDepth, insitu::kpi::kNoData)};
  report.kpis[1].begin_object("reach");
  report.kpis[1].number("0.25", 0.5);
  report.kpis[1].end();
  report.kpis[1].text("grade", "B+");
  report.kpis[1].text("rating", nullptr);
  report.quality.add(Problem::kDuplicate, 3);
  CHECK(to_csv(report) ==
        "scope,kpi,field,value\n"
        "site,task_success_rate,value,0.8\n"
        "site,task_success_rate,x,4\n"
        "site,task_success_rate,n,5\n"
        "site,task_success_rate,ci_lower,0.25\n"
        "site,task_success_rate,ci_upper,0.75\n"
        "site,task_success_rate,unit,ratio\n"
        "site,scroll_depth,value,\n"
        "site,scroll_depth,reach.0.25,0.5\n"
        "site,scroll_depth,grade,B+\n"
        "site,scroll_depth,rating,\n"
        "site,scroll_depth,unit,ratio\n"
        "quality,,duplicate,3\n");
}

TEST_CASE("CSV: formulas, quotes and separators in names stay text", "[cli]") {
  Report report;
  report.by_task = {{"=1+1,\"x\"", {plain(kTime, -1.5)}},
                    {"\x1b[2J\xe2\x80\xae\r\n\"y", {plain(kTime, 2)}}};
  KpiInfo info = kTime;
  info.unit = "@unit";
  report.kpis = {plain(info, 1e6)};
  const std::string csv = to_csv(report);
  CHECK(csv.find("\"task:=1+1,\"\"x\"\"\",time_on_task,value,-1.5\n") != std::string::npos);
  CHECK(csv.find("site,time_on_task,unit,'@unit\n") != std::string::npos);
  CHECK(csv.find("\"task:\xef\xbf\xbd[2J\xef\xbf\xbd\r\n\"\"y\",time_on_task,value,2\n") !=
        std::string::npos);
  CHECK(csv.find("site,time_on_task,value,1000000\n") != std::string::npos);
}
