// SPDX-License-Identifier: MIT
// Covers base/archive.h: what is saved comes back, and damaged bytes never crash or allocate much.
#include "base/archive.h"

#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/flat_map.h"
#include "base/text.h"
#include "catch_amalgamated.hpp"
#include "tests/helpers/random.h"
#include "tests/helpers/sanitizers.h"  // for the whole program

using insitu::base::Archive;
using insitu::base::checksum;
using insitu::base::FlatMap;
using insitu::base::Text;

namespace {

struct Point {
  double x = 0;
  std::int32_t y = 0;
};

// A type with something that bytes alone cannot hold.
struct Shape {
  Text name;
  std::vector<Point> points;
  bool closed = false;
  void archive(Archive& a) { a(name, points, closed); }
};

struct Drawing {
  std::vector<Shape> shapes;
  std::tuple<std::uint64_t, Text> label{0, Text("none")};
  FlatMap<std::uint32_t> index;
  void archive(Archive& a) { a(shapes, label, index); }
};

Drawing example() {
  Drawing drawing;
  drawing.shapes.resize(3);
  drawing.shapes[0].name = Text("triangle");
  drawing.shapes[0].points = {{0, 0}, {1.5, 2}, {-3, 7}};
  drawing.shapes[0].closed = true;
  drawing.shapes[2].name = Text("point");
  drawing.shapes[2].points = {{9, 9}};
  drawing.label = {77, Text("plan")};
  for (std::uint32_t i = 0; i < 20; ++i) drawing.index[i * 1000] = i;
  return drawing;
}

std::vector<std::byte> saved(Drawing drawing) {
  std::vector<std::byte> bytes;
  Archive save(bytes);
  save(drawing);
  return bytes;
}

std::uint64_t checksum_of(std::string_view text) {
  return checksum(std::as_bytes(std::span(text)));
}

}  // namespace

TEST_CASE("archive: the checksum is 64-bit FNV-1a", "[base]") {
  // From the reference list of the algorithm's authors (test_fnv.c, "64 bit FNV-1a").
  CHECK(checksum_of("") == 0xcbf29ce484222325ull);
  CHECK(checksum_of("a") == 0xaf63dc4c8601ec8cull);
  CHECK(checksum_of("foobar") == 0x85944171f73967e8ull);
}

TEST_CASE("archive: everything that was saved comes back", "[base]") {
  const std::vector<std::byte> bytes = saved(example());
  Archive load{std::span(bytes)};
  CHECK(load.loading());
  Drawing back;
  load(back);
  REQUIRE(load.good());
  CHECK(load.at_end());
  REQUIRE(back.shapes.size() == 3);
  CHECK(back.shapes[0].name.view() == "triangle");
  CHECK(back.shapes[0].closed);
  REQUIRE(back.shapes[0].points.size() == 3);
  CHECK(back.shapes[0].points[1].x == 1.5);
  CHECK(back.shapes[0].points[2].y == 7);
  CHECK(back.shapes[1].points.empty());
  CHECK_FALSE(back.shapes[2].closed);
  CHECK(std::get<0>(back.label) == 77);
  CHECK(std::get<1>(back.label).view() == "plan");
  REQUIRE(back.index.size() == 20);
  CHECK(*back.index.find(19'000) == 19);
}

TEST_CASE("archive: loading replaces what was there", "[base]") {
  const std::vector<std::byte> bytes = saved(Drawing{});
  Archive load{std::span(bytes)};
  Drawing back = example();
  load(back);
  CHECK(load.at_end());
  CHECK(back.shapes.empty());
  CHECK(back.index.size() == 0);
}

TEST_CASE("archive: saving appends, and is not loading", "[base]") {
  std::vector<std::byte> bytes(3);
  Archive save(bytes);
  CHECK_FALSE(save.loading());
  std::uint32_t value = 0x01020304;
  save(value);
  CHECK(save.good());
  CHECK(bytes.size() == 7);
}

TEST_CASE("archive: bytes that are left over are not the end", "[base]") {
  std::vector<std::byte> bytes = saved(example());
  bytes.push_back(std::byte{0});
  Archive load{std::span(bytes)};
  Drawing back;
  load(back);
  CHECK(load.good());
  CHECK_FALSE(load.at_end());
}

TEST_CASE("archive: bytes cut anywhere are not good", "[base]") {
  const std::vector<std::byte> bytes = saved(example());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    Archive load{std::span(bytes).first(size)};
    Drawing back;
    load(back);
    INFO("cut to " << size << " of " << bytes.size());
    REQUIRE_FALSE(load.good());
    REQUIRE_FALSE(load.at_end());
  }
}

TEST_CASE("archive: once bad it stays bad", "[base]") {
  const std::vector<std::byte> bytes(4);
  Archive load{std::span(bytes)};
  std::uint64_t eight = 0;
  load(eight);
  REQUIRE_FALSE(load.good());
  std::uint32_t four = 5;
  load(four);  // there would be enough bytes for this one
  CHECK_FALSE(load.good());
  CHECK_FALSE(load.at_end());
}

TEST_CASE("archive: a size larger than the bytes that are left allocates nothing", "[base]") {
  for (const std::uint64_t count :
       {std::uint64_t{3}, std::uint64_t{1} << 40, ~std::uint64_t{0}, ~std::uint64_t{0} / 8 + 1}) {
    std::vector<std::byte> bytes(8 + 16);
    std::memcpy(bytes.data(), &count, 8);
    Archive load{std::span(bytes)};
    std::vector<std::uint64_t> values{1, 2, 3, 4};
    load(values);
    CHECK_FALSE(load.good());
    CHECK(values.empty());
  }
}

TEST_CASE("archive: single damaged bytes never crash, and objects stay valid", "[base]") {
  const std::vector<std::byte> bytes = saved(example());
  insitu::test::Random random(1);
  for (int round = 0; round < 2000; ++round) {
    std::vector<std::byte> damaged = bytes;
    const std::size_t hits = 1 + random.below(4);
    for (std::size_t i = 0; i < hits; ++i) {
      damaged[random.below(damaged.size())] = static_cast<std::byte>(random.below(256));
    }
    Archive load{std::span(damaged)};
    std::vector<std::uint64_t> words;
    std::vector<Text> texts;
    FlatMap<std::uint32_t> map;
    load(words, texts, map);
    // Whatever came back can be used.
    std::size_t total = words.size() + map.size();
    for (const Text& text : texts) total += text.view().size();
    CHECK(total <= damaged.size());
  }
}
