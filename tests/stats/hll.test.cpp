// SPDX-License-Identifier: MIT
// stats/hll.h and stats/hash64.h: vectors, error, and merging in any order.
#include "stats/hll.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <string>

#include "stats/hash64.h"
#include "tests/helpers/random.h"
#include "tests/helpers/vectors.h"

using namespace insitu;
using Catch::Matchers::WithinRel;

namespace {

bool same_registers(const stats::HyperLogLog& a, const stats::HyperLogLog& b) {
  return std::equal(a.registers().begin(), a.registers().end(), b.registers().begin(),
                    b.registers().end());
}

}  // namespace

TEST_CASE("hashes pass their vectors", "[stats][vectors]") {
  test::check_vectors("hash64", [](const test::Json& in) {
    char hex[17];
    std::snprintf(hex, sizeof hex, "%016llx",
                  static_cast<unsigned long long>(
                      stats::hash64(in.at("utf8").get_ref<const std::string&>())));
    return test::Json{{"hex", hex}};
  });
}

TEST_CASE("distinct counts pass their vectors", "[stats][vectors]") {
  test::check_vectors("hll", [](const test::Json& in) {
    stats::HyperLogLog hll(in.at("p").get<int>());
    const auto prefix = in.at("prefix").get<std::string>();
    for (int i = 0; i < in.at("count").get<int>(); ++i) hll.add(prefix + ":" + std::to_string(i));
    const auto registers = hll.registers();
    return test::Json{
        {"estimate", hll.estimate()},
        {"register_sum", std::accumulate(registers.begin(), registers.end(), 0)},
        {"zero_registers", std::count(registers.begin(), registers.end(), std::uint8_t{0})}};
  });
}

TEST_CASE("registers are equal whatever the order, the grouping and the repeats", "[stats]") {
  test::Random random(31);
  stats::HyperLogLog straight;
  std::vector<stats::HyperLogLog> parts(5);
  for (int i = 0; i < 20000; ++i) {
    const std::uint64_t key = random.below(8000);
    straight.add(std::to_string(key));
    parts[random.below(parts.size())].add(std::to_string(key));
  }
  random.shuffle(parts);
  while (parts.size() > 1) {
    REQUIRE(parts.front().merge(parts.back()));
    parts.pop_back();
  }
  CHECK(same_registers(parts.front(), straight));
  // Five standard errors; about 7350 of the 8000 keys turn up (8000 (1 - exp(-2.5))).
  CHECK_THAT(straight.estimate(), WithinRel(8000 * (1 - std::exp(-2.5)), 0.08));
}

TEST_CASE("a hash whose tail is all zero gets the highest rank", "[stats]") {
  stats::HyperLogLog hll(4);
  hll.add_hash(0x3000'0000'0000'0000);
  CHECK(hll.registers()[3] == 61);
  hll.add_hash(0x5000'0000'0000'0001);
  CHECK(hll.registers()[5] == 60);
}

TEST_CASE("distinct counts of other precision are refused, and precision is cut", "[stats]") {
  stats::HyperLogLog hll(10);
  CHECK_FALSE(hll.merge(stats::HyperLogLog(11)));
  CHECK(stats::HyperLogLog(1).registers().size() == 16);
  CHECK(stats::HyperLogLog(40).registers().size() == std::size_t{1} << 18);
  CHECK(hll.estimate() == 0);
}
