// SPDX-License-Identifier: MIT
// Covers kpi/families/engagement.h through logs; the numbers are worked out by hand.
#include <string>
#include <string_view>

#include "catch_amalgamated.hpp"
#include "tests/helpers/engine_report.h"

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using insitu::base::Limits;
using insitu::kpi::Options;
using insitu::test::Json;
using insitu::test::kpis_of;
using insitu::test::kReferenceTolerance;
using insitu::test::LogText;
using insitu::test::report_of;
using insitu::test::with;
using insitu::test::with_numbers;

namespace {

constexpr const char* kHidden = R"("state":"hidden")";
constexpr const char* kVisible = R"("state":"visible")";

// One client session with one page view that is seen for `ms`.
LogText seen_for(int ms) { return LogText().view(0, 0).add("heartbeat", ms, R"("pv":0)"); }

}  // namespace

TEST_CASE("sessions: a pause longer than the timeout cuts, the timeout itself does not", "[kpi]") {
  CHECK(kpis_of(seen_for(1'800'000))["sessions"]["value"] == 1);
  CHECK(kpis_of(seen_for(1'800'001))["sessions"]["value"] == 2);
  CHECK(kpis_of(seen_for(1001), with("session_timeout_ms", 1000))["sessions"]["value"] == 2);
  CHECK(kpis_of(LogText{})["sessions"]["value"] == 0);
}

TEST_CASE("sessions: client sessions, visitors and page views are counted apart", "[kpi]") {
  LogText log;
  log.view(0, 0).view(1, 1);
  log.of("a", "t").view(0, 0);
  log.of("b", "s").add("heartbeat", 0);
  const Json all = kpis_of(log);
  CHECK(all["sessions"]["value"] == 3);
  CHECK(all["visitors"]["value"] == 2);
  CHECK(all["page_views"]["value"] == 3);
  CHECK_FALSE(all["sessions"].contains("n"));
  CHECK_FALSE(all["sessions"].contains("ci"));
}

TEST_CASE("sessions: a late event joins its own part, in corrected time", "[kpi]") {
  // The monotonic clock says one second, the wall clock two hours.
  LogText log;
  log.add("page_view", 0, R"("page":"/","pv":0,"mono":0)");
  log.add("heartbeat", 7'200'000, R"("pv":0,"mono":1000)");
  const Json all = kpis_of(log);
  CHECK(all["sessions"]["value"] == 1);
  CHECK(all["average_session_duration"]["value"] == 1);
}

TEST_CASE("active time: gaps count up to the cap, and only while something is seen", "[kpi]") {
  LogText log;
  log.view(0, 0);
  log.add("heartbeat", 10'000);                 // 10 s
  log.add("heartbeat", 100'000);                // 90 s: 30 s
  log.add("visibility", 110'000, kHidden);      // 10 s
  log.add("click", 120'000, R"("x":1,"y":1)");  // hidden
  log.add("visibility", 130'000, kVisible);     // hidden
  log.add("session_end", 135'000);              // 5 s
  Json all = kpis_of(log);
  CHECK(all["active_time"]["value"] == 55);
  CHECK(all["active_time"]["sum_ms"] == 55'000);
  CHECK(all["active_time"]["n"] == 1);
  CHECK(all["active_time"]["sd"].is_null());
  CHECK(all["average_session_duration"]["value"] == 135);
  all = kpis_of(log, with("idle_cap_ms", NAN));
  CHECK(all["active_time"]["value"] == 115);
  all = kpis_of(log, with("idle_cap_ms", 0.0));
  CHECK(all["active_time"]["value"] == 0);
}

TEST_CASE("active time: a pause that cuts the session belongs to neither part", "[kpi]") {
  LogText log;
  log.view(0, 0).add("heartbeat", 5000).add("heartbeat", 2'000'000).add("heartbeat", 2'003'000);
  const Json all = kpis_of(log);
  CHECK(all["active_time"]["sum_ms"] == 8000);
  CHECK(all["active_time"]["value"] == 4);
  CHECK(all["average_session_duration"]["value"] == 4);
}

TEST_CASE("active time: two tabs that are both seen count once", "[kpi]") {
  LogText log;
  log.view(0, 0);
  log.view(1000, 1, "/", R"("from":null)");
  log.add("visibility", 3000, std::string(kHidden) + R"(,"pv":0)");
  log.add("visibility", 6000, std::string(kHidden) + R"(,"pv":1)");
  log.add("heartbeat", 9000);
  CHECK(kpis_of(log)["active_time"]["sum_ms"] == 6000);
}

TEST_CASE("engagement: active for longer than 10 s, strictly", "[kpi]") {
  CHECK(kpis_of(seen_for(10'000))["engagement_rate"]["x"] == 0);
  CHECK(kpis_of(seen_for(10'001))["engagement_rate"]["x"] == 1);
  CHECK(kpis_of(seen_for(10'001), with("engaged_ms", 10'001))["engagement_rate"]["x"] == 0);
}

TEST_CASE("engagement: or two page views, or a goal", "[kpi]") {
  CHECK(kpis_of(LogText().view(0, 0).view(1, 1))["engagement_rate"]["x"] == 1);
  CHECK(kpis_of(LogText().view(0, 0).add("conversion", 1,
                                         R"("goal":"x")"))["engagement_rate"]["x"] == 1);
  CHECK(kpis_of(LogText().add("order", 1, R"("order":"1")"))["engagement_rate"]["x"] == 1);
  CHECK(kpis_of(LogText().view(0, 0).add("click", 1, R"("x":1,"y":1)"))["engagement_rate"]["x"] ==
        0);
}

TEST_CASE("engagement: what happened before a pause does not engage the part after it", "[kpi]") {
  LogText log;
  log.view(0, 0).view(1, 1).add("conversion", 2, R"("goal":"x")");
  log.add("heartbeat", 2'000'000);
  const Json rate = kpis_of(log)["engagement_rate"];
  CHECK(rate["x"] == 1);
  CHECK(rate["n"] == 2);
}

TEST_CASE("bounces: one page view, of sessions with any; ga4: not engaged, of all", "[kpi]") {
  LogText log;
  log.view(0, 0);                                        // bounces in both
  log.of("b", "s").view(0, 0).view(1, 1);                // in neither
  log.of("c", "s").view(0, 0).add("heartbeat", 20'000);  // single page, engaged
  log.of("d", "s").add("heartbeat", 0);                  // no page view
  const Json plain = kpis_of(log)["bounce_rate"];
  CHECK(plain["x"] == 2);
  CHECK(plain["n"] == 3);
  const Json other = kpis_of(log, with("bounce_mode", "ga4"))["bounce_rate"];
  CHECK(other["x"] == 2);
  CHECK(other["n"] == 4);
  CHECK(kpis_of(LogText().add("heartbeat", 0))["bounce_rate"]["value"].is_null());
}

TEST_CASE("duration: one event is 0 and counts; bounces may be left out", "[kpi]") {
  LogText log;
  log.view(0, 0);
  log.of("b", "s").view(0, 0).view(4000, 1);
  const Json all = kpis_of(log)["average_session_duration"];
  CHECK(all["value"] == 2);
  CHECK(all["n"] == 2);
  CHECK(all["sum_ms"] == 4000);
  // sd of 0 and 4: sqrt 8; 2 + 12.706204736174694 * sqrt 8 / sqrt 2
  CHECK_THAT(all["sd"].get<double>(), WithinRel(2.8284271247461903, kReferenceTolerance));
  CHECK(all["ci"][0] == 0);
  CHECK_THAT(all["ci"][1].get<double>(), WithinRel(27.412409472349388, kReferenceTolerance));
  const Json without =
      kpis_of(log, with("duration_exclude_bounces", 1))["average_session_duration"];
  CHECK(without["value"] == 4);
  CHECK(without["n"] == 1);
  CHECK(without["ci"].is_null());
  // A session without any page view is no bounce.
  const Json none = kpis_of(LogText().add("heartbeat", 0).add("heartbeat", 3000),
                            with("duration_exclude_bounces", 1))["average_session_duration"];
  CHECK(none["value"] == 3);
}

TEST_CASE("pages per visit: of sessions with a page view", "[kpi]") {
  LogText log;
  log.view(0, 0);
  log.of("b", "s").view(0, 0).view(1, 1).view(2, 2);
  log.of("c", "s").add("heartbeat", 0);
  const Json pages = kpis_of(log)["pages_per_visit"];
  CHECK(pages["value"] == 2);
  CHECK(pages["n"] == 2);
  CHECK_THAT(pages["sd"].get<double>(), WithinRel(1.4142135623730951, kReferenceTolerance));
  CHECK(pages["ci"][0] == 0);
  CHECK_THAT(pages["ci"][1].get<double>(), WithinRel(14.706204736174694, kReferenceTolerance));
  // Equal sessions: no variance, an interval of one point.
  const Json equal = kpis_of(LogText().view(0, 0).of("b", "s").view(0, 0))["pages_per_visit"];
  CHECK(equal["ci"] == Json::array({1, 1}));
}

TEST_CASE("clicks: only with both coordinates", "[kpi]") {
  LogText log;
  log.view(0, 0);
  log.add("click", 1, R"("pv":0,"x":1,"y":2)");
  log.add("click", 2, R"("pv":0,"x":-1e300,"y":0)");
  log.add("click", 3, R"("pv":0,"x":1)");
  log.add("click", 4, R"("pv":0,"x":1,"y":"2")");
  log.add("click", 5, R"("x":1,"y":2)");
  log.of("b", "s").add("heartbeat", 0);
  const Json clicks = kpis_of(log)["number_of_clicks"];
  CHECK(clicks["value"] == 3);
  CHECK(clicks["per_session"] == 1.5);
  CHECK(clicks["per_page_view"] == 3);
  CHECK(kpis_of(LogText{})["number_of_clicks"]["per_session"].is_null());
}

TEST_CASE("scroll depth: the lowest bottom seen, by page view", "[kpi]") {
  LogText log;
  const char* kGeometry = R"("vh":500,"dh":1000)";
  log.view(0, 0, "/", kGeometry);  // not scrolled: 0.5
  log.view(1, 1, "/", kGeometry);
  log.add("scroll", 2, R"("pv":1,"y":300)");  // 0.8
  log.add("scroll", 3, R"("pv":1,"y":100)");
  log.view(4, 2, "/", kGeometry);
  log.add("scroll", 5, R"("pv":2,"y":-100)");   // still 0.5
  log.view(6, 3, "/", R"("vh":500,"dh":200)");  // 1
  log.view(7, 4, "/", R"("vh":500)");           // no geometry
  log.view(8, 5, "/", R"("vh":0,"dh":10)");
  const Json depth = kpis_of(log)["scroll_depth"];
  CHECK(depth["n"] == 4);
  CHECK_THAT(depth["value"].get<double>(), WithinAbs(0.7, kReferenceTolerance));
  CHECK(depth["reach"] ==
        Json{{"0.25", 1.0}, {"0.5", 1.0}, {"0.75", 0.5}, {"0.9", 0.25}, {"1.0", 0.25}});
}

TEST_CASE("scroll depth: thresholds are the user's; without page views shares are null", "[kpi]") {
  const Options options = with_numbers("scroll_thresholds", {0.8});
  Json depth = kpis_of(LogText().view(0, 0, "/", R"("vh":800,"dh":1000)"), options)["scroll_depth"];
  CHECK(depth["reach"] == Json{{"0.8", 1.0}});
  depth = kpis_of(LogText{})["scroll_depth"];
  CHECK(depth["value"].is_null());
  CHECK(depth["n"] == 0);
  CHECK(depth["reach"]["0.5"].is_null());
}

TEST_CASE("engagement: limits that are small change nothing for a plain tab", "[kpi]") {
  LogText log;
  for (int i = 0; i < 200; ++i) {
    log.view(i * 100, i, "/", R"("vh":500,"dh":1000)");
    log.add("scroll", i * 100 + 50,
            R"("pv":)" + std::to_string(i) + R"(,"y":)" + std::to_string(i % 600));
  }
  Limits limits = Limits::lab();
  limits.page_views = 4;
  CHECK(report_of(log.text(), {}, limits) == report_of(log.text()));
}

TEST_CASE("engagement: beyond the limit of visitors new ones are counted to the last", "[kpi]") {
  LogText log;
  for (int i = 0; i < 5; ++i) log.of("v" + std::to_string(i), "s").view(0, 0);
  Limits limits = Limits::lab();
  limits.visitors = 2;
  const Json report = report_of(log.text(), {}, limits);
  CHECK(report["kpis"]["visitors"]["value"] == 2);
  CHECK(report["kpis"]["sessions"]["value"] == 5);
  CHECK(report["quality"]["over_limit"] == 3);
}

TEST_CASE("exits: the last page view of a session is an exit, the first an entry", "[kpi]") {
  LogText log;
  log.view(0, 0, "/a").view(1000, 1, "/b").view(2000, 2, "/a");
  log.of("b", "s").view(0, 0, "/b");
  // Two sessions of one client session.
  log.of("c", "s").view(0, 0, "/a").view(1'800'001, 1, "/c").add("heartbeat", 1'800'002);
  log.of("d", "s").add("heartbeat", 0);
  const Json pages = kpis_of(log)["exit_rate"]["by_page"];
  CHECK(pages.size() == 3);
  CHECK(pages["/a"]["views"] == 3);
  CHECK(pages["/a"]["exits"] == 2);
  CHECK(pages["/a"]["entries"] == 2);
  CHECK_THAT(pages["/a"]["value"].get<double>(), WithinRel(2.0 / 3, kReferenceTolerance));
  CHECK(pages["/b"]["views"] == 2);
  CHECK(pages["/b"]["exits"] == 1);
  CHECK(pages["/b"]["entries"] == 1);
  CHECK(pages["/c"]["exits"] == 1);
  CHECK(pages["/c"]["entries"] == 1);
  CHECK(kpis_of(LogText{})["exit_rate"]["by_page"] == Json::object());
}

TEST_CASE("exits: page views of all tabs count in the order of the stream", "[kpi]") {
  LogText log;
  log.view(0, 0, "/a").view(1000, 1, "/b", R"("from":null)");
  log.add("heartbeat", 2000, R"("page":"/a","pv":0)");
  const Json pages = kpis_of(log)["exit_rate"]["by_page"];
  CHECK(pages["/a"]["entries"] == 1);
  CHECK(pages["/a"]["exits"] == 0);
  CHECK(pages["/b"]["exits"] == 1);
}

TEST_CASE("visitors: the HyperLogLog estimate is near, and the same in any order", "[kpi]") {
  LogText forward;
  LogText backward;
  for (int i = 0; i < 2000; ++i) {
    forward.of("visitor" + std::to_string(i), "s").add("heartbeat", 0);
    backward.of("visitor" + std::to_string(1999 - i), "s").add("heartbeat", 0);
    backward.of("visitor" + std::to_string(1999 - i), "t").add("heartbeat", 0);
  }
  const Json all = kpis_of(forward);
  CHECK(all["visitors"]["value"] == 2000);
  // Standard error 1.6 %; three of them.
  CHECK_THAT(all["visitors_hll"]["value"].get<double>(), WithinRel(2000.0, 0.048));
  CHECK(kpis_of(backward)["visitors_hll"]["value"] == all["visitors_hll"]["value"]);
  CHECK(kpis_of(LogText{})["visitors_hll"]["value"] == 0);
  // Few registers collide more.
  CHECK(kpis_of(forward, with("hll_p", 4))["visitors_hll"]["value"] !=
        all["visitors_hll"]["value"]);
}

TEST_CASE("repeat usage: sessions per visitor, and those who came back", "[kpi]") {
  LogText log;
  log.add("heartbeat", 0).add("heartbeat", 1'800'001);
  log.of("b", "s").add("heartbeat", 0);
  log.of("c", "s").add("heartbeat", 0);
  log.of("c", "t").add("heartbeat", 5);
  log.of("d", "s").add("heartbeat", 0);
  const Json repeat = kpis_of(log)["repeat_usage"];
  CHECK(repeat["value"] == 1.5);
  CHECK(repeat["returning_rate"] == 0.5);
  CHECK(kpis_of(LogText{})["repeat_usage"]["value"].is_null());
}

TEST_CASE("social: actions per session, each kind counted", "[kpi]") {
  LogText log;
  log.add("social", 0, R"("action":"share")").add("social", 1, R"("action":"share")");
  log.add("social", 2, R"("action":"like")");
  log.of("b", "s").add("heartbeat", 0);
  const Json social = kpis_of(log)["social_engagement"];
  CHECK(social["value"] == 1.5);
  CHECK(social["by_action"]["share"] == 2);
  CHECK(social["by_action"]["like"] == 1);
  CHECK(kpis_of(LogText{})["social_engagement"]["value"].is_null());
}
