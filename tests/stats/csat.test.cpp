// SPDX-License-Identifier: MIT
// Covers stats/csat.h.
#include "stats/csat.h"

#include "catch_amalgamated.hpp"

using insitu::stats::is_satisfied;

namespace {

// Lowest answer that counts as satisfied.
std::int64_t first_satisfied(std::int64_t lower, std::int64_t upper) {
  std::int64_t answer = lower;
  while (!is_satisfied(answer, lower, upper)) ++answer;
  return answer;
}

}  // namespace

TEST_CASE("satisfied are the answers the usual scales call their top box", "[stats]") {
  CHECK(first_satisfied(1, 5) == 4);
  CHECK(first_satisfied(1, 7) == 6);
  CHECK(first_satisfied(1, 10) == 8);
  CHECK(first_satisfied(0, 10) == 8);
  CHECK(first_satisfied(0, 1) == 1);
  // Three quarters exactly are enough.
  CHECK(first_satisfied(0, 4) == 3);
  CHECK(first_satisfied(-2, 2) == 1);
}
