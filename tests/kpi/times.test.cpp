// SPDX-License-Identifier: MIT
// Covers kpi/times.h: exact while there are few, then sums and a sketch; merging in any order.
#include "kpi/times.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/archive.h"
#include "catch_amalgamated.hpp"
#include "tests/helpers/random.h"

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using insitu::kpi::Times;

namespace {

constexpr double kAlpha = 0.01;
constexpr double kConfidence = 0.95;
// Rounding of a few operations; references are hand calculations.
constexpr double kTolerance = 1e-12;

Times times_of(const std::vector<std::int64_t>& values, std::size_t limit) {
  Times times;
  for (const std::int64_t ms : values) times.add(ms, limit, kAlpha);
  return times;
}

std::vector<std::int64_t> random_times(std::uint64_t seed, std::size_t count) {
  insitu::test::Random random(seed);
  std::vector<std::int64_t> values(count);
  for (std::int64_t& ms : values) ms = 1 + static_cast<std::int64_t>(random.duration() * 1000);
  return values;
}

std::vector<std::byte> bytes_of(Times times) {
  std::vector<std::byte> bytes;
  insitu::base::Archive save(bytes);
  save(times);
  return bytes;
}

void check_equal(const Times& a, const Times& b) {
  CHECK(a.count() == b.count());
  CHECK(a.is_exact() == b.is_exact());
  const auto x = a.summary(kConfidence);
  const auto y = b.summary(kConfidence);
  CHECK(x.geometric_mean == y.geometric_mean);
  CHECK(x.log_sd == y.log_sd);
  CHECK(x.mean == y.mean);
  CHECK(x.median == y.median);
  REQUIRE(x.interval.has_value() == y.interval.has_value());
  if (x.interval) {
    CHECK(x.interval->lower == y.interval->lower);
    CHECK(x.interval->upper == y.interval->upper);
  }
}

}  // namespace

TEST_CASE("times: nothing is no data", "[kpi]") {
  const Times times;
  CHECK(times.count() == 0);
  CHECK(times.is_exact());
  const auto summary = times.summary(kConfidence);
  CHECK(std::isnan(summary.geometric_mean));
  CHECK(std::isnan(summary.mean));
  CHECK(std::isnan(summary.median));
  CHECK(std::isnan(summary.log_sd));
  CHECK_FALSE(summary.interval.has_value());
}

TEST_CASE("times: one value is itself, without interval", "[kpi]") {
  const auto summary = times_of({62'999}, 10).summary(kConfidence);
  CHECK_THAT(summary.geometric_mean, WithinRel(62.999, kTolerance));
  CHECK(summary.mean == 62.999);
  CHECK(summary.median == 62.999);
  CHECK(std::isnan(summary.log_sd));
  CHECK_FALSE(summary.interval.has_value());
}

TEST_CASE("times: 2 s and 8 s have the geometric mean 4 s", "[kpi]") {
  const auto summary = times_of({8000, 2000}, 10).summary(kConfidence);
  CHECK_THAT(summary.geometric_mean, WithinRel(4.0, kTolerance));
  CHECK(summary.mean == 5);
  CHECK(summary.median == 5);
  // ln 4 / sqrt 2
  CHECK_THAT(summary.log_sd, WithinRel(0.9802581434685472, kTolerance));
  // 4 * 2^-t and 4 * 2^t, t = 12.706204736174694 (1 degree of freedom)
  REQUIRE(summary.interval.has_value());
  CHECK_THAT(summary.interval->lower, WithinRel(4 * std::exp2(-12.706204736174694), 1e-11));
  CHECK_THAT(summary.interval->upper, WithinRel(4 * std::exp2(12.706204736174694), 1e-11));
}

TEST_CASE("times: up to the limit values are exact, one more makes it a sketch", "[kpi]") {
  const std::vector<std::int64_t> values = random_times(1, 101);
  CHECK(times_of({values.begin(), values.begin() + 100}, 100).is_exact());
  CHECK_FALSE(times_of(values, 100).is_exact());
  CHECK(times_of(values, 100).count() == 101);
  CHECK_FALSE(times_of({5}, 0).is_exact());
}

TEST_CASE("times: beyond the limit the sums stay and the median is within 1 %", "[kpi]") {
  for (const std::uint64_t seed : {1u, 2u, 3u, 4u, 5u}) {
    const std::vector<std::int64_t> values = random_times(seed, 1001);
    const auto exact = times_of(values, 2000).summary(kConfidence);
    const auto sketch = times_of(values, 100).summary(kConfidence);
    CHECK_THAT(sketch.mean, WithinRel(exact.mean, 1e-14));
    CHECK_THAT(sketch.geometric_mean, WithinRel(exact.geometric_mean, 1e-11));
    CHECK_THAT(sketch.log_sd, WithinRel(exact.log_sd, 1e-9));
    CHECK_THAT(sketch.interval->lower, WithinRel(exact.interval->lower, 1e-9));
    // An odd number of values: the median is one of them.
    CHECK_THAT(sketch.median, WithinRel(exact.median, kAlpha * (1 + 1e-9)));
  }
}

TEST_CASE("times: any order of adding is the same to the last digit", "[kpi]") {
  for (const std::size_t limit : {std::size_t{1000}, std::size_t{20}}) {
    std::vector<std::int64_t> values = random_times(7, 200);
    const Times first = times_of(values, limit);
    insitu::test::Random random(8);
    for (int round = 0; round < 5; ++round) {
      random.shuffle(values);
      check_equal(times_of(values, limit), first);
    }
  }
}

TEST_CASE("times: merged parts are the same as all in one, whichever part is a sketch", "[kpi]") {
  const std::vector<std::int64_t> values = random_times(9, 300);
  for (const std::size_t limit :
       {std::size_t{1000}, std::size_t{300}, std::size_t{299}, std::size_t{100}, std::size_t{0}}) {
    const Times whole = times_of(values, limit);
    for (const std::size_t cut : {std::size_t{0}, std::size_t{1}, std::size_t{60}, std::size_t{150},
                                  std::size_t{250}, std::size_t{300}}) {
      INFO("limit " << limit << " cut " << cut);
      const Times left = times_of({values.begin(), values.begin() + static_cast<long>(cut)}, limit);
      const Times right = times_of({values.begin() + static_cast<long>(cut), values.end()}, limit);
      Times a = left;
      a.merge(right, limit, kAlpha);
      check_equal(a, whole);
      Times b = right;
      b.merge(left, limit, kAlpha);
      check_equal(b, whole);
    }
  }
}

TEST_CASE("times: come back from an archive, exact and as a sketch", "[kpi]") {
  for (const std::size_t limit : {std::size_t{100}, std::size_t{10}}) {
    const Times times = times_of(random_times(3, 50), limit);
    const std::vector<std::byte> bytes = bytes_of(times);
    Times back;
    insitu::base::Archive load{std::span<const std::byte>(bytes)};
    load(back);
    REQUIRE(load.at_end());
    check_equal(back, times);
    back.add(4000, limit, kAlpha);
    CHECK(back.count() == 51);
  }
}
