// SPDX-License-Identifier: MIT
// Covers heatmap/click_maps.h through logs: which clicks are of which kind, whose, where, and over
// what. Numbers are worked out by hand.
#include "heatmap/click_maps.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catch_amalgamated.hpp"
#include "tests/helpers/engine_report.h"

using insitu::Engine;
using insitu::base::Limits;
using insitu::kpi::Options;
using insitu::report::HeatKind;
using insitu::test::fold_ndjson;
using insitu::test::Json;
using insitu::test::LogText;

namespace {

Options with_kinds() {
  Options options;
  options.heat_kinds = true;
  return options;
}

constexpr std::string_view kSize = R"("vw":800,"vh":600,"dw":800,"dh":1200)";

// A click in the middle of a box of 80 x 40 at (x, y).
std::string at(int x, int y, std::string_view element, const std::string& more = {}) {
  return R"("pv":0,"x":)" + std::to_string(x + 40) + R"(,"y":)" + std::to_string(y + 20) +
         R"(,"ex":)" + std::to_string(x) + R"(,"ey":)" + std::to_string(y) +
         R"(,"ew":80,"eh":40,"element":")" + std::string(element) + "\"" + more;
}

Json map_of(const Engine& engine, HeatKind kind, std::optional<std::string_view> state = {},
            std::string_view page = "/") {
  const auto map = engine.map(page, kind, state);
  if (!map) return nullptr;
  insitu::report::JsonWriter out;
  insitu::report::write_map(*map, out);
  return Json::parse(out.take());
}

// "key clicks/participants ..." of all elements.
std::string elements(const Json& map) {
  std::string text;
  for (const Json& element : map["elements"]) {
    text += (text.empty() ? "" : " ") + element["element"].get<std::string>() + " " +
            std::to_string(element["clicks"].get<int>()) + "/" +
            std::to_string(element["participants"].get<int>());
  }
  return text;
}

}  // namespace

TEST_CASE("click maps: rage, dead and error clicks are those that the KPIs judge", "[heatmap]") {
  LogText log;
  log.view(0, 0, "/", kSize);
  // An episode of four; nothing answers.
  for (const int ms : {1000, 1200, 1400, 1600}) log.add("click", ms, at(0, 0, "stuck"));
  // Answered.
  log.add("click", 10'000, at(200, 0, "works")).add("mutation", 10'100, R"("pv":0)");
  // Answered, but with an error.
  log.add("click", 20'000, at(400, 0, "breaks"))
      .add("mutation", 20'100, R"("pv":0)")
      .add("error", 20'200, R"("pv":0,"kind":"js")");
  log.add("heartbeat", 40'000, R"("pv":0)");
  const Engine engine = fold_ndjson(log.text(), with_kinds());
  const Json kpis = insitu::test::report_json(engine)["kpis"];

  CHECK(elements(map_of(engine, HeatKind::kClick)) == "breaks 1/1 stuck 4/1 works 1/1");
  CHECK(elements(map_of(engine, HeatKind::kRage)) == "stuck 4/1");
  CHECK(elements(map_of(engine, HeatKind::kDead)) == "stuck 4/1");
  CHECK(kpis["dead_click_rate"]["x"] == 4);
  CHECK(elements(map_of(engine, HeatKind::kError)) == "breaks 1/1");
  CHECK(kpis["error_click_rate"]["x"] == 1);
  CHECK(map_of(engine, HeatKind::kRage)["cells"] == Json::parse("[[1,0,4,1]]"));
  CHECK(map_of(engine, HeatKind::kError)["cells"] == Json::parse("[[17,0,1,1]]"));
}

TEST_CASE("click maps: what still waits is judged when the session ends", "[heatmap]") {
  LogText log;
  log.view(0, 0, "/", kSize).add("click", 1000, at(0, 0, "a")).add("heartbeat", 3500, R"("pv":0)");
  const Engine engine = fold_ndjson(log.text(), with_kinds());
  CHECK(elements(map_of(engine, HeatKind::kDead)) == "a 1/1");
  // The report has closed nothing for good.
  CHECK(elements(map_of(engine, HeatKind::kDead)) == "a 1/1");
}

TEST_CASE("click maps: two clicks are no rage, nor are clicks of two chains", "[heatmap]") {
  LogText log;
  log.view(0, 0, "/", kSize);
  log.add("click", 1000, at(0, 0, "a")).add("click", 1500, at(0, 0, "a"));
  log.add("click", 2000, at(300, 0, "b")).add("click", 2400, at(0, 0, "a"));
  const Engine engine = fold_ndjson(log.text(), with_kinds());
  CHECK(elements(map_of(engine, HeatKind::kRage)).empty());
}

TEST_CASE("click maps: the first click is of the task, without one of the page view", "[heatmap]") {
  LogText log;
  log.view(0, 0, "/", kSize);
  log.add("click", 1000, at(0, 0, "a")).add("click", 2000, at(100, 0, "b"));
  log.add("task_start", 3000, R"("task":"buy")");
  log.add("click", 4000, at(200, 0, "c")).add("click", 5000, at(300, 0, "d"));
  log.add("task_end", 6000, R"("task":"buy","outcome":"success")");
  log.add("click", 7000, at(400, 0, "e"));
  const Engine engine = fold_ndjson(log.text(), with_kinds());
  CHECK(elements(map_of(engine, HeatKind::kFirstClick)) == "c 1/1");
  LogText without;
  without.view(0, 0, "/", kSize);
  without.add("click", 1000, at(0, 0, "a")).add("click", 2000, at(100, 0, "b"));
  const Engine other = fold_ndjson(without.text(), with_kinds());
  CHECK(elements(map_of(other, HeatKind::kFirstClick)) == "a 1/1");
}

TEST_CASE("click maps: participants are counted once, clicks each time", "[heatmap]") {
  LogText log;
  for (const char* who : {"a", "b", "c"}) {
    log.of(who, "s").view(0, 0, "/", kSize);
    const int clicks = *who == 'a' ? 5 : *who == 'b' ? 1 : 0;
    for (int i = 0; i < clicks; ++i) log.add("click", 10'000 * (i + 1), at(0, 0, "buy"));
  }
  const Engine engine = fold_ndjson(log.text(), with_kinds());
  const Json map = map_of(engine, HeatKind::kClick);
  CHECK(map["participants"] == 3);
  CHECK(map["views"] == 3);
  CHECK(elements(map) == "buy 6/2");
  CHECK(map["cells"] == Json::parse("[[1,0,6,2]]"));
  CHECK(map["elements"][0]["cells"] == Json::parse("[[4,4,6,2]]"));
  CHECK(map["elements"][0]["box"] == Json::parse("[0,0,80,40]"));
}

TEST_CASE("click maps: states are apart and together", "[heatmap]") {
  LogText log;
  for (const char* who : {"a", "b"}) {
    log.of(who, "s").view(0, 0, "/", kSize);
    log.add("click", 1000, at(0, 0, "open"));
    log.add("click", 9000, at(0, 0, "open", R"(,"state":"#cart")"));
  }
  const Engine engine = fold_ndjson(log.text(), with_kinds());
  const Json all = map_of(engine, HeatKind::kClick);
  CHECK(all["states"] == Json::parse(R"(["","#cart"])"));
  CHECK(all["state"].is_null());
  CHECK(elements(all) == "open 4/2");
  CHECK(all["cells"] == Json::parse("[[1,0,4,2]]"));
  CHECK(elements(map_of(engine, HeatKind::kClick, "")) == "open 2/2");
  CHECK(elements(map_of(engine, HeatKind::kClick, "#cart")) == "open 2/2");
  CHECK(map_of(engine, HeatKind::kClick, "#cart")["state"] == "#cart");
  CHECK(elements(map_of(engine, HeatKind::kClick, "#never")).empty());
}

TEST_CASE("click maps: a key with two anchors is two elements, each with its latest box",
          "[heatmap]") {
  LogText log;
  log.view(0, 0, "/", kSize);
  log.add("click", 1000, at(0, 0, "buy", R"(,"anchor":"n3f","interactive":true)"));
  log.add("click", 9000, at(100, 80, "buy", R"(,"anchor":"n3f")"));
  log.add("click", 19'000, at(200, 160, "buy", R"(,"anchor":"other","interactive":true)"));
  const Json map = map_of(fold_ndjson(log.text(), with_kinds()), HeatKind::kClick);
  CHECK(elements(map) == "buy 2/1 buy 1/1");
  CHECK(map["elements"][0]["anchor"] == "n3f");
  CHECK(map["elements"][0]["box"] == Json::parse("[100,80,80,40]"));
  CHECK(map["elements"][0]["interactive"] == false);
  CHECK(map["elements"][1]["anchor"] == "other");
  CHECK(map["elements"][1]["interactive"] == true);
}

TEST_CASE("click maps: bands and dwell have their own lists", "[heatmap]") {
  LogText log;
  log.view(0, 0, "/", kSize).add("move", 1000, R"("pv":0,"x":10,"y":10)");
  log.add("heartbeat", 1400, R"("pv":0)");
  const Engine engine = fold_ndjson(log.text(), with_kinds());
  CHECK(map_of(engine, HeatKind::kDwell)["cells"] == Json::parse("[[0,0,400]]"));
  CHECK(map_of(engine, HeatKind::kAttention)["bands"][0] == Json::parse("[0,1400]"));
  CHECK(map_of(engine, HeatKind::kScrollReach)["bands"].size() == 6);
  CHECK(map_of(engine, HeatKind::kScrollReach)["participants"] == 1);
}

TEST_CASE("click maps: saved and restored in mid-session they go on as if nothing was",
          "[heatmap]") {
  LogText first;
  first.view(0, 0, "/", kSize).add("click", 1000, at(0, 0, "a")).add("click", 1300, at(0, 0, "a"));
  LogText both = first;
  both.add("click", 1600, at(0, 0, "a")).add("heartbeat", 9000, R"("pv":0)");
  const Engine whole = fold_ndjson(both.text(), with_kinds());
  CHECK(elements(map_of(whole, HeatKind::kRage)) == "a 3/1");
  Engine restored(with_kinds(), Limits::lab());
  REQUIRE(restored.restore(whole.save()) == insitu::base::Status::kOk);
  for (const HeatKind kind : {HeatKind::kClick, HeatKind::kRage, HeatKind::kDead}) {
    CHECK(map_of(restored, kind) == map_of(whole, kind));
  }
}

TEST_CASE("click maps: in a browser one visitor is counted without names", "[heatmap]") {
  LogText log;
  log.view(0, 0, "/", kSize);
  for (int i = 0; i < 4; ++i) log.add("click", 10'000 * (i + 1), at(0, 0, "buy"));
  const Json map =
      map_of(fold_ndjson(log.text(), with_kinds(), Limits::browser()), HeatKind::kClick);
  CHECK(map["participants"] == 1);
  CHECK(elements(map) == "buy 4/1");
  CHECK(map["cells"] == Json::parse("[[1,0,4,1]]"));
}

TEST_CASE("click maps: what goes beyond the limits is counted", "[heatmap]") {
  Limits limits = Limits::browser();
  limits.click_elements = 2;
  LogText log;
  log.view(0, 0, "/", kSize);
  for (const char* key : {"a", "b", "c", "c"}) log.add("click", 10'000, at(0, 0, key));
  const Engine engine = fold_ndjson(log.text(), with_kinds(), limits);
  CHECK(elements(map_of(engine, HeatKind::kClick)) == "a 1/1 b 1/1");
  CHECK(insitu::test::report_json(engine)["quality"]["over_limit"] > 0);
}

TEST_CASE("click maps: a sink hears of every click and of all that turns out", "[heatmap]") {
  struct Sink : insitu::heatmap::ClickSink {
    std::vector<std::string> heard;
    std::uint32_t click(const insitu::heatmap::SeenClick& seen) override {
      heard.push_back(std::string(seen.page) + " " + std::string(seen.element) + " " +
                      std::to_string(static_cast<int>(seen.x)) + "," +
                      std::to_string(static_cast<int>(seen.y)));
      return static_cast<std::uint32_t>(heard.size());
    }
    void view(std::string_view page, std::uint32_t, double width, double height) override {
      heard.push_back("view " + std::string(page) + " " + std::to_string(static_cast<int>(width)) +
                      "x" + std::to_string(static_cast<int>(height)));
    }
    void is(std::uint32_t number, insitu::heatmap::ClickKind kind) override {
      heard.push_back(std::to_string(number) + " " + std::to_string(static_cast<int>(kind)));
    }
  } sink;
  LogText log;
  log.view(0, 0, "/", kSize);
  for (const int ms : {1000, 1200, 1400}) log.add("click", ms, at(3, 0, "stuck"));
  log.add("error", 1500, R"("pv":0,"kind":"js")").add("heartbeat", 3900, R"("pv":0)");
  Engine engine(with_kinds(), Limits::lab());
  engine.watch(&sink);
  for (const auto& batch : insitu::test::batches_of(log.text())) (void)engine.ingest(batch);
  const std::size_t so_far = sink.heard.size();
  (void)engine.report();  // closes what is open for a moment, but that is no news
  CHECK(sink.heard.size() == so_far);
  engine.close();
  const std::string click = "/ stuck 43,20";
  // Numbers are those that the sink gave: the place of the click in the list.
  CHECK(sink.heard == std::vector<std::string>{"view / 800x1200", click, "2 5", click, click, "5 2",
                                               "4 2", "2 2", "5 4", "2 3", "4 3", "5 3"});
}

TEST_CASE("click maps: without the option there are clicks alone, and the KPIs are the same",
          "[heatmap]") {
  LogText log;
  log.view(0, 0, "/", kSize);
  for (const int ms : {1000, 1200, 1400}) log.add("click", ms, at(0, 0, "stuck"));
  log.add("heartbeat", 9000, R"("pv":0)");
  const Engine off = fold_ndjson(log.text());
  CHECK(map_of(off, HeatKind::kClick)["cells"] == Json::parse("[[1,0,3]]"));
  CHECK(map_of(off, HeatKind::kRage)["cells"].empty());
  CHECK(map_of(off, HeatKind::kClick)["participants"].is_null());
  const Json on = insitu::test::report_json(fold_ndjson(log.text(), with_kinds()));
  CHECK(on["kpis"].dump() == insitu::test::report_json(off)["kpis"].dump());
}
