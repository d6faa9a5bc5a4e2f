// SPDX-License-Identifier: MIT
// stats/two_proportion.h, stats/fisher.h and stats/compare_proportions.h.
#include <cmath>
#include <vector>

#include "stats/compare_proportions.h"
#include "tests/helpers/vectors.h"

using namespace insitu;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

// Irwin's rule with whole numbers: binomial coefficients up to 30 are exact in doubles.
double naive_fisher(int x1, int n1, int x2, int n2) {
  std::vector<std::vector<double>> choose(31, std::vector<double>(31, 0));
  for (std::size_t n = 0; n <= 30; ++n) {
    choose[n][0] = 1;
    for (std::size_t k = 1; k <= n; ++k) choose[n][k] = choose[n - 1][k - 1] + choose[n - 1][k];
  }
  const auto ways = [&](int a) {
    const int b = x1 + x2 - a;
    if (a < 0 || b < 0 || a > n1 || b > n2) return 0.0;
    return choose[std::size_t(n1)][std::size_t(a)] * choose[std::size_t(n2)][std::size_t(b)];
  };
  double total = 0;
  double extreme = 0;
  for (int a = 0; a <= n1; ++a) {
    total += ways(a);
    if (ways(a) <= ways(x1) * (1 + 1e-7)) extreme += ways(a);
  }
  return extreme / total;
}

}  // namespace

TEST_CASE("comparing rates passes its vectors", "[stats][vectors]") {
  test::check_vectors("two_proportion_n1", [](const test::Json& in) {
    const auto result = stats::two_proportion_n1(in.at("x1"), in.at("n1"), in.at("x2"), in.at("n2"),
                                                 in.at("confidence"));
    if (!result) {
      return test::Json{{"difference", nullptr}, {"z", nullptr}, {"p", nullptr}, {"ci", nullptr}};
    }
    return test::Json{{"difference", result->difference},
                      {"z", result->z},
                      {"p", result->p},
                      {"ci", {result->ci.lower, result->ci.upper}}};
  });
  test::check_vectors("fisher_exact", [](const test::Json& in) {
    return test::Json{{"p", test::optional_json(stats::fisher_exact(in.at("x1"), in.at("n1"),
                                                                    in.at("x2"), in.at("n2")))}};
  });
  test::check_vectors("compare_proportions", [](const test::Json& in) {
    const auto result =
        stats::compare_proportions(in.at("x1"), in.at("n1"), in.at("x2"), in.at("n2"));
    if (!result) return test::Json{{"method", nullptr}, {"p", nullptr}};
    const bool fisher = result->method == stats::ProportionTest::kFisherExact;
    return test::Json{{"method", fisher ? "fisher_exact" : "n1_chi_square"}, {"p", result->p}};
  });
}

TEST_CASE("Fisher's test agrees with counting every table", "[stats]") {
  for (int n1 = 1; n1 <= 12; ++n1) {
    for (int n2 = 1; n2 <= 12; n2 += 3) {
      for (int x1 = 0; x1 <= n1; ++x1) {
        for (int x2 = 0; x2 <= n2; ++x2) {
          const auto p = stats::fisher_exact(std::uint64_t(x1), std::uint64_t(n1),
                                             std::uint64_t(x2), std::uint64_t(n2));
          INFO(x1 << "/" << n1 << " " << x2 << "/" << n2);
          REQUIRE(p);
          CHECK_THAT(*p, WithinRel(naive_fisher(x1, n1, x2, n2), 1e-12));
        }
      }
    }
  }
}

TEST_CASE("Fisher's test has the value of the lady tasting tea", "[stats]") {
  // R. A. Fisher, The Design of Experiments, 1935: all 8 cups right, 2/70 two-sided.
  CHECK_THAT(*stats::fisher_exact(4, 4, 0, 4), WithinRel(2.0 / 70, 1e-14));
}

TEST_CASE("Fisher's test copes with large and with hopeless tables", "[stats]") {
  const auto large = stats::fisher_exact(5'100'000, 10'000'000, 5'098'000, 10'000'000);
  const auto normal = stats::two_proportion_n1(5'100'000, 10'000'000, 5'098'000, 10'000'000, 0.95);
  // Both are two-sided tails of nearly the same distribution.
  CHECK_THAT(*large, WithinAbs(normal->p, 5e-4));
  CHECK(*stats::fisher_exact(1'000'000, 1'000'000, 0, 1'000'000) < 1e-300);
}

TEST_CASE("comparing rates does not care which group is first", "[stats]") {
  for (std::uint64_t x1 = 0; x1 <= 9; ++x1) {
    for (std::uint64_t x2 = 0; x2 <= 14; ++x2) {
      const auto one = stats::two_proportion_n1(x1, 9, x2, 14, 0.9);
      const auto other = stats::two_proportion_n1(x2, 14, x1, 9, 0.9);
      CHECK_THAT(one->z, WithinAbs(-other->z, 1e-14));
      CHECK_THAT(one->ci.lower, WithinAbs(-other->ci.upper, 1e-14));
      CHECK(one->ci.lower >= -1);
      CHECK(one->ci.upper <= 1);
      CHECK(one->p >= 0);
      CHECK(one->p <= 1);
      CHECK_THAT(stats::compare_proportions(x1, 9, x2, 14)->p,
                 WithinRel(stats::compare_proportions(x2, 14, x1, 9)->p, 1e-12));
    }
  }
}

TEST_CASE("the exact test takes over below a least expected count of 1", "[stats]") {
  // Expected successes of 1 in 10 + 10: half in each group. Of 2: exactly one.
  CHECK(stats::compare_proportions(1, 10, 0, 10)->method == stats::ProportionTest::kFisherExact);
  CHECK(stats::compare_proportions(2, 10, 0, 10)->method == stats::ProportionTest::kN1ChiSquare);
  CHECK(stats::compare_proportions(8, 10, 10, 10)->method == stats::ProportionTest::kN1ChiSquare);
}

TEST_CASE("impossible groups are not compared", "[stats]") {
  CHECK_FALSE(stats::two_proportion_n1(0, 0, 1, 2, 0.95));
  CHECK_FALSE(stats::two_proportion_n1(3, 2, 1, 2, 0.95));
  CHECK_FALSE(stats::two_proportion_n1(1, 2, 1, 2, 1.0));
  CHECK_FALSE(stats::fisher_exact(1, 2, 0, 0));
  CHECK_FALSE(stats::fisher_exact(1, 2, 3, 2));
  CHECK_FALSE(stats::compare_proportions(1, 2, 3, 2));
  CHECK_FALSE(stats::compare_proportions(0, 0, 1, 2));
}
