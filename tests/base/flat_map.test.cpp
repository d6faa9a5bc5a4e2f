// SPDX-License-Identifier: MIT
// Covers base/flat_map.h against std::map.
#include "base/flat_map.h"

#include <map>
#include <span>
#include <vector>

#include "base/archive.h"
#include "catch_amalgamated.hpp"
#include "tests/helpers/random.h"

using insitu::base::Archive;
using insitu::base::FlatKeys;
using insitu::base::FlatMap;

namespace {

using Reference = std::map<std::uint64_t, std::uint64_t>;

Reference content(const FlatMap<std::uint64_t>& map) {
  Reference all;
  map.for_each([&](std::uint64_t key, std::uint64_t value) {
    CHECK_FALSE(all.contains(key));  // every entry is visited once
    all[key] = value;
  });
  return all;
}

}  // namespace

TEST_CASE("flat map: an empty one finds, erases and visits nothing", "[base]") {
  FlatMap<std::uint64_t> map;
  CHECK(map.size() == 0);
  CHECK(map.find(0) == nullptr);
  map.erase(0);
  map.clear();
  CHECK(content(map).empty());
}

TEST_CASE("flat map: a new key has a default value, 0 and the largest key are keys", "[base]") {
  FlatMap<std::uint64_t> map;
  CHECK(map[0] == 0);
  map[~std::uint64_t{0}] = 5;
  ++map[0];
  CHECK(map.size() == 2);
  CHECK(*map.find(0) == 1);
  CHECK(*map.find(~std::uint64_t{0}) == 5);
  const FlatMap<std::uint64_t>& constant = map;
  CHECK(*constant.find(0) == 1);
  CHECK(constant.find(1) == nullptr);
}

TEST_CASE("flat map: erased keys come back as new", "[base]") {
  FlatMap<std::uint64_t> map;
  map[7] = 3;
  map.erase(7);
  CHECK(map.size() == 0);
  CHECK(map.find(7) == nullptr);
  CHECK(map[7] == 0);
}

TEST_CASE("flat map: random operations do what std::map does", "[base]") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    insitu::test::Random random(seed);
    FlatMap<std::uint64_t> map;
    Reference reference;
    // Few keys collide often and are erased often; many make the table grow.
    const std::uint64_t keys = seed % 2 ? 24 : 3000;
    for (int step = 0; step < 4000; ++step) {
      const std::uint64_t key = random.below(keys) * (seed % 3 ? 1 : 0x1'0000'0000ull);
      switch (random.below(5)) {
        case 0:
        case 1:
          map.erase(key);
          reference.erase(key);
          break;
        case 2: {
          const std::uint64_t* found = map.find(key);
          const auto expected = reference.find(key);
          REQUIRE((found != nullptr) == (expected != reference.end()));
          if (found) REQUIRE(*found == expected->second);
          break;
        }
        default:
          map[key] += static_cast<std::uint64_t>(step);
          reference[key] += static_cast<std::uint64_t>(step);
      }
      REQUIRE(map.size() == reference.size());
    }
    INFO("seed " << seed);
    CHECK(content(map) == reference);
    for (const auto& [key, value] : reference) REQUIRE(*map.find(key) == value);
  }
}

TEST_CASE("flat map: comes back from an archive with the same entries", "[base]") {
  for (const std::uint64_t size : {0u, 1u, 5u, 6u, 7u, 1000u}) {
    FlatMap<std::uint64_t> map;
    for (std::uint64_t i = 0; i < size; ++i) map[i * i * 77] = i;
    std::vector<std::byte> bytes;
    Archive save(bytes);
    save(map);
    FlatMap<std::uint64_t> back;
    back[123456] = 1;  // gone after loading
    Archive load{std::span<const std::byte>(bytes)};
    load(back);
    CHECK(load.at_end());
    CHECK(content(back) == content(map));
  }
}

TEST_CASE(
    "flat keys: indexes count up in order of arrival, the last takes the place of an erased one",
    "[base]") {
  FlatKeys keys;
  CHECK(keys.find(5) == FlatKeys::kNone);
  CHECK(keys.insert(5) == 0);
  CHECK(keys.insert(9) == 1);
  CHECK(keys.insert(0) == 2);
  CHECK(keys.insert(9) == 1);
  CHECK(keys.size() == 3);
  CHECK(keys[2] == 0);
  keys.erase(0);
  CHECK(keys.size() == 2);
  CHECK(keys.find(5) == FlatKeys::kNone);
  CHECK(keys.find(0) == 0);
  CHECK(keys[0] == 0);
  keys.erase(1);
  CHECK(keys.find(9) == FlatKeys::kNone);
  keys.clear();
  CHECK(keys.size() == 0);
  CHECK(keys.find(0) == FlatKeys::kNone);
}

TEST_CASE("flat map: damaged bytes give a map that can be used, or none", "[base]") {
  FlatMap<std::uint64_t> map;
  for (std::uint64_t i = 0; i < 20; ++i) map[i] = i;
  std::vector<std::byte> bytes;
  Archive save(bytes);
  save(map);
  insitu::test::Random random(3);
  for (int round = 0; round < 3000; ++round) {
    std::vector<std::byte> damaged = bytes;
    for (std::uint64_t hits = 1 + random.below(3); hits > 0; --hits) {
      damaged[random.below(damaged.size())] = static_cast<std::byte>(random.below(4));
    }
    FlatMap<std::uint64_t> back;
    Archive load{std::span<const std::byte>(damaged)};
    load(back);
    // Keys may be there twice now; nothing may run out of bounds or for ever.
    for (std::uint64_t key = 0; key < 30; ++key) {
      (void)back.find(key);
      if (random.below(3) == 0) back.erase(key);
      back[key] = key;
    }
    for (std::uint64_t key = 0; key < 30; ++key) CHECK(back.find(key) != nullptr);
  }
}

TEST_CASE("flat map: a copy is independent", "[base]") {
  FlatMap<std::uint64_t> map;
  map[1] = 1;
  FlatMap<std::uint64_t> copy = map;
  copy[1] = 2;
  copy[2] = 2;
  CHECK(*map.find(1) == 1);
  CHECK(map.size() == 1);
}
