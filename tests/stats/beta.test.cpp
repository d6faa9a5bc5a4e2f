// SPDX-License-Identifier: MIT
// stats/beta.h: against mpmath, against binomial sums, and quantile against distribution.
#include "stats/beta.h"

#include <cmath>

#include "tests/helpers/vectors.h"

using namespace insitu;
using Catch::Matchers::WithinRel;

TEST_CASE("beta quantiles pass their vectors", "[stats][vectors]") {
  test::check_vectors("beta_quantile", [](const test::Json& in) {
    return test::Json{{"value", stats::beta_quantile(in.at("p"), in.at("a"), in.at("b"))}};
  });
}

TEST_CASE("the incomplete beta function agrees with mpmath", "[stats]") {
  CHECK_THAT(stats::beta_cdf(2, 3, 0.4), WithinRel(0.5248, 1e-14));
  CHECK_THAT(stats::beta_cdf(0.5, 0.5, 0.1), WithinRel(0.20483276469913345165, 1e-14));
  CHECK_THAT(stats::beta_cdf(30, 5, 0.9), WithinRel(0.75040828378787723461, 1e-14));
  CHECK_THAT(stats::beta_cdf(500, 501, 0.49), WithinRel(0.27390144426949602344, 1e-13));
}

TEST_CASE("the incomplete beta function is a sum of binomial probabilities", "[stats]") {
  // P(X >= a) of n trials is I_p(a, n - a + 1).
  constexpr int kTrials = 25;
  for (const double p : {0.001, 0.2, 0.5, 0.9}) {
    double probability = std::pow(p, kTrials);
    double sum = 0;
    for (int a = kTrials; a >= 1; --a) {
      sum += probability;
      INFO("p " << p << " a " << a);
      CHECK_THAT(stats::beta_cdf(a, kTrials - a + 1, p), WithinRel(sum, 1e-12));
      probability *= (1 - p) / p * a / (kTrials - a + 1);
    }
  }
}

TEST_CASE("the incomplete beta function has its mirror image and its ends", "[stats]") {
  CHECK(stats::beta_cdf(2, 3, 0) == 0);
  CHECK(stats::beta_cdf(2, 3, 1) == 1);
  CHECK(stats::beta_cdf(2, 3, -1) == 0);
  CHECK(stats::beta_cdf(2, 3, 2) == 1);
  CHECK_THAT(stats::beta_cdf(7, 2, 0.3) + stats::beta_cdf(2, 7, 0.7), WithinRel(1.0, 1e-14));
}

TEST_CASE("the beta quantile is the inverse of the distribution", "[stats]") {
  for (const double a : {0.5, 1.0, 3.0, 40.0, 1e4, 1e6}) {
    for (const double b : {0.5, 1.0, 2.5, 300.0, 1e6}) {
      for (const double p : {1e-6, 0.005, 0.025, 0.5, 0.95, 0.999}) {
        INFO("a " << a << " b " << b << " p " << p);
        const double x = stats::beta_quantile(p, a, b);
        REQUIRE(x > 0);
        REQUIRE(x < 1);
        // One unit in the last place of x (or of 1 - x) moves p by kernel/(x y) * 1e-16.
        const double y = 1 - x;
        const double slack = stats::beta_kernel(a, b, x, y) / (x * y) * 3e-16;
        CHECK(std::abs(stats::beta_cdf(a, b, x) - p) <= 1e-11 * p + slack);
      }
    }
  }
}

TEST_CASE("beta quantiles at the ends are 0 and 1", "[stats]") {
  CHECK(stats::beta_quantile(0, 2, 3) == 0);
  CHECK(stats::beta_quantile(1, 2, 3) == 1);
}
