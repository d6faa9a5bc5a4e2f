// SPDX-License-Identifier: MIT
// stats/compensated.h and base/float.h.
#include "stats/compensated.h"

#include <cmath>
#include <limits>

#include "base/float.h"
#include "catch_amalgamated.hpp"

using namespace insitu;

TEST_CASE("a compensated sum keeps small terms beside large ones", "[stats]") {
  // Neumaier's own example: plain and Kahan summation give 0.
  stats::CompensatedSum sum;
  CHECK(sum.value() == 0);
  for (const double term : {1.0, 1e100, 1.0, -1e100}) sum.add(term);
  CHECK(sum.value() == 2);
}

TEST_CASE("a compensated sum of ten million tenths is a million", "[stats]") {
  stats::CompensatedSum sum;
  double plain = 0;
  for (int i = 0; i < 10'000'000; ++i) {
    sum.add(0.1);
    plain += 0.1;
  }
  CHECK(sum.value() == 1e6);
  CHECK(plain != 1e6);
}

TEST_CASE("numbers are told from NaN and infinity, cut, and rounded to even", "[base]") {
  CHECK(base::is_finite(0));
  CHECK(base::is_finite(-std::numeric_limits<double>::max()));
  CHECK(base::is_finite(std::numeric_limits<double>::denorm_min()));
  CHECK_FALSE(base::is_finite(std::numeric_limits<double>::infinity()));
  CHECK_FALSE(base::is_finite(std::nan("")));

  CHECK(base::cut(2, 0, 1) == 1);
  CHECK(base::cut(-2, 0, 1) == 0);
  CHECK(base::cut(0.25, 0, 1) == 0.25);
  CHECK(base::cut(std::nan(""), 0, 1) == 0);

  CHECK(base::round_half_even(0.5) == 0);
  CHECK(base::round_half_even(1.5) == 2);
  CHECK(base::round_half_even(-2.5) == -2);
}
