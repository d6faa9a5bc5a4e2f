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
using insitu::base::Status;
using insitu::kpi::Options;
using insitu::test::Json;
using insitu::test::LogText;
using insitu::test::report_of;

namespace {

constexpr double kTolerance = 1e-9;  // of the reference

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

Options with(const char* name, const char* value) {
  Options options;
  REQUIRE(options.set_text(name, value) == Status::kOk);
  return options;
}

Options with(const char* name, double value) {
  Options options;
  REQUIRE(options.set_number(name, value) == Status::kOk);
  return options;
}

}  // namespace

TEST_CASE("tasks: success counts all attempts, also unfinished ones", "[kpi]") {
  const Json success = report_of(six_attempts().text())["kpis"]["task_success_rate"];
  CHECK(success["x"] == 2);
  CHECK(success["n"] == 6);
  CHECK_THAT(success["value"].get<double>(), WithinRel(2.0 / 6, kTolerance));
  CHECK(success["laplace"] == 3.0 / 8);
  CHECK_THAT(success["with_partial"].get<double>(), WithinRel(2.0 / 6, kTolerance));
  const Json credit =
      report_of(six_attempts().text(), with("partial_credit", 0.5))["kpis"]["task_success_rate"];
  CHECK_THAT(credit["with_partial"].get<double>(), WithinRel(2.5 / 6, kTolerance));
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
  CHECK_THAT(time["value"].get<double>(), WithinRel(4.0, kTolerance));
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
  CHECK_THAT(time["value"].get<double>(), WithinRel(2.2973967099940698, kTolerance));
  CHECK_THAT(time["mean"].get<double>(), WithinRel(3.2, kTolerance));
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
  CHECK_THAT(rate["value"].get<double>(), WithinRel(4.0 / 6, kTolerance));
  CHECK(rate["errors"] == 4);
  CHECK(rate["n"] == 6);
  CHECK_THAT(rate["share_with_error"].get<double>(), WithinRel(2.0 / 6, kTolerance));
  CHECK_FALSE(rate.contains("ci"));
  CHECK_FALSE(rate.contains("x"));

  const Json share = report_of(log.text(), with("error_rate_mode", "share"))["kpis"]["error_rate"];
  CHECK(share["x"] == 2);
  CHECK_THAT(share["value"].get<double>(), WithinRel(2.0 / 6, kTolerance));
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
             WithinRel(8.0, kTolerance));
  CHECK(report["kpis"]["task_success_rate"]["x"] == 4);
  CHECK(report["kpis"]["task_success_rate"]["n"] == 8);
  // 2, 8, 4, 16
  CHECK_THAT(report["kpis"]["time_on_task"]["value"].get<double>(),
             WithinRel(5.656854249492381, kTolerance));
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
  CHECK_THAT(b["value"].get<double>(), WithinRel(a["value"].get<double>(), kTolerance));
  CHECK_THAT(b["mean"].get<double>(), WithinRel(a["mean"].get<double>(), kTolerance));
  CHECK_THAT(b["ci"][0].get<double>(), WithinRel(a["ci"][0].get<double>(), kTolerance));
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
  limits.strings = 3;  // the visitor and two tasks
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
  CHECK(report["kpis"] == report_of(log.text())["kpis"]);
}
