// SPDX-License-Identifier: MIT
// stats/nps.h: vectors and limits.
#include "stats/nps.h"

#include "tests/helpers/vectors.h"

using namespace insitu;

TEST_CASE("the Net Promoter Score passes its vectors", "[stats][vectors]") {
  test::check_vectors("nps", [](const test::Json& in) {
    const std::uint64_t promoters = in.at("promoters");
    const std::uint64_t passives = in.at("passives");
    const std::uint64_t detractors = in.at("detractors");
    const auto result =
        stats::net_promoter_score(promoters, passives, detractors, in.at("confidence"));
    test::Json out{{"n", promoters + passives + detractors}, {"value", nullptr}, {"ci", nullptr}};
    if (result) {
      out["value"] = result->value;
      out["ci"] = test::interval_json(result->ci);
    }
    return out;
  });
}

TEST_CASE("the Net Promoter Score and its interval stay within -100 and 100", "[stats]") {
  for (std::uint64_t promoters = 0; promoters <= 12; ++promoters) {
    for (std::uint64_t detractors = 0; detractors <= 12; ++detractors) {
      const auto result = stats::net_promoter_score(promoters, 1, detractors, 0.999);
      REQUIRE(result);
      REQUIRE(result->ci);
      CHECK(result->value >= -100);
      CHECK(result->value <= 100);
      CHECK(result->ci->lower >= -100);
      CHECK(result->ci->upper <= 100);
      CHECK(result->ci->lower < result->ci->upper);
    }
  }
}

TEST_CASE("the Net Promoter Score needs answers, its interval a confidence", "[stats]") {
  CHECK_FALSE(stats::net_promoter_score(0, 0, 0, 0.95));
  CHECK_FALSE(stats::net_promoter_score(1, 0, 0, 1)->ci);
}
