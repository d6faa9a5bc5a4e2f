// SPDX-License-Identifier: MIT
// Covers stats/lostness.h.
#include "stats/lostness.h"

#include "tests/helpers/vectors.h"

using namespace insitu;

TEST_CASE("lostness passes its vectors", "[stats][vectors]") {
  test::check_vectors("lostness", [](const test::Json& in) {
    return test::Json::object({{"value", stats::lostness(in.at("S"), in.at("N"), in.at("R"))}});
  });
}

TEST_CASE("the best way is not lost, and each page seen again makes it worse", "[stats]") {
  CHECK(stats::lostness(4, 4, 4) == 0);
  double before = 0;
  for (double pages = 5; pages < 40; ++pages) {
    const double now = stats::lostness(pages, 4, 4);
    CHECK(now > before);
    before = now;
  }
  CHECK(before > stats::kLostAbove);
}
