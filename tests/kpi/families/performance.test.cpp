// SPDX-License-Identifier: MIT
// Covers kpi/families/performance.h through logs.
#include "catch_amalgamated.hpp"
#include "tests/helpers/engine_report.h"

using insitu::test::Json;
using insitu::test::LogText;
using insitu::test::report_of;

namespace {

Json rate(const LogText& log) { return report_of(log.text())["kpis"]["js_error_rate"]; }

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
