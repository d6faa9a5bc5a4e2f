// SPDX-License-Identifier: MIT
// Covers stats/weighted.h.
#include "stats/weighted.h"

#include <vector>

#include "catch_amalgamated.hpp"
#include "tests/helpers/random.h"

using namespace insitu;
using Catch::Matchers::WithinRel;

TEST_CASE("a histogram has the summary of the list it stands for", "[stats]") {
  test::Random random(3);
  for (int round = 0; round < 50; ++round) {
    std::vector<stats::WeightedValue> rows;
    std::vector<double> list;
    for (std::uint64_t i = 0; i < 1 + random.below(10); ++i) {
      const double value = 100 * random.uniform() - 50;
      const auto count = static_cast<std::int64_t>(1 + random.below(20));
      rows.push_back({value, count});
      list.insert(list.end(), static_cast<std::size_t>(count), value);
    }
    const auto found = stats::summarize_counts(rows);
    const auto expected = stats::summarize(list);
    CHECK(found.n == expected.n);
    CHECK_THAT(found.mean, WithinRel(expected.mean, 1e-13));
    CHECK_THAT(found.variance, WithinRel(expected.variance, 1e-12));
  }
}

TEST_CASE("a histogram of large, nearly equal values keeps its variance", "[stats]") {
  // Values 0, 1/4, 1/2 once, twice, once: mean 1/4, sum of squared deviations 1/8.
  const stats::WeightedValue rows[] = {{1e9, 1}, {1e9 + 0.25, 2}, {1e9 + 0.5, 1}};
  const auto found = stats::summarize_counts(rows);
  CHECK(found.n == 4);
  CHECK(found.mean == 1e9 + 0.25);
  CHECK_THAT(found.variance, WithinRel(0.125 / 3, 1e-12));
}

TEST_CASE("a histogram of millions is as exact as one of few", "[stats]") {
  const stats::WeightedValue rows[] = {{1, 1'000'000'000'000}, {7, 1'000'000'000'000}};
  const auto found = stats::summarize_counts(rows);
  CHECK(found.n == 2'000'000'000'000);
  CHECK(found.mean == 4);
  CHECK_THAT(found.variance, WithinRel(9.0 * 2e12 / (2e12 - 1), 1e-15));
}

TEST_CASE("rows without a count are skipped, and nothing is nothing", "[stats]") {
  const stats::WeightedValue rows[] = {{5, 2}, {1e300, 0}, {-7, -3}};
  const auto found = stats::summarize_counts(rows);
  CHECK(found.n == 2);
  CHECK(found.mean == 5);
  CHECK(found.variance == 0);
  CHECK(stats::summarize_counts({}).n == 0);
  CHECK(stats::summarize_counts(std::span(rows).subspan(1)).n == 0);
  const stats::WeightedValue one[] = {{3, 1}};
  CHECK(stats::summarize_counts(one).variance == 0);
}
