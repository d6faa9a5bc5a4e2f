// SPDX-License-Identifier: MIT
// stats/moments.h: canonical pairs, exact merging in any order, ranges, and the promised precision.
#include "stats/moments.h"

#include <cmath>
#include <limits>
#include <vector>

#include "stats/running_moments.h"
#include "tests/helpers/random.h"
#include "tests/helpers/vectors.h"

using namespace insitu;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

test::Json pair_json(const stats::FixedSum& sum) {
  return test::Json::array({sum.pair().hi, sum.pair().lo});
}

template <class Moments>
test::Json answer(const Moments& moments) {
  const test::Json canonical = {
      {"n", moments.n()}, {"s1", pair_json(moments.s1())}, {"s2", pair_json(moments.s2())}};
  const stats::Summary summary = moments.summary();
  test::Json out{{"canonical", canonical.dump()}, {"mean", nullptr}, {"sd", nullptr}};
  if (summary.n > 0) out["mean"] = summary.mean;
  if (summary.n > 1) out["sd"] = std::sqrt(summary.variance);
  return out;
}

stats::FixedSum sum_of(std::int64_t hi, std::int64_t lo) {
  const auto sum = stats::FixedSum::from_pair(hi, lo);
  REQUIRE(sum);
  return *sum;
}

constexpr std::int64_t kHiLimit = std::int64_t{1} << 53;

}  // namespace

TEST_CASE("fixed-point moments pass their vectors", "[stats][vectors]") {
  test::check_vectors("fixed_point", [](const test::Json& in) {
    if (in.at("bits") == 40) {
      stats::Moments moments;
      for (const double value : in.at("values")) REQUIRE(moments.add(value));
      return answer(moments);
    }
    stats::IntMoments moments;
    for (const std::int64_t value : in.at("values")) REQUIRE(moments.add(value));
    return answer(moments);
  });
}

TEST_CASE("moments in doubles pass the vectors of merging", "[stats][vectors]") {
  test::check_vectors("merge_moments", [](const test::Json& in) {
    stats::RunningMoments all;
    for (const test::Json& part : in.at("parts")) {
      stats::RunningMoments one;
      for (const double value : part) one.add(value);
      all.merge(one);
    }
    const stats::Summary summary = all.summary();
    test::Json out{{"n", summary.n}, {"mean", nullptr}, {"variance", nullptr}};
    if (summary.n > 0) out["mean"] = summary.mean;
    if (summary.n > 1) out["variance"] = summary.variance;
    return out;
  });
}

TEST_CASE("moments are equal whatever the order and the grouping", "[stats]") {
  test::Random random(3);
  for (int run = 0; run < 50; ++run) {
    std::vector<double> values(200);
    for (double& value : values) value = std::log(random.duration());
    stats::Moments straight;
    for (const double value : values) REQUIRE(straight.add(value));

    random.shuffle(values);
    std::vector<stats::Moments> parts(1 + random.below(20));
    for (const double value : values) REQUIRE(parts[random.below(parts.size())].add(value));
    while (parts.size() > 1) {
      const std::size_t from = random.below(parts.size() - 1);
      REQUIRE(parts[from].merge(parts.back()));
      parts.pop_back();
    }
    CHECK(parts.front() == straight);
    // The empty part changes nothing.
    REQUIRE(parts.front().merge(stats::Moments{}));
    CHECK(parts.front() == straight);
  }
}

TEST_CASE("pairs read back as the sums they were written from", "[stats]") {
  test::Random random(5);
  for (int i = 0; i < 1000; ++i) {
    stats::FixedSum sum;
    REQUIRE(sum.add_real((random.uniform() - 0.5) * std::exp2(random.uniform() * 60 - 30)));
    const stats::SumPair pair = sum.pair();
    const auto back = stats::FixedSum::from_pair(pair.hi, pair.lo);
    REQUIRE(back);
    CHECK(*back == sum);
  }
  stats::FixedSum minus_one;
  REQUIRE(minus_one.add(-1));
  CHECK(minus_one.pair() == stats::SumPair{-1, 4294967295});
  CHECK(minus_one.to_double() == -1);
  CHECK(minus_one.to_real() == -0x1p-40);
}

TEST_CASE("reals are rounded to the nearest multiple of 2^-40, ties to even", "[stats]") {
  CHECK(stats::to_fixed(0x1p-41) == 0);
  CHECK(stats::to_fixed(0x3p-41) == 2);
  CHECK(stats::to_fixed(-0x1p-41) == 0);
  CHECK(stats::to_fixed(-0x3p-41) == -2);
  CHECK(stats::to_fixed(1.0) == (std::int64_t{1} << 40));
  // Beyond 64 bits.
  CHECK(stats::to_fixed(0x1p40) == static_cast<stats::Int128>(1) << 80);
  CHECK(stats::to_fixed(-0x1p40 - 1) ==
        -(static_cast<stats::Int128>(1) << 80) - (std::int64_t{1} << 40));
  CHECK_FALSE(stats::to_fixed(0x1p45));
  CHECK_FALSE(stats::to_fixed(-0x1p45));
  CHECK_FALSE(stats::to_fixed(std::nan("")));
  CHECK_FALSE(stats::to_fixed(std::numeric_limits<double>::infinity()));
}

TEST_CASE("a sum that would leave its range is refused and unchanged", "[stats]") {
  stats::FixedSum top = sum_of(kHiLimit - 1, 4294967295);
  const stats::FixedSum before = top;
  stats::FixedSum one;
  REQUIRE(one.add(1));
  CHECK_FALSE(top.merge(one));
  CHECK(top == before);
  CHECK_FALSE(top.merge(top));

  stats::FixedSum bottom = sum_of(-kHiLimit, 1);
  CHECK_FALSE(bottom.add(-1));
  CHECK(bottom.merge(one));

  CHECK_FALSE(stats::FixedSum::from_pair(kHiLimit, 0));
  CHECK_FALSE(stats::FixedSum::from_pair(-kHiLimit, 0));
  CHECK_FALSE(stats::FixedSum::from_pair(std::numeric_limits<std::int64_t>::max(), 0));
  CHECK_FALSE(stats::FixedSum::from_pair(0, -1));
  CHECK_FALSE(stats::FixedSum::from_pair(0, std::int64_t{1} << 32));
}

TEST_CASE("moments that would leave their range are refused and unchanged", "[stats]") {
  stats::Moments moments;
  REQUIRE(moments.add(1.5));
  const stats::Moments before = moments;
  CHECK_FALSE(moments.add(std::nan("")));
  CHECK_FALSE(moments.add(1e30));
  // S1 would fit, S2 would not.
  CHECK_FALSE(moments.add(1e12));
  CHECK_FALSE(moments.merge(stats::Moments(stats::kMaxCount, {}, {})));
  CHECK_FALSE(moments.merge(stats::Moments(std::numeric_limits<std::uint64_t>::max(), {}, {})));
  CHECK_FALSE(moments.merge(stats::Moments(1, sum_of(1, 0), sum_of(kHiLimit - 1, 4294967295))));
  CHECK(moments == before);

  stats::IntMoments whole;
  CHECK_FALSE(whole.add(std::numeric_limits<std::int64_t>::min()));
  CHECK_FALSE(whole.add(std::numeric_limits<std::int64_t>::max()));
  CHECK(whole == stats::IntMoments{});
}

TEST_CASE("whole-number moments have the exact variance of a large offset", "[stats]") {
  // 4, 7, 13, 16 have variance 30.
  for (const std::int64_t offset : {std::int64_t{0}, std::int64_t{1'000'000'000'000}}) {
    stats::IntMoments moments;
    for (const int value : {4, 7, 13, 16}) REQUIRE(moments.add(offset + value));
    CHECK(moments.summary().mean == double(offset) + 10);
    CHECK(moments.summary().variance == 30);
  }
}

TEST_CASE("the variance stays exact at the end of the range", "[stats]") {
  // n values, half v and half -v: mean 0, variance v^2 n / (n - 1). S2 is just inside 2^85.
  const std::uint64_t n = std::uint64_t{1} << 52;
  const stats::IntMoments moments(n, {}, sum_of(kHiLimit - 1, 0));
  const double s2 = (double(kHiLimit) - 1) * 4294967296.0;
  CHECK_THAT(moments.summary().variance, WithinRel(s2 / (double(n) - 1), 1e-15));
  // A hostile partial: squares too small for their sum.
  CHECK(stats::IntMoments(2, sum_of(5, 0), sum_of(0, 1)).summary().variance == 0);
  CHECK(stats::IntMoments(2, sum_of(0, 1), sum_of(-5, 0)).summary().variance == 0);
}

TEST_CASE("means of logs are within 1e-9 and deviations within 1e-6, as promised", "[stats]") {
  test::Random random(9);
  for (const double spread : {1.0, 0.05, 0.005}) {
    for (const int n : {2, 10, 1000}) {
      stats::Moments moments;
      std::vector<double> logs(static_cast<std::size_t>(n));
      for (double& value : logs) {
        value = 3 + spread * (random.uniform() + random.uniform() - 1);
        REQUIRE(moments.add(value));
      }
      const stats::Summary exact = stats::summarize(logs);
      const stats::Summary fixed = moments.summary();
      INFO("spread " << spread << " n " << n);
      CHECK_THAT(fixed.mean, WithinAbs(exact.mean, 1e-12));
      CHECK_THAT(std::sqrt(fixed.variance), WithinRel(std::sqrt(exact.variance), 1e-6));
    }
  }
}
