// SPDX-License-Identifier: MIT
// Partials and their reports against reference values of the KPI specification, made with other
// software: of generated logs under several options and segments, and by hand.
#include "tests/helpers/vectors.h"

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "catch_amalgamated.hpp"
#include "cli/fold_log.h"
#include "engine.h"
#include "log/ndjson_reader.h"
#include "partial/merge.h"
#include "partial/partial.h"
#include "tests/helpers/engine_report.h"
#include "tests/helpers/tree.h"

namespace {

using insitu::Engine;
using insitu::partial::Tree;
using insitu::test::Json;
using insitu::test::options_of;
using insitu::test::report_json;
using insitu::test::tree_of;
namespace partial = insitu::partial;

// What a report may be off when it comes from sums (KPI specification 4): the spread, and the
// intervals of means that follow from it. Everything else keeps the tolerance of the file.
constexpr double kSpreadTolerance = 1e-6;

// An engine that has nothing but the partial.
Engine engine_of(const Tree& tree) {
  partial::Head head;
  REQUIRE(partial::read_head(tree, head) == "");
  Engine engine(options_of(head.options));
  REQUIRE(partial::add(tree, engine) == "");
  return engine;
}

// Without the numbers that come from the spread of moments.
Json without_spread(Json report) {
  if (!report.is_object()) return report;
  const bool from_moments = report.contains("sd") || report.contains("log_sd");
  for (const char* each : {"sd", "log_sd"}) report.erase(each);
  if (from_moments && !report.contains("x")) report.erase("ci");
  for (auto& [key, value] : report.items()) value = without_spread(value);
  return report;
}

}  // namespace

TEST_CASE("the partial of a log is the reference's, byte for byte", "[partial][vectors]") {
  for (const std::string name : {"log_tiny", "log_tabs", "log_small"}) {
    std::ifstream file(insitu::test::fixture_path("vectors/" + name + ".ndjson"));
    REQUIRE(file.good());
    insitu::log::NdjsonReader reader;
    reader.feed(std::string{std::istreambuf_iterator<char>(file), {}});
    reader.finish();
    const Json cases = insitu::test::read_vectors(name + ".partials").at("cases");
    REQUIRE(cases.size() >= 5);
    for (const Json& one : cases) {
      std::string key;
      std::string value;
      if (!one.at("segment").is_null()) {
        key = one["segment"][0];
        value = one["segment"][1];
      }
      Engine engine(options_of(one.at("options").dump()));
      insitu::cli::fold_log(reader, key, value, engine);
      INFO(name << " options " << one.at("options") << " segment " << key);
      const Tree tree = partial::make(engine, key.empty() ? "" : key + "=" + value);
      const std::string merged = one.at("merged");
      CHECK(partial::canonical(tree) == merged);
      // Making it changed nothing.
      CHECK(partial::canonical(partial::make(engine, key.empty() ? "" : key + "=" + value)) ==
            merged);
    }
  }
}

TEST_CASE("merged in any order, the partials of a log give the report of the whole log",
          "[partial][vectors]") {
  for (const std::string name : {"log_tiny", "log_tabs", "log_small"}) {
    const Json file = insitu::test::read_vectors(name + ".partials");
    for (const Json& one : file.at("cases")) {
      INFO(name << " options " << one.at("options") << " segment " << one.at("segment"));
      const std::string merged = one.at("merged");
      const Engine engine = engine_of(tree_of(merged));
      const Json report = report_json(engine);
      CHECK(insitu::test::check_subset(one.at("report"), report, kSpreadTolerance) == "");
      CHECK(insitu::test::check_subset(without_spread(one.at("report")), report,
                                       one.at("tolerance")) == "");
      const std::string segment =
          one.at("segment").is_null()
              ? ""
              : one["segment"][0].get<std::string>() + "=" + one["segment"][1].get<std::string>();
      CHECK(partial::canonical(partial::make(engine, segment)) == merged);

      // One after the other into an engine, in any order: the same state, the same report.
      std::vector<std::size_t> order = {0, 1, 2};
      do {
        Engine sum(options_of(one.at("options").dump()));
        for (const std::size_t i : order) {
          REQUIRE(partial::add(tree_of(one.at("partials").at(i)), sum) == "");
        }
        CHECK(partial::canonical(partial::make(sum, segment)) == merged);
        CHECK(report_json(sum) == report);
      } while (std::next_permutation(order.begin(), order.end()));
    }
  }
}

TEST_CASE("reports of partials by hand have the stated values", "[partial][vectors]") {
  const Json cases = insitu::test::read_vectors("report_from_partial");
  REQUIRE(cases.size() >= 7);
  for (const Json& one : cases) {
    INFO(one.at("id"));
    const Json report =
        report_json(engine_of(tree_of(one.at("input").at("partial").get<std::string>())));
    Json expected = {{"kpis", Json::object()}};
    for (const auto& [key, value] : one.at("expected").items()) {
      if (key == "quality" || key == "heatmaps" || key == "by_task") {
        expected[key] = value;
      } else {
        expected["kpis"][key] = value;
      }
    }
    CHECK(insitu::test::check_subset(expected, report, one.at("tolerance")) == "");
  }
}
