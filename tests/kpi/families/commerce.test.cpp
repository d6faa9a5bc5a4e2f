// SPDX-License-Identifier: MIT
// Covers kpi/families/commerce.h through logs; the numbers are worked out by hand.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "catch_amalgamated.hpp"
#include "partial/partial.h"
#include "tests/helpers/engine_report.h"

using Catch::Matchers::WithinRel;
using insitu::base::Limits;
using insitu::base::Status;
using insitu::kpi::Options;
using insitu::test::fold_ndjson;
using insitu::test::Json;
using insitu::test::kDay;
using insitu::test::kHour;
using insitu::test::kpis_of;
using insitu::test::LogText;
using insitu::test::rate_of;
using insitu::test::report_json;
using insitu::test::report_of;
using insitu::test::with;
namespace partial = insitu::partial;

namespace {

std::string order(const char* id, const char* value, const char* category = nullptr) {
  std::string fields = R"("order":")" + std::string(id) + R"(","value":)" + std::string(value);
  if (category) fields += R"(,"category":")" + std::string(category) + R"(")";
  return fields;
}

double health(const LogText& log, const Options& options = {}) {
  return kpis_of(log, options)["customer_health_score"]["value"].get<double>();
}

}  // namespace

TEST_CASE("commerce: values per order and per customer", "[kpi]") {
  LogText log;
  log.add("order", 0, order("1", "100")).add("order", 1, order("2", "150"));
  log.of("b", "s").add("order", 0, order("3", "50"));
  log.of("c", "s").view(0, 0);
  const Json result = kpis_of(log);
  CHECK(result["average_order_value"]["value"] == 100);
  CHECK(result["average_order_value"]["n"] == 3);
  CHECK(result["average_order_value"]["revenue"] == 300);
  CHECK(result["clv"]["value"] == 150);
  CHECK(result["clv"]["n"] == 2);
  CHECK(rate_of("repeat_purchase_rate", log) == "1/2");
}

TEST_CASE("commerce: nobody is no data", "[kpi]") {
  const Json result = kpis_of(LogText().view(0, 0));
  for (const char* id : {"average_order_value", "clv", "refund_rate", "dispute_rate",
                         "repeat_purchase_rate", "customer_health_score"}) {
    INFO(id);
    CHECK(result[id]["value"].is_null());
    CHECK(result[id]["n"] == 0);
  }
  CHECK(result["average_order_value"]["revenue"] == 0);
}

TEST_CASE("commerce: an order needs an id and a value from 0 up", "[kpi]") {
  LogText log;
  log.add("order", 0, R"("order":"1")");
  log.add("order", 1, R"("value":5)");
  log.add("order", 2, order("", "5"));
  log.add("order", 3, order("2", "-1"));
  log.add("order", 4, order("3", R"("5")"));
  log.add("order", 5, order("4", "0"));
  const Json result = kpis_of(log)["average_order_value"];
  CHECK(result["n"] == 1);
  CHECK(result["value"] == 0);
}

TEST_CASE("commerce: parts of a minor unit are kept", "[kpi]") {
  LogText log;
  log.add("order", 0, order("1", "10.5")).add("order", 1, order("2", "0.25"));
  log.add("order", 2, order("3", "19.99"));
  const Json result = kpis_of(log);
  CHECK_THAT(result["average_order_value"]["revenue"].get<double>(), WithinRel(30.74, 1e-12));
  CHECK_THAT(result["clv"]["value"].get<double>(), WithinRel(30.74, 1e-12));
}

TEST_CASE("commerce: partials carry whole minor units", "[kpi]") {
  LogText log;
  log.add("order", 0, order("1", "10.5")).add("order", 1, order("2", "0.25"));
  const partial::Tree tree = partial::make(fold_ndjson(log.text()));
  const Json written = Json::parse(partial::canonical(tree))["kpis"];
  CHECK(written["average_order_value"] == Json::parse(R"({"n":2,"revenue":11})"));
  CHECK(written["clv"] == Json::parse(R"({"n":1,"x":11})"));
  insitu::Engine merged{Options{}};
  REQUIRE(partial::add(tree, merged) == "");
  CHECK(report_json(merged)["kpis"]["average_order_value"]["value"] == 5.5);
  CHECK(partial::canonical(partial::make(merged)) == partial::canonical(tree));
}

TEST_CASE("commerce: absurd amounts end at 2^53, they do not wrap", "[kpi]") {
  LogText log;
  for (int i = 0; i < 3; ++i) {
    log.add("order", i, order(std::to_string(i).c_str(), "9007199254740992"));
  }
  log.add("order", 4, order("too much", "1e300"));
  const Json report = report_of(log.text());
  CHECK(report["kpis"]["average_order_value"]["n"] == 3);
  CHECK(report["kpis"]["average_order_value"]["revenue"] == 9007199254740992.0);
  CHECK(report["quality"]["over_limit"] == 1);
}

TEST_CASE("commerce: of one order id the first of the log counts, whatever came first", "[kpi]") {
  LogText log;
  log.of("b", "s").add("order", 2000, order("1", "30")).add("order", 2001, order("1", "40"));
  log.of("a", "s").add("order", 1000, order("1", "10"));
  log.of("c", "s").add("order", 5000, order("1", "20")).add("order", 5001, order("2", "7"));
  const Json report = report_of(log.text());
  CHECK(report["kpis"]["average_order_value"]["n"] == 2);
  CHECK(report["kpis"]["average_order_value"]["revenue"] == 17);
  CHECK(report["kpis"]["clv"]["n"] == 2);
  CHECK(report["quality"]["duplicate_order"] == 3);
  CHECK(rate_of("repeat_purchase_rate", log) == "0/2");
}

TEST_CASE("commerce: sessions that begin at once are told apart by names, then by their events",
          "[kpi]") {
  LogText log;
  log.of("b", "s").add("order", 0, order("1", "1"));
  log.of("a", "t").add("order", 0, order("1", "2"));
  log.of("a", "s").add("order", 0, order("1", "3")).add("order", 0, order("1", "4"));
  CHECK(kpis_of(log)["average_order_value"]["revenue"] == 3);
}

TEST_CASE("commerce: which order is first goes by the time that the clock offset corrects",
          "[kpi]") {
  LogText log;
  log.add("order", kHour, order("1", "1"));
  log.add("session_start", kHour, R"("clock_offset":-7200000)");
  log.of("b", "s").add("order", 0, order("1", "2"));
  CHECK(kpis_of(log)["average_order_value"]["revenue"] == 1);
}

TEST_CASE("commerce: the order of a session counts by when the session began", "[kpi]") {
  LogText log;
  log.view(0, 0).add("order", 1000, order("1", "1"));
  log.of("b", "s").view(500, 0).add("order", 600, order("1", "2"));
  CHECK(kpis_of(log)["average_order_value"]["revenue"] == 1);
}

TEST_CASE("commerce: refunds and disputes are of orders that are known", "[kpi]") {
  LogText log;
  log.add("refund", 0, R"("order":"1","value":5)");  // before the order
  log.add("order", 1, order("1", "10")).add("order", 2, order("2", "10"));
  log.add("refund", 3, R"("order":"1","value":5)").add("refund", 4, R"("order":"9","value":5)");
  log.add("refund", 5, R"("value":5)");
  log.of("b", "s").add("dispute", 0, R"("order":"2")").add("dispute", 1, R"("order":"9")");
  log.add("order", 2, order("3", "10")).add("dispute", 3);
  CHECK(rate_of("refund_rate", log) == "1/3");
  CHECK(rate_of("dispute_rate", log) == "1/3");
}

TEST_CASE("commerce: net of refunds an order is worth no less than nothing", "[kpi]") {
  LogText log;
  log.add("order", 0, order("1", "100")).add("order", 1, order("2", "50"));
  log.add("order", 2, order("3", "10"));
  log.add("refund", 3, R"("order":"1","value":30)").add("refund", 4, R"("order":"1","value":20)");
  log.add("refund", 5, R"("order":"2","value":80)");
  log.add("refund", 6, R"("order":"3")");
  log.add("refund", 7, R"("order":"none","value":1000)");
  CHECK(kpis_of(log)["clv"]["value"] == 160);
  const Json net = kpis_of(log, with("clv_net_of_refunds", 1));
  CHECK(net["clv"]["value"] == 60);
  CHECK(net["average_order_value"]["revenue"] == 160);
  CHECK(net["refund_rate"]["x"] == 3);
}

TEST_CASE("commerce: the health of a customer is made of four shares", "[kpi]") {
  LogText log;
  log.add("order", 0, order("1", "2000", "books")).add("order", 1, order("2", "3000", "books"));
  log.add("order", 2, order("3", "5000", "toys")).add("order", 3, order("4", "0"));
  log.add("support", 4, R"("ticket":"t","action":"open")");
  log.add("support", 5, R"("action":"contact")");
  log.add("support", 6, R"("ticket":"t","action":"resolve")");
  log.add("heartbeat", 73 * kDay);
  // 2 of 5 kinds, 73 of 365 days, 2 of 5 contacts (inverted), 10 000 of 50 000.
  CHECK_THAT(health(log), WithinRel(100 * (0.4 + 0.2 + 0.6 + 0.2) / 4, 1e-12));
}

TEST_CASE("commerce: every share of the health ends at 0 and 1", "[kpi]") {
  LogText log;
  log.add("order", 0, order("1", "90000"));
  for (int i = 0; i < 9; ++i) log.add("support", i + 1, R"("action":"open")");
  CHECK_THAT(health(log), WithinRel(100 * (0 + 0 + 0 + 1) / 4.0, 1e-12));
}

TEST_CASE("commerce: health is the mean over customers, nobody else", "[kpi]") {
  LogText log;
  log.add("order", 0, order("1", "50000"));                        // 50: no contact, all spend
  log.of("b", "s").add("order", 0, order("2", "25000", "books"));  // 42.5
  log.of("c", "s").add("support", 0, R"("action":"open")");
  const Json result = kpis_of(log)["customer_health_score"];
  CHECK(result["n"] == 2);
  CHECK_THAT(result["value"].get<double>(), WithinRel((50 + 42.5) / 2, 1e-12));
  CHECK_THAT(result["sd"].get<double>(), WithinRel(5.303300858899107, 1e-12));
  CHECK(result["ci"][0].get<double>() >= 0);
  CHECK(result["ci"][1].get<double>() <= 100);
}

TEST_CASE("commerce: usage days go by the time zone and over all client sessions", "[kpi]") {
  Options options;
  LogText log;
  log.view(kDay - 1, 0).add("order", kDay, order("1", "0"));
  log.of("a", "t").view(74 * kDay - 1, 0);
  CHECK_THAT(health(log), WithinRel(100 * (0 + 0.2 + 1 + 0) / 4, 1e-12));
  log.of("a", "u").view(-kHour, 0);
  CHECK_THAT(health(log), WithinRel(100 * (0 + 74.0 / 365 + 1 + 0) / 4, 1e-12));
  REQUIRE(options.set_number("tz_offset_min", 60) == Status::kOk);
  // Days 1, 74 and 0.
  CHECK_THAT(health(log, options), WithinRel(100 * (0 + 74.0 / 365 + 1 + 0) / 4, 1e-12));
}

TEST_CASE("commerce: parts of the health can be weighed and left out", "[kpi]") {
  Options options;
  const std::string_view keys[] = {"spend", "support_contacts"};
  const double values[] = {0, 1000, 3, 0, 0, 10, 1, 1};
  REQUIRE(options.set_table("health", keys, values) == Status::kOk);
  LogText log;
  log.add("order", 0, order("1", "500", "books")).add("support", 1, R"("action":"open")");
  CHECK_THAT(health(log, options), WithinRel(100 * (3 * 0.5 + 0.9) / 4, 1e-12));
}

TEST_CASE("commerce: orders there is no room for are left out and counted", "[kpi]") {
  Limits limits = Limits::lab();
  limits.orders = 2;
  LogText log;
  log.add("refund", 0, R"("order":"0","value":1)").add("order", 1, order("1", "10"));
  log.of("b", "s").add("order", 2, order("2", "20")).add("order", 3, order("1", "30"));
  log.add("order", 4, order("4", "40"));
  const Json report = report_of(log.text(), {}, limits);
  CHECK(report["kpis"]["average_order_value"]["n"] == 1);
  CHECK(report["kpis"]["average_order_value"]["revenue"] == 10);
  CHECK(report["quality"]["over_limit"] == 2);
  CHECK(report["quality"]["duplicate_order"] == 1);
}
