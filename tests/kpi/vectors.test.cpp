// SPDX-License-Identifier: MIT
// The engine against reference values of the KPI specification, made with other software: scenarios
// by hand, and generated logs under several options and segments. KPIs this build does not have yet
// are skipped by name, and the test says how many values it compared.
#include "tests/helpers/vectors.h"

#include <fstream>
#include <sstream>
#include <string>

#include "catch_amalgamated.hpp"
#include "cli/fold_log.h"
#include "engine.h"
#include "log/ndjson_reader.h"
#include "log/options_json.h"
#include "report/json.h"

namespace {

using insitu::Engine;
using insitu::test::Json;

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  INFO(path);
  REQUIRE(file);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Json report_of(const std::string& log, const Json& options, const std::string& segment_key,
               const std::string& segment_value) {
  insitu::kpi::Options parsed;
  // Structured options of KPIs that are not built yet.
  Json plain = options;
  for (const char* later : {"funnel", "health", "vital_thresholds"}) plain.erase(later);
  INFO("options " << plain.dump());
  REQUIRE(insitu::log::apply_options(insitu::log::read_options(plain.dump()), parsed,
                                     insitu::kpi::allowed) == "");
  insitu::log::NdjsonReader reader;
  reader.feed(log);
  reader.finish();
  Engine engine(parsed);
  insitu::cli::fold_log(reader, segment_key, segment_value, engine);
  insitu::report::JsonWriter out;
  insitu::report::write_report(engine.report(), out);
  return Json::parse(out.take());
}

// Keeps of `expected` what `actual` has: KPIs and tasks' KPIs that are built, and of the heatmaps
// the click grids.
Json only_built(const Json& expected, const Json& actual) {
  Json kept = expected;
  for (const auto& [id, value] : expected.at("kpis").items()) {
    if (!actual.at("kpis").contains(id)) kept["kpis"].erase(id);
  }
  if (expected.contains("by_task")) {
    for (const auto& [task, kpis] : expected["by_task"].items()) {
      for (const auto& [id, value] : kpis.items()) {
        if (!actual.at("kpis").contains(id)) kept["by_task"][task].erase(id);
      }
    }
  }
  if (expected.contains("heatmaps")) {
    for (const auto& [page, maps] : expected["heatmaps"].items()) {
      for (const char* later : {"dwell_ms", "attention_ms", "reach", "element"}) {
        kept["heatmaps"][page].erase(later);
      }
    }
  }
  // Counted by families that are not built yet.
  if (expected.contains("quality")) {
    for (const char* later : {"invalid_answers", "duplicate_order", "orphan_ticket"}) {
      kept["quality"].erase(later);
    }
  }
  return kept;
}

std::size_t values_in(const Json& json) {
  if (!json.is_structured()) return 1;
  std::size_t count = 0;
  for (const Json& each : json) count += values_in(each);
  return count;
}

}  // namespace

TEST_CASE("vectors: every scenario by hand gives the stated values", "[kpi][vectors]") {
  std::size_t compared = 0;
  for (const Json& scenario : insitu::test::read_vectors("event_scenario")) {
    std::string log;
    for (const Json& event : scenario.at("input").at("events")) {
      log += (event.is_string() ? event.get<std::string>() : event.dump()) + "\n";
    }
    const Json options = scenario.at("input").value("options", Json::object());
    const Json actual = report_of(log, options, {}, {});
    Json expected = {{"kpis", Json::object()}};
    for (const auto& [key, value] : scenario.at("expected").items()) {
      if (key == "quality" || key == "heatmaps" || key == "by_task") {
        expected[key] = value;
      } else {
        expected["kpis"][key] = value;
      }
    }
    expected = only_built(expected, actual);
    compared += values_in(expected);
    INFO("scenario " << scenario.at("id"));
    CHECK(insitu::test::check_subset(expected, actual, scenario.at("tolerance")) == "");
  }
  // A key that silently stopped matching would make this test compare nothing.
  CHECK(compared >= 100);
}

TEST_CASE("vectors: generated logs give the reference's report under every option set",
          "[kpi][vectors]") {
  for (const std::string name : {"log_tiny", "log_tabs", "log_small"}) {
    const std::string log = read_file(insitu::test::fixture_path("vectors/" + name + ".ndjson"));
    const Json file =
        Json::parse(read_file(insitu::test::fixture_path("vectors/" + name + ".expected.json")));
    std::size_t compared = 0;
    for (const Json& test : file.at("cases")) {
      std::string key;
      std::string value;
      if (!test.at("segment").is_null()) {
        key = test["segment"][0];
        value = test["segment"][1];
      }
      const Json actual = report_of(log, test.at("options"), key, value);
      const Json expected = only_built(test.at("expected"), actual);
      compared += values_in(expected);
      INFO(name << " options " << test.at("options") << " segment " << key << "=" << value);
      CHECK(insitu::test::check_subset(expected, actual, 1e-9) == "");
    }
    INFO(name);
    CHECK(compared >= 400);
  }
}
