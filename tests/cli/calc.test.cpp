// SPDX-License-Identifier: MIT
// Covers cli/calc_command.h, cli/calc_input.h and the formulas of cli/calc_functions_*.cpp.
#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "cli/calc_command.h"
#include "tests/helpers/vectors.h"

using insitu::cli::calculate;
using insitu::cli::calculate_cases;
using insitu::cli::Calculation;
using insitu::test::Json;

namespace {

std::vector<std::string> formula_files() {
  std::vector<std::string> names;
  for (const auto& entry :
       std::filesystem::directory_iterator(insitu::test::fixture_path("vectors"))) {
    const std::string name = entry.path().stem().string();
    if (entry.path().extension() != ".json" || name.starts_with("log_")) continue;
    names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

Json answer(std::string_view kpi, const char* input) {
  const Calculation done = calculate(kpi, Json::parse(input));
  INFO(kpi << " " << input);
  CHECK(done.error == "");
  return done.answer;
}

std::string error(std::string_view kpi, const char* input) {
  const Calculation done = calculate(kpi, Json::parse(input));
  CHECK(done.answer.is_null());
  return done.error;
}

}  // namespace

TEST_CASE("calc: every formula passes its vectors", "[cli][vectors]") {
  std::size_t files = 0;
  std::size_t cases = 0;
  for (const std::string& name : formula_files()) {
    const Json all = insitu::test::read_vectors(name);
    const auto done = calculate_cases(all);
    CHECK(done.failed == 0);
    REQUIRE(done.answers.size() == all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      INFO(all[i].at("id").get<std::string>());
      CHECK(insitu::test::check_subset(all[i].at("expected"), done.answers[i],
                                       all[i].at("tolerance")) == "");
      // A member that is read by nobody cannot matter to the answer.
      CHECK(calculate(all[i].at("kpi").get<std::string>(), all[i].at("input")).unused.empty());
    }
    ++files;
    cases += all.size();
  }
  // So that a file that is no longer found is missed.
  CHECK(files >= 61);
  CHECK(cases >= 490);
}

TEST_CASE("calc: no data gives null, never 0", "[cli]") {
  for (const char* kpi : {"bounce_rate", "rage_click_rate", "advocacy_rate"}) {
    const Json none = answer(kpi, R"({"x": 0, "n": 0})");
    CHECK(none["value"].is_null());
    CHECK(none["ci"].is_null());
  }
  const Json task = answer("task_success_rate", R"({"successes": 0, "attempts": 0})");
  CHECK(task["laplace"].is_null());
  CHECK(task["with_partial"].is_null());
  CHECK(answer("time_on_task", R"({"seconds": []})")["value"].is_null());
  CHECK(answer("lostness", R"({"S": 0, "N": 0, "R": 1})")["value"].is_null());
  CHECK(answer("funnel_drop_off", R"({"reached": []})")["value"].is_null());
  CHECK(answer("baseline", R"({"history": [1, 2], "current": null})")["baseline"].is_null());
  CHECK(answer("clv", R"({"orders": [["a", -5]]})")["value"].is_null());
  CHECK(answer("clv_predictive", R"({"average_order_value": 1, "margin": 1, "churn_rate": null,
                                     "orders_per_customer_per_period": 1})")["value"]
            .is_null());
  CHECK(answer("sum_score", R"({"successes": 0, "attempts": 0, "success_times_ms": [],
                                "satisfaction": []})")["value"]
            .is_null());
}

TEST_CASE("calc: the default confidence is 95 % and the default method adjusted Wald", "[cli]") {
  const Json standard = answer("bounce_rate", R"({"x": 3, "n": 10})");
  CHECK(standard == answer("bounce_rate", R"({"x": 3, "n": 10, "confidence": 0.95,
                                              "ci_method": "adjusted_wald"})"));
  CHECK(standard["ci"] != answer("bounce_rate", R"({"x": 3, "n": 10, "confidence": 0.9})")["ci"]);
  CHECK(standard["ci"] !=
        answer("bounce_rate", R"({"x": 3, "n": 10, "ci_method": "wilson"})")["ci"]);
}

TEST_CASE("calc: partial successes count by their credit", "[cli]") {
  const Json done = answer("task_success_rate", R"({"successes": 5, "attempts": 10, "partial": 2,
                                                   "partial_credit": 0.5})");
  CHECK(done["value"] == 0.5);
  CHECK(done["with_partial"] == 0.6);
}

TEST_CASE("calc: times that are no task times are left out and counted", "[cli]") {
  const Json done = answer("time_on_task", R"({"seconds": [10, 0, -3, 3600, 3600.1]})");
  CHECK(done["n"] == 2);
  CHECK(done["excluded"] == 3);
  CHECK(done["median"] == 1805);
  // A success without a usable time is out; a failure adds 0 whatever its time.
  const Json rate =
      answer("time_based_efficiency",
             R"({"attempts": [{"success": true, "ms": 0}, {"success": true, "ms": 500},
                                            {"success": false, "ms": 9999999}]})");
  CHECK(rate["value"] == 1);
  CHECK(answer("overall_relative_efficiency",
               R"({"attempts": [{"success": true, "ms": 500}, {"success": false, "ms": 1500},
                                {"success": false, "ms": 9999999}]})")["value"] == 0.25);
}

TEST_CASE("calc: answers that are not on the scale are dropped and counted", "[cli]") {
  const Json csat = answer("csat", R"({"ratings": [5, 1, 6, 0, 4.5, null, "5", true]})");
  CHECK(csat["n"] == 2);
  CHECK(csat["value"] == 50);
  CHECK(csat["invalid"] == 6);
  CHECK(answer("seq", R"({"ratings": [7, 8]})")["n"] == 1);
  CHECK(answer("asq", R"({"responses": [[1, 2], [1, 2, 3, 4], [1, 2, 8], [1, 2, 3]]})")["n"] == 1);
  CHECK(answer("ces", R"({"responses": [[5, 1, 5], [3, 5, 1], [6, 1, 5], [1, 1], 4]})")["value"] ==
        5.5);
  const Json nps = answer("nps_scores", R"({"scores": [10, 0, 11], "nps_min": 1})");
  CHECK(nps["n"] == 1);
  CHECK(nps["invalid"] == 2);
}

TEST_CASE("calc: a missing item of SUS is neutral if asked for", "[cli]") {
  const char* responses = R"({"responses": [[5, 1, 5, null, 5, 1, 5, 1, 5, 1]]})";
  CHECK(answer("sus", responses)["n"] == 0);
  CHECK(answer("sus", R"({"responses": [[5, 1, 5, null, 5, 1, 5, 1, 5, 1]],
                          "sus_missing": "neutral"})")["value"] == 95);
}

TEST_CASE("calc: mistakes are told with the place", "[cli]") {
  CHECK(error("bouncy_rate", "{}") ==
        "there is no formula `bouncy_rate`: see `insitu calc --help`");
  CHECK(error("bounce_rate", R"({"x": 1})") == "bounce_rate: `n` is missing");
  CHECK(error("bounce_rate", R"({"x": null, "n": 1})") == "bounce_rate: `x` is missing");
  CHECK(error("bounce_rate", R"({"x": 1.5, "n": 2})") ==
        "bounce_rate: `x` must be a whole number from 0, not 1.5");
  CHECK(error("bounce_rate", R"({"x": 3, "n": 2})") == "bounce_rate: `x` must be at most `n`");
  CHECK(error("bounce_rate", R"({"x": 1, "n": 2, "confidence": 1})") ==
        "bounce_rate: `confidence` must be a number between 0 and 1, not 1");
  CHECK(error("bounce_rate", R"({"x": 1, "n": 2, "ci_method": "wald"})") ==
        "bounce_rate: `ci_method` must be adjusted_wald, wilson or clopper_pearson, not \"wald\"");
  CHECK(error("bounce_rate", R"({"x": 1, "n": 36893488147419103232})") ==
        "bounce_rate: `n` must be a whole number from 0, not 3.6893488147419103e+19");
  CHECK(error("bounce_rate", "[1, 2]") == "bounce_rate: the input must be an object of arguments");
  CHECK(error("quantile", R"({"values": [1, "2"], "q": 0.5})") ==
        "quantile: `values[1]` must be a number, not \"2\"");
  CHECK(error("quantile", R"({"values": [1, null], "q": 0.5})") ==
        "quantile: `values[1]` must be a number, not null");
  CHECK(error("quantile", R"({"values": 1, "q": 0.5})") ==
        "quantile: `values` must be a list, not 1");
  CHECK(error("hash64", R"({"utf8": 5})") ==
        "hash64: `utf8` must be text (in JSON, with quotes), not 5");
  CHECK(error("heatmap_smooth", R"({"grid": [[1, 2], [3]], "sigma": 1})") ==
        "heatmap_smooth: `grid[1]` must be as long as `grid[0]`");
  CHECK(error("ddsketch", R"({"parts": [[1], 2], "q": 0.5})") ==
        "ddsketch: `parts[1]` must be a list, not 2");
  CHECK(error("welch_log_t", R"({"a": [1, 2], "b": [1, 0]})") ==
        "welch_log_t: `b[1]` must be a number above 0, not 0.0");
  CHECK(error("target_progress",
              R"({"target": {"direction": "sideways"}, "current": 1, "now": 0})") ==
        "target_progress: in `target`, `direction` must be up or down, not \"sideways\"");
  CHECK(error("kpi_registry_lint", R"({"definitions": [{"id": "a"}, {"owner": "b"}]})") ==
        "kpi_registry_lint: in `definitions`, record 1 needs an `id`, a text");
}

TEST_CASE("calc: numbers that would take forever or leave their range are refused", "[cli]") {
  CHECK(error("fixed_point", R"({"values": [1, 1e300]})") ==
        "fixed_point: with `values[1]` the sum leaves its range");
  CHECK(error("fixed_point", R"({"values": [0.5], "bits": 0})") ==
        "fixed_point: `values[0]` must be a whole number, not 0.5");
  CHECK(error("hll", R"({"prefix": "a", "count": 9007199254740992})") != "");
  CHECK(error("fisher_exact", R"({"x1": 4503599627370496, "n1": 9007199254740992,
                                  "x2": 4503599627370496, "n2": 9007199254740992})") != "");
  CHECK(error("mau_from_gaps", R"({"counts": [[0, 1, 9007199254740992], [0, 1, 1]], "day": 0})") ==
        "mau_from_gaps: `counts` add up to more than 2^53 visitors");
  CHECK(error("mau_from_gaps", R"({"counts": [[0, 0, 1]], "day": 0})") != "");
}

TEST_CASE("calc: members that a formula does not know are named", "[cli]") {
  CHECK(calculate("bounce_rate", Json::parse(R"({"x": 1, "n": 2, "confidense": 0.9})")).unused ==
        std::vector<std::string>{"confidense"});
}

TEST_CASE("calc: a case that fails leaves the others answered, in order", "[cli]") {
  const Json cases = Json::parse(R"([
    {"kpi": "normal_cdf", "input": {"x": 0}},
    {"kpi": "normal_cdf", "input": {}},
    {"kpi": "no_such", "input": {}},
    {"input": {}},
    7,
    {"id": "last", "kpi": "quantile", "input": {"values": [3], "q": 1}, "note": "x"}])");
  const auto done = calculate_cases(cases);
  CHECK(done.failed == 4);
  REQUIRE(done.answers.size() == 6);
  CHECK(done.answers[0] == Json::parse(R"({"value": 0.5})"));
  CHECK(done.answers[1] == Json::parse(R"({"error": "normal_cdf: `x` is missing"})"));
  CHECK(done.answers[2].contains("error"));
  CHECK(done.answers[3].contains("error"));
  CHECK(done.answers[4].contains("error"));
  CHECK(done.answers[5] == Json::parse(R"({"value": 3.0})"));
}

TEST_CASE("calc: every formula has a name of its own and survives an empty input", "[cli]") {
  std::set<std::string> names;
  for (const auto entries : {insitu::cli::rate_functions(), insitu::cli::loyalty_functions(),
                             insitu::cli::task_functions(), insitu::cli::survey_functions(),
                             insitu::cli::comparison_functions(), insitu::cli::planning_functions(),
                             insitu::cli::number_functions()}) {
    for (const auto& entry : entries) {
      INFO(entry.name);
      CHECK(names.insert(entry.name).second);
      CHECK(calculate(entry.name, Json::object()).error != "");
      CHECK(calculate(entry.name, nullptr).error != "");
      CHECK(insitu::cli::calc_help().find(entry.name) != std::string::npos);
    }
  }
  CHECK(names.size() >= 70);
}

TEST_CASE("calc: no line of the help is wider than a terminal", "[cli]") {
  const std::string help = insitu::cli::calc_help();
  std::size_t lines = 0;
  for (std::size_t at = 0; at < help.size(); ++lines) {
    const std::size_t end = help.find('\n', at);
    REQUIRE(end != std::string::npos);
    CHECK(end - at <= 100);
    at = end + 1;
  }
  CHECK(lines > 90);
}
