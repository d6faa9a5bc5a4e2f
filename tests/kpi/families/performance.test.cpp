// SPDX-License-Identifier: MIT
// Covers kpi/families/performance.h through logs.
#include <string>
#include <string_view>

#include "catch_amalgamated.hpp"
#include "tests/helpers/engine_report.h"

using Catch::Matchers::WithinRel;
using insitu::base::Limits;
using insitu::base::Status;
using insitu::kpi::Options;
using insitu::test::Json;
using insitu::test::kHour;
using insitu::test::kpis_of;
using insitu::test::LogText;
using insitu::test::report_of;

namespace {

Json rate(const LogText& log) { return kpis_of(log)["js_error_rate"]; }

// The fields of a vital; value as in JSON.
std::string vital(std::string_view name, std::string_view value, int pv = 0) {
  return R"("name":")" + std::string(name) + R"(","value":)" + std::string(value) + R"(,"pv":)" +
         std::to_string(pv);
}

// Each value on a page view of its own.
LogText lcp(std::initializer_list<const char*> values) {
  LogText log;
  int pv = 0;
  for (const char* value : values) log.add("vital", 0, vital("LCP", value, pv++));
  return log;
}

}  // namespace

TEST_CASE("script errors: per page view, other kinds of errors do not count", "[kpi]") {
  LogText log;
  log.view(0, 0).view(1, 1);
  for (const char* kind : {"js", "js", "js", "http", "user", "validation", "JS"}) {
    log.add("error", 2, R"("kind":")" + std::string(kind) + '"');
  }
  log.add("error", 3);
  log.add("error", 3, R"("kind":5)");
  const Json result = rate(log);
  CHECK(result["value"] == 1.5);
  CHECK(result["x"] == 3);
  CHECK(result["n"] == 2);
  CHECK_FALSE(result.contains("ci"));
}

TEST_CASE("script errors: without a page view there is no rate, but the errors are told", "[kpi]") {
  const Json result = rate(LogText().add("error", 0, R"("kind":"js")"));
  CHECK(result["value"].is_null());
  CHECK(result["x"] == 1);
  CHECK(result["n"] == 0);
}

TEST_CASE("vitals: without values every one is there and has none", "[kpi]") {
  const Json all = kpis_of(LogText().view(0, 0));
  for (const char* id : {"lcp_p75", "inp_p75", "cls_p75", "fcp_p75", "ttfb_p75"}) {
    INFO(id);
    REQUIRE(all.contains(id));
    for (const char* field : {"value", "sketch", "good_share", "rating"}) {
      CHECK(all[id].at(field).is_null());
    }
    CHECK(all[id]["n"] == 0);
    CHECK_FALSE(all[id].contains("ci"));
  }
}

TEST_CASE("vitals: the 75th percentile over page views, with a sketch beside it", "[kpi]") {
  const Json result = kpis_of(lcp({"4000", "1000", "3000", "2000"}))["lcp_p75"];
  CHECK(result["value"] == 3250);
  CHECK(result["n"] == 4);
  CHECK_THAT(result["sketch"].get<double>(), WithinRel(3000, 0.01));  // of rank 2
  CHECK(result["good_share"] == 0.5);
  CHECK(result["rating"] == "needs_improvement");
}

TEST_CASE("vitals: thresholds belong to the better side", "[kpi]") {
  struct Case {
    const char* name;
    const char* id;
    const char* good;
    const char* above_good;
    const char* poor;
    const char* above_poor;
  };
  const Case one = GENERATE(Case{"LCP", "lcp_p75", "2500", "2501", "4000", "4001"},
                            Case{"INP", "inp_p75", "200", "201", "500", "501"},
                            Case{"CLS", "cls_p75", "0.1", "0.11", "0.25", "0.26"},
                            Case{"FCP", "fcp_p75", "1800", "1801", "3000", "3001"},
                            Case{"TTFB", "ttfb_p75", "800", "801", "1800", "1801"});
  const auto of = [&](const char* value) {
    const Json all = kpis_of(LogText().add("vital", 0, vital(one.name, value)));
    for (const char* id : {"lcp_p75", "inp_p75", "cls_p75", "fcp_p75", "ttfb_p75"}) {
      CHECK(all[id]["n"] == (std::string_view(id) == one.id ? 1 : 0));
    }
    return all[one.id];
  };
  CHECK(of("0")["rating"] == "good");
  CHECK(of("0")["sketch"] == 0);
  CHECK(of(one.good)["rating"] == "good");
  CHECK(of(one.good)["good_share"] == 1);
  CHECK(of(one.above_good)["rating"] == "needs_improvement");
  CHECK(of(one.above_good)["good_share"] == 0);
  CHECK(of(one.poor)["rating"] == "needs_improvement");
  CHECK(of(one.above_poor)["rating"] == "poor");
}

TEST_CASE("vitals: the last value of a page view counts, invalid ones do not", "[kpi]") {
  LogText log;
  log.view(0, 0).add("vital", 0, vital("LCP", "9000")).add("vital", 1, vital("LCP", "100"));
  log.add("vital", 2, vital("INP", "50"));
  for (const char* value : {"-1", "\"7\"", "null"}) log.add("vital", 3, vital("LCP", value));
  log.add("vital", 3, R"("name":"LCP","pv":0)").add("vital", 3, R"("value":7,"pv":0)");
  log.add("vital", 3, vital("lcp", "7")).add("vital", 3, vital("FID", "7"));
  const Json all = kpis_of(log);
  CHECK(all["lcp_p75"]["value"] == 100);
  CHECK(all["lcp_p75"]["n"] == 1);
  CHECK(all["inp_p75"]["value"] == 50);
}

TEST_CASE("vitals: a page view is one number of one client session, pause or not", "[kpi]") {
  LogText log;
  log.add("vital", 0, vital("LCP", "1")).add("vital", kHour, vital("LCP", "2"));
  log.add("vital", kHour, R"("name":"LCP","value":3)");
  log.add("vital", kHour, R"("name":"LCP","value":4)");
  log.of("a", "t").add("vital", 0, vital("LCP", "5"));
  const Json result = kpis_of(log)["lcp_p75"];
  CHECK(result["n"] == 3);  // 2, 4, 5
  CHECK(result["value"] == 4.5);
}

TEST_CASE("vitals: thresholds from the options; a vital they do not name is not reported",
          "[kpi]") {
  Options options;
  const std::string_view keys[] = {"LCP"};
  const double thresholds[] = {10, 20};
  REQUIRE(options.set_table("vital_thresholds", keys, thresholds) == Status::kOk);
  LogText log = lcp({"15"});
  log.add("vital", 0, vital("CLS", "0.1"));
  const Json all = kpis_of(log, options);
  CHECK(all["lcp_p75"]["rating"] == "needs_improvement");
  CHECK_FALSE(all.contains("cls_p75"));
  CHECK_FALSE(all.contains("ttfb_p75"));
}

TEST_CASE("vitals: many page views of a client session need no more room", "[kpi]") {
  Limits limits = Limits::lab();
  limits.page_views = 2;
  LogText log = lcp({"1", "2", "3", "4", "5"});
  log.add("vital", 0, vital("INP", "7", 4)).add("vital", 0, vital("LCP", "9", 4));
  const Json all = report_of(log.text(), {}, limits)["kpis"];
  CHECK(all["lcp_p75"]["n"] == 5);
  CHECK(all["lcp_p75"]["value"] == 4);  // of 1, 2, 3, 4, 9
  CHECK(all["inp_p75"]["n"] == 1);
  // The price: one that comes back late counts again.
  log.add("vital", 0, vital("LCP", "9", 0));
  CHECK(report_of(log.text(), {}, limits)["kpis"]["lcp_p75"]["n"] == 6);
  CHECK(kpis_of(log)["lcp_p75"]["n"] == 5);
}

TEST_CASE("vitals: of more values than are kept the sketch stands for the value", "[kpi]") {
  Limits limits = Limits::lab();
  limits.samples = 4;
  const LogText four = lcp({"1000", "2000", "3000", "4000"});
  CHECK(report_of(four.text(), {}, limits)["kpis"]["lcp_p75"]["value"] == 3250);
  const Json result = report_of(lcp({"1000", "2000", "3000", "4000", "5000"}).text(), {},
                                limits)["kpis"]["lcp_p75"];
  CHECK(result["n"] == 5);
  CHECK(result["value"] == result["sketch"]);
  CHECK_THAT(result["value"].get<double>(), WithinRel(4000, 0.01));
  CHECK(result["good_share"] == 0.4);
}

TEST_CASE("vitals: values made up to fill the memory are left out and told", "[kpi]") {
  Limits limits = Limits::lab();
  limits.samples = 1;
  const Json report = report_of(
      lcp({"1", "1e1", "1e2", "1e3", "1e4", "1e5", "1e6", "1e7", "1e8", "1e9"}).text(), {}, limits);
  CHECK(report["kpis"]["lcp_p75"]["n"] == 8);
  CHECK(report["quality"]["over_limit"] == 2);
}
