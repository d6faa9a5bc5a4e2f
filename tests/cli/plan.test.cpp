// SPDX-License-Identifier: MIT
// Covers cli/plan_command.h.
#include <string>
#include <vector>

#include "cli/plan_command.h"
#include "tests/helpers/vectors.h"

using insitu::cli::Plan;
using insitu::cli::PlanKind;
using insitu::test::Json;

namespace {

Plan plan(std::vector<const char*> words) {
  std::string error;
  const auto parsed = insitu::cli::parse_plan(words, error);
  CHECK(error == "");
  REQUIRE(parsed);
  return *parsed;
}

std::string refusal_of_plan(std::vector<const char*> words) {
  std::string error;
  CHECK_FALSE(insitu::cli::parse_plan(words, error));
  return error;
}

}  // namespace

TEST_CASE("plan: without a word it is a usability test with 20 people", "[cli]") {
  const Json answer = insitu::cli::plan_json(plan({}));
  // 1 - (1 - p)^20; z / (2 sqrt(20 + z^2)).
  const Json expected = Json::parse(R"({"participants": 20, "confidence": 0.95,
      "worst_half_width": 0.200701992, "problem_discovery": [
        {"p": 0.05, "value": 0.641514078}, {"p": 0.1, "value": 0.878423345},
        {"p": 0.31, "value": 0.999401613}]})");
  CHECK(insitu::test::check_subset(expected, answer, 1e-8) == "");
  CHECK(plan({"test"}).kind == PlanKind::kTest);
  const Json few = insitu::cli::plan_json(plan({"--participants", "5", "--confidence=0.9"}));
  CHECK(few["participants"] == 5);
  CHECK(few["worst_half_width"] > answer["worst_half_width"]);
}

TEST_CASE("plan: sizes are those of the formulas", "[cli]") {
  CHECK(insitu::cli::plan_json(plan({"discovery", "--p", "0.31", "--goal", "0.85"})) ==
        Json::parse(R"({"n": 6})"));
  CHECK(insitu::cli::plan_json(plan({"proportion", "--p=.5", "--margin=.1"})) ==
        Json::parse(R"({"n": 93})"));
  CHECK(insitu::cli::plan_json(plan({"two-proportions", "--p1", ".1", "--p2", ".12", "--power",
                                     ".8"})) == Json::parse(R"({"n_per_group": 3839})"));
  CHECK(insitu::cli::plan_json(plan({"two-proportions", "--p1=.1", "--p2=.12", "--power=.9"})) !=
        Json::parse(R"({"n_per_group": 3839})"));
}

TEST_CASE("plan: what no number of people reaches is null and told", "[cli]") {
  const Plan never = plan({"discovery", "--p", "0", "--goal", "0.5"});
  CHECK(insitu::cli::plan_json(never) == Json::parse(R"({"n": null})"));
  CHECK(insitu::cli::plan_text(never) == "No number of people is enough for that.\n");
  CHECK(insitu::cli::plan_text(plan({"two-proportions", "--p1=.1", "--p2=.1"})) ==
        "The two rates are equal: there is nothing to find.\n");
}

TEST_CASE("plan: the words for people hold the numbers", "[cli]") {
  CHECK(insitu::cli::plan_text(plan({})) ==
        "A usability test with 20 participants\n"
        "\n"
        "  completion rate, at worst     +-20 % (95 % interval; worst if half of them succeed)\n"
        "\n"
        "  a problem met by   shows with probability\n"
        "               5 %                   64.2 %\n"
        "              10 %                   87.8 %\n"
        "              31 %                   99.9 %\n");
  CHECK(insitu::cli::plan_text(plan({"discovery", "--p", "0.31", "--goal", "0.85"})) ==
        "6 participants: a problem that 31 % of people meet then shows with at least 85 % "
        "probability.\n");
  CHECK(insitu::cli::plan_text(plan({"proportion", "--p", "0.5", "--margin", "0.1"})) ==
        "93 observations: a rate of about 50 % is then known to +-10 points (95 % interval).\n");
  CHECK(insitu::cli::plan_text(plan({"two-proportions", "--p1", ".1", "--p2", ".12"})) ==
        "3839 visitors in each group: a change from 10 % to 12 % is then found in 80 % of such "
        "tests (two-sided, p < 0.05).\n");
}

TEST_CASE("plan: mistakes say what to type instead", "[cli]") {
  CHECK(refusal_of_plan({"discover"}) ==
        "there is no plan `discover`: choose test, discovery, proportion or two-proportions");
  CHECK(refusal_of_plan({"discovery", "--p", "0.31"}) ==
        "`plan discovery` needs --goal, a number from 0 to 1 (0.85 is 85 %)");
  CHECK(refusal_of_plan({"discovery", "--p", "31", "--goal", "0.5"}) ==
        "--p must be a number from 0 to 1 (0.85 is 85 %), not `31`");
  CHECK(refusal_of_plan({"proportion", "--p", "0.5x", "--margin", "1"}) != "");
  CHECK(refusal_of_plan({"proportion", "--p", "0.5", "--margin", "0"}) != "");
  CHECK(refusal_of_plan({"proportion", "--p", "0.5", "--margin", "inf"}) != "");
  CHECK(refusal_of_plan({"proportion", "--p", "nan", "--margin", "0.1"}) != "");
  CHECK(refusal_of_plan({"--participants", "0"}) ==
        "--participants must be a whole number from 1, not `0`");
  CHECK(refusal_of_plan({"--participants"}) ==
        "--participants must be a whole number from 1, not ``");
  CHECK(refusal_of_plan({"proportion", "--goal", "0.5"}) ==
        "`plan proportion` has no option `--goal`: see `insitu plan --help`");
  CHECK(refusal_of_plan({"discovery", "--confidence", "0.9", "--p", "0.5", "--goal", "0.5"}) != "");
}
