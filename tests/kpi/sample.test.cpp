// SPDX-License-Identifier: MIT
// Covers kpi/sample.h: exact while there are few, then sums and a sketch; merging in any order.
#include "kpi/sample.h"

#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "base/archive.h"
#include "catch_amalgamated.hpp"
#include "tests/helpers/kpis.h"
#include "tests/helpers/random.h"

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using insitu::base::Limits;
using insitu::kpi::KpiResult;
using insitu::kpi::Sample;
using insitu::kpi::SampleBase;
using insitu::kpi::Setting;
namespace kpi = insitu::kpi;

namespace {

constexpr double kAlpha = 0.01;
// Rounding of a few operations; references are hand calculations.
constexpr double kRounding = 1e-12;

using Times = Sample<kpi::kLogs | kpi::kWholes | kpi::kSketch | kpi::kIsMs>;
using Durations = Sample<kpi::kWholes | kpi::kSketch | kpi::kIsMs>;
using Reals = Sample<kpi::kReals | kpi::kSketch>;

const kpi::KpiInfo kInSeconds = insitu::test::kpi_in("s");

Setting with_samples(std::size_t limit) {
  Setting setting{{}, Limits::lab()};
  setting.limits.samples = limit;
  return setting;
}

template <class Sample = Times>
Sample sample_of(const std::vector<double>& values, std::size_t limit) {
  Sample sample;
  for (const double value : values) CHECK(sample.add(value, with_samples(limit)));
  return sample;
}

std::vector<double> random_times(std::uint64_t seed, std::size_t count) {
  insitu::test::Random random(seed);
  std::vector<double> values(count);
  for (double& ms : values) ms = std::floor(1 + random.duration() * 1000);
  return values;
}

// Everything a sample can be asked.
std::vector<double> answers(const SampleBase& sample) {
  const auto values = sample.summary();
  const auto logs = sample.log_summary();
  return {static_cast<double>(sample.count()),
          static_cast<double>(sample.is_exact()),
          static_cast<double>(values.n),
          values.mean,
          values.variance,
          static_cast<double>(logs.n),
          logs.mean,
          logs.variance,
          sample.quantile(0.25),
          sample.quantile(0.5),
          sample.quantile(0.9),
          sample.whole_sum()};
}

KpiResult geometric(const SampleBase& sample) {
  const kpi::Options options;
  kpi::Sheet sheet(options);
  return kpi::geometric_mean(sheet, kInSeconds, sample);
}

KpiResult mean(const SampleBase& sample) {
  const kpi::Options options;
  kpi::Sheet sheet(options);
  return kpi::mean_seconds(sheet, kInSeconds, sample);
}

double field(const KpiResult& result, std::string_view name) {
  for (const kpi::Field& each : result.fields) {
    if (result.name(each) == name) return each.value;
  }
  FAIL("no field " << name);
  return 0;
}

}  // namespace

TEST_CASE("samples: nothing is no data", "[kpi]") {
  const Times none;
  CHECK(none.count() == 0);
  CHECK(none.is_exact());
  CHECK(none.summary().n == 0);
  CHECK(none.whole_sum() == 0);
  CHECK(std::isnan(none.quantile(0.5)));
  const KpiResult result = geometric(none);
  CHECK(std::isnan(result.value));
  CHECK(result.n == 0);
  CHECK(std::isnan(field(result, "log_sd")));
  CHECK(std::isnan(result.interval.lower));
  CHECK(std::isnan(mean(none).value));
  // A sketch of nothing, too.
  Times spilled;
  CHECK(spilled.merge(sample_of({}, 0), with_samples(0)));
  CHECK(std::isnan(spilled.quantile(0.5)));
}

TEST_CASE("samples: one value is itself, without interval", "[kpi]") {
  const Times one = sample_of({62'999}, 10);
  CHECK_THAT(geometric(one).value, WithinRel(62.999, kRounding));
  CHECK(mean(one).value == 62.999);
  CHECK(one.quantile(0.5) == 62.999);
  CHECK(one.summary().mean == 62'999);
  CHECK(std::isnan(field(geometric(one), "log_sd")));
  CHECK(std::isnan(geometric(one).interval.lower));
  CHECK(std::isnan(field(mean(one), "sd")));
  CHECK(std::isnan(mean(one).interval.lower));
}

TEST_CASE("samples: 2 s and 8 s have the geometric mean 4 s and the mean 5 s", "[kpi]") {
  const Times two = sample_of({8000, 2000}, 10);
  const KpiResult logs = geometric(two);
  CHECK_THAT(logs.value, WithinRel(4.0, kRounding));
  CHECK(logs.n == 2);
  // ln 4 / sqrt 2
  CHECK_THAT(field(logs, "log_sd"), WithinRel(0.9802581434685472, kRounding));
  // 4 * 2^-t and 4 * 2^t, t = 12.706204736174694 (1 degree of freedom)
  CHECK_THAT(logs.interval.lower, WithinRel(4 * std::exp2(-12.706204736174694), 1e-11));
  CHECK_THAT(logs.interval.upper, WithinRel(4 * std::exp2(12.706204736174694), 1e-11));
  const KpiResult plain = mean(two);
  CHECK(plain.value == 5);
  CHECK_THAT(field(plain, "sd"), WithinRel(3 * std::sqrt(2), kRounding));
  CHECK(plain.interval.lower == 0);  // a mean of times is not below 0
  CHECK_THAT(plain.interval.upper, WithinRel(5 + 12.706204736174694 * 3, 1e-11));
  CHECK(two.quantile(0.5) == 5);
  CHECK(two.whole_sum() == 10'000);
}

TEST_CASE("samples: up to the limit values are exact, one more makes it a sketch", "[kpi]") {
  const std::vector<double> values = random_times(1, 101);
  CHECK(sample_of({values.begin(), values.begin() + 100}, 100).is_exact());
  const Times more = sample_of(values, 100);
  CHECK_FALSE(more.is_exact());
  CHECK(more.count() == 101);
  CHECK(geometric(more).is_sketch);
  CHECK(mean(more).is_sketch);
  CHECK_FALSE(geometric(sample_of(values, 101)).is_sketch);
  CHECK_FALSE(sample_of({5}, 0).is_exact());
}

TEST_CASE("samples: beyond the limit the sums stay and the median is within 1 %", "[kpi]") {
  for (const std::uint64_t seed : {1u, 2u, 3u, 4u, 5u}) {
    const std::vector<double> values = random_times(seed, 1001);
    const Times exact = sample_of(values, 2000);
    const Times sketch = sample_of(values, 100);
    CHECK_THAT(sketch.summary().mean, WithinRel(exact.summary().mean, 1e-14));
    CHECK_THAT(sketch.summary().variance, WithinRel(exact.summary().variance, 1e-9));
    CHECK_THAT(geometric(sketch).value, WithinRel(geometric(exact).value, 1e-11));
    CHECK_THAT(sketch.log_summary().variance, WithinRel(exact.log_summary().variance, 1e-9));
    CHECK_THAT(geometric(sketch).interval.lower, WithinRel(geometric(exact).interval.lower, 1e-9));
    CHECK(sketch.whole_sum() == exact.whole_sum());
    // An odd number of values: the median is one of them.
    CHECK_THAT(sketch.quantile(0.5), WithinRel(exact.quantile(0.5), kAlpha * (1 + 1e-9)));
  }
}

TEST_CASE("samples: reals beyond the limit keep mean and spread", "[kpi]") {
  insitu::test::Random random(4);
  std::vector<double> values(501);
  for (double& value : values) value = random.uniform();
  const Reals exact = sample_of<Reals>(values, 1000);
  const Reals sketch = sample_of<Reals>(values, 10);
  CHECK_THAT(sketch.summary().mean, WithinAbs(exact.summary().mean, 1e-9));
  CHECK_THAT(sketch.summary().variance, WithinRel(exact.summary().variance, 1e-6));
  // Not times: the sketch is of the values themselves.
  CHECK_THAT(sketch.quantile(0.5), WithinRel(exact.quantile(0.5), kAlpha * (1 + 1e-9)));
}

TEST_CASE("samples: a value whose square leaves the range of sums is refused", "[kpi]") {
  for (const std::size_t limit : {std::size_t{10}, std::size_t{0}}) {
    const Setting setting = with_samples(limit);
    Durations durations;
    CHECK(durations.add(4398046511103, setting));
    CHECK_FALSE(durations.add(4398046511104, setting));
    CHECK(durations.count() == 1);
    Reals reals;
    CHECK(reals.add(2895.9, setting));
    CHECK(reals.add(-2895.9, setting));
    CHECK_FALSE(reals.add(2896, setting));
    CHECK_FALSE(reals.add(-2896, setting));
    CHECK(reals.count() == 2);
  }
}

TEST_CASE("samples: any order of adding is the same to the last digit", "[kpi]") {
  for (const std::size_t limit : {std::size_t{1000}, std::size_t{20}}) {
    std::vector<double> values = random_times(7, 200);
    const auto first = answers(sample_of(values, limit));
    insitu::test::Random random(8);
    for (int round = 0; round < 5; ++round) {
      random.shuffle(values);
      CHECK(answers(sample_of(values, limit)) == first);
    }
  }
}

TEST_CASE("samples: merged parts are the same as all in one, whichever part is a sketch", "[kpi]") {
  const std::vector<double> values = random_times(9, 300);
  for (const std::size_t limit :
       {std::size_t{1000}, std::size_t{300}, std::size_t{299}, std::size_t{100}, std::size_t{0}}) {
    const auto whole = answers(sample_of(values, limit));
    for (const std::size_t cut : {std::size_t{0}, std::size_t{1}, std::size_t{60}, std::size_t{150},
                                  std::size_t{250}, std::size_t{300}}) {
      INFO("limit " << limit << " cut " << cut);
      const Times left =
          sample_of({values.begin(), values.begin() + static_cast<long>(cut)}, limit);
      const Times right = sample_of({values.begin() + static_cast<long>(cut), values.end()}, limit);
      Times a = left;
      CHECK(a.merge(right, with_samples(limit)));
      CHECK(answers(a) == whole);
      Times b = right;
      CHECK(b.merge(left, with_samples(limit)));
      CHECK(answers(b) == whole);
    }
  }
}

TEST_CASE("samples: come back from an archive, exact and as a sketch", "[kpi]") {
  for (const std::size_t limit : {std::size_t{100}, std::size_t{10}}) {
    Times times = sample_of(random_times(3, 50), limit);
    std::vector<std::byte> bytes;
    insitu::base::Archive save(bytes);
    save(times);
    Times back;
    insitu::base::Archive load{std::span<const std::byte>(bytes)};
    load(back);
    REQUIRE(load.at_end());
    CHECK(answers(back) == answers(times));
    CHECK(back.add(4000, with_samples(limit)));
    CHECK(times.add(4000, with_samples(limit)));
    CHECK(answers(back) == answers(times));
    CHECK(back.count() == 51);
  }
}
