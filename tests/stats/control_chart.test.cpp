// SPDX-License-Identifier: MIT
// stats/control_chart.h, stats/baseline.h and stats/srm.h: watching a value over time.
#include "stats/control_chart.h"

#include <cmath>
#include <vector>

#include "stats/baseline.h"
#include "stats/srm.h"
#include "tests/helpers/random.h"
#include "tests/helpers/vectors.h"

using namespace insitu;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

std::optional<double> value_of(const test::Json& json) {
  if (json.is_null()) return std::nullopt;
  return json.get<double>();
}

}  // namespace

TEST_CASE("control charts pass their vectors", "[stats][vectors]") {
  test::check_vectors("ewma", [](const test::Json& in) {
    stats::Ewma chart(in.at("mu"), in.at("sigma"), in.at("lambda"), in.at("L"));
    test::Json points = test::Json::array();
    for (const test::Json& value : in.at("values")) {
      const auto point = chart.next(value_of(value));
      test::Json json{{"z", point.z}, {"lo", nullptr}, {"hi", nullptr}, {"alarm", point.alarm}};
      if (point.limits) {
        json["lo"] = point.limits->lower;
        json["hi"] = point.limits->upper;
      }
      points.push_back(json);
    }
    return test::Json{{"points", points}};
  });
  test::check_vectors("cusum", [](const test::Json& in) {
    stats::Cusum chart(in.at("mu"), in.at("sigma"), in.at("k"), in.at("h"));
    test::Json points = test::Json::array();
    for (const test::Json& value : in.at("values")) {
      const auto point = chart.next(value_of(value));
      points.push_back({{"up", point.up}, {"down", point.down}, {"alarm", point.alarm}});
    }
    return test::Json{{"points", points}};
  });
}

TEST_CASE("baselines and sample ratios pass their vectors", "[stats][vectors]") {
  test::check_vectors("baseline", [](const test::Json& in) {
    std::vector<double> history;
    for (const test::Json& value : in.at("history")) {
      if (!value.is_null()) history.push_back(value);
    }
    test::Json out{
        {"baseline", nullptr}, {"change", nullptr}, {"relative", nullptr}, {"z", nullptr}};
    if (in.at("current").is_null()) return out;
    const auto result = stats::baseline_change(stats::summarize(history), in.at("current"));
    if (!result) return out;
    return test::Json{{"baseline", result->baseline},
                      {"change", result->change},
                      {"relative", test::optional_json(result->relative)},
                      {"z", test::optional_json(result->z)}};
  });
  test::check_vectors("srm", [](const test::Json& in) {
    const auto result =
        stats::sample_ratio_mismatch(in.at("n1"), in.at("n2"), in.value("share1", 0.5));
    if (!result) return test::Json{{"z", nullptr}, {"p", nullptr}};
    return test::Json{{"z", result->z}, {"p", result->p}};
  });
}

TEST_CASE("charts are quiet on a steady series and find a lasting shift", "[stats]") {
  test::Random random(51);
  stats::Ewma ewma(0.5, 0.0645);
  stats::Cusum cusum(0.5, 0.0645);
  // Mean of 20 uniforms: mean 0.5, sd sqrt(1/12/20) = 0.0645.
  const auto window = [&] {
    double sum = 0;
    for (int i = 0; i < 20; ++i) sum += random.uniform();
    return sum / 20;
  };
  for (int i = 0; i < 60; ++i) {
    const double value = window();
    INFO("window " << i);
    CHECK_FALSE(ewma.next(value).alarm);
    CHECK_FALSE(cusum.next(value).alarm);
  }
  bool ewma_alarm = false;
  bool cusum_alarm = false;
  for (int i = 0; i < 20; ++i) {
    const double value = window() + 0.1;
    ewma_alarm = ewma.next(value).alarm;
    cusum_alarm = cusum.next(value).alarm;
  }
  CHECK(ewma_alarm);
  CHECK(cusum_alarm);
}

TEST_CASE("a missing window changes nothing but the width of the limits", "[stats]") {
  stats::Ewma with_gap(10, 2);
  stats::Ewma without(10, 2);
  const auto gap = with_gap.next(std::nullopt);
  CHECK(gap.z == 10);
  CHECK_FALSE(gap.limits);
  CHECK_FALSE(gap.alarm);
  const auto late = with_gap.next(11);
  const auto early = without.next(11);
  CHECK(late.z == early.z);
  CHECK(late.limits->upper > early.limits->upper);

  stats::Cusum cusum(10, 2);
  const auto first = cusum.next(15);
  const auto second = cusum.next(std::nullopt);
  CHECK(first.up == second.up);
  CHECK(first.up == 2.0);
}

TEST_CASE("charts without spread do not divide by it", "[stats]") {
  stats::Ewma ewma(10, 0);
  CHECK_FALSE(ewma.next(10).alarm);
  CHECK(ewma.next(10.5).alarm);
  stats::Cusum cusum(10, 0);
  CHECK(cusum.next(1000).up == 0);
}

TEST_CASE("a rate enters the charts in standard errors", "[stats]") {
  // (0.6 - 0.5) / sqrt(0.25 / 100) = 2.
  CHECK_THAT(*stats::proportion_z(60, 100, 0.5), WithinRel(2.0, 1e-14));
  CHECK_FALSE(stats::proportion_z(0, 0, 0.5));
  CHECK_FALSE(stats::proportion_z(1, 2, 0));
  CHECK_FALSE(stats::proportion_z(1, 2, 1));
}

TEST_CASE("a baseline of nothing, of one value and of zero says what it can", "[stats]") {
  CHECK_FALSE(stats::baseline_change({}, 3));
  const auto one = stats::baseline_change({1, 2, 0}, 3);
  CHECK(one->change == 1);
  CHECK(one->relative == 0.5);
  CHECK_FALSE(one->z);
  CHECK_FALSE(stats::baseline_change({3, 0, 1}, 3)->relative);
}

TEST_CASE("a sample ratio without visitors or plan is not tested", "[stats]") {
  CHECK_FALSE(stats::sample_ratio_mismatch(0, 0));
  CHECK_FALSE(stats::sample_ratio_mismatch(1, 1, 0));
  CHECK_FALSE(stats::sample_ratio_mismatch(1, 1, 1));
  CHECK(stats::sample_ratio_mismatch(600, 400)->p < stats::kSrmAlarmP);
}
