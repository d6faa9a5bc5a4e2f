// SPDX-License-Identifier: MIT
// Covers cli/lint_command.h, cli/registry_json.h and cli/json_file.h.
#include <fstream>
#include <string>
#include <vector>

#include "catch_amalgamated.hpp"
#include "cli/json_file.h"
#include "cli/lint_command.h"
#include "cli/registry_json.h"

using nlohmann::json;

namespace {

const char* const kComplete = R"({"id": "a", "owner": "team", "definition": {"id": "csat"},
    "threshold": {"bad": 1}, "playbook": ["look"], "cadence": "weekly", "role": "outcome"})";

json findings(const json& registry) {
  std::string error;
  const auto found = insitu::cli::lint(registry, error);
  CHECK(error == "");
  REQUIRE(found);
  return insitu::cli::findings_json(*found);
}

std::string refusal_of_registry(const char* registry) {
  std::string error;
  CHECK_FALSE(insitu::cli::lint(json::parse(registry), error));
  return error;
}

}  // namespace

TEST_CASE("lint: a list and an object with kpis are the same registry", "[cli]") {
  const json complete = json::parse(kComplete);
  CHECK(findings(json::array({complete})) == json::array());
  CHECK(findings(json::object({{"version", 1}, {"kpis", json::array({complete})}})) ==
        json::array());
  json incomplete = complete;
  incomplete.erase("owner");
  const json expected = json::parse(R"([["a", "missing_owner"]])");
  CHECK(findings(json::array({incomplete})) == expected);
  CHECK(findings(json::object({{"kpis", json::array({incomplete})}})) == expected);
}

TEST_CASE("lint: what is empty is missing", "[cli]") {
  for (const char* empty : {"null", "\"\"", "[]", "{}", "0", "false"}) {
    json definition = json::parse(kComplete);
    definition["threshold"] = json::parse(empty);
    INFO(empty);
    CHECK(findings(json::array({definition})) == json::parse(R"([["a", "missing_threshold"]])"));
  }
  for (const char* given : {"\"x\"", "[0]", "{\"warn\": null}", "0.5", "true"}) {
    json definition = json::parse(kComplete);
    definition["threshold"] = json::parse(given);
    INFO(given);
    CHECK(findings(json::array({definition})).empty());
  }
}

TEST_CASE("lint: a target is foreign when it says so", "[cli]") {
  json definition = json::parse(kComplete);
  for (const char* own : {"{}", "{\"baseline_source\": \"own\"}", "null", "\"reduce it\""}) {
    definition["target"] = json::parse(own);
    INFO(own);
    CHECK(findings(json::array({definition})).empty());
  }
  definition["target"] = json::parse(R"({"baseline_source": "industry report"})");
  CHECK(findings(json::array({definition})) == json::parse(R"([["a", "foreign_benchmark"]])"));
}

TEST_CASE("lint: lines say what to do and cannot move the cursor", "[cli]") {
  const std::vector<insitu::manage::Finding> found = {
      {"a\x1b[2J", insitu::manage::Rule::kMissingOwner}};
  CHECK(insitu::cli::lint_text(found) ==
        "a\xEF\xBF\xBD[2J: missing_owner: name one person or team that answers for it (`owner`)\n");
}

TEST_CASE("lint: files that are no registry are refused with the record", "[cli]") {
  CHECK(refusal_of_registry("{\"kpi\": []}") ==
        "a registry is a list of definitions, or an object with that list as `kpis`");
  CHECK(refusal_of_registry("7") == "the definitions must be a list");
  CHECK(refusal_of_registry("{\"kpis\": {}}") == "the definitions must be a list");
  CHECK(refusal_of_registry("[{\"id\": \"a\"}, 7]") == "record 1 is not an object");
  CHECK(refusal_of_registry("[{\"id\": 5}]") == "record 0 needs an `id`, a text");
}

TEST_CASE("JSON that does not parse is refused with line and column", "[cli]") {
  std::string error;
  CHECK_FALSE(insitu::cli::parse_json("[1,\n  2,]", "k.json", error));
  CHECK(error.starts_with("k.json:2:5: "));
  CHECK_FALSE(insitu::cli::parse_json("", "k.json", error));
  CHECK(error.starts_with("k.json:1:1: "));
  CHECK_FALSE(insitu::cli::parse_json("1e999", "k.json", error));
  CHECK(insitu::cli::parse_json("[1]", "k.json", error) == json::array({1}));
}

TEST_CASE("JSON files are read whole, and those that cannot be opened are named", "[cli]") {
  std::string error;
  CHECK_FALSE(insitu::cli::read_json_file("/no/such/file.json", error));
  CHECK(error == "cannot open /no/such/file.json: No such file or directory");
  // Longer than one read.
  const std::string path = "json_file_test.json";
  const std::string text(200'000, 'x');
  std::ofstream(path) << json(text).dump();
  error.clear();
  const auto read = insitu::cli::read_json_file(path, error);
  std::remove(path.c_str());
  REQUIRE(read);
  CHECK(*read == text);
}
