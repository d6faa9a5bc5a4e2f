// SPDX-License-Identifier: MIT
// Seeded random partials that go together: a path means the same kind of value in all of them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "catch_amalgamated.hpp"
#include "partial/tree.h"
#include "tests/helpers/random.h"

namespace insitu::test {

namespace detail {

// Small values of both signs, so that sums cancel; and now and then large ones.
inline std::int64_t random_integer(Random& random) {
  if (random.below(8) == 0)
    return static_cast<std::int64_t>(random.below(1ull << 48)) - (1ll << 47);
  return static_cast<std::int64_t>(random.below(7)) - 3;
}

inline void add_random_members(Random& random, partial::Tree& tree, partial::Node object,
                               std::size_t depth) {
  // The prefixes overlap, some end in others, two are longer than 64 bytes, some are numbers.
  static const std::array<std::string, 20> kKeys = {"0",
                                                    "-1",
                                                    "17",
                                                    "-0",
                                                    "007",
                                                    "3,4",
                                                    "-3,40",
                                                    "3,",
                                                    "",
                                                    "n",
                                                    "nn",
                                                    "spec_time_ms_min",
                                                    "page/a~b",
                                                    "page/a~c/long",
                                                    "\xe6\x97\xa5\xe6\x9c\xac",
                                                    "\x01\"\\",
                                                    "12345678",
                                                    "123456789",
                                                    std::string(65, 'x'),
                                                    std::string(64, 'y') + "z"};
  std::array<std::size_t, kKeys.size()> order{};
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
  for (const std::size_t i : order) {
    if (random.below(3) > 0) continue;
    const std::string_view key = kKeys[i];
    const std::size_t kind = (i + depth) % 3;
    if (kind == 0 && depth < 4) {
      add_random_members(random, tree, tree.add_object(object, key), depth + 1);
    } else if (kind == 1) {
      tree.add_sum(object, key, base::Int128{random_integer(random)} * 0x8000'0001);
    } else {
      tree.add_integer(object, key, random_integer(random));
    }
  }
}

}  // namespace detail

// A finished partial; members are added in random order, some of them say nothing.
[[nodiscard]] inline partial::Tree random_tree(Random& random) {
  partial::Tree tree;
  tree.add_integer(tree.root(), "version", 1);
  tree.add_text(tree.root(), "options", R"({"dead_ms":7000})");
  detail::add_random_members(random, tree, tree.add_object(tree.root(), "kpis"), 0);
  detail::add_random_members(random, tree, tree.add_object(tree.root(), "tasks"), 1);
  REQUIRE(tree.finish());
  return tree;
}

}  // namespace insitu::test
