// SPDX-License-Identifier: MIT
// Covers base/elementary.h against the C library in long double, and at special values.
#include "base/elementary.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "catch_amalgamated.hpp"
#include "tests/helpers/random.h"

namespace base = insitu::base;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// Distance of `value` from `exact` in units of the last place of a double at `exact`.
double ulps(double value, long double exact) {
  const double nearest = static_cast<double>(exact);
  if (value == nearest) return 0;
  const double size = std::abs(nearest);
  const long double step = std::nextafter(size, kInfinity) - size;
  return static_cast<double>(std::abs(static_cast<long double>(value) - exact) / step);
}

double between(insitu::test::Random& random, double low, double high) {
  return low + (high - low) * random.uniform();
}

// Any positive finite double, all exponents alike.
double any_positive(insitu::test::Random& random) {
  return std::bit_cast<double>(1 + random.below(0x7fef'ffff'ffff'ffffull));
}

}  // namespace

TEST_CASE("exp: special values", "[base]") {
  CHECK(base::exp(0) == 1);
  CHECK(base::exp(-0.0) == 1);
  CHECK(base::exp(kInfinity) == kInfinity);
  CHECK(base::exp(-kInfinity) == 0);
  CHECK(std::isnan(base::exp(kNan)));
  CHECK(base::exp(710) == kInfinity);
  CHECK(base::exp(1e300) == kInfinity);
  CHECK(base::exp(-746) == 0);
  CHECK(base::exp(-1e300) == 0);
  CHECK(base::exp(1e-300) == 1);
}

TEST_CASE("exp: is within 1 ulp over its whole range", "[base]") {
  insitu::test::Random random(1);
  double worst = 0;
  for (int i = 0; i < 100'000; ++i) {
    const double x = i % 2 ? between(random, -708, 709.7) : between(random, -5, 5);
    worst = std::max(worst, ulps(base::exp(x), std::exp(static_cast<long double>(x))));
  }
  CHECK(worst < 1);
}

TEST_CASE("exp: subnormal results are within one step", "[base]") {
  insitu::test::Random random(2);
  for (int i = 0; i < 10'000; ++i) {
    const double x = between(random, -745, -708);
    const double exact = static_cast<double>(std::exp(static_cast<long double>(x)));
    CHECK(std::abs(base::exp(x) - exact) <= 5e-324);
  }
}

TEST_CASE("ln: special values", "[base]") {
  CHECK(base::ln(1) == 0);
  CHECK(base::ln(0) == -kInfinity);
  CHECK(base::ln(-0.0) == -kInfinity);
  CHECK(std::isnan(base::ln(-1)));
  CHECK(std::isnan(base::ln(-kInfinity)));
  CHECK(base::ln(kInfinity) == kInfinity);
  CHECK(std::isnan(base::ln(kNan)));
  CHECK(base::ln(2) == 0.6931471805599453);
}

TEST_CASE("ln: is within 1 ulp for every size of number, subnormal ones too", "[base]") {
  insitu::test::Random random(3);
  double worst = 0;
  for (int i = 0; i < 100'000; ++i) {
    const double x = i % 2 ? any_positive(random) : between(random, 0.5, 2);
    worst = std::max(worst, ulps(base::ln(x), std::log(static_cast<long double>(x))));
  }
  worst = std::max(worst, ulps(base::ln(5e-324), std::log(static_cast<long double>(5e-324))));
  CHECK(worst < 1);
}

TEST_CASE("exp and ln: one undoes the other", "[base]") {
  insitu::test::Random random(4);
  for (int i = 0; i < 1000; ++i) {
    const double x = between(random, 0.001, 3600);
    CHECK(std::abs(base::exp(base::ln(x)) - x) <= 1e-14 * x);
  }
}

TEST_CASE("power: special values", "[base]") {
  CHECK(base::power(2, 10) == 1024);
  CHECK(base::power(2, -2) == 0.25);
  CHECK(base::power(5, 0) == 1);
  CHECK(base::power(0, 0) == 1);
  CHECK(base::power(0, 3) == 0);
  CHECK(base::power(-2, 3) == -8);
  CHECK(base::power(-2, 2) == 4);
  CHECK(base::power(10, 400) == kInfinity);
  CHECK(base::power(10, -400) == 0);
  CHECK(base::power(1, std::numeric_limits<int>::max()) == 1);
  CHECK(base::power(2, std::numeric_limits<int>::min() + 1) == 0);
  CHECK(std::isnan(base::power(kNan, 2)));
}

TEST_CASE("power: its relative error is about the exponent in ulps", "[base]") {
  insitu::test::Random random(5);
  for (int i = 0; i < 20'000; ++i) {
    const double x = between(random, 0.5, 2);
    const int exponent = static_cast<int>(random.below(401)) - 200;
    const double error =
        ulps(base::power(x, exponent), std::pow(static_cast<long double>(x), exponent));
    INFO(x << " to the " << exponent);
    REQUIRE(error <= 2 + 2 * std::abs(exponent));
  }
}
