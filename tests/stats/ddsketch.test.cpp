// SPDX-License-Identifier: MIT
// stats/ddsketch.h: vectors, the error it promises, and merging in any order, also with a cap.
#include "stats/ddsketch.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <vector>

#include "tests/helpers/random.h"
#include "tests/helpers/vectors.h"

using namespace insitu;

namespace {

bool same_buckets(const stats::DDSketch& a, const stats::DDSketch& b) {
  return a.count() == b.count() && a.zero_count() == b.zero_count() &&
         a.collapsed() == b.collapsed() &&
         std::equal(a.buckets().begin(), a.buckets().end(), b.buckets().begin(), b.buckets().end());
}

// Spread over many orders of magnitude, with zeros.
std::vector<double> wide_values(test::Random& random, std::size_t n) {
  std::vector<double> values(n);
  for (double& value : values) {
    value = random.below(20) == 0 ? 0 : std::exp(random.uniform() * 12 - 4);
  }
  return values;
}

}  // namespace

TEST_CASE("sketches pass their vectors", "[stats][vectors]") {
  test::check_vectors("ddsketch", [](const test::Json& in) {
    const double alpha = in.at("alpha");
    const double q = in.at("q");
    stats::DDSketch sketch(alpha);
    std::vector<double> values;
    for (const test::Json& part : in.at("parts")) {
      stats::DDSketch one(alpha);
      for (const double value : part) {
        REQUIRE(one.add(value));
        values.push_back(value);
      }
      REQUIRE(sketch.merge(one));
    }
    test::Json out{{"n", sketch.count()}, {"order_statistic", nullptr}};
    out["value"] = test::optional_json(sketch.quantile(q));
    if (!values.empty()) {
      std::sort(values.begin(), values.end());
      out["order_statistic"] = values[static_cast<std::size_t>(q * double(values.size() - 1))];
    }
    return out;
  });
}

TEST_CASE("sketch quantiles are within alpha of the value of their rank", "[stats]") {
  test::Random random(21);
  for (const double alpha : {0.01, 0.05}) {
    std::vector<double> values = wide_values(random, 3000);
    stats::DDSketch sketch(alpha);
    for (const double value : values) REQUIRE(sketch.add(value));
    std::sort(values.begin(), values.end());
    for (double q = 0; q <= 1; q += 1.0 / 64) {
      const double exact = values[static_cast<std::size_t>(q * double(values.size() - 1))];
      INFO("alpha " << alpha << " q " << q);
      CHECK(std::abs(*sketch.quantile(q) - exact) <= alpha * exact * (1 + 1e-12));
    }
  }
}

TEST_CASE("sketches keep the counts a map of buckets keeps", "[stats]") {
  test::Random random(22);
  stats::DDSketch sketch;
  std::map<int, std::uint64_t> naive;
  for (int i = 0; i < 5000; ++i) {
    const double value = random.duration();
    REQUIRE(sketch.add(value));
    ++naive[static_cast<int>(std::ceil(std::log(value) / std::log(1.01 / 0.99)))];
  }
  REQUIRE(sketch.buckets().size() == naive.size());
  auto it = naive.begin();
  for (const stats::DDSketch::Bucket& bucket : sketch.buckets()) {
    CHECK(bucket.index == it->first);
    CHECK(bucket.count == it->second);
    ++it;
  }
}

TEST_CASE("sketches are equal whatever the order and the grouping, with a cap and without",
          "[stats]") {
  test::Random random(23);
  for (const std::size_t cap :
       {stats::DDSketch::kNoCap, std::size_t{64}, std::size_t{5}, std::size_t{1}}) {
    for (int run = 0; run < 30; ++run) {
      std::vector<double> values = wide_values(random, 300);
      stats::DDSketch straight(0.01, cap);
      for (const double value : values) REQUIRE(straight.add(value));
      CHECK(straight.buckets().size() <= cap);

      random.shuffle(values);
      std::vector<stats::DDSketch> parts(1 + random.below(12), stats::DDSketch(0.01, cap));
      for (const double value : values) REQUIRE(parts[random.below(parts.size())].add(value));
      while (parts.size() > 1) {
        REQUIRE(parts[random.below(parts.size() - 1)].merge(parts.back()));
        parts.pop_back();
      }
      INFO("cap " << cap);
      CHECK(same_buckets(parts.front(), straight));
    }
  }
}

TEST_CASE("a capped sketch says so and keeps its high quantiles", "[stats]") {
  test::Random random(24);
  stats::DDSketch whole(0.01);
  stats::DDSketch capped(0.01, 100);
  for (const double value : wide_values(random, 4000)) {
    REQUIRE(whole.add(value));
    REQUIRE(capped.add(value));
  }
  CHECK_FALSE(whole.collapsed());
  CHECK(capped.collapsed());
  CHECK(capped.buckets().size() == 100);
  CHECK(capped.count() == whole.count());
  CHECK(capped.quantile(0.95) == whole.quantile(0.95));
  CHECK(*capped.quantile(0.1) > *whole.quantile(0.1));
}

TEST_CASE("a sketch remembers that a merged part had been collapsed", "[stats]") {
  stats::DDSketch part(0.01, 1);
  REQUIRE(part.add(1));
  REQUIRE(part.add(100));
  stats::DDSketch whole(0.01, 1);
  REQUIRE(whole.merge(part));
  CHECK(whole.collapsed());
  CHECK(same_buckets(whole, part));
}

TEST_CASE("a sketch merged with itself has every count twice", "[stats]") {
  stats::DDSketch sketch;
  for (const double value : {0.0, 1.0, 2.0, 2.0}) REQUIRE(sketch.add(value));
  REQUIRE(sketch.merge(sketch));
  CHECK(sketch.count() == 8);
  CHECK(sketch.zero_count() == 2);
  CHECK(sketch.buckets()[1].count == 4);
}

TEST_CASE("sketches refuse what is no value, another alpha and too large counts", "[stats]") {
  stats::DDSketch sketch;
  CHECK_FALSE(sketch.quantile(0.5));
  CHECK_FALSE(sketch.add(-1));
  CHECK_FALSE(sketch.add(std::nan("")));
  CHECK_FALSE(sketch.add(std::numeric_limits<double>::infinity()));
  CHECK(sketch.count() == 0);
  CHECK_FALSE(sketch.merge(stats::DDSketch(0.02)));
  CHECK_FALSE(sketch.add_bucket(std::numeric_limits<std::int32_t>::min(), 1));
  CHECK(sketch.add_bucket(7, std::uint64_t{1} << 53));
  CHECK_FALSE(sketch.add(1.0));
  CHECK_FALSE(sketch.add_zeros(1));
  CHECK_FALSE(sketch.add_bucket(8, 1));
  CHECK_FALSE(sketch.merge(sketch));
  CHECK(sketch.count() == std::uint64_t{1} << 53);
  CHECK(sketch.buckets().size() == 1);
}

TEST_CASE("bucket limits belong to the lower bucket and tiny values to zero", "[stats]") {
  stats::DDSketch sketch;
  CHECK(sketch.bucket_index(1.0) == 0);
  CHECK(sketch.bucket_index(1.0001) == 1);
  REQUIRE(sketch.add(1e-9));
  REQUIRE(sketch.add(1.1e-9));
  CHECK(sketch.zero_count() == 1);
  CHECK(sketch.buckets().size() == 1);
}
