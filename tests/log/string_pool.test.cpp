// SPDX-License-Identifier: MIT
// Covers log/string_pool.h.
#include "log/string_pool.h"

#include <string>
#include <unordered_map>
#include <vector>

#include "catch_amalgamated.hpp"

using insitu::log::StringPool;

TEST_CASE("string pool: equal texts have one number, and texts stay where they are", "[log]") {
  StringPool pool;
  std::vector<std::string> texts{"",         std::string("\0", 1), std::string("\0\0", 2),   "a",
                                 "aaaaaaaa", "aaaaaaaaa",          std::string(100'000, 'x')};
  for (int i = 0; i < 20'000; ++i) texts.push_back("text " + std::to_string(i * 7919));
  std::vector<std::string_view> views;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    REQUIRE(pool.intern(texts[i]) == i);
    views.push_back(pool.text(static_cast<std::uint32_t>(i)));
  }
  CHECK(pool.size() == texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    REQUIRE(pool.intern(texts[i]) == i);
    REQUIRE(views[i] == texts[i]);
    REQUIRE(pool.text(static_cast<std::uint32_t>(i)).data() == views[i].data());
  }
}

TEST_CASE("string pool: its memory is that of the different texts", "[log]") {
  StringPool pool;
  const std::size_t empty = pool.bytes();
  for (int i = 0; i < 2000; ++i) pool.intern(std::string(500, 'x') + std::to_string(i % 1000));
  CHECK(pool.bytes() - empty >= 500'000);
  CHECK(pool.bytes() - empty < 700'000);
}
