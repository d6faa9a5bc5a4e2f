// SPDX-License-Identifier: MIT
// stats/quantile.h: vectors from NumPy, and the definition.
#include "stats/quantile.h"

#include <algorithm>
#include <vector>

#include "tests/helpers/random.h"
#include "tests/helpers/vectors.h"

using namespace insitu;
using Catch::Matchers::WithinRel;

TEST_CASE("quantiles pass their vectors", "[stats][vectors]") {
  test::check_vectors("quantile", [](const test::Json& in) {
    auto values = in.at("values").get<std::vector<double>>();
    std::sort(values.begin(), values.end());
    return test::Json{
        {"value", test::optional_json(stats::quantile_of_sorted(values, in.at("q")))}};
  });
}

TEST_CASE("no values have no quantile, one has itself, and the ends are the extremes", "[stats]") {
  CHECK_FALSE(stats::quantile_of_sorted({}, 0.5));
  const std::vector<double> one = {4};
  CHECK(stats::quantile_of_sorted(one, 0.9) == 4.0);
  const std::vector<double> three = {1, 2, 9};
  CHECK(stats::quantile_of_sorted(three, 0) == 1.0);
  CHECK(stats::quantile_of_sorted(three, 1) == 9.0);
  CHECK(stats::quantile_of_sorted(three, -1) == 1.0);
  CHECK(stats::quantile_of_sorted(three, 2) == 9.0);
  CHECK(stats::quantile_of_sorted(three, 0.75) == 5.5);
}

TEST_CASE("quantiles never fall as q grows and lie between the extremes", "[stats]") {
  test::Random random(11);
  std::vector<double> values(57);
  for (double& value : values) value = random.duration();
  std::sort(values.begin(), values.end());
  double before = values.front();
  for (double q = 0; q <= 1; q += 1.0 / 512) {
    const double value = *stats::quantile_of_sorted(values, q);
    CHECK(value >= before);
    CHECK(value <= values.back());
    before = value;
  }
}
