// SPDX-License-Identifier: MIT
// Covers base/text_pool.h against std::map.
#include "base/text_pool.h"

#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/archive.h"
#include "catch_amalgamated.hpp"
#include "tests/helpers/random.h"

using insitu::base::Archive;
using insitu::base::TextPool;

TEST_CASE("text pool: an empty one finds nothing", "[base]") {
  const TextPool pool;
  CHECK(pool.size() == 0);
  CHECK(pool.all().empty());
  CHECK(pool.find("") == TextPool::kNone);
  CHECK(pool.find("a") == TextPool::kNone);
}

TEST_CASE("text pool: texts are numbered in order of arrival, each once", "[base]") {
  TextPool pool;
  CHECK(pool.add("one") == 0);
  CHECK(pool.add("") == 1);
  CHECK(pool.add("two") == 2);
  CHECK(pool.add("one") == 0);
  CHECK(pool.add("") == 1);
  CHECK(pool.size() == 3);
  CHECK(pool[0] == "one");
  CHECK(pool[1].empty());
  CHECK(pool.all() == "onetwo");
  CHECK(pool.find("onetwo") == TextPool::kNone);
  CHECK(pool.find("two") == 2);
}

TEST_CASE("text pool: texts may hold any bytes", "[base]") {
  TextPool pool;
  const std::string nul("a\0b", 3);
  CHECK(pool.add(nul) == 0);
  CHECK(pool.add("a") == 1);
  CHECK(pool[0] == nul);
}

TEST_CASE("text pool: random texts keep their numbers, over an archive too", "[base]") {
  insitu::test::Random random(1);
  TextPool pool;
  std::map<std::string, std::uint32_t> expected;
  for (int i = 0; i < 20'000; ++i) {
    const std::string text(random.below(12), static_cast<char>('a' + random.below(26)));
    const std::string name = text + std::to_string(random.below(500));
    const auto [entry, is_new] =
        expected.emplace(name, static_cast<std::uint32_t>(expected.size()));
    REQUIRE(pool.find(name) == (is_new ? TextPool::kNone : entry->second));
    REQUIRE(pool.add(name) == entry->second);
  }
  CHECK(pool.size() == expected.size());
  std::vector<std::byte> bytes;
  Archive save(bytes);
  save(pool);
  TextPool back;
  back.add("gone after loading");
  Archive load{std::span<const std::byte>(bytes)};
  load(back);
  REQUIRE(load.at_end());
  CHECK(back.size() == expected.size());
  CHECK(back.find("gone after loading") == TextPool::kNone);
  for (const auto& [text, number] : expected) {
    REQUIRE(back[number] == text);
    REQUIRE(back.find(text) == number);
  }
}

TEST_CASE("text pool: damaged bytes give a pool that can be used", "[base]") {
  TextPool pool;
  for (int i = 0; i < 20; ++i) pool.add("text " + std::to_string(i));
  std::vector<std::byte> bytes;
  Archive save(bytes);
  save(pool);
  insitu::test::Random random(2);
  for (int round = 0; round < 3000; ++round) {
    std::vector<std::byte> damaged = bytes;
    for (std::uint64_t hits = 1 + random.below(3); hits > 0; --hits) {
      damaged[random.below(damaged.size())] = static_cast<std::byte>(random.below(256));
    }
    TextPool back;
    Archive load{std::span<const std::byte>(damaged)};
    load(back);
    if (!load.good()) continue;
    std::size_t length = 0;
    for (std::size_t i = 0; i < back.size(); ++i) {
      const std::string_view text = back[i];
      length += text.size();
      CHECK(back.find(text) != TextPool::kNone);
    }
    CHECK(length <= back.all().size());
    (void)back.add("another");
  }
}
