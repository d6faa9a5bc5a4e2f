// SPDX-License-Identifier: MIT
// Covers report/report.h: the shape of a report, in both writers.
#include "report/report.h"

#include <string>

#include "catch_amalgamated.hpp"
#include "engine.h"
#include "report/json.h"
#include "report/packed.h"
#include "tests/helpers/engine_report.h"
#include "tests/helpers/unpack.h"

using insitu::Engine;
using insitu::test::Json;
using insitu::test::LogText;
using Ordered = nlohmann::ordered_json;
namespace kpi = insitu::kpi;
namespace report = insitu::report;

namespace {

std::string shop_log() {
  LogText log;
  log.view(0, 0, "/b", R"("vw":800,"vh":600,"dw":800,"dh":1200)");
  log.add("task_start", 100, R"("pv":0,"task":"find")");
  log.add("click", 1000, R"("pv":0,"x":10,"y":10,"element":"nav","ex":0,"ey":0,"ew":80,"eh":40)");
  log.add("click", 1100, R"("pv":0,"x":-5,"y":10)");
  log.add("task_end", 9000, R"("pv":0,"task":"find","outcome":"success")");
  log.view(10'000, 1, "/a", R"("vw":800,"vh":600,"dw":800,"dh":600)");
  log.add("move", 10'250, R"("pv":1,"x":1,"y":1)");
  log.add("task_start", 11'000, R"("pv":1,"task":"buy")");
  log.add("nonsense", 12'000);
  return log.text();
}

Ordered ordered(const report::Report& report) {
  report::JsonWriter out;
  report::write_report(report, out);
  return Ordered::parse(out.take());
}

std::vector<std::string> keys(const Ordered& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  return keys;
}

}  // namespace

TEST_CASE("report: nothing folded gives null, not zeros, for what needs data", "[report]") {
  const Engine engine{kpi::Options{}};
  const Json json = insitu::test::report_json(engine);
  CHECK(json["version"] == 1);
  CHECK(json["mode"] == "exact");
  CHECK(json["kpis"]["sessions"]["value"] == 0);
  CHECK(json["kpis"]["bounce_rate"]["value"].is_null());
  CHECK(json["kpis"]["bounce_rate"]["x"] == 0);
  CHECK(json["kpis"]["bounce_rate"]["n"] == 0);
  CHECK(json["kpis"]["bounce_rate"]["ci"].is_null());
  CHECK(json["by_task"] == Json::object());
  CHECK(json["heatmaps"] == Json::object());
  CHECK(json["quality"] == Json::object());
}

TEST_CASE("report: keys are in the stated order, tasks and pages by their names", "[report]") {
  const Engine engine = insitu::test::fold_ndjson(shop_log());
  const Ordered json = ordered(engine.report());
  CHECK(keys(json) ==
        std::vector<std::string>{"version", "mode", "kpis", "by_task", "heatmaps", "quality"});
  CHECK(keys(json["by_task"]) == std::vector<std::string>{"buy", "find"});
  CHECK(keys(json["heatmaps"]) == std::vector<std::string>{"/a", "/b"});
  CHECK(json["quality"] == Ordered{{"unknown_type", 1}});
  CHECK(keys(json["kpis"]["task_success_rate"]) ==
        std::vector<std::string>{"value", "x", "n", "ci", "laplace", "with_partial", "unit",
                                 "better", "definition"});
  // By task the definition is not said again.
  CHECK(keys(json["by_task"]["buy"]["task_success_rate"]) ==
        std::vector<std::string>{"value", "x", "n", "ci", "laplace", "with_partial", "unit"});
}

TEST_CASE("report: a definition names the KPI, the version and the options that were changed",
          "[report]") {
  kpi::Options options;
  REQUIRE(options.set_number("confidence", 0.9) == insitu::base::Status::kOk);
  REQUIRE(options.set_number("idle_cap_ms", NAN) == insitu::base::Status::kOk);
  REQUIRE(options.set_text("bounce_mode", "ga4") == insitu::base::Status::kOk);
  const Json json = insitu::test::report_of(shop_log(), options);
  CHECK(json["kpis"]["bounce_rate"]["definition"] == Json::parse(R"({"id":"bounce_rate","version":1,
          "options":{"bounce_mode":"ga4","confidence":0.9,"idle_cap_ms":null}})"));
  CHECK(json["kpis"]["bounce_rate"]["unit"] == "ratio");
  CHECK(json["kpis"]["bounce_rate"]["better"] == "lower");
  CHECK(json["kpis"]["page_views"]["definition"]["options"] == Json::object());
}

TEST_CASE("report: the heatmaps of a page are written in full", "[report]") {
  const Json json = insitu::test::report_of(shop_log());
  CHECK(json["heatmaps"]["/b"] ==
        Json::parse(R"({"views":1,"out_of_bounds":1,"click":[[0,0,1]],"dwell_ms":[],
          "attention_ms":[[0,10000],[1,10000],[2,10000],[3,10000],[4,10000],[5,10000]],
          "reach":[1,1,1,1,1,1],"element":{"nav":[[1,2,1]]}})"));
  CHECK(json["heatmaps"]["/a"] ==
        Json::parse(R"({"views":1,"out_of_bounds":0,"click":[],"dwell_ms":[[0,0,750]],
          "attention_ms":[[0,1000],[1,1000],[2,1000],[3,1000],[4,1000],[5,1000]],
          "reach":[1,1,1,1,1,1],"element":{}})"));
}

TEST_CASE("report: without heatmaps there are none", "[report]") {
  const Engine engine = insitu::test::fold_ndjson(shop_log());
  const Ordered json = ordered(engine.report(false));
  CHECK(json["heatmaps"] == Ordered::object());
  CHECK(json["by_task"].size() == 2);
}

TEST_CASE("report: the map of one page has its geometry", "[report]") {
  const Engine engine = insitu::test::fold_ndjson(shop_log());
  const auto map = engine.map("/b", report::HeatKind::kClick);
  REQUIRE(map.has_value());
  report::JsonWriter out;
  report::write_map(*map, out);
  CHECK(out.take() ==
        R"({"page":"/b","kind":"click","state":null,"states":[],"columns":32,"row_px":40,)"
        R"("rows":30,"band_px":100,"element_grid":8,"views":1,"participants":null,)"
        R"("out_of_bounds":1,"document_width":800,"document_height":1200,"cells":[[0,0,1]],)"
        R"("bands":[],"elements":[]})");
  for (const std::string_view unknown : {"/c", "find", ""}) {
    CHECK_FALSE(engine.map(unknown, report::HeatKind::kClick).has_value());
    CHECK_FALSE(engine.page(unknown).has_value());
  }
}

TEST_CASE("report: packed and as text it says the same", "[report]") {
  for (const std::string& log : {std::string(), shop_log()}) {
    const Engine engine = insitu::test::fold_ndjson(log);
    report::PackedWriter packed;
    report::write_report(engine.report(), packed);
    CHECK(insitu::test::unpack(packed) == ordered(engine.report()));
  }
}
