// SPDX-License-Identifier: MIT
// Covers kpi/families/usability.h through logs; the numbers are worked out by hand.
#include <cmath>
#include <string>
#include <vector>

#include "catch_amalgamated.hpp"
#include "tests/helpers/engine_report.h"
#include "tests/helpers/random.h"

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using insitu::base::Limits;
using insitu::test::Json;
using insitu::test::kReferenceTolerance;
using insitu::test::LogText;
using insitu::test::report_of;
using insitu::test::with;

namespace {

std::string task(const char* name, int attempt, const char* outcome = nullptr) {
  std::string fields =
      R"("task":")" + std::string(name) + R"(","attempt":)" + std::to_string(attempt);
  if (outcome) fields += R"(,"outcome":")" + std::string(outcome) + '"';
  return fields;
}

// Attempts at "buy": success in 2 s, success in 8 s, partial, failure, given up, never ended.
LogText six_attempts() {
  LogText log;
  log.view(0, 0);
  log.add("task_start", 1000, task("buy", 0));
  log.add("task_end", 3000, task("buy", 0, "success"));
  log.add("task_start", 10'000, task("buy", 1));
  log.add("task_end", 18'000, task("buy", 1, "success"));
  log.add("task_start", 20'000, task("buy", 2));
  log.add("task_end", 21'000, task("buy", 2, "partial"));
  log.add("task_start", 22'000, task("buy", 3));
  log.add("task_end", 26'000, task("buy", 3, "failure"));
  log.add("task_start", 30'000, task("buy", 4));
  log.add("task_end", 31'000, task("buy", 4, "abandon"));
  log.add("task_start", 40'000, task("buy", 5));
  return log;
}

}  // namespace

TEST_CASE("tasks: success counts all attempts, also unfinished ones", "[kpi]") {
  const Json success = report_of(six_attempts().text())["kpis"]["task_success_rate"];
  CHECK(success["x"] == 2);
  CHECK(success["n"] == 6);
  CHECK_THAT(success["value"].get<double>(), WithinRel(2.0 / 6, kReferenceTolerance));
  CHECK(success["laplace"] == 3.0 / 8);
  CHECK_THAT(success["with_partial"].get<double>(), WithinRel(2.0 / 6, kReferenceTolerance));
  const Json credit =
      report_of(six_attempts().text(), with("partial_credit", 0.5))["kpis"]["task_success_rate"];
  CHECK_THAT(credit["with_partial"].get<double>(), WithinRel(2.5 / 6, kReferenceTolerance));
}

TEST_CASE("tasks: abandoned are those given up and those never ended", "[kpi]") {
  const Json abandoned = report_of(six_attempts().text())["kpis"]["task_abandonment_rate"];
  CHECK(abandoned["x"] == 2);
  CHECK(abandoned["n"] == 6);
}

TEST_CASE("tasks: without attempts nothing is known", "[kpi]") {
  const Json kpis = report_of(LogText().view(0, 0).text())["kpis"];
  CHECK(kpis["task_success_rate"]["value"].is_null());
  CHECK(kpis["task_success_rate"]["laplace"].is_null());
  CHECK(kpis["task_success_rate"]["with_partial"].is_null());
  CHECK(kpis["task_abandonment_rate"]["value"].is_null());
  CHECK(kpis["error_rate"]["value"].is_null());
  CHECK(kpis["error_rate"]["errors"] == 0);
  CHECK(kpis["error_rate"]["share_with_error"].is_null());
  CHECK(kpis["time_on_task"]["value"].is_null());
  CHECK(kpis["time_on_task"]["n"] == 0);
  CHECK(kpis["time_on_task"]["excluded"] == 0);
  CHECK(kpis["time_on_task"]["ci"].is_null());
}

TEST_CASE("tasks: time is the geometric mean of successes", "[kpi]") {
  const Json time = report_of(six_attempts().text())["kpis"]["time_on_task"];
  CHECK_THAT(time["value"].get<double>(), WithinRel(4.0, kReferenceTolerance));
  CHECK(time["n"] == 2);
  CHECK(time["mean"] == 5);
  CHECK(time["median"] == 5);
  CHECK(time["excluded"] == 0);
  // 4 * 2^-t, t = 12.706204736174694
  CHECK_THAT(time["ci"][0].get<double>(), WithinRel(5.9855e-4, 1e-4));
}

TEST_CASE("tasks: with time_population all every attempt that ended counts", "[kpi]") {
  const Json time =
      report_of(six_attempts().text(), with("time_population", "all"))["kpis"]["time_on_task"];
  // 2, 8, 1, 4, 1: product 64, mean 16/5
  CHECK(time["n"] == 5);
  CHECK_THAT(time["value"].get<double>(), WithinRel(2.2973967099940698, kReferenceTolerance));
  CHECK_THAT(time["mean"].get<double>(), WithinRel(3.2, kReferenceTolerance));
  CHECK(time["median"] == 2);
}

TEST_CASE("tasks: absurd times are left out of times, not of rates", "[kpi]") {
  LogText log;
  log.view(0, 0);
  log.add("task_start", 0, task("a", 0));
  log.add("task_end", 0, task("a", 0, "success"));  // 0 ms
  log.add("task_start", 0, task("a", 1));
  log.add("task_start", 0, task("a", 2));
  for (int minute = 10; minute <= 60; minute += 10) log.add("heartbeat", minute * 60'000);
  log.add("task_end", 3'600'000, task("a", 1, "success"));  // exactly the longest
  log.add("task_end", 3'600'001, task("a", 2, "success"));
  const Json kpis = report_of(log.text())["kpis"];
  CHECK(kpis["task_success_rate"]["x"] == 3);
  CHECK(kpis["time_on_task"]["n"] == 1);
  CHECK(kpis["time_on_task"]["excluded"] == 2);
  CHECK(kpis["time_on_task"]["mean"] == 3600);
}

TEST_CASE("tasks: a task lives on over a pause that ends the session", "[kpi]") {
  LogText log;
  log.view(0, 0);
  log.add("task_start", 1000, task("a", 0));
  log.add("task_end", 1000 + 2'400'000, task("a", 0, "success"));
  const Json kpis = report_of(log.text())["kpis"];
  CHECK(kpis["sessions"]["value"] == 2);
  CHECK(kpis["time_on_task"]["mean"] == 2400);
}

TEST_CASE("tasks: errors per attempt, and the share of attempts with one", "[kpi]") {
  LogText log = six_attempts();
  for (int i = 0; i < 3; ++i) {
    log.add("error", 41'000, R"("kind":"user","task":"buy","attempt":0)");  // after its end
  }
  log.add("error", 41'000, R"("kind":"validation")");  // of the open attempt 5
  log.add("error", 41'000, R"("kind":"js")");
  log.add("error", 41'000, R"("kind":"http","task":"buy")");
  const Json rate = report_of(log.text())["kpis"]["error_rate"];
  CHECK_THAT(rate["value"].get<double>(), WithinRel(4.0 / 6, kReferenceTolerance));
  CHECK(rate["errors"] == 4);
  CHECK(rate["n"] == 6);
  CHECK_THAT(rate["share_with_error"].get<double>(), WithinRel(2.0 / 6, kReferenceTolerance));
  CHECK_FALSE(rate.contains("ci"));
  CHECK_FALSE(rate.contains("x"));

  const Json share = report_of(log.text(), with("error_rate_mode", "share"))["kpis"]["error_rate"];
  CHECK(share["x"] == 2);
  CHECK_THAT(share["value"].get<double>(), WithinRel(2.0 / 6, kReferenceTolerance));
  CHECK(share["ci"].is_array());
  CHECK(share["errors"] == 4);
}

TEST_CASE("tasks: each task has its own numbers, the site has them together", "[kpi]") {
  LogText log = six_attempts();
  log.add("task_start", 50'000, task("find", 0));
  log.add("task_end", 54'000, task("find", 0, "success"));
  log.of("b", "s");
  log.add("task_start", 0, task("find", 0));
  log.add("task_end", 16'000, task("find", 0, "success"));
  const Json report = report_of(log.text());
  CHECK(report["by_task"]["buy"]["task_success_rate"]["n"] == 6);
  CHECK(report["by_task"]["find"]["task_success_rate"]["n"] == 2);
  CHECK_THAT(report["by_task"]["find"]["time_on_task"]["value"].get<double>(),
             WithinRel(8.0, kReferenceTolerance));
  CHECK(report["kpis"]["task_success_rate"]["x"] == 4);
  CHECK(report["kpis"]["task_success_rate"]["n"] == 8);
  // 2, 8, 4, 16
  CHECK_THAT(report["kpis"]["time_on_task"]["value"].get<double>(),
             WithinRel(5.656854249492381, kReferenceTolerance));
  CHECK(report["kpis"]["time_on_task"]["median"] == 6);
}

TEST_CASE("tasks: beyond the limit of samples the report says sketch and the median is near",
          "[kpi]") {
  insitu::test::Random random(4);
  LogText log;
  for (int i = 0; i < 301; ++i) {
    log.of("v" + std::to_string(i), "s");
    const auto ms = 1 + static_cast<std::int64_t>(random.duration() * 1000);
    log.add("task_start", 0, task("a", 0));
    for (std::int64_t at = 600'000; at < ms; at += 600'000) log.add("heartbeat", at);
    log.add("task_end", ms, task("a", 0, "success"));
  }
  const Json exact = report_of(log.text());
  Limits limits = Limits::lab();
  limits.samples = 50;
  const Json sketch = report_of(log.text(), {}, limits);
  CHECK(exact["mode"] == "exact");
  CHECK(sketch["mode"] == "sketch");
  const Json& a = exact["kpis"]["time_on_task"];
  const Json& b = sketch["kpis"]["time_on_task"];
  CHECK(b["n"] == 301);
  CHECK_THAT(b["median"].get<double>(), WithinRel(a["median"].get<double>(), 0.01));
  CHECK_THAT(b["value"].get<double>(), WithinRel(a["value"].get<double>(), kReferenceTolerance));
  CHECK_THAT(b["mean"].get<double>(), WithinRel(a["mean"].get<double>(), kReferenceTolerance));
  CHECK_THAT(b["ci"][0].get<double>(), WithinRel(a["ci"][0].get<double>(), kReferenceTolerance));
  CHECK(b["excluded"] == a["excluded"]);
}

TEST_CASE("tasks: the site can be a sketch while every task is exact", "[kpi]") {
  LogText log;
  for (int i = 0; i < 6; ++i) {
    log.add("task_start", i * 10'000, task(i % 2 ? "a" : "b", i));
    log.add("task_end", i * 10'000 + 2000, task(i % 2 ? "a" : "b", i, "success"));
  }
  Limits limits = Limits::lab();
  limits.samples = 5;
  const Json report = report_of(log.text(), {}, limits);
  CHECK(report["mode"] == "sketch");
  CHECK(report["by_task"]["a"]["time_on_task"]["median"] == 2);
  CHECK_THAT(report["kpis"]["time_on_task"]["median"].get<double>(), WithinRel(2.0, 0.01));
}

TEST_CASE("tasks: tasks beyond the limit of strings come together as (other)", "[kpi]") {
  LogText log;
  for (int i = 0; i < 5; ++i) {
    const std::string name = "task" + std::to_string(i);
    log.add("task_start", i * 1000, task(name.c_str(), 0));
    log.add("task_end", i * 1000 + 500, task(name.c_str(), 0, "success"));
  }
  Limits limits = Limits::lab();
  // The 3 pages that default options name, the visitor, the client session and two tasks.
  limits.strings = 7;
  const Json report = report_of(log.text(), {}, limits);
  CHECK(report["by_task"].contains("task0"));
  CHECK(report["by_task"].contains("task1"));
  REQUIRE(report["by_task"].contains("(other)"));
  CHECK(report["by_task"].size() == 3);
}

TEST_CASE("tasks: beyond the limit of tasks new ones come together as (other), rates stay whole",
          "[kpi]") {
  LogText log;
  for (int i = 0; i < 10; ++i) {
    const std::string name = "task" + std::to_string(i % 5);
    log.of("a", "s" + std::to_string(i));
    log.add("task_start", 0, task(name.c_str(), 0));
    log.add("task_end", 1000 + i, task(name.c_str(), 0, "success"));
  }
  Limits limits = Limits::lab();
  limits.tasks = 2;
  const Json report = report_of(log.text(), {}, limits);
  CHECK(report["by_task"].size() == 3);
  CHECK(report["by_task"]["task0"]["task_success_rate"]["n"] == 2);
  CHECK(report["by_task"]["task1"]["task_success_rate"]["n"] == 2);
  CHECK(report["by_task"]["(other)"]["task_success_rate"]["n"] == 6);
  Json whole = report_of(log.text());
  // The Single Usability Metric of the site is the mean over tasks, of which there are fewer.
  CHECK(report["kpis"]["sum_score"]["n_tasks"] == 3);
  CHECK(whole["kpis"]["sum_score"]["n_tasks"] == 5);
  Json kpis = report["kpis"];
  kpis.erase("sum_score");
  whole["kpis"].erase("sum_score");
  CHECK(kpis == whole["kpis"]);
}

TEST_CASE("tasks: efficiency in goals per second, of all attempts but successes without a time",
          "[kpi]") {
  const Json report = report_of(six_attempts().text())["kpis"];
  // Two successes, in 2 s and 8 s, of six attempts.
  CHECK(report["time_based_efficiency"]["n"] == 6);
  CHECK_THAT(report["time_based_efficiency"]["value"].get<double>(),
             WithinRel((1.0 / 2 + 1.0 / 8) / 6, kReferenceTolerance));
  // The one that never ended ends with its client session, 0 s after its start: not valid.
  CHECK(report["overall_relative_efficiency"]["n"] == 5);
  CHECK_THAT(report["overall_relative_efficiency"]["value"].get<double>(),
             WithinRel(10.0 / 16, kReferenceTolerance));
  CHECK_THAT(report["efficiency_cif"]["value"].get<double>(),
             WithinRel(2.0 / 6 / 5, kReferenceTolerance));

  LogText log;
  log.add("task_start", 0, task("a", 0));
  log.add("task_end", 0, task("a", 0, "success"));  // in no time
  const Json none = report_of(log.text())["kpis"];
  CHECK(none["time_based_efficiency"]["n"] == 0);
  CHECK(none["time_based_efficiency"]["value"].is_null());
  CHECK(none["overall_relative_efficiency"]["value"].is_null());
  CHECK(none["efficiency_cif"]["value"].is_null());
  CHECK(none["task_success_rate"]["value"] == 1);
}

TEST_CASE("tasks: an unfinished attempt lasts to the end of its client session", "[kpi]") {
  LogText log;
  log.add("task_start", 0, task("a", 0));
  log.add("task_end", 2000, task("a", 0, "success"));
  log.add("task_start", 4000, task("a", 1));
  log.add("heartbeat", 12'000);
  const Json efficiency = report_of(log.text())["kpis"]["overall_relative_efficiency"];
  CHECK_THAT(efficiency["value"].get<double>(), WithinRel(2.0 / 10, kReferenceTolerance));
  CHECK(efficiency["n"] == 2);
}

TEST_CASE("tasks: lostness from pages seen, different ones and the least number", "[kpi]") {
  LogText log;
  log.view(0, 0, "/a");
  log.add("task_start", 1000, R"("pv":0,"task":"find","optimal":2)");
  log.view(2000, 1, "/b");
  log.view(3000, 2, "/a");
  log.view(4000, 3, "/c");
  log.add("task_end", 5000, R"("pv":3,"task":"find","outcome":"failure")");
  // Straight to the goal; the page before the start does not count.
  log.add("task_start", 6000, R"("pv":3,"task":"find","attempt":1,"optimal":2)");
  log.view(7000, 4, "/d");
  log.add("task_end", 8000, R"("pv":4,"task":"find","attempt":1,"outcome":"success")");
  // Without `optimal`, and without an end: left out.
  log.add("task_start", 9000, R"("pv":4,"task":"find","attempt":2)");
  log.add("task_end", 9500, R"("pv":4,"task":"find","attempt":2,"outcome":"success")");
  log.add("task_start", 9600, R"("pv":4,"task":"find","attempt":3,"optimal":1)");
  const Json lostness = report_of(log.text())["kpis"]["lostness"];
  // S = 4, N = 3, R = 2: sqrt((3/4 - 1)^2 + (2/3 - 1)^2); S = N = R = 2: 0
  const double first = std::sqrt(1.0 / 16 + 1.0 / 9);
  CHECK(lostness["n"] == 2);
  CHECK_THAT(lostness["value"].get<double>(), WithinRel(first / 2, kReferenceTolerance));
  CHECK(lostness["lost_share"] == 0);

  LogText lost;
  lost.view(0, 0, "/a");
  lost.add("task_start", 1000, R"("pv":0,"task":"find","optimal":1)");
  lost.view(2000, 1, "/b");
  lost.add("task_end", 5000, R"("pv":1,"task":"find","outcome":"abandon")");
  const Json half = report_of(lost.text())["kpis"]["lostness"];
  // S = N = 2, R = 1: 0.5 is not above 0.5.
  CHECK_THAT(half["value"].get<double>(), WithinRel(0.5, kReferenceTolerance));
  CHECK(half["lost_share"] == 0);
}

TEST_CASE("tasks: pages of other tabs count to lostness, no page at all leaves it out", "[kpi]") {
  LogText log;
  log.add("task_start", 0, R"("task":"find","optimal":1)");
  log.add("task_end", 1000, R"("task":"find","outcome":"success")");
  CHECK(report_of(log.text())["kpis"]["lostness"]["n"] == 0);
  CHECK(report_of(log.text())["kpis"]["lostness"]["value"].is_null());
  LogText tabs;
  tabs.view(0, 0, "/a");
  tabs.add("task_start", 100, R"("pv":0,"task":"find","optimal":2)");
  tabs.view(200, 1, "/b", R"("from":null)");
  tabs.add("task_end", 300, R"("pv":0,"task":"find","outcome":"success")");
  CHECK(report_of(tabs.text())["kpis"]["lostness"]["value"] == 0);
}

TEST_CASE("tasks: clicks per task, of successes alone", "[kpi]") {
  LogText log;
  const auto click = [&](int ms) { log.add("click", ms, R"("x":1,"y":1)"); };
  click(0);
  log.add("task_start", 100, task("a", 0));
  click(200);
  click(300);
  log.add("task_end", 400, task("a", 0, "success"));
  click(500);
  log.add("task_start", 600, task("a", 1));
  log.add("task_end", 700, task("a", 1, "success"));
  log.add("task_start", 800, task("a", 2));
  click(900);
  log.add("task_end", 1000, task("a", 2, "failure"));
  const Json clicks = report_of(log.text())["kpis"]["clicks_per_task"];
  CHECK(clicks["n"] == 2);
  CHECK(clicks["value"] == 1);
  CHECK(report_of("")["kpis"]["clicks_per_task"]["value"].is_null());
}

TEST_CASE("tasks: errors per opportunity, at most as many as there were chances", "[kpi]") {
  LogText log;
  log.add("task_start", 0, task("a", 0) + R"(,"opportunities":2)");
  for (int i = 0; i < 5; ++i) log.add("error", 100 + i, R"("kind":"user")");
  log.add("task_end", 500, task("a", 0, "success"));
  log.add("task_start", 600, task("a", 1) + R"(,"opportunities":4)");
  log.add("error", 700, R"("kind":"validation")");
  log.add("task_end", 800, task("a", 1, "success"));
  log.add("task_start", 900, task("a", 2) + R"(,"opportunities":0)");
  log.add("error", 950, R"("kind":"user")");
  log.add("task_start", 960, task("a", 3));
  const Json errors = report_of(log.text())["kpis"]["errors_per_opportunity"];
  CHECK(errors["x"] == 3);
  CHECK(errors["n"] == 6);
}

TEST_CASE("tasks: the single usability metric is the mean of the parts that exist", "[kpi]") {
  LogText log;
  const auto attempt = [&](int number, int start, int end, int ease, const char* more) {
    log.add("task_start", start, task("a", number) + more);
    log.add("task_end", end, task("a", number, "success"));
    log.add("survey", end,
            task("a", number) + R"(,"instrument":"seq","answers":[)" + std::to_string(ease) + "]");
  };
  // Times 2 s and 8 s, the limit at their geometric mean: half of the people are below it.
  attempt(0, 0, 2000, 4, R"(,"spec_time_ms":9000,"opportunities":4)");
  attempt(1, 10'000, 18'000, 7, R"(,"spec_time_ms":4000)");
  const Json sum = report_of(log.text())["by_task"]["a"]["sum_score"];
  CHECK(sum["components"]["completion"] == 1);
  CHECK_THAT(sum["components"]["time"].get<double>(), WithinAbs(0.5, kReferenceTolerance));
  // Answers as shares 0.5 and 1: mean 0.75, where the limit is.
  CHECK_THAT(sum["components"]["satisfaction"].get<double>(), WithinAbs(0.5, kReferenceTolerance));
  CHECK(sum["components"]["errors"] == 1);
  CHECK(sum["n_components"] == 4);
  CHECK_THAT(sum["value"].get<double>(), WithinAbs(75, 1e-7));
  // A lower limit of satisfaction.
  const Json lower =
      report_of(log.text(), with("sum_satisfaction_fraction", 0.5))["by_task"]["a"]["sum_score"];
  CHECK(lower["components"]["satisfaction"].get<double>() > 0.7);

  LogText bare;
  bare.add("task_start", 0, task("b", 0));
  bare.add("task_end", 1000, task("b", 0, "failure"));
  const Json failed = report_of(bare.text())["by_task"]["b"]["sum_score"];
  CHECK(failed["value"] == 0);
  CHECK(failed["n_components"] == 1);
  for (const char* const none : {"time", "satisfaction", "errors"}) {
    CHECK(failed["components"][none].is_null());
  }
}

TEST_CASE("tasks: the site's single usability metric is the mean over tasks", "[kpi]") {
  LogText log;
  for (int i = 0; i < 4; ++i) {
    log.add("task_start", i * 1000, task("often", i));
    log.add("task_end", i * 1000 + 500, task("often", i, i == 0 ? "success" : "failure"));
  }
  log.add("task_start", 9000, task("once", 0));
  log.add("task_end", 9500, task("once", 0, "success"));
  const Json sum = report_of(log.text())["kpis"]["sum_score"];
  CHECK_THAT(sum["value"].get<double>(), WithinRel((25.0 + 100) / 2, kReferenceTolerance));
  CHECK(sum["n_tasks"] == 2);
  CHECK(report_of("")["kpis"]["sum_score"]["value"].is_null());
}
