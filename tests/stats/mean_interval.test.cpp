// SPDX-License-Identifier: MIT
// stats/mean_interval.h and stats/summary.h: vectors of SEQ and time on task, and the edges.
#include "stats/mean_interval.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "stats/quantile.h"
#include "tests/helpers/random.h"
#include "tests/helpers/vectors.h"

using namespace insitu;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

TEST_CASE("mean-t intervals pass the vectors of SEQ", "[stats][vectors]") {
  test::check_vectors("seq", [](const test::Json& in) {
    const auto ratings = in.at("ratings").get<std::vector<double>>();
    const stats::Summary sample = stats::summarize(ratings);
    test::Json out{{"n", sample.n}};
    out["value"] = sample.n == 0 ? test::Json(nullptr) : test::Json(sample.mean);
    out["ci"] = test::interval_json(stats::mean_interval(sample, in.at("confidence"), {1, 7}));
    return out;
  });
}

TEST_CASE("log-t intervals pass the vectors of time on task", "[stats][vectors]") {
  test::check_vectors("time_on_task", [](const test::Json& in) {
    auto seconds = in.at("seconds").get<std::vector<double>>();
    const stats::Summary logs = stats::summarize_logs(seconds);
    test::Json out{{"n", logs.n}};
    const bool any = logs.n > 0;
    out["value"] = any ? test::Json(std::exp(logs.mean)) : test::Json(nullptr);
    out["mean"] = any ? test::Json(stats::summarize(seconds).mean) : test::Json(nullptr);
    std::sort(seconds.begin(), seconds.end());
    out["median"] = test::optional_json(stats::quantile_of_sorted(seconds, 0.5));
    out["ci"] = test::interval_json(stats::geometric_mean_interval(logs, in.at("confidence")));
    return out;
  });
}

TEST_CASE("fewer than two values have no interval", "[stats]") {
  CHECK_FALSE(stats::mean_interval(stats::summarize({}), 0.95));
  const std::vector<double> one = {3};
  CHECK_FALSE(stats::mean_interval(stats::summarize(one), 0.95));
  CHECK_FALSE(stats::geometric_mean_interval(stats::summarize_logs(one), 0.95));
  CHECK_FALSE(stats::mean_interval({10, 1, 1}, 1.0));
}

TEST_CASE("equal values have the interval from the value to itself", "[stats]") {
  for (const double value : {5.0, 0.1, 1e-7, 123456.789}) {
    const std::vector<double> values(7, value);
    const stats::Summary sample = stats::summarize(values);
    INFO("value " << value);
    CHECK(sample.mean == value);
    CHECK(sample.variance == 0);
    const auto ci = stats::mean_interval(sample, 0.95);
    REQUIRE(ci);
    CHECK(ci->lower == value);
    CHECK(ci->upper == value);
    const auto times = stats::geometric_mean_interval(stats::summarize_logs(values), 0.95);
    REQUIRE(times);
    CHECK_THAT(times->lower, WithinRel(value, 1e-15));
    CHECK_THAT(times->upper, WithinRel(value, 1e-15));
  }
}

TEST_CASE("the variance does not suffer from a large offset", "[stats]") {
  // Variance of 4, 7, 13, 16 is 30 (N. J. Higham, 2002, section 1.9).
  const std::vector<double> values = {1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16};
  CHECK_THAT(stats::summarize(values).variance, WithinRel(30.0, 1e-15));
}

TEST_CASE("the mean interval covers the true mean as often as it says", "[stats]") {
  test::Random random(7);
  int covered = 0;
  constexpr int kRuns = 4000;
  for (int run = 0; run < kRuns; ++run) {
    std::vector<double> values(6);
    for (double& value : values) {
      // A sum of uniforms is normal enough for n = 6.
      value = 0;
      for (int i = 0; i < 12; ++i) value += random.uniform();
    }
    const auto ci = stats::mean_interval(stats::summarize(values), 0.9);
    covered += ci->lower <= 6 && 6 <= ci->upper;
  }
  // Four standard errors of 4000 trials at 0.9: 0.019.
  CHECK_THAT(double(covered) / kRuns, WithinAbs(0.9, 0.019));
}

TEST_CASE("paired summaries are those of the differences and of the log ratios", "[stats]") {
  const std::vector<double> first = {3, 8, 5};
  const std::vector<double> second = {1, 2, 10};
  const stats::Summary differences = stats::summarize_differences(first, second);
  CHECK(differences.n == 3);
  CHECK_THAT(differences.mean, WithinRel(1.0, 1e-15));
  CHECK_THAT(differences.variance, WithinRel(31.0, 1e-15));
  // 3 * 4 * 0.5 = 6.
  CHECK_THAT(stats::summarize_log_ratios(first, second).mean, WithinRel(std::log(6.0) / 3, 1e-15));
}
