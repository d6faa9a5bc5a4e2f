// SPDX-License-Identifier: MIT
// Covers base/sort.h.
#include "base/sort.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "catch_amalgamated.hpp"
#include "tests/helpers/random.h"

TEST_CASE("sort: nothing, one, equal and sorted values", "[base]") {
  for (std::vector<int> values :
       {std::vector<int>{}, {4}, {2, 1}, {3, 3, 3}, {1, 2, 3, 4, 5}, {5, 4, 3, 2, 1}}) {
    std::vector<int> expected = values;
    std::sort(expected.begin(), expected.end());
    insitu::base::sort(values);
    CHECK(values == expected);
  }
}

TEST_CASE("sort: random values of every length come out in order", "[base]") {
  insitu::test::Random random(1);
  for (std::size_t size = 0; size < 4000; size = size * 3 / 2 + 1) {
    std::vector<std::uint64_t> values(size);
    for (std::uint64_t& value : values) value = random.below(1000);
    std::vector<std::uint64_t> expected = values;
    std::sort(expected.begin(), expected.end());
    insitu::base::sort(values);
    CHECK(values == expected);
  }
}

TEST_CASE("sort: the order may be the caller's, the values may only be movable", "[base]") {
  std::vector<std::unique_ptr<int>> values;
  for (const int value : {3, 1, 4, 1, 5}) values.push_back(std::make_unique<int>(value));
  insitu::base::sort(values, [](const auto& a, const auto& b) { return *a > *b; });
  std::vector<int> plain;
  for (const auto& value : values) plain.push_back(*value);
  CHECK(plain == std::vector<int>{5, 4, 3, 1, 1});
}
