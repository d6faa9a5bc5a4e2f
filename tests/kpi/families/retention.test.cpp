// SPDX-License-Identifier: MIT
// Covers kpi/families/retention.h through logs; the numbers are worked out by hand.
#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "catch_amalgamated.hpp"
#include "tests/helpers/engine_report.h"

using Catch::Matchers::WithinRel;
using insitu::base::Limits;
using insitu::kpi::Options;
using insitu::test::Json;
using insitu::test::kDay;
using insitu::test::kHour;
using insitu::test::kpi_of;
using insitu::test::LogText;
using insitu::test::rate_text;
using insitu::test::report_of;
using insitu::test::with;
using insitu::test::with_numbers;

namespace {

constexpr int kFirstDay = 20'454;  // of LogText; a Thursday, its week (of 7 days) is 2922

// Visitors with a session on each of their days.
LogText active(std::initializer_list<std::initializer_list<int>> visitors) {
  LogText log;
  char visitor[] = "a";
  for (const auto& days : visitors) {
    log.of(visitor, "s");
    for (const int day : days) log.add("heartbeat", day * kDay + 10 * kHour);
    ++visitor[0];
  }
  return log;
}

// The members of a KPI that has no value of its own.
Json parts(const char* id, const LogText& log, const Options& options = {}) {
  Json result = kpi_of(id, log, options);
  CHECK_FALSE(result.contains("value"));
  for (const char* name : {"better", "definition", "unit"}) result.erase(name);
  return result;
}

Options with_days(const std::vector<double>& days) { return with_numbers("retention_days", days); }

}  // namespace

TEST_CASE("retention: stickiness is the mean of the days over the month", "[kpi]") {
  const Json result = kpi_of("stickiness", active({{0, 1}, {1}, {1, 1}}));
  CHECK(result["mau"] == 3);
  CHECK_THAT(result["mean_dau"].get<double>(), WithinRel(4.0 / 28));
  CHECK(result["dau_last"] == 3);
  CHECK_THAT(result["value"].get<double>(), WithinRel(4.0 / 28 / 3));
  CHECK_FALSE(result.contains("n"));
}

TEST_CASE("retention: stickiness sees the days of its window only", "[kpi]") {
  const LogText log = active({{0, 2}, {1}, {4}});
  Json result = kpi_of("stickiness", log, with("mau_days", 3));
  CHECK(result["mau"] == 2);  // days 2, 3, 4
  CHECK(result["dau_last"] == 1);
  CHECK_THAT(result["value"].get<double>(), WithinRel(2.0 / 3 / 2));
  result = kpi_of("stickiness", log, with("mau_days", 4));
  CHECK(result["mau"] == 3);  // days 1 to 4
  CHECK_THAT(result["value"].get<double>(), WithinRel(3.0 / 4 / 3));
}

TEST_CASE("retention: what happens from as_of on is not there", "[kpi]") {
  const LogText log = active({{0, 2, 5}, {1}, {7}});
  const Options options = with("as_of", kFirstDay + 4);
  const Json stickiness = kpi_of("stickiness", log, options);
  CHECK(stickiness["mau"] == 2);
  CHECK(stickiness["dau_last"] == 0);
  CHECK_THAT(stickiness["mean_dau"].get<double>(), WithinRel(3.0 / 28));
  CHECK(parts("cohort_table", log, options) == Json::parse(R"({"2922":{"0":2}})"));
  CHECK(rate_text(kpi_of("rolling_retention", log, options)["1"]) == "1/2");
  // As of a day long after, the window is empty.
  CHECK(kpi_of("stickiness", log, with("as_of", kFirstDay + 100))["value"].is_null());
  CHECK(kpi_of("stickiness", log, with("as_of", kFirstDay + 100))["mau"] == 0);
  // Sessions and visitors are counted all the same.
  CHECK(kpi_of("repeat_usage", log, options)["value"] == 5.0 / 3);
}

TEST_CASE("retention: kept are those of one period that come in the next", "[kpi]") {
  // Periods of 2 days: A = days 1, 2, B = days 3, 4.
  const Options options = with("period_days", 2);
  const LogText log = active({{0, 1, 3}, {2, 4}, {0, 3}, {1}, {4}});
  const Json kept = kpi_of("retention_rate", log, options);
  CHECK(rate_text(kept) == "2/3");
  CHECK(kept["ci"].is_array());
  CHECK(rate_text(kpi_of("churn_rate", log, options)) == "1/3");
  CHECK_THAT(kpi_of("churn_rate", log, options)["value"].get<double>(), WithinRel(1.0 / 3));
}

TEST_CASE("retention: long pauses do not bring anybody back into the period", "[kpi]") {
  // as_of is day 101: A = days 41 to 70, B = days 71 to 100.
  const LogText log = active({{0, 100}, {40, 71}, {41, 100}, {70, 71}});
  CHECK(rate_text(kpi_of("retention_rate", log)) == "2/2");
}

TEST_CASE("retention: on day N exactly, of those who could have been there", "[kpi]") {
  const LogText log = active({{0, 1, 7}, {0, 2}, {1, 8}, {7}});
  const Json result = parts("retention_day_n", log);
  CHECK(result.size() == 3);
  CHECK(rate_text(result["1"]) == "1/4");  // the last day is 8
  CHECK(rate_text(result["7"]) == "2/3");
  CHECK(rate_text(result["30"]) == "0/0");
  CHECK(result["30"]["value"].is_null());
  CHECK(result["30"]["ci"].is_null());
  CHECK(result["7"]["ci"].is_array());
}

TEST_CASE("retention: rolling, on day N or later", "[kpi]") {
  const LogText log = active({{0, 1, 7}, {0, 2}, {1, 8}, {7}});
  const Json result = parts("rolling_retention", log);
  CHECK(result.size() == 3);
  CHECK(rate_text(result["1"]) == "3/4");
  CHECK(rate_text(result["7"]) == "2/3");
}

TEST_CASE("retention: the days are the user's, each counts once", "[kpi]") {
  const LogText log = active({{0, 2}, {0, 3}});
  const Json result = parts("retention_day_n", log, with_days({2, 0, 2}));
  CHECK(result.size() == 2);
  CHECK(rate_text(result["0"]) == "2/2");
  CHECK(rate_text(result["2"]) == "1/2");
  CHECK(parts("retention_day_n", log, with_days({})).empty());
}

TEST_CASE("retention: cohorts by week of the first day and age in weeks from that day", "[kpi]") {
  // Day 20 454 is the first of week 2922.
  const LogText log = active({{0, 6, 7, 13, 21}, {6, 12, 13}, {7}});
  CHECK(parts("cohort_table", log) ==
        Json::parse(R"({"2922":{"0":2,"1":2,"3":1},"2923":{"0":1}})"));
}

TEST_CASE("retention: sessions per visitor, and how many have more than one", "[kpi]") {
  LogText log = active({{0}, {1}});
  log.of("a", "t").view(0, 0).view(2 * kHour, 1);
  const Json result = kpi_of("repeat_usage", log);
  CHECK(result["value"] == 2);
  CHECK(result["returning_rate"] == 0.5);
}

TEST_CASE("retention: a session is of the day of its first event, with its clock put right",
          "[kpi]") {
  const auto days = [](const LogText& log, const Options& options = {}) {
    return parts("cohort_table", log, options).dump() +
           rate_text(kpi_of("rolling_retention", log, options)["1"]);
  };
  // Over midnight: one day.
  const LogText night = LogText().view(kDay - 1000, 0).view(kDay + 1000, 1);
  CHECK(days(night) == R"({"2922":{"0":1}}0/0)");
  // A clock that is a day behind: the second session is of day 2, its own t says day 1.
  LogText behind = LogText().view(0, 0);
  behind.of("a", "t").view(kDay, 0).add("session_start", kDay, R"("clock_offset":86400000)");
  CHECK(rate_text(kpi_of("retention_day_n", behind, with_days({2}))["2"]) == "1/1");
  // Half an hour to midnight in UTC is the next day in the east.
  LogText east = LogText().view(0, 0);
  east.of("a", "t").view(kDay - kHour / 2, 0);
  CHECK(days(east) == R"({"2922":{"0":1}}0/0)");
  CHECK(days(east, with("tz_offset_min", 60)) == R"({"2922":{"0":1}}1/1)");
}

TEST_CASE("retention: client sessions may come in any order of their days", "[kpi]") {
  LogText log;
  for (const int day : {5, 0, 3, 5, 1}) {
    log.of("a", std::to_string(log.text().size())).view(day * kDay, 0);
  }
  const Json result = report_of(log.text(), with_days({1, 2, 3, 5}))["kpis"];
  CHECK(rate_text(result["retention_day_n"]["1"]) == "1/1");
  CHECK(rate_text(result["retention_day_n"]["2"]) == "0/1");
  CHECK(rate_text(result["retention_day_n"]["3"]) == "1/1");
  CHECK(rate_text(result["retention_day_n"]["5"]) == "1/1");
  CHECK_THAT(result["stickiness"]["mean_dau"].get<double>(), WithinRel(4.0 / 28));
}

TEST_CASE("retention: days before 1970 have their weeks too", "[kpi]") {
  LogText log;
  log.view(0, 0).add("session_start", 0,
                     R"("clock_offset":-)" + std::to_string(LogText::kStart + kDay));
  CHECK(parts("cohort_table", log) == Json::parse(R"({"-1":{"0":1}})"));
  CHECK(kpi_of("stickiness", log)["dau_last"] == 1);
}

TEST_CASE("retention: nobody is no data", "[kpi]") {
  const Json result = report_of("")["kpis"];
  CHECK(result["stickiness"]["value"].is_null());
  CHECK(result["stickiness"]["mau"] == 0);
  CHECK(result["stickiness"]["mean_dau"] == 0);
  CHECK(result["stickiness"]["dau_last"] == 0);
  CHECK(result["retention_rate"]["value"].is_null());
  CHECK(result["churn_rate"]["n"] == 0);
  CHECK(result["retention_day_n"]["1"]["n"] == 0);
  CHECK(parts("cohort_table", LogText{}).empty());
  CHECK(result["repeat_usage"]["value"].is_null());
  CHECK(result["repeat_usage"]["returning_rate"].is_null());
}

TEST_CASE("retention: without room for all days the first one stays and early ones go", "[kpi]") {
  Limits limits = Limits::lab();
  limits.days = 3;
  const Json report = report_of(active({{0, 1, 2, 3, 3}}).text(), {}, limits);
  const Json& cohorts = report["kpis"]["cohort_table"];
  CHECK(report["quality"]["over_limit"] == 1);
  CHECK_THAT(report["kpis"]["stickiness"]["mean_dau"].get<double>(), WithinRel(3.0 / 28));
  CHECK(report["kpis"]["stickiness"]["mau"] == 1);
  CHECK(report["kpis"]["rolling_retention"]["1"]["x"] == 1);
  CHECK(cohorts["2922"] == Json::parse(R"({"0":1})"));
}
