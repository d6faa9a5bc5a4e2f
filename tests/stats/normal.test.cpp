// SPDX-License-Identifier: MIT
// stats/normal.h: against mpmath at 40 digits, and quantile against distribution.
#include "stats/normal.h"

#include <cmath>
#include <limits>

#include "tests/helpers/vectors.h"

using namespace insitu;
using Catch::Matchers::WithinRel;

namespace {
// A few roundings.
constexpr double kTolerance = 4e-15;
}  // namespace

TEST_CASE("the normal distribution passes its vectors", "[stats][vectors]") {
  test::check_vectors("normal_quantile", [](const test::Json& input) {
    return test::Json{{"value", stats::normal_quantile(input.at("p"))}};
  });
  test::check_vectors("normal_cdf", [](const test::Json& input) {
    return test::Json{{"value", stats::normal_cdf(input.at(input.contains("z") ? "z" : "x"))}};
  });
}

TEST_CASE("normal quantiles are good to the last digits in the centre and in both tails",
          "[stats]") {
  CHECK_THAT(stats::normal_quantile(1e-300), WithinRel(-37.047096299361199237, kTolerance));
  CHECK_THAT(stats::normal_quantile(1e-10), WithinRel(-6.3613409024040562047, kTolerance));
  CHECK_THAT(stats::normal_quantile(0.025), WithinRel(-1.9599639845400542355, kTolerance));
  CHECK_THAT(stats::normal_quantile(0.3), WithinRel(-0.52440051270804078404, kTolerance));
  CHECK_THAT(stats::normal_quantile(0.999), WithinRel(3.0902323061678135415, kTolerance));
  CHECK(stats::normal_quantile(0.5) == 0);
}

TEST_CASE("normal probabilities keep their relative precision in the lower tail", "[stats]") {
  CHECK_THAT(stats::normal_cdf(-10), WithinRel(7.619853024160526066e-24, 1e-14));
  CHECK_THAT(stats::normal_cdf(-1), WithinRel(0.15865525393145705141, kTolerance));
  CHECK_THAT(stats::normal_cdf(0.5), WithinRel(0.69146246127401310364, kTolerance));
  // On both sides of the place where the series ends.
  CHECK_THAT(stats::normal_cdf(-2), WithinRel(0.022750131948179207200, kTolerance));
  CHECK_THAT(stats::normal_cdf(-1.9999),
             WithinRel(0.5 * std::erfc(1.9999 / std::sqrt(2.0)), 1e-14));
}

TEST_CASE("normal probabilities at the ends are 0, one half and 1", "[stats]") {
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(stats::normal_cdf(-infinity) == 0);
  CHECK(stats::normal_cdf(infinity) == 1);
  CHECK(stats::normal_cdf(0) == 0.5);
  CHECK(stats::normal_cdf(-100) == 0);
  CHECK(std::isnan(stats::normal_cdf(std::nan(""))));
}

TEST_CASE("the normal quantile is the inverse of the distribution", "[stats]") {
  for (double x = -8; x <= 5; x += 0.0625) {
    INFO("x " << x);
    // Above 0 the probability itself is rounded to a multiple of 1e-16.
    const double lost = x > 0 ? 2e-16 / std::exp(-x * x / 2) : 0;
    CHECK(std::abs(stats::normal_quantile(stats::normal_cdf(x)) - x) <= 3e-15 * (1 + x * x) + lost);
  }
}

TEST_CASE("normal quantiles at and outside the ends are infinite and NaN", "[stats]") {
  CHECK(stats::normal_quantile(0) == -std::numeric_limits<double>::infinity());
  CHECK(stats::normal_quantile(1) == std::numeric_limits<double>::infinity());
  CHECK(std::isnan(stats::normal_quantile(-0.1)));
  CHECK(std::isnan(stats::normal_quantile(1.1)));
  CHECK(std::isnan(stats::normal_quantile(std::nan(""))));
}

TEST_CASE("two-sided normal values match the one-sided ones", "[stats]") {
  CHECK_THAT(stats::normal_two_sided(0.95), WithinRel(1.9599639845400542355, kTolerance));
  CHECK_THAT(stats::normal_two_sided_p(-1.5), WithinRel(2 * stats::normal_cdf(-1.5), kTolerance));
  CHECK_THAT(stats::normal_two_sided_p(1.5), WithinRel(2 * stats::normal_cdf(-1.5), kTolerance));
}
