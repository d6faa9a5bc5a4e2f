// SPDX-License-Identifier: MIT
// Covers stats/sus.h.
#include "stats/sus.h"

#include <limits>
#include <string>
#include <vector>

#include "tests/helpers/vectors.h"

using namespace insitu;
using Catch::Matchers::WithinAbs;

namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

std::optional<double> score(const std::vector<double>& items, bool neutral_missing = false) {
  return stats::sus_score(items, neutral_missing);
}

}  // namespace

TEST_CASE("SUS scores of single people pass their vectors", "[stats][vectors]") {
  std::size_t people = 0;
  for (const test::Json& one : test::read_vectors("sus")) {
    std::vector<double> scores;
    for (const test::Json& response : one.at("input").at("responses")) {
      std::vector<double> items;
      for (const test::Json& item : response)
        items.push_back(item.is_null() ? kMissing : item.get<double>());
      if (const auto value = score(items)) scores.push_back(*value);
    }
    INFO(one.at("id"));
    CHECK(test::Json(scores) == one.at("expected").at("scores"));
    people += scores.size();
    const test::Json& mean = one.at("expected").at("value");
    if (mean.is_null()) continue;
    CHECK_THAT(stats::sus_percentile(mean), WithinAbs(one.at("expected").at("percentile"), 1e-9));
    CHECK(stats::sus_grade(mean) == one.at("expected").at("grade").get<std::string>());
  }
  CHECK(people >= 90);
}

TEST_CASE("odd and even SUS items count in opposite directions", "[stats]") {
  std::vector<double> items(10, 3);
  for (std::size_t i = 0; i < items.size(); ++i) {
    items[i] = 5;
    CHECK(score(items) == (i % 2 == 0 ? 55 : 45));
    items[i] = 3;
  }
}

TEST_CASE("SUS answers that are not ten whole numbers from 1 to 5 have no score", "[stats]") {
  const std::vector<double> fine(10, 2);
  REQUIRE(score(fine));
  CHECK_FALSE(score(std::vector<double>(9, 2)));
  CHECK_FALSE(score(std::vector<double>(11, 2)));
  CHECK_FALSE(score({}));
  for (const double bad : {0.0, 6.0, 2.5, -1.0, std::numeric_limits<double>::infinity()}) {
    std::vector<double> items = fine;
    items[4] = bad;
    INFO(bad);
    CHECK_FALSE(score(items));
    CHECK_FALSE(score(items, true));
  }
}

TEST_CASE("a missing SUS answer counts as 3 only where that is asked for", "[stats]") {
  std::vector<double> items = {5, 1, 5, 1, 5, 1, 5, 1, 5, kMissing};
  CHECK_FALSE(score(items));
  CHECK(score(items, true) == 95);
  items[0] = kMissing;
  CHECK(score(items, true) == 90);
}

TEST_CASE("SUS percentiles rise from 0 to 100 and stay there", "[stats]") {
  CHECK(stats::sus_percentile(0) == 0);
  CHECK(stats::sus_percentile(-5) == 0);
  CHECK(stats::sus_percentile(68) == 50);
  CHECK(stats::sus_percentile(62.5) == 35);
  CHECK(stats::sus_percentile(100) == 100);
  CHECK(stats::sus_percentile(100.1) == 100);
  CHECK(stats::sus_percentile(kMissing) == 0);
  double before = 0;
  for (double at = 0.25; at <= 100; at += 0.25) {
    CHECK(stats::sus_percentile(at) > before);
    before = stats::sus_percentile(at);
  }
}

TEST_CASE("each SUS grade begins exactly at its limit", "[stats]") {
  const std::vector<std::pair<double, std::string>> limits = {
      {84.1, "A+"}, {80.8, "A"}, {78.9, "A-"}, {77.2, "B+"}, {74.1, "B"}, {72.6, "B-"},
      {71.1, "C+"}, {65.0, "C"}, {62.7, "C-"}, {51.7, "D"},  {0, "F"}};
  for (std::size_t i = 0; i < limits.size(); ++i) {
    CHECK(stats::sus_grade(limits[i].first) == limits[i].second);
    if (i > 0) CHECK(stats::sus_grade(limits[i - 1].first - 1e-9) == limits[i].second);
  }
  CHECK(stats::sus_grade(100) == std::string("A+"));
  CHECK(stats::sus_grade(kMissing) == std::string("F"));
}
