// SPDX-License-Identifier: MIT
// stats/sample_size.h and stats/problem_discovery.h.
#include <cmath>
#include <vector>

#include "stats/problem_discovery.h"
#include "stats/rate_interval.h"
#include "stats/sample_size.h"
#include "tests/helpers/vectors.h"

using namespace insitu;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

TEST_CASE("planning passes its vectors", "[stats][vectors]") {
  test::check_vectors("sample_size_proportion", [](const test::Json& in) {
    return test::Json{{"n", test::optional_json(stats::sample_size_proportion(
                                in.at("p"), in.at("margin"), in.at("confidence")))}};
  });
  test::check_vectors("sample_size_two_proportions", [](const test::Json& in) {
    return test::Json{
        {"n_per_group", test::optional_json(stats::sample_size_two_proportions(
                            in.at("p1"), in.at("p2"), in.at("confidence"), in.at("power")))}};
  });
  test::check_vectors("problem_discovery", [](const test::Json& in) {
    return test::Json{{"value", stats::problem_discovery(in.at("p"), in.at("n"))}};
  });
  test::check_vectors("sample_size_discovery", [](const test::Json& in) {
    return test::Json{
        {"n", test::optional_json(stats::sample_size_discovery(in.at("p"), in.at("goal")))}};
  });
  test::check_vectors("discovery_p_adjusted", [](const test::Json& in) {
    const test::Json& matrix = in.at("participants_by_problems");
    std::vector<std::uint8_t> met;
    for (const test::Json& row : matrix) {
      for (const std::uint8_t cell : row) met.push_back(cell);
    }
    const std::size_t problems = matrix.empty() ? 0 : matrix[0].size();
    const auto rate = stats::discovery_rate(met, matrix.size(), problems);
    if (!rate) {
      return test::Json{
          {"raw", nullptr}, {"deflated", nullptr}, {"good_turing", nullptr}, {"adjusted", nullptr}};
    }
    return test::Json{{"raw", rate->raw},
                      {"deflated", rate->deflated},
                      {"good_turing", rate->good_turing},
                      {"adjusted", rate->adjusted}};
  });
}

TEST_CASE("the sample size of discovery is the least that reaches the goal", "[stats]") {
  for (const double p : {0.01, 0.05, 0.1, 0.31, 0.5, 0.9}) {
    for (const double goal : {0.1, 0.5, 0.8, 0.85, 0.99}) {
      const auto n = stats::sample_size_discovery(p, goal);
      REQUIRE(n);
      INFO("p " << p << " goal " << goal);
      CHECK(stats::problem_discovery(p, *n) >= goal - 1e-12);
      if (*n > 1) CHECK(stats::problem_discovery(p, *n - 1) < goal);
    }
  }
}

TEST_CASE("the sample size of a rate keeps the interval within the margin", "[stats]") {
  for (const double margin : {0.05, 0.1, 0.2}) {
    const auto n = stats::sample_size_proportion(0.5, margin, 0.95);
    REQUIRE(n);
    CHECK(*stats::worst_half_width(*n, 0.95) <= margin + 1e-12);
    CHECK(*stats::worst_half_width(*n - 1, 0.95) > margin);
  }
}

TEST_CASE("the worst half width of 20 participants is that of 10 of 20", "[stats]") {
  const auto ci = stats::rate_interval(10, 20, 0.95, stats::CiMethod::kAdjustedWald);
  const auto half = stats::worst_half_width(20, 0.95);
  REQUIRE(half);
  CHECK_THAT(*half, WithinRel((ci->upper - ci->lower) / 2, 1e-14));
  CHECK_THAT(*half, WithinAbs(0.2, 0.005));
}

TEST_CASE("discovery at the ends of its range is 0 and 1", "[stats]") {
  CHECK(stats::problem_discovery(0, 100) == 0);
  CHECK(stats::problem_discovery(1, 1) == 1);
  CHECK(stats::problem_discovery(1, 0) == 0);
  CHECK(stats::problem_discovery(-1, 5) == 0);
  CHECK(stats::problem_discovery(2, 5) == 1);
  // Small p keeps its digits.
  CHECK_THAT(stats::problem_discovery(1e-18, 1000), WithinRel(1e-15, 1e-12));
}

TEST_CASE("planning refuses what nobody can plan", "[stats]") {
  CHECK_FALSE(stats::sample_size_proportion(0.5, 0, 0.95));
  CHECK_FALSE(stats::sample_size_proportion(1.5, 0.1, 0.95));
  CHECK_FALSE(stats::sample_size_proportion(0.5, 0.1, 1));
  CHECK_FALSE(stats::sample_size_proportion(0.5, 1e-12, 0.95));
  CHECK_FALSE(stats::sample_size_two_proportions(0.5, 0.5, 0.95, 0.8));
  CHECK_FALSE(stats::sample_size_two_proportions(0.5, 0.6, 0.95, 1));
  CHECK_FALSE(stats::sample_size_discovery(0, 0.5));
  CHECK_FALSE(stats::sample_size_discovery(0.5, 1));
  CHECK_FALSE(stats::sample_size_discovery(1e-300, 0.5));
  CHECK_FALSE(stats::sample_size_discovery(std::nan(""), 0.5));
  CHECK_FALSE(stats::worst_half_width(0, 0.95));
  CHECK_FALSE(stats::discovery_rate({}, 0, 0));
  const std::vector<std::uint8_t> three(3, 1);
  CHECK_FALSE(stats::discovery_rate(three, 2, 2));
}
