// SPDX-License-Identifier: MIT
// The engine against reference values of the KPI specification, made with other software: scenarios
// by hand, and generated logs under several options and segments. Nothing is left out, and the
// tests make sure of how many values they compared.
#include "tests/helpers/vectors.h"

#include <fstream>
#include <sstream>
#include <string>

#include "catch_amalgamated.hpp"
#include "cli/fold_log.h"
#include "engine.h"
#include "log/ndjson_reader.h"
#include "tests/helpers/engine_report.h"

namespace {

using insitu::Engine;
using insitu::test::Json;
using insitu::test::options_of;

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
  insitu::log::NdjsonReader reader;
  reader.feed(log);
  reader.finish();
  Engine engine(options_of(options.dump()));
  insitu::cli::fold_log(reader, segment_key, segment_value, engine);
  return insitu::test::report_json(engine);
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
      const Json& expected = test.at("expected");
      compared += values_in(expected);
      INFO(name << " options " << test.at("options") << " segment " << key << "=" << value);
      CHECK(insitu::test::check_subset(expected, actual, 1e-9) == "");
    }
    INFO(name);
    CHECK(compared >= 400);
  }
}
