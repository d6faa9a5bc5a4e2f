// SPDX-License-Identifier: MIT
// stats/student_t.h: against mpmath at 40 digits, closed forms, and quantile against distribution.
#include "stats/student_t.h"

#include <cmath>

#include "stats/normal.h"
#include "tests/helpers/vectors.h"

using namespace insitu;
using Catch::Matchers::WithinRel;

namespace {
// What the specification asks for.
constexpr double kQuantileTolerance = 1e-12;
}  // namespace

TEST_CASE("Student's t passes its vectors", "[stats][vectors]") {
  test::check_vectors("t_quantile", [](const test::Json& in) {
    return test::Json{{"value", stats::student_t_two_sided(in.at("confidence"), in.at("df"))}};
  });
  test::check_vectors("t_cdf", [](const test::Json& in) {
    return test::Json{{"value", stats::student_t_cdf(in.at("t"), in.at("df"))}};
  });
}

TEST_CASE("t quantiles are good to 1e-12", "[stats]") {
  CHECK_THAT(stats::student_t_two_sided(0.95, 1),
             WithinRel(12.706204736174704646, kQuantileTolerance));
  CHECK_THAT(stats::student_t_two_sided(0.9, 4.5),
             WithinRel(2.0655758888785248396, kQuantileTolerance));
  CHECK_THAT(stats::student_t_two_sided(0.99, 10),
             WithinRel(3.1692726726169512346, kQuantileTolerance));
  CHECK_THAT(stats::student_t_two_sided(0.95, 999),
             WithinRel(1.9623414611334499787, kQuantileTolerance));
}

TEST_CASE("t with one and two degrees of freedom has closed forms", "[stats]") {
  for (const double t : {-1e6, -3.0, -0.01, 0.5, 4.0}) {
    INFO("t " << t);
    const double one =
        t < 0 ? std::atan(-1 / t) / 3.141592653589793 : 0.5 + std::atan(t) / 3.141592653589793;
    CHECK_THAT(stats::student_t_cdf(t, 1), WithinRel(one, kQuantileTolerance));
    const double root = std::sqrt(2 + t * t);
    const double two = t < 0 ? 1 / (root * (root - t)) : 1 - 1 / (root * (root + t));
    CHECK_THAT(stats::student_t_cdf(t, 2), WithinRel(two, kQuantileTolerance));
  }
  CHECK(stats::student_t_cdf(0, 5) == 0.5);
}

TEST_CASE("the t quantile is the inverse of the distribution", "[stats]") {
  for (const double df : {0.5, 1.0, 3.7, 30.0, 1e3, 1e5, 1e7}) {
    for (const double confidence : {1e-6, 0.01, 0.5, 0.95, 0.999999}) {
      INFO("df " << df << " confidence " << confidence);
      const double t = stats::student_t_two_sided(confidence, df);
      CHECK_THAT(1 - stats::student_t_two_sided_p(t, df), WithinRel(confidence, 1e-9));
      if (confidence >= 0.5) {
        CHECK_THAT(stats::student_t_two_sided_p(t, df),
                   WithinRel(1 - confidence, kQuantileTolerance));
      }
    }
  }
}

TEST_CASE("t approaches the normal distribution from above", "[stats]") {
  double before = stats::student_t_two_sided(0.95, 1);
  for (double df = 2; df < 1e9; df *= 2) {
    const double t = stats::student_t_two_sided(0.95, df);
    INFO("df " << df);
    CHECK(t < before);
    before = t;
  }
  CHECK_THAT(before, WithinRel(stats::normal_two_sided(0.95), 1e-8));
}
