// SPDX-License-Identifier: MIT
// Covers kpi/families/friction.h through logs; the numbers are worked out by hand.
#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch_amalgamated.hpp"
#include "tests/helpers/engine_report.h"
#include "tests/helpers/records.h"

using insitu::base::Limits;
using insitu::base::Status;
using insitu::kpi::Options;
using insitu::test::Json;
using insitu::test::LogText;
using insitu::test::rate_text;
using insitu::test::report_of;
using insitu::test::with;

namespace {

// Events of page view 0 unless another one is named.
class Log {
 public:
  Log& view(std::int64_t ms, int pv, const char* page = "/", std::string_view more = {}) {
    log_.view(ms, pv, page, more);
    return *this;
  }
  Log& click(std::int64_t ms, double x = 10, double y = 10, int pv = 0,
             const std::string& more = {}) {
    return add("click", ms, R"("x":)" + std::to_string(x) + R"(,"y":)" + std::to_string(y) + more,
               pv);
  }
  Log& move(std::int64_t ms, double x, double y, int pv = 0) {
    return add("move", ms, R"("x":)" + std::to_string(x) + R"(,"y":)" + std::to_string(y), pv);
  }
  Log& mutation(std::int64_t ms, int pv = 0) { return add("mutation", ms, "", pv); }
  Log& scroll(std::int64_t ms, int pv = 0) { return add("scroll", ms, R"("y":50)", pv); }
  Log& js_error(std::int64_t ms, int pv = 0) { return add("error", ms, R"("kind":"js")", pv); }
  Log& beat(std::int64_t ms, int pv = 0) { return add("heartbeat", ms, "", pv); }
  // Below 0: without pv.
  Log& add(std::string_view type, std::int64_t ms, const std::string& fields, int pv) {
    const std::string own = pv < 0 ? "" : R"("pv":)" + std::to_string(pv);
    log_.add(type, ms, own + (own.empty() || fields.empty() ? "" : ",") + fields);
    return *this;
  }
  Log& of(std::string_view visitor) {
    log_.of(visitor, "s");
    return *this;
  }
  const std::string& text() const { return log_.text(); }
  Json report(const Options& options = {}, const Limits& limits = Limits::lab()) const {
    return report_of(log_.text(), options, limits);
  }
  Json kpi(const char* id, const Options& options = {}) const {
    return report(options)["kpis"][id];
  }
  std::string rate(const char* id, const Options& options = {}) const {
    return rate_text(kpi(id, options));
  }
  std::string rage(const Options& options = {}) const { return rate("rage_click_rate", options); }
  int episodes(const Options& options = {}) const {
    return kpi("rage_click_rate", options)["episodes"].get<int>();
  }
  int confirmed(const Options& options = {}) const {
    return kpi("rage_click_rate", options)["confirmed"].get<int>();
  }
  std::string dead(const Options& options = {}) const { return rate("dead_click_rate", options); }
  int unresolved() const { return kpi("dead_click_rate")["unresolved"].get<int>(); }
  std::string errors(const Options& options = {}) const {
    return rate("error_click_rate", options);
  }
  std::string backs(const Options& options = {}) const { return rate("quick_back_rate", options); }
  std::string thrash(const Options& options = {}) const {
    return rate("thrashed_cursor_rate", options);
  }

 private:
  LogText log_;
};

// Moves to and fro, `changes` changes of direction `step` ms apart, the first move at `ms`.
Log& shake(Log& log, std::int64_t ms, int changes, std::int64_t step, int pv = 0) {
  for (int i = 0; i < changes + 2; ++i) log.move(ms + i * step, i % 2 ? 20 : 10, 5, pv);
  return log;
}

}  // namespace

TEST_CASE("friction: of nothing there are no rates", "[kpi]") {
  const Json kpis = report_of("")["kpis"];
  for (const char* const id : {"rage_click_rate", "dead_click_rate", "error_click_rate",
                               "quick_back_rate", "thrashed_cursor_rate"}) {
    INFO(id);
    CHECK(kpis[id]["value"].is_null());
    CHECK(kpis[id]["n"] == 0);
  }
}

TEST_CASE("rage: three clicks near each other in space and time are an episode", "[kpi]") {
  CHECK(Log().view(0, 0).click(0).click(500).rage() == "0/1");
  CHECK(Log().view(0, 0).click(0).click(500).click(1000).rage() == "1/1");
  // However long the chain gets, it is one.
  Log many;
  many.view(0, 0);
  for (int i = 0; i < 12; ++i) many.click(i * 100);
  CHECK(many.episodes() == 1);
  CHECK(many.rage() == "1/1");
}

TEST_CASE("rage: the limits of distance and time are not near any more", "[kpi]") {
  const auto third = [](std::int64_t ms, double x, double y) {
    return Log().view(0, 0).click(0).click(100).click(100 + ms, 10 + x, 10 + y);
  };
  CHECK(third(999, 0, 0).episodes() == 1);
  CHECK(third(1000, 0, 0).episodes() == 0);
  CHECK(third(10, 29.9, 0).episodes() == 1);
  CHECK(third(10, 30, 0).episodes() == 0);
  CHECK(third(10, -15, 15).episodes() == 0);  // |dx| + |dy|
  const Options euclid = with("rage_metric", "euclid");
  CHECK(third(10, -15, 15).episodes(euclid) == 1);
  CHECK(third(10, 18, 24).episodes(euclid) == 0);  // 30 px
  CHECK(third(999, 0, 0).episodes(with("rage_ms", 999)) == 0);
  CHECK(third(10, 29.9, 0).episodes(with("rage_px", 29)) == 0);
  CHECK(third(10, 0, 0).episodes(with("rage_clicks", 4)) == 0);
  CHECK(third(10, 0, 0).click(120).episodes(with("rage_clicks", 4)) == 1);
}

TEST_CASE("rage: distance is from the click before, so a chain may wander", "[kpi]") {
  CHECK(Log().view(0, 0).click(0, 0).click(10, 25).click(20, 50).click(30, 75).episodes() == 1);
}

TEST_CASE("rage: a click far away starts a chain of its own", "[kpi]") {
  Log log;
  log.view(0, 0).click(0).click(10).click(20, 500).click(30).click(40);
  CHECK(log.episodes() == 0);
  log.click(50);
  CHECK(log.episodes() == 1);
  // After an episode too.
  log.click(60, 500).click(70, 500).click(80, 500);
  CHECK(log.episodes() == 2);
  CHECK(log.rage() == "1/1");
}

TEST_CASE("rage: page views do not mix, other events between do not matter", "[kpi]") {
  Log tabs;
  tabs.view(0, 0).view(1, 1, "/", R"("from":null)");
  tabs.click(10, 10, 10, 0).click(20, 10, 10, 1).click(30, 10, 10, 0).click(40, 10, 10, 1);
  CHECK(tabs.episodes() == 0);
  tabs.click(50, 10, 10, 0);
  CHECK(tabs.episodes() == 1);
  CHECK(Log().view(0, 0).click(0).mutation(5).click(10).scroll(15).beat(17).click(20).episodes() ==
        1);
}

TEST_CASE("rage: a click that is exempt neither joins nor breaks a chain", "[kpi]") {
  const std::string exempt = R"(,"exempt":["rage"])";
  CHECK(Log().view(0, 0).click(0).click(10).click(20, 10, 10, 0, exempt).episodes() == 0);
  Log log;
  log.view(0, 0).click(0).click(10).click(15, 500, 500, 0, exempt).click(20);
  CHECK(log.episodes() == 1);
  // Exempt from something else it is a click as any.
  CHECK(Log()
            .view(0, 0)
            .click(0)
            .click(10)
            .click(20, 10, 10, 0, R"(,"exempt":["dead"])")
            .episodes() == 1);
}

TEST_CASE("rage: a pause that ends the session ends the chain", "[kpi]") {
  Options options = with("session_timeout_ms", 100);
  Log log;
  log.view(0, 0).click(0).click(50).click(200);
  CHECK(log.episodes(options) == 0);
  CHECK(log.rage(options) == "0/2");
  CHECK(log.episodes() == 1);
}

TEST_CASE("rage: an episode is confirmed by a dead click of its chain", "[kpi]") {
  // All answered.
  CHECK(Log().view(0, 0).click(0).click(10).click(20).mutation(30).beat(5000).confirmed() == 0);
  // None answered.
  CHECK(Log().view(0, 0).click(0).click(10).click(20).beat(5000).confirmed() == 1);
  // The stream ended before it was known.
  CHECK(Log().view(0, 0).click(0).click(10).click(20).beat(2000).confirmed() == 0);
  // A chain of two is none.
  CHECK(Log().view(0, 0).click(0).click(10).beat(5000).confirmed() == 0);
  // The last one of the chain alone, after the third.
  Log last;
  last.view(0, 0).click(0).click(10).click(20).mutation(30).click(40).beat(5000);
  CHECK(last.confirmed() == 1);
  // Clicks of another chain do not confirm.
  Log other;
  other.view(0, 0).click(0).click(10).click(20).mutation(30).click(40, 500).beat(5000);
  CHECK(other.episodes() == 1);
  CHECK(other.confirmed() == 0);
}

TEST_CASE("rage: an episode is confirmed by a script error after its last click", "[kpi]") {
  const auto rage = [] { return Log().view(0, 0).click(0).click(10).click(20).mutation(30); };
  CHECK(rage().js_error(40).confirmed() == 1);
  CHECK(rage().js_error(1020).confirmed() == 1);
  CHECK(rage().js_error(1021).confirmed() == 0);
  CHECK(rage().js_error(200).confirmed(with("error_click_ms", 100)) == 0);
  CHECK(rage().add("error", 40, R"("kind":"http")", 0).confirmed() == 0);
  // Of another page view.
  CHECK(rage().view(35, 1, "/", R"("from":null)").js_error(40, 1).confirmed() == 0);
  // Between the clicks: it is the last click that counts.
  Log between;
  between.view(0, 0).click(0).click(10).click(20).js_error(25).mutation(26).click(30).mutation(35);
  CHECK(between.confirmed() == 0);
  // After a click of another chain, the first chain's last click is still the one before.
  CHECK(rage().click(35, 500).mutation(36).js_error(40).confirmed() == 1);
}

TEST_CASE("rage: many chains in one session are all judged", "[kpi]") {
  Log log;
  log.view(0, 0);
  // Every second episode is left without an answer.
  for (int i = 0; i < 60; ++i) {
    const std::int64_t ms = i * 10'000;
    for (int n = 0; n < 3; ++n) log.click(ms + n * 10, i * 100);
    if (i % 2 == 0) log.mutation(ms + 100);
    log.beat(ms + 5000);
  }
  CHECK(log.episodes() == 60);
  CHECK(log.confirmed() == 30);
  CHECK(log.dead() == "90/180");
}

TEST_CASE("dead: a mutation or page view within dead_ms, a scroll within dead_scroll_ms", "[kpi]") {
  const auto after = [](auto&& answer) {
    Log log;
    log.view(0, 0).click(1000);
    answer(log);
    return log.beat(60'000).dead();
  };
  CHECK(after([](Log&) {}) == "1/1");
  CHECK(after([](Log& log) { log.mutation(1000); }) == "0/1");
  CHECK(after([](Log& log) { log.mutation(3500); }) == "0/1");  // exactly dead_ms
  CHECK(after([](Log& log) { log.mutation(3501); }) == "1/1");
  CHECK(after([](Log& log) { log.view(3500, 1); }) == "0/1");
  CHECK(after([](Log& log) { log.view(3501, 1); }) == "1/1");
  CHECK(after([](Log& log) { log.scroll(1100); }) == "0/1");
  CHECK(after([](Log& log) { log.scroll(1101); }) == "1/1");
  CHECK(after([](Log& log) { log.beat(1001).js_error(1002); }) == "1/1");
}

TEST_CASE("dead: at exactly dead_ms an answer that comes later in the stream still counts",
          "[kpi]") {
  // Both at 2500 ms after the click: the first shows that nothing came before, the second answers.
  CHECK(Log().view(0, 0).click(1000).beat(3500).mutation(3500).dead() == "0/1");
  CHECK(Log().view(0, 0).click(1000).beat(3500).dead() == "1/1");
  CHECK(Log().view(0, 0).click(1000).beat(3500).beat(3501).mutation(3501).dead() == "1/1");
}

TEST_CASE("dead: without a later event dead_ms after it a click is unresolved", "[kpi]") {
  Log log;
  log.view(0, 0).click(1000).beat(3499);
  CHECK(log.dead() == "0/0");
  CHECK(log.unresolved() == 1);
  CHECK(log.kpi("dead_click_rate")["value"].is_null());
  // Any event of any tab shows that time has passed.
  log.view(3500, 1, "/other", R"("from":9)");
  CHECK(log.dead() == "1/1");
  // The next session does not.
  CHECK(Log().view(0, 0).click(1000).beat(5'000'000).dead() == "0/0");
}

TEST_CASE("dead: other tabs do not answer", "[kpi]") {
  const auto after = [](auto&& answer) {
    Log log;
    log.view(0, 0).view(1, 1, "/", R"("from":null)").click(1000, 10, 10, 0);
    answer(log);
    return log.beat(60'000).dead();
  };
  CHECK(after([](Log& log) { log.mutation(1100, 1); }) == "1/1");
  CHECK(after([](Log& log) { log.scroll(1050, 1); }) == "1/1");
  CHECK(after([](Log& log) { log.view(1100, 2, "/", R"("from":1)"); }) == "1/1");
  // The click's own tab goes on, or a new one opens.
  CHECK(after([](Log& log) { log.view(1100, 2, "/", R"("from":0)"); }) == "0/1");
  CHECK(after([](Log& log) { log.view(1100, 2, "/", R"("from":null)"); }) == "0/1");
  CHECK(after([](Log& log) { log.view(1100, 2); }) == "0/1");
  // What has no page view belongs to every one.
  CHECK(after([](Log& log) { log.mutation(1100, -1); }) == "0/1");
}

TEST_CASE("dead: a click without a page view is answered by any", "[kpi]") {
  Log log;
  log.view(0, 0).click(1000, 10, 10, -1).mutation(1100, 0).beat(60'000);
  CHECK(log.dead() == "0/1");
}

TEST_CASE("dead: exempt clicks are neither dead nor live nor unresolved", "[kpi]") {
  Log log;
  log.view(0, 0).click(1000, 10, 10, 0, R"(,"exempt":["dead"])").beat(60'000);
  CHECK(log.dead() == "0/0");
  CHECK(log.kpi("dead_click_rate")["exempt"] == 1);
  CHECK(log.unresolved() == 0);
  CHECK(log.kpi("number_of_clicks")["value"] == 1);
  // Such a click does not confirm rage.
  Log rage;
  rage.view(0, 0);
  for (int i = 0; i < 3; ++i) rage.click(i, 10, 10, 0, R"(,"exempt":["dead"])");
  rage.beat(60'000);
  CHECK(rage.episodes() == 1);
  CHECK(rage.confirmed() == 0);
}

TEST_CASE("dead: with dead_interactive_only clicks on something interactive alone", "[kpi]") {
  Log log;
  log.view(0, 0);
  log.click(1000, 10, 10, 0, R"(,"interactive":true)");
  log.click(2000, 500, 10, 0, R"(,"interactive":false)");
  log.click(3000, 900, 10, 0, R"(,"exempt":["dead"])");
  log.beat(60'000);
  CHECK(log.dead() == "2/2");
  Options options;
  options.dead_interactive_only = true;
  CHECK(log.dead(options) == "1/1");
  CHECK(log.kpi("dead_click_rate", options)["exempt"] == 0);
}

TEST_CASE("dead: several clicks may be answered by one reaction", "[kpi]") {
  Log log;
  log.view(0, 0).click(0).click(1000, 300).click(2000, 600).mutation(3000).beat(60'000);
  CHECK(log.dead() == "1/3");
  CHECK(log.dead(with("dead_ms", 1500)) == "2/3");
  CHECK(log.dead(with("dead_ms", 3000)) == "0/3");
}

TEST_CASE("dead: clicks beyond what may wait at once are unresolved and counted", "[kpi]") {
  Limits limits = Limits::lab();
  limits.waiting_clicks = 2;
  Log log;
  log.view(0, 0);
  for (int i = 0; i < 5; ++i) log.click(i);
  log.beat(60'000).click(61'000).mutation(61'001);
  const Json report = log.report({}, limits);
  CHECK(report["kpis"]["dead_click_rate"]["x"] == 2);
  CHECK(report["kpis"]["dead_click_rate"]["n"] == 3);
  CHECK(report["kpis"]["dead_click_rate"]["unresolved"] == 3);
  CHECK(report["quality"]["over_limit"] == 3);
  CHECK(report["kpis"]["rage_click_rate"]["episodes"] == 1);
}

TEST_CASE("error clicks: the last click before a script error on the same page view", "[kpi]") {
  CHECK(Log().view(0, 0).click(0).js_error(1000).errors() == "1/1");
  CHECK(Log().view(0, 0).click(0).js_error(1001).errors() == "0/1");
  CHECK(Log().view(0, 0).click(0).js_error(500).errors(with("error_click_ms", 499)) == "0/1");
  CHECK(Log().view(0, 0).js_error(0).click(10).errors() == "0/1");
  // Counted once, however many errors follow.
  CHECK(Log().view(0, 0).click(0).js_error(10).js_error(20).errors() == "1/1");
  // The last click alone; then the next one has its own.
  Log two;
  two.view(0, 0).click(0).click(10, 500).js_error(20);
  CHECK(two.errors() == "1/2");
  CHECK(two.click(30).js_error(40).errors() == "2/3");
  CHECK(Log().view(0, 0).click(0).add("error", 10, R"("kind":"http")", 0).errors() == "0/1");
  // Of another page view.
  Log tabs;
  tabs.view(0, 0).view(1, 1, "/", R"("from":null)").click(10, 10, 10, 0).js_error(20, 1);
  CHECK(tabs.errors() == "0/1");
  // Clicks without a place are none.
  CHECK(Log().view(0, 0).add("click", 0, R"("x":1)", 0).js_error(10).errors() == "0/0");
}

TEST_CASE("quick backs: soon back on the page before, of all navigations", "[kpi]") {
  const auto back = [](std::int64_t stayed) {
    return Log().view(0, 0, "/a").view(1000, 1, "/b").view(1000 + stayed, 2, "/a");
  };
  CHECK(back(6999).backs() == "1/2");
  CHECK(back(7000).backs() == "0/2");
  CHECK(back(100).backs(with("quick_back_ms", 100)) == "0/2");
  CHECK(Log().view(0, 0, "/a").backs() == "0/0");
  CHECK(Log().view(0, 0, "/a").view(10, 1, "/a").view(20, 2, "/a").backs() == "0/2");
  CHECK(Log().view(0, 0, "/a").view(10, 1, "/b").view(20, 2, "/c").backs() == "0/2");
  // Overlapping triples each count.
  CHECK(back(10).view(1020, 3, "/b").backs() == "2/3");
}

TEST_CASE("quick backs: in one tab and one session", "[kpi]") {
  Log tabs;
  tabs.view(0, 0, "/a").view(10, 1, "/b").view(20, 2, "/other", R"("from":null)");
  tabs.view(30, 3, "/a", R"("from":1)");
  CHECK(tabs.backs() == "1/3");
  Log new_tab;
  new_tab.view(0, 0, "/a").view(10, 1, "/b").view(20, 2, "/a", R"("from":null)");
  CHECK(new_tab.backs() == "0/2");
  // The pause is long, the stay on /b is short: but the first page is of another session.
  Log pause;
  pause.view(0, 0, "/a").view(2'000'000, 1, "/b").view(2'000'010, 2, "/a");
  CHECK(pause.backs() == "0/1");
}

TEST_CASE("thrash: ten changes of direction within two seconds", "[kpi]") {
  const auto shaken = [](int changes, std::int64_t step) {
    Log log;
    log.view(0, 0);
    return shake(log, 1000, changes, step).thrash();
  };
  CHECK(shaken(9, 50) == "0/1");
  CHECK(shaken(10, 50) == "1/1");
  // 10 changes are 9 steps apart.
  CHECK(shaken(10, 222) == "1/1");  // 1998 ms
  CHECK(shaken(10, 223) == "0/1");  // 2007 ms
  CHECK(shaken(30, 223) == "0/1");
  Log none;
  none.view(0, 0).beat(10);
  CHECK(none.thrash() == "0/0");
  CHECK(Log().view(0, 0).move(5, 1, 1).thrash() == "0/1");
  CHECK(Log().view(0, 0).add("move", 5, R"("x":1)", 0).thrash() == "0/0");
}

TEST_CASE("thrash: exactly thrash_ms is within", "[kpi]") {
  Options options = with("thrash_changes", 3);
  options.thrash_ms = 200;
  const auto shaken = [&](std::int64_t step) {
    Log log;
    log.view(0, 0);
    return shake(log, 0, 3, step).thrash(options);
  };
  CHECK(shaken(100) == "1/1");
  CHECK(shaken(101) == "0/1");
}

TEST_CASE("thrash: axes are counted apart, and standing still is no change", "[kpi]") {
  // Nine changes of each axis.
  Log both;
  both.view(0, 0);
  for (int i = 0; i < 11; ++i) both.move(i * 20, i % 2 ? 10 : 0, i % 2 ? 0 : 10);
  CHECK(both.thrash() == "0/1");
  // A stop between does not forget the direction.
  Log stops;
  stops.view(0, 0);
  for (int i = 0; i < 12; ++i) {
    stops.move(i * 20, i % 2 ? 10 : 0, 0).move(i * 20 + 10, i % 2 ? 10 : 0, 0);
  }
  CHECK(stops.thrash() == "1/1");
}

TEST_CASE("thrash: an episode goes on while changes of either axis follow", "[kpi]") {
  Log log;
  log.view(0, 0);
  shake(log, 0, 10, 10);  // the last move at 110
  const auto episodes = [](const Log& shaken) {
    return shaken.kpi("thrashed_cursor_rate")["episodes"].get<int>();
  };
  CHECK(episodes(log) == 1);
  Log same = log;
  shake(same, 500, 20, 10);
  CHECK(episodes(same) == 1);
  // 2000 ms after the last change the lists start anew.
  Log more = log;
  shake(more, 3000, 10, 10);
  CHECK(episodes(more) == 2);
  CHECK(more.thrash() == "1/1");
  // Turning back to where it began is a change too, so these are nine.
  Log few = log;
  shake(few, 3000, 7, 10);
  CHECK(episodes(few) == 1);
}

TEST_CASE("thrash: page views do not mix", "[kpi]") {
  Log log;
  log.view(0, 0).view(1, 1, "/", R"("from":null)");
  shake(log, 100, 5, 10, 0);
  shake(log, 200, 5, 10, 1);
  CHECK(log.thrash() == "0/1");
}

// Takes the end of the client session from a batch: it goes on.
static void cut_end(std::vector<std::byte>& batch) {
  using insitu::events::BatchHead;
  constexpr std::size_t kEndBytes = 8;
  batch.resize(batch.size() - kEndBytes);
  insitu::test::put(batch, offsetof(BatchHead, bytes), static_cast<std::uint32_t>(batch.size()));
  const auto records = insitu::test::get<std::uint32_t>(batch, offsetof(BatchHead, records));
  insitu::test::put(batch, offsetof(BatchHead, records), records - 1);
}

TEST_CASE("friction: state that is saved in the middle goes on the same", "[kpi]") {
  Log log;
  log.view(0, 0).view(1, 1, "/", R"("from":null)");
  for (int i = 0; i < 3; ++i) log.click(1000 + i, 10, 10, i % 2);
  shake(log, 1100, 6, 10);
  log.click(1300).click(1301).js_error(1400).mutation(1500);
  shake(log, 1600, 6, 10);
  log.beat(9000);
  const Json whole = log.report();
  // Line by line, through a saved state after each.
  insitu::Engine engine{Options{}};
  std::istringstream lines(log.text());
  for (std::string line; std::getline(lines, line);) {
    for (auto batch : insitu::test::batches_of(line)) {
      cut_end(batch);
      REQUIRE(engine.ingest(batch) == Status::kOk);
    }
    insitu::Engine back{Options{}};
    REQUIRE(back.restore(engine.save()) == Status::kOk);
    engine = std::move(back);
  }
  CHECK(insitu::test::report_json(engine)["kpis"] == whole["kpis"]);
}

TEST_CASE("dead: clicks that never pause do not pile up", "[kpi]") {
  // Nothing answers, and the next click always comes before the one before it counts as dead.
  const auto state_after = [](int clicks) {
    Log log;
    log.view(0, 0);
    for (int i = 1; i <= clicks; ++i) log.click(i * 700, i % 900);
    insitu::Engine engine{Options{}, Limits::browser()};
    auto batches = insitu::test::batches_of(log.text());
    cut_end(batches.back());
    for (const auto& batch : batches) REQUIRE(engine.ingest(batch) == Status::kOk);
    return engine.save().size();
  };
  CHECK(state_after(4000) < state_after(500) + 4096);
}

TEST_CASE("friction: page views without end do not pile up", "[kpi]") {
  const auto state_after = [](int views) {
    Log log;
    for (int pv = 0; pv < views; ++pv) {
      log.view(pv * 5000, pv).click(pv * 5000 + 10, 10, 10, pv).mutation(pv * 5000 + 20, pv);
      shake(log, pv * 5000 + 100, 3, 10, pv);
    }
    insitu::Engine engine{Options{}, Limits::browser()};
    auto batches = insitu::test::batches_of(log.text());
    cut_end(batches.back());
    for (const auto& batch : batches) REQUIRE(engine.ingest(batch) == Status::kOk);
    return engine.save().size();
  };
  // Both have just begun anew with what is remembered of page views.
  CHECK(state_after(256 * 5 + 10) < state_after(256 * 2 + 10) + 8192);
}
