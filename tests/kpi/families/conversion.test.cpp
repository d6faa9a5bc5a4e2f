// SPDX-License-Identifier: MIT
// Covers kpi/families/conversion.h through logs.
#include <string_view>
#include <vector>

#include "catch_amalgamated.hpp"
#include "tests/helpers/engine_report.h"

using insitu::base::Status;
using insitu::kpi::Options;
using insitu::test::Json;
using insitu::test::LogText;
using insitu::test::report_of;

namespace {

// Visitor a converts in the second of three parts, b only signs up, c does nothing.
LogText shop() {
  LogText log;
  log.view(0, 0);
  log.add("order", 2'000'000, R"("order":"1")");
  log.add("order", 2'000'001, R"("order":"2")");
  log.add("heartbeat", 5'000'000);
  log.of("b", "s").view(0, 0).add("conversion", 1, R"("goal":"signup")");
  log.of("c", "s").view(0, 0);
  return log;
}

Json rate(const LogText& log, const Options& options = {}) {
  return report_of(log.text(), options)["kpis"]["conversion_rate"];
}

Options by_session() {
  Options options;
  REQUIRE(options.set_text("conversion_unit", "session") == Status::kOk);
  return options;
}

Options goals(std::vector<std::string_view> names) {
  Options options;
  REQUIRE(options.set_texts("conversion_goals", names) == Status::kOk);
  return options;
}

}  // namespace

TEST_CASE("conversion: visitors with an order, several count once", "[kpi]") {
  const Json result = rate(shop());
  CHECK(result["x"] == 1);
  CHECK(result["n"] == 3);
  CHECK(result["ci"].is_array());
}

TEST_CASE("conversion: by session only the part with the goal counts", "[kpi]") {
  const Json result = rate(shop(), by_session());
  CHECK(result["x"] == 1);
  CHECK(result["n"] == 5);
}

TEST_CASE("conversion: the goals are the user's", "[kpi]") {
  CHECK(rate(shop(), goals({"signup"}))["x"] == 1);
  CHECK(rate(shop(), goals({"signup", "order"}))["x"] == 2);
  CHECK(rate(shop(), goals({"other"}))["x"] == 0);
  CHECK(rate(shop(), goals({}))["x"] == 0);
}

TEST_CASE(
    "conversion: an order is the goal order, even without an id, and so is a conversion of "
    "that name",
    "[kpi]") {
  CHECK(rate(LogText().add("order", 0))["x"] == 1);
  CHECK(rate(LogText().add("conversion", 0, R"("goal":"order")"))["x"] == 1);
  CHECK(rate(LogText().add("conversion", 0))["x"] == 0);
  CHECK(rate(LogText().add("conversion", 0, R"("goal":"")"), goals({""}))["x"] == 0);
}

TEST_CASE("conversion: a visitor converts in any client session", "[kpi]") {
  LogText log;
  log.view(0, 0);
  log.of("a", "t").add("order", 0);
  CHECK(rate(log)["x"] == 1);
  CHECK(rate(log)["n"] == 1);
  CHECK(rate(log, by_session())["n"] == 2);
}

TEST_CASE("conversion: nobody is no data", "[kpi]") {
  CHECK(rate(LogText{})["value"].is_null());
  CHECK(rate(LogText{})["n"] == 0);
}
