// SPDX-License-Identifier: MIT
// stats/mcnemar.h: against a published example and against the binomial sum.
#include "stats/mcnemar.h"

#include <algorithm>
#include <cmath>

#include "catch_amalgamated.hpp"

using namespace insitu;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

TEST_CASE("McNemar's test gives the published values for 1 against 7", "[stats]") {
  // Fagerland, Lydersen & Laake 2013, airway hyper-responsiveness: exact 0.0703, mid-p 0.0391.
  const stats::McNemarResult result = stats::mcnemar(1, 7);
  CHECK_THAT(result.exact_p, WithinRel(18.0 / 256, 1e-14));
  CHECK_THAT(result.mid_p, WithinRel(10.0 / 256, 1e-13));
}

TEST_CASE("McNemar's test is the two-sided binomial tail", "[stats]") {
  for (int b = 0; b <= 20; ++b) {
    for (int c = 0; c <= 20; ++c) {
      if (b + c == 0) continue;
      const int n = b + c;
      double term = std::ldexp(1.0, -n);
      double tail = 0;
      double last = 0;
      for (int k = 0; k <= std::min(b, c); ++k) {
        last = term;
        tail += term;
        term *= double(n - k) / (k + 1);
      }
      const auto result = stats::mcnemar(std::uint64_t(b), std::uint64_t(c));
      INFO(b << " against " << c);
      CHECK_THAT(result.exact_p, WithinRel(std::min(1.0, 2 * tail), 1e-12));
      CHECK_THAT(result.mid_p, WithinRel(b == c ? 1 - last / 2 : 2 * tail - last, 1e-11));
    }
  }
}

TEST_CASE("McNemar's test without any change says nothing, and copes with large counts",
          "[stats]") {
  CHECK(stats::mcnemar(0, 0).exact_p == 1);
  CHECK(stats::mcnemar(0, 0).mid_p == 1);
  // z = (b - c) / sqrt(b + c) = 1.9999, two-sided p = 0.04551.
  const auto large = stats::mcnemar(5'010'000'000, 5'009'800'000);
  CHECK_THAT(large.mid_p, WithinAbs(0.04576, 5e-4));
}
