// SPDX-License-Identifier: MIT
// stats/rate_interval.h: vectors, published values, and what holds for every x and n.
#include "stats/rate_interval.h"

#include <array>

#include "stats/beta.h"
#include "tests/helpers/vectors.h"

using namespace insitu;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using stats::CiMethod;

namespace {

constexpr std::array kMethods = {CiMethod::kAdjustedWald, CiMethod::kWilson,
                                 CiMethod::kClopperPearson};

CiMethod method_of(const test::Json& input) {
  const std::string name = input.value("ci_method", "adjusted_wald");
  if (name == "wilson") return CiMethod::kWilson;
  return name == "clopper_pearson" ? CiMethod::kClopperPearson : CiMethod::kAdjustedWald;
}

}  // namespace

TEST_CASE("rate intervals pass the vectors of every KPI that is a plain rate", "[stats][vectors]") {
  struct File {
    const char* name;
    const char* x;
    const char* n;
  };
  constexpr File kFiles[] = {{"task_success_rate", "successes", "attempts"},
                             {"errors_per_opportunity", "errors", "opportunities"},
                             {"bounce_rate", "x", "n"},
                             {"conversion_rate", "x", "n"},
                             {"refund_rate", "x", "n"},
                             {"task_abandonment_rate", "x", "n"}};
  for (const File& file : kFiles) {
    test::check_vectors(file.name, [&](const test::Json& in) {
      const auto x = in.at(file.x).get<std::uint64_t>();
      const auto n = in.at(file.n).get<std::uint64_t>();
      test::Json out;
      out["ci"] =
          test::interval_json(stats::rate_interval(x, n, in.at("confidence"), method_of(in)));
      out["value"] = n == 0 ? test::Json(nullptr) : test::Json(double(x) / double(n));
      out["laplace"] = n == 0 ? test::Json(nullptr) : test::Json((double(x) + 1) / (double(n) + 2));
      return out;
    });
  }
}

TEST_CASE("adjusted Wald gives the published 36 to 98 per cent for 4 of 5", "[stats]") {
  // J. Sauro, measuringu.com, completion-rate calculator; printed to one decimal.
  const auto ci = stats::rate_interval(4, 5, 0.95, CiMethod::kAdjustedWald);
  REQUIRE(ci);
  CHECK_THAT(ci->lower, WithinAbs(0.360, 0.0005));
  CHECK_THAT(ci->upper, WithinAbs(0.980, 0.0005));
}

TEST_CASE("rate intervals stay in order inside 0 and 1 and mirror", "[stats]") {
  for (const CiMethod method : kMethods) {
    for (std::uint64_t n = 1; n <= 40; ++n) {
      for (std::uint64_t x = 0; x <= n; ++x) {
        for (const double confidence : {0.5, 0.9, 0.999}) {
          const auto ci = stats::rate_interval(x, n, confidence, method);
          const auto mirror = stats::rate_interval(n - x, n, confidence, method);
          INFO("method " << int(method) << " x " << x << " n " << n << " c " << confidence);
          REQUIRE(ci);
          const double value = double(x) / double(n);
          CHECK(ci->lower >= 0);
          CHECK(ci->upper <= 1);
          CHECK(ci->lower < ci->upper);
          // Adjusted Wald may leave a value of 0 or 1 outside at low confidence only by its centre.
          if (method != CiMethod::kAdjustedWald) {
            CHECK(ci->lower <= value);
            CHECK(ci->upper >= value);
          }
          CHECK_THAT(ci->lower, WithinAbs(1 - mirror->upper, 1e-14));
        }
      }
    }
  }
}

TEST_CASE("Wilson and Clopper-Pearson reach 0 and 1 exactly", "[stats]") {
  for (const CiMethod method : {CiMethod::kWilson, CiMethod::kClopperPearson}) {
    CHECK(stats::rate_interval(0, 7, 0.95, method)->lower == 0);
    CHECK(stats::rate_interval(7, 7, 0.95, method)->upper == 1);
  }
}

TEST_CASE("Clopper-Pearson limits have the binomial tail they are defined by", "[stats]") {
  const auto ci = stats::rate_interval(3, 20, 0.95, CiMethod::kClopperPearson);
  // P(X >= 3 | lower) = P(X <= 3 | upper) = 0.025.
  CHECK_THAT(stats::beta_cdf(3, 18, ci->lower), WithinRel(0.025, 1e-12));
  CHECK_THAT(stats::beta_cdf(17, 4, 1 - ci->upper), WithinRel(0.025, 1e-12));
}

TEST_CASE("rate intervals survive site-sized numbers", "[stats]") {
  for (const CiMethod method : kMethods) {
    const auto ci = stats::rate_interval(300'000'000, 1'000'000'000, 0.95, method);
    REQUIRE(ci);
    // Plain Wald: 2 * 1.959963984540054 sqrt(0.21 / n). Clopper-Pearson is wider by 1/n, 1.8e-5 of
    // it.
    CHECK_THAT(ci->upper - ci->lower, WithinRel(5.680515301786507e-5, 2e-5));
  }
}

TEST_CASE("a rate without trials, with too many successes or no confidence has no interval",
          "[stats]") {
  for (const CiMethod method : kMethods) {
    CHECK_FALSE(stats::rate_interval(0, 0, 0.95, method));
    CHECK_FALSE(stats::rate_interval(3, 2, 0.95, method));
    CHECK_FALSE(stats::rate_interval(1, 2, 0, method));
    CHECK_FALSE(stats::rate_interval(1, 2, 1, method));
    CHECK_FALSE(stats::rate_interval(1, 2, std::nan(""), method));
  }
}
