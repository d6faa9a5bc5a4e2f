// SPDX-License-Identifier: MIT
// Covers kpi/families/conversion.h through logs; the numbers are worked out by hand.
#include <string>
#include <string_view>
#include <vector>

#include "catch_amalgamated.hpp"
#include "tests/helpers/engine_report.h"

using Catch::Matchers::WithinRel;
using insitu::base::Limits;
using insitu::base::Status;
using insitu::kpi::Options;
using insitu::test::Json;
using insitu::test::kDay;
using insitu::test::kHour;
using insitu::test::kpi_of;
using insitu::test::LogText;
using insitu::test::rate_of;
using insitu::test::report_of;
using insitu::test::with;
using insitu::test::with_texts;

namespace {

constexpr std::string_view kAdd = R"("action":"add")";
constexpr std::string_view kCheckout = R"("action":"checkout")";
constexpr std::string_view kActivate = R"("goal":"activate")";

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

}  // namespace

TEST_CASE("conversion: visitors with an order, several count once", "[kpi]") {
  const Json result = kpi_of("conversion_rate", shop());
  CHECK(result["x"] == 1);
  CHECK(result["n"] == 3);
  CHECK(result["ci"].is_array());
}

TEST_CASE("conversion: by session only the part with the goal counts", "[kpi]") {
  CHECK(rate_of("conversion_rate", shop(), with("conversion_unit", "session")) == "1/5");
}

TEST_CASE("conversion: the goals are the user's", "[kpi]") {
  const auto converted = [](const std::vector<std::string_view>& goals) {
    return rate_of("conversion_rate", shop(), with_texts("conversion_goals", goals));
  };
  CHECK(converted({"signup"}) == "1/3");
  CHECK(converted({"signup", "order"}) == "2/3");
  CHECK(converted({"other"}) == "0/3");
  CHECK(converted({}) == "0/3");
}

TEST_CASE(
    "conversion: an order is the goal order, even without an id, and so is a conversion of "
    "that name",
    "[kpi]") {
  CHECK(rate_of("conversion_rate", LogText().add("order", 0)) == "1/1");
  CHECK(rate_of("conversion_rate", LogText().add("conversion", 0, R"("goal":"order")")) == "1/1");
  CHECK(rate_of("conversion_rate", LogText().add("conversion", 0)) == "0/1");
  CHECK(rate_of("conversion_rate", LogText().add("conversion", 0, R"("goal":"")")) == "0/1");
}

TEST_CASE("conversion: a visitor converts in any client session", "[kpi]") {
  LogText log;
  log.view(0, 0);
  log.of("a", "t").add("order", 0);
  CHECK(rate_of("conversion_rate", log) == "1/1");
  CHECK(rate_of("conversion_rate", log, with("conversion_unit", "session")) == "1/2");
}

TEST_CASE("conversion: nobody is no data", "[kpi]") {
  const Json kpis = report_of("")["kpis"];
  for (const char* id : {"conversion_rate", "acquisition_rate", "product_page_conversion",
                         "checkout_completion_rate", "cart_abandonment_rate", "time_to_first_value",
                         "social_engagement", "advocacy_rate"}) {
    INFO(id);
    CHECK(kpis[id]["value"].is_null());
    CHECK(kpis[id]["n"] == 0);
  }
  CHECK(kpis["funnel_drop_off"]["value"].is_null());
  CHECK(kpis["funnel_drop_off"]["reached"] == Json::parse("[0,0,0,0]"));
  CHECK(kpis["time_to_first_value"]["activation_rate"].is_null());
}

TEST_CASE("conversion: visitors are acquired by the goals of their own list", "[kpi]") {
  CHECK(rate_of("acquisition_rate", shop()) == "1/3");
  CHECK(rate_of("acquisition_rate", shop(), with_texts("acquisition_goals", {"order", "signup"})) ==
        "2/3");
}

TEST_CASE("conversion: an order counts for the product page after its first view, in one session",
          "[kpi]") {
  const auto product = [](const LogText& log) { return rate_of("product_page_conversion", log); };
  CHECK(product(LogText().view(0, 0, "/product").add("order", 1)) == "1/1");
  CHECK(product(LogText().add("order", 0).view(1, 0, "/product")) == "0/1");
  CHECK(product(LogText().add("order", 0).view(1, 0, "/product").add("order", 2)) == "1/1");
  CHECK(product(LogText().view(0, 0, "/product").add("order", 2 * kHour)) == "0/1");
  CHECK(product(LogText().view(0, 0, "/cart").add("order", 1)) == "0/0");
  CHECK(product(LogText().view(0, 0, "/product").add("conversion", 1, R"("goal":"order")")) ==
        "0/1");
  CHECK(rate_of("product_page_conversion", LogText().view(0, 0, "/p").add("order", 1),
                with("product_page", "/p")) == "1/1");
}

TEST_CASE("conversion: a cart is abandoned without an order after the first add", "[kpi]") {
  const auto cart = [](const LogText& log) { return rate_of("cart_abandonment_rate", log); };
  CHECK(cart(LogText().add("cart", 0, kAdd)) == "1/1");
  CHECK(cart(LogText().add("cart", 0, kAdd).add("order", 1)) == "0/1");
  CHECK(cart(LogText().add("order", 0).add("cart", 1, kAdd)) == "1/1");
  CHECK(cart(LogText().add("cart", 0, kAdd).add("order", 1).add("cart", 2, kAdd)) == "0/1");
  CHECK(cart(LogText().add("cart", 0, R"("action":"remove")").add("order", 1)) == "0/0");
  CHECK(cart(LogText().add("cart", 0, kCheckout).add("cart", 1)) == "0/0");
}

TEST_CASE("conversion: a checkout is completed by an order after it", "[kpi]") {
  const auto checkout = [](const LogText& log) { return rate_of("checkout_completion_rate", log); };
  CHECK(checkout(LogText().add("cart", 0, kCheckout)) == "0/1");
  CHECK(checkout(LogText().add("cart", 0, kCheckout).add("order", 1)) == "1/1");
  CHECK(checkout(LogText().add("order", 0).add("cart", 1, kCheckout)) == "0/1");
  CHECK(checkout(LogText().add("cart", 0, kAdd).add("order", 1)) == "0/0");
}

TEST_CASE("conversion: by visitor and day the sessions of one day are one cart", "[kpi]") {
  const Options by_day = with("cart_unit", "visitor_day");
  LogText log;
  log.add("cart", 0, kAdd).add("cart", kHour, kCheckout).add("order", 2 * kHour);
  log.add("cart", kDay, kAdd);  // the next day: nothing is ordered
  log.of("b", "s").add("cart", 0, kAdd);
  CHECK(rate_of("cart_abandonment_rate", log, by_day) == "2/3");
  CHECK(rate_of("checkout_completion_rate", log, by_day) == "1/1");
  CHECK(rate_of("cart_abandonment_rate", log) == "3/3");
  CHECK(rate_of("checkout_completion_rate", log) == "0/1");
}

TEST_CASE("conversion: the sessions of a day follow each other in time, not as they came",
          "[kpi]") {
  const Options by_day = with("cart_unit", "visitor_day");
  LogText later_first;
  later_first.add("order", 2 * kHour);
  later_first.of("a", "t").add("cart", kHour, kAdd);
  CHECK(rate_of("cart_abandonment_rate", later_first, by_day) == "0/1");

  LogText order_first;
  order_first.add("order", kHour);
  order_first.of("a", "t").add("cart", 2 * kHour, kAdd);
  CHECK(rate_of("cart_abandonment_rate", order_first, by_day) == "1/1");

  // The offset of the clock puts the order before the cart.
  LogText moved;
  moved.add("order", 3 * kHour).add("session_start", 3 * kHour, R"("clock_offset":-7200000)");
  moved.of("a", "t").add("cart", 2 * kHour, kAdd);
  CHECK(rate_of("cart_abandonment_rate", moved, by_day) == "1/1");

  // At the same time the names of the client sessions decide: t is after b.
  LogText equal;
  equal.of("a", "t").add("order", 0);
  equal.of("a", "b").add("cart", 0, kAdd);
  CHECK(rate_of("cart_abandonment_rate", equal, by_day) == "0/1");
}

TEST_CASE("conversion: days are those of the time zone", "[kpi]") {
  Options options = with("cart_unit", "visitor_day");
  LogText log;
  log.add("cart", 22 * kHour, kAdd).add("order", 25 * kHour);
  CHECK(rate_of("cart_abandonment_rate", log, options) == "1/1");
  REQUIRE(options.set_number("tz_offset_min", 180) == Status::kOk);
  CHECK(rate_of("cart_abandonment_rate", log, options) == "0/1");
}

TEST_CASE("conversion: when there is no room for more sessions the first day is counted early",
          "[kpi]") {
  const Options by_day = with("cart_unit", "visitor_day");
  Limits limits = Limits::lab();
  limits.parts = 2;
  LogText log;
  for (int day = 0; day < 5; ++day) {
    log.of("a", std::to_string(day)).add("cart", day * kDay, kAdd);
    if (day % 2) log.add("order", day * kDay + 1);
  }
  Json report = report_of(log.text(), by_day, limits);
  CHECK(report["kpis"]["cart_abandonment_rate"]["x"] == 3);
  CHECK(report["kpis"]["cart_abandonment_rate"]["n"] == 5);
  CHECK_FALSE(report["quality"].contains("over_limit"));

  // A session of a day that has been counted is left out.
  log.of("a", "late").add("cart", kHour, kAdd);
  report = report_of(log.text(), by_day, limits);
  CHECK(report["kpis"]["cart_abandonment_rate"]["n"] == 5);
  CHECK(report["quality"]["over_limit"] == 1);
}

TEST_CASE("conversion: the steps of the funnel are met in order within a session", "[kpi]") {
  LogText log;
  log.view(0, 0, "/product").view(1, 1, "/help").view(2, 2, "/cart").add("order", 3);
  log.view(4, 3, "/checkout").add("order", 5);
  log.of("b", "s").view(0, 0, "/cart").view(1, 1, "/product").add("order", 2);
  log.of("c", "s").view(0, 0, "/product").view(2 * kHour, 1, "/cart");
  const Json result = kpi_of("funnel_drop_off", log);
  CHECK(result["reached"] == Json::parse("[3,1,1,1]"));
  CHECK_THAT(result["drop_off"][0].get<double>(), WithinRel(2.0 / 3));
  CHECK(result["drop_off"][1] == 0);
  CHECK(result["drop_off"][2] == 0);
  CHECK_THAT(result["value"].get<double>(), WithinRel(2.0 / 3));
}

TEST_CASE("conversion: one event meets one step of the funnel", "[kpi]") {
  const Options twice = with_texts("funnel", {"page /a", "page /a", "goal order"});
  CHECK(kpi_of("funnel_drop_off", LogText().view(0, 0, "/a").add("order", 1), twice)["reached"] ==
        Json::parse("[1,0,0]"));
  CHECK(kpi_of("funnel_drop_off", LogText().view(0, 0, "/a").view(1, 1, "/a").add("order", 2),
               twice)["reached"] == Json::parse("[1,1,1]"));
}

TEST_CASE("conversion: pages and goals of a funnel are not mixed up, and names may have spaces",
          "[kpi]") {
  const Options funnel = with_texts("funnel", {"goal sign up", "page sign up"});
  LogText log;
  log.view(0, 0, "sign up").add("conversion", 1, R"("goal":"sign up")").view(2, 1, "sign up");
  CHECK(kpi_of("funnel_drop_off", log, funnel)["reached"] == Json::parse("[1,1]"));
  CHECK(kpi_of("funnel_drop_off", LogText().view(0, 0, "sign up"), funnel)["reached"] ==
        Json::parse("[0,0]"));
}

TEST_CASE("conversion: a step that nobody reached has no drop-off", "[kpi]") {
  const Json result = kpi_of("funnel_drop_off", LogText().view(0, 0, "/product"));
  CHECK(result["drop_off"] == Json::parse("[1.0,null,null]"));
  CHECK(result["value"] == 1);
  const Json none = kpi_of("funnel_drop_off", LogText().view(0, 0), with_texts("funnel", {}));
  CHECK(none["value"].is_null());
  CHECK(none["reached"].empty());
  CHECK(none["drop_off"].empty());
}

TEST_CASE("conversion: the time to first value is the geometric mean over visitors", "[kpi]") {
  LogText log;
  log.view(0, 0).add("conversion", 10'000, kActivate).add("conversion", 90'000, kActivate);
  log.of("b", "s").view(0, 0).add("conversion", 40'000, kActivate);
  log.of("c", "s").add("conversion", 0, kActivate);
  log.of("d", "s").view(0, 0).add("conversion", 5, R"("goal":"other")");
  const Json result = kpi_of("time_to_first_value", log);
  CHECK_THAT(result["value"].get<double>(), WithinRel(20.0, 1e-12));
  CHECK_THAT(result["median"].get<double>(), WithinRel(25.0, 1e-12));
  CHECK(result["n"] == 2);
  CHECK(result["excluded"] == 1);
  CHECK(result["activation_rate"] == 0.75);
  CHECK(result["ci"].is_array());
}

TEST_CASE("conversion: first value counts from the first event of any client session", "[kpi]") {
  LogText log;
  // One clock is an hour ahead: its events were at 10 s and 30 s.
  log.add("session_start", kHour + 10'000, R"("clock_offset":-3600000)");
  log.add("conversion", kHour + 30'000, kActivate);
  log.of("a", "t").view(5000, 0).add("conversion", 25'000, kActivate);
  const Json result = kpi_of("time_to_first_value", log);
  CHECK(result["n"] == 1);
  CHECK_THAT(result["value"].get<double>(), WithinRel(20.0, 1e-12));
  CHECK(result["ci"].is_null());
}

TEST_CASE("conversion: only a conversion event activates", "[kpi]") {
  LogText log;
  log.view(0, 0).add("order", 1000);
  CHECK(kpi_of("time_to_first_value", log, with("activation_goal", "order"))["activation_rate"] ==
        0);
}

TEST_CASE("conversion: social actions per session, and by action", "[kpi]") {
  LogText log;
  log.add("social", 0, R"("action":"share")").add("social", 1, R"("action":"share")");
  log.add("social", 2, R"("action":"wave")").add("social", 3);
  log.of("b", "s").view(0, 0);
  const Json result = kpi_of("social_engagement", log);
  CHECK(result["value"] == 2);
  CHECK(result["x"] == 4);
  CHECK(result["n"] == 2);
  CHECK(result["by_action"] == Json::parse(R"({"share":2,"wave":1})"));
  CHECK_FALSE(result.contains("ci"));
}

TEST_CASE("conversion: advocates are visitors with an action of the list", "[kpi]") {
  LogText log;
  log.add("social", 0, R"("action":"review")").add("social", 1, R"("action":"share")");
  log.of("b", "s").add("social", 0, R"("action":"like")");
  CHECK(rate_of("advocacy_rate", log) == "1/2");
  CHECK(rate_of("advocacy_rate", log, with_texts("advocacy_actions", {"like", "share"})) == "2/2");
}

TEST_CASE("conversion: actions there is no room for count together and are named as such",
          "[kpi]") {
  LogText log;
  for (int i = 0; i < 40; ++i) {
    log.add("social", i, R"("action":"own )" + std::to_string(i) + R"(")");
  }
  Limits limits = Limits::lab();
  limits.strings = 20;
  const Json report = report_of(log.text(), {}, limits);
  CHECK(report["kpis"]["social_engagement"]["x"] == 40);
  const int others = report["kpis"]["social_engagement"]["by_action"]["(other)"].get<int>();
  CHECK(others >= 20);
  CHECK(report["quality"]["over_limit"].get<int>() >= others);
}
