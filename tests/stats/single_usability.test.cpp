// SPDX-License-Identifier: MIT
// Covers stats/single_usability.h.
#include "stats/single_usability.h"

#include <cmath>
#include <vector>

#include "stats/summary.h"
#include "tests/helpers/vectors.h"

using namespace insitu;
using Catch::Matchers::WithinAbs;

namespace {

std::optional<double> ratio(const test::Json& part, const test::Json& whole) {
  if (part.is_null() || whole.is_null() || whole == 0) return std::nullopt;
  return part.get<double>() / whole.get<double>();
}

}  // namespace

TEST_CASE("the single usability metric passes its vectors", "[stats][vectors]") {
  test::check_vectors("sum_score", [](const test::Json& in) {
    stats::UsabilityParts parts;
    parts.completion = ratio(in.at("successes"), in.at("attempts"));
    const auto times = in.at("success_times_ms").get<std::vector<double>>();
    if (!in.at("spec_time_ms").is_null() && times.size() >= 2) {
      const auto logs = stats::summarize_logs(times);
      parts.time = stats::share_below(std::log(in.at("spec_time_ms").get<double>()) - logs.mean,
                                      std::sqrt(logs.variance));
    }
    std::vector<double> ease;
    for (const double answer : in.at("satisfaction")) ease.push_back((answer - 1) / 6);
    if (ease.size() >= 2) {
      const auto sample = stats::summarize(ease);
      parts.satisfaction = stats::share_below(sample.mean - 0.75, std::sqrt(sample.variance));
    }
    if (const auto errors = ratio(in.at("errors"), in.at("opportunities"))) {
      parts.errors = std::max(0.0, 1 - *errors);
    }
    const auto score = stats::single_usability(parts);
    return test::Json{{"value", test::optional_json(score.value)},
                      {"n_components", score.components},
                      {"components",
                       {{"completion", test::optional_json(score.parts.completion)},
                        {"time", test::optional_json(score.parts.time)},
                        {"satisfaction", test::optional_json(score.parts.satisfaction)},
                        {"errors", test::optional_json(score.parts.errors)}}}};
  });
}

TEST_CASE("parts without data do not count, and without any there is no value", "[stats]") {
  CHECK_FALSE(stats::single_usability({}).value);
  CHECK(stats::single_usability({}).components == 0);
  stats::UsabilityParts parts;
  parts.errors = 0.5;
  CHECK(stats::single_usability(parts).value == 50);
  parts.completion = 1;
  CHECK(stats::single_usability(parts).value == 75);
  CHECK(stats::single_usability(parts).components == 2);
  parts.satisfaction = 0;
  parts.time = 0.5;
  CHECK(stats::single_usability(parts).value == 50);
}

TEST_CASE("without spread all, half or none lie below", "[stats]") {
  CHECK(stats::share_below(1e-300, 0) == 1);
  CHECK(stats::share_below(0, 0) == 0.5);
  CHECK(stats::share_below(-1e-300, 0) == 0);
  CHECK(stats::share_below(0, 2) == 0.5);
  // One and two standard deviations of the normal distribution.
  CHECK_THAT(stats::share_below(3, 3), WithinAbs(0.841344746068543, 1e-14));
  CHECK_THAT(stats::share_below(-6, 3), WithinAbs(0.0227501319481792, 1e-14));
}
