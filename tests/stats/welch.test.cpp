// SPDX-License-Identifier: MIT
// stats/welch.h, stats/paired_t.h and stats/t_test.h.
#include "stats/welch.h"

#include <cmath>
#include <vector>

#include "stats/paired_t.h"
#include "tests/helpers/random.h"
#include "tests/helpers/vectors.h"

using namespace insitu;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

// Student's sleep data (Biometrika 6, 1908; R: datasets::sleep), extra hours with two drugs.
const std::vector<double> kDrug1 = {0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};
const std::vector<double> kDrug2 = {1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};

}  // namespace

TEST_CASE("comparing times passes its vectors", "[stats][vectors]") {
  test::check_vectors("welch_log_t", [](const test::Json& in) {
    const auto a = in.at("a").get<std::vector<double>>();
    const auto b = in.at("b").get<std::vector<double>>();
    const auto result =
        stats::welch_log_t(stats::summarize_logs(a), stats::summarize_logs(b), in.at("confidence"));
    test::Json out{
        {"ratio", nullptr}, {"t", nullptr}, {"df", nullptr}, {"p", nullptr}, {"ci", nullptr}};
    if (!result) return out;
    out["ratio"] = result->effect;
    if (!result->test) return out;
    out["t"] = result->test->t;
    out["df"] = result->test->df;
    out["p"] = result->test->p;
    out["ci"] = {result->test->ci.lower, result->test->ci.upper};
    return out;
  });
}

TEST_CASE("Welch's test gives what R prints for Student's sleep data", "[stats]") {
  // t.test(extra ~ group, sleep): t = -1.8608, df = 17.776, p-value = 0.07939, -3.3654832
  // 0.2054832.
  const auto result = stats::welch_t(stats::summarize(kDrug1), stats::summarize(kDrug2), 0.95);
  REQUIRE(result);
  REQUIRE(result->test);
  CHECK_THAT(result->effect, WithinRel(-1.58, 1e-14));
  CHECK_THAT(result->test->t, WithinAbs(-1.8608, 5e-5));
  CHECK_THAT(result->test->df, WithinAbs(17.776, 5e-4));
  CHECK_THAT(result->test->p, WithinAbs(0.07939, 5e-6));
  CHECK_THAT(result->test->ci.lower, WithinAbs(-3.3654832, 5e-8));
  CHECK_THAT(result->test->ci.upper, WithinAbs(0.2054832, 5e-8));
}

TEST_CASE("the paired test gives what R prints for Student's sleep data", "[stats]") {
  // t.test(paired): t = -4.0621, df = 9, p-value = 0.002833, -2.4598858 -0.7001142.
  const auto result = stats::paired_t(stats::summarize_differences(kDrug1, kDrug2), 0.95);
  REQUIRE(result);
  REQUIRE(result->test);
  CHECK_THAT(result->test->t, WithinAbs(-4.0621, 5e-5));
  CHECK(result->test->df == 9);
  CHECK_THAT(result->test->p, WithinAbs(0.002833, 5e-7));
  CHECK_THAT(result->test->ci.lower, WithinAbs(-2.4598858, 5e-8));
  CHECK_THAT(result->test->ci.upper, WithinAbs(-0.7001142, 5e-8));
}

TEST_CASE("ratios do not depend on the unit of time and turn over with the groups", "[stats]") {
  test::Random random(41);
  std::vector<double> a(9);
  std::vector<double> b(13);
  for (double& value : a) value = random.duration();
  for (double& value : b) value = random.duration();
  const auto seconds = stats::welch_log_t(stats::summarize_logs(a), stats::summarize_logs(b), 0.95);
  const auto swapped = stats::welch_log_t(stats::summarize_logs(b), stats::summarize_logs(a), 0.95);
  for (double& value : a) value *= 1000;
  for (double& value : b) value *= 1000;
  const auto ms = stats::welch_log_t(stats::summarize_logs(a), stats::summarize_logs(b), 0.95);
  CHECK_THAT(ms->effect, WithinRel(seconds->effect, 1e-12));
  CHECK_THAT(ms->test->p, WithinRel(seconds->test->p, 1e-10));
  CHECK_THAT(swapped->effect, WithinRel(1 / seconds->effect, 1e-12));
  CHECK_THAT(swapped->test->ci.upper, WithinRel(1 / seconds->test->ci.lower, 1e-12));
}

TEST_CASE("paired times give the ratio of the geometric means", "[stats]") {
  const std::vector<double> first = {10, 20, 40};
  const std::vector<double> second = {5, 11, 18};
  const auto result = stats::paired_log_t(stats::summarize_log_ratios(first, second), 0.9);
  REQUIRE(result);
  CHECK_THAT(result->effect, WithinRel(std::cbrt(8000.0 / 990), 1e-14));
  REQUIRE(result->test);
  CHECK(result->test->ci.lower < result->effect);
  CHECK(result->test->ci.upper > result->effect);
}

TEST_CASE("too few values are not compared, and no spread gives the effect alone", "[stats]") {
  const stats::Summary one{1, 3, 0};
  const stats::Summary equal{4, 3, 0};
  CHECK_FALSE(stats::welch_t(one, equal, 0.95));
  CHECK_FALSE(stats::paired_t(one, 0.95));
  const auto result = stats::welch_log_t(equal, {5, 2, 0}, 0.95);
  REQUIRE(result);
  CHECK_THAT(result->effect, WithinRel(std::exp(1.0), 1e-15));
  CHECK_FALSE(result->test);
  CHECK_FALSE(stats::paired_t(equal, 0.95)->test);
  CHECK_FALSE(stats::welch_t({5, 2, 1}, equal, 1.0)->test);
  // One group without spread is still a test.
  CHECK(stats::welch_t({5, 2, 1}, equal, 0.95)->test->df == 4);
}
