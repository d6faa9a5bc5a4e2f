// SPDX-License-Identifier: MIT
// Covers report/comparison.h: which test is chosen, and its numbers against reference values.
#include "report/comparison.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "catch_amalgamated.hpp"
#include "kpi/sample.h"
#include "report/json.h"
#include "stats/summary.h"
#include "stats/welch.h"
#include "tests/helpers/vectors.h"

using Catch::Matchers::WithinRel;
using insitu::kpi::KpiInfo;
using insitu::kpi::KpiResult;
using insitu::kpi::Options;
using insitu::kpi::Sheet;
using insitu::report::Comparison;
using insitu::report::Report;
using insitu::test::Json;
namespace kpi = insitu::kpi;
namespace report = insitu::report;

namespace {

constexpr double kTolerance = 1e-9;  // of the reference

constexpr KpiInfo info(const char* id, const char* unit) {
  KpiInfo made{};
  made.id = id;
  made.unit = unit;
  made.better = "higher";
  return made;
}

constexpr KpiInfo kRate = info("task_success_rate", "ratio");
constexpr KpiInfo kTime = info("time_on_task", "s");
constexpr KpiInfo kMean = info("seq", "1–7");
constexpr KpiInfo kNumber = info("lostness", "index");

Report with(Sheet& sheet) {
  Report made;
  made.kpis = sheet.results();
  return made;
}

Report rate_report(kpi::Count x, kpi::Count n) {
  const Options options;
  Sheet sheet(options);
  sheet.rate(kRate, {x, n});
  return with(sheet);
}

Report time_report(const std::vector<double>& seconds) {
  const Options options;
  const kpi::Setting setting{options, insitu::base::Limits::lab()};
  kpi::Sample<kpi::kLogs | kpi::kIsMs> sample;
  for (const double each : seconds) REQUIRE(sample.add(std::round(each * 1000), setting));
  Sheet sheet(options);
  kpi::geometric_mean(sheet, kTime, sample);
  return with(sheet);
}

Comparison only(const Report& a, const Report& b, double confidence = 0.95) {
  const std::vector<Comparison> all = report::compare(a, b, confidence);
  REQUIRE(all.size() == 1);
  return all[0];
}

Json json_of(const Comparison& comparison) {
  report::JsonWriter out;
  report::write_comparison(comparison, out);
  return Json::parse(out.take());
}

}  // namespace

TEST_CASE("compare: rates by the N-1 test, or Fisher's where counts are small",
          "[report][vectors]") {
  // The interval is that of the difference in either case.
  std::size_t tested = 0;
  for (const char* const name : {"two_proportion_n1", "fisher_exact"}) {
    for (const Json& one : insitu::test::read_vectors(name)) {
      const Json& in = one["input"];
      const auto x1 = in["x1"].get<kpi::Count>();
      const auto n1 = in["n1"].get<kpi::Count>();
      const auto x2 = in["x2"].get<kpi::Count>();
      const auto n2 = in["n2"].get<kpi::Count>();
      if (n1 == 0 || n2 == 0) continue;
      INFO(one["id"] << " " << in);
      const Comparison result =
          only(rate_report(x1, n1), rate_report(x2, n2), in.value("confidence", 0.95));
      const auto all = static_cast<double>(n1 + n2);
      const auto hits = static_cast<double>(x1 + x2);
      const double least = static_cast<double>(std::min(n1, n2)) * std::min(hits, all - hits) / all;
      const bool is_n1 = least >= 1;
      REQUIRE(result.test != nullptr);
      CHECK(std::string(result.test) == (is_n1 ? "n1_chi_square" : "fisher_exact"));
      Json expected = one["expected"];
      expected.erase("z");
      if (is_n1 != (std::string(name) == "two_proportion_n1")) expected.erase("p");
      tested += expected.contains("p");
      CHECK(insitu::test::check_subset(expected, json_of(result), one["tolerance"]) == "");
      CHECK(result.n_a == static_cast<double>(n1));
      CHECK(result.n_b == static_cast<double>(n2));
      CHECK_FALSE(result.is_ratio);
    }
  }
  CHECK(tested >= 8);
}

TEST_CASE("compare: a rate shown times 100 has its difference and interval times 100", "[report]") {
  Report a = rate_report(8, 10);
  Report b = rate_report(3, 10);
  const Comparison plain = only(a, b);
  for (Report* each : {&a, &b}) each->kpis[0].value *= 100;
  const Comparison scaled = only(a, b);
  CHECK_THAT(scaled.effect, WithinRel(50.0, kTolerance));
  CHECK_THAT(scaled.interval->lower, WithinRel(100 * plain.interval->lower, kTolerance));
  CHECK_THAT(scaled.interval->upper, WithinRel(100 * plain.interval->upper, kTolerance));
  CHECK(scaled.p == plain.p);
  // The scale is known as soon as one side has a hit.
  Report none = rate_report(0, 10);
  CHECK_THAT(only(none, b).interval->lower,
             WithinRel(100 * only(none, rate_report(3, 10)).interval->lower, kTolerance));
}

TEST_CASE("compare: times by Welch's t on logarithms", "[report][vectors]") {
  insitu::test::check_vectors("welch_log_t", [](const Json& input) {
    const auto a = input["a"].get<std::vector<double>>();
    const auto b = input["b"].get<std::vector<double>>();
    const auto all =
        report::compare(time_report(a), time_report(b), input.value("confidence", 0.95));
    // Without a value on one side there is nothing to compare.
    if (all.empty()) {
      return Json{
          {"ratio", nullptr}, {"t", nullptr}, {"df", nullptr}, {"p", nullptr}, {"ci", nullptr}};
    }
    Json answer = json_of(all.at(0));
    CHECK(all[0].is_ratio);
    CHECK(answer["test"] == (answer["p"].is_null() ? Json() : Json("welch_log_t")));
    // What a comparison does not show.
    const auto summary = [](const std::vector<double>& values) {
      return insitu::stats::summarize_logs(values);
    };
    const auto test =
        insitu::stats::welch_log_t(summary(a), summary(b), input.value("confidence", 0.95));
    answer["t"] = test && test->test ? Json(test->test->t) : Json();
    answer["df"] = test && test->test ? Json(test->test->df) : Json();
    // Fewer than two values on a side have no ratio in the reference.
    if (a.size() < 2 || b.size() < 2) answer["ratio"] = nullptr;
    return answer;
  });
}

TEST_CASE("compare: other means with a spread by Welch's t", "[report]") {
  const Options options;
  const auto made = [&](double mean, double variance) {
    Sheet sheet(options);
    sheet.mean(kMean, {.n = 10, .mean = mean, .variance = variance}, 1, 7);
    return with(sheet);
  };
  const Comparison result = only(made(5, 1), made(4, 1));
  CHECK(std::string(result.test) == "welch_t");
  CHECK(result.effect == 1);
  CHECK_FALSE(result.is_ratio);
  // se = sqrt(0.2), t = 2.2360679775 with 18 degrees of freedom: two-sided p by integrating the
  // density.
  CHECK_THAT(result.p, WithinRel(0.03824961451610, 1e-9));
  // 1 +- 2.1009220402 * 0.4472135955
  CHECK_THAT(result.interval->lower, WithinRel(1 - 2.10092204024104 * std::sqrt(0.2), 1e-9));
  CHECK_THAT(result.interval->upper, WithinRel(1 + 2.10092204024104 * std::sqrt(0.2), 1e-9));
  CHECK(json_of(result)["difference"] == 1);
  CHECK_FALSE(json_of(result).contains("ratio"));
}

TEST_CASE("compare: what has no spread has a difference and no test", "[report]") {
  const Options options;
  const auto made = [&](double value) {
    Sheet sheet(options);
    sheet.number(kNumber, value);
    return with(sheet);
  };
  const Json json = json_of(only(made(0.75), made(0.5)));
  CHECK(json == Json::parse(R"({"a":0.75,"b":0.5,"n_a":null,"n_b":null,"difference":0.25,
      "ci":null,"p":null,"test":null,"unit":"index","better":"higher"})"));
}

TEST_CASE("compare: KPIs that both have, in registry order, then tasks that both have",
          "[report]") {
  const Options options;
  Sheet first(options);
  first.number(kNumber, 1);
  first.rate(kRate, {1, 2});
  first.number(kMean, kpi::kNoData);
  Sheet second(options);
  second.rate(kRate, {1, 3});
  second.number(kNumber, 3);
  second.number(kMean, 5);
  Report a = with(first);
  Report b = with(second);
  for (const char* const task : {"buy", "find"}) {
    Sheet sheet(options);
    sheet.rate(kRate, {1, 4});
    a.by_task.push_back({task, sheet.results()});
  }
  for (const char* const task : {"find", "pay"}) {
    Sheet sheet(options);
    sheet.rate(kRate, {3, 4});
    b.by_task.push_back({task, sheet.results()});
  }
  const std::vector<Comparison> all = report::compare(a, b, 0.95);
  REQUIRE(all.size() == 3);
  CHECK(all[0].info == &kNumber);
  CHECK(all[0].effect == -2);
  CHECK(all[1].info == &kRate);
  CHECK(all[1].task == "");
  CHECK(all[2].info == &kRate);
  CHECK(all[2].task == "find");
  CHECK(all[2].effect == -0.5);
}

TEST_CASE("compare: a rate of nothing has no value, and is not compared", "[report]") {
  CHECK(report::compare(rate_report(0, 0), rate_report(1, 2), 0.95).empty());
}
