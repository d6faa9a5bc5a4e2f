// SPDX-License-Identifier: MIT
#include "partial/binary.h"

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "catch_amalgamated.hpp"
#include "tests/helpers/random_tree.h"
#include "tests/helpers/tree.h"
#include "tests/helpers/vectors.h"

using namespace insitu;
using partial::Tree;

namespace {

std::vector<std::byte> encoded(const std::string& json) {
  return partial::encode(test::tree_of(json));
}

// Canonical text of the bytes, or their error.
std::string decoded(std::span<const std::byte> bytes) {
  Tree tree;
  tree.add_integer(tree.root(), "old", 1);
  REQUIRE(tree.finish());
  const partial::ParseResult result = partial::decode(bytes, tree);
  if (!result.ok()) {
    CHECK(tree.is_empty());
    CHECK(result.line == 0);
    return std::to_string(result.column) + ": " + result.error;
  }
  return partial::canonical(tree);
}

// "INSP", version 1 and the bytes.
std::vector<std::byte> file(std::initializer_list<int> bytes) {
  std::vector<std::byte> out;
  for (const char c : std::string_view("INSP\1")) out.push_back(static_cast<std::byte>(c));
  for (const int byte : bytes) out.push_back(static_cast<std::byte>(byte));
  return out;
}

}  // namespace

TEST_CASE("the binary form gives back the canonical text", "[partial][vectors]") {
  for (const char* const log : {"log_tiny", "log_small", "log_tabs"}) {
    const test::Json file = test::read_vectors(std::string(log) + ".partials");
    for (const test::Json& one : file.at("cases")) {
      for (const std::string text : one.at("partials")) {
        const std::vector<std::byte> bytes = encoded(text);
        CHECK(decoded(bytes) == text);
        // Small ones have to write out every key.
        if (text.size() > 5000) CHECK(bytes.size() < text.size() / 2);
      }
    }
  }
}

TEST_CASE("random trees come back from their bytes, and the bytes from them", "[partial]") {
  test::Random random(31);
  for (int i = 0; i < 200; ++i) {
    const Tree tree = test::random_tree(random);
    const std::vector<std::byte> bytes = partial::encode(tree);
    Tree back;
    REQUIRE(partial::decode(bytes, back).ok());
    CHECK(partial::canonical(back) == partial::canonical(tree));
    CHECK(partial::encode(back) == bytes);
  }
}

TEST_CASE("the ends of the ranges and keys that look like numbers come back", "[partial]") {
  for (
      const std::string text :
      {R"({})", R"({"a":9007199254740992,"b":-9007199254740992})",
       R"({"a":[9007199254740991,4294967295],"b":[-9007199254740992,1]})",
       R"({"":1,"-":1,"-0":1,"-1":1,"0":1,"00":1,"1":1,"1,":1,"1,2":1,"1,2,3":1,"1,02":1,"1234567890123456":1,"999999999999999":1,"a,1":1})",
       R"({"t":"","u":"text"})"}) {
    Tree tree;
    REQUIRE(partial::parse(text, tree).ok());
    CHECK(decoded(partial::encode(tree)) == partial::canonical(tree));
  }
}

TEST_CASE("the bytes are as described", "[partial]") {
  // Three members: "o", an object with the cell "3,-1": 2; "p": [-1, 128]; "q", an object with a
  // known key "o": -1 and the key 7: "x".
  CHECK(encoded(R"({"o":{"3,-1":2},"p":[-1,128],"q":{"7":"x","o":-1}})") ==
        file({3, 5, 'o', 4, 27, 1, 17, 5, 'p', 6, 0x80, 1, 5, 'q', 8, 58, 7, 'x', 0, 5}));
}

TEST_CASE("all cut and prolonged bytes are refused", "[partial]") {
  std::vector<std::byte> bytes =
      encoded(R"({"kpis":{"a":{"n":300,"s":[-5,4294967295]}},"options":"{}","x,y":{"1,2":3}})");
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    INFO(size);
    const std::string error = decoded(std::span(bytes).first(size));
    CHECK(error == (size < 4 ? "1: not a binary partial"
                             : std::to_string(size + 1) + ": the bytes end too early"));
  }
  bytes.push_back(std::byte{0});
  CHECK(decoded(bytes) == std::to_string(bytes.size()) + ": something follows the partial");
}

TEST_CASE("bytes that encode() does not write are refused or read as what they say", "[partial]") {
  CHECK(decoded(file({})) == "6: the bytes end too early");
  std::vector<std::byte> version = file({0});
  version[4] = std::byte{2};
  CHECK(decoded(version) == "5: a binary partial of another format version");
  // Members that say nothing, and in another order.
  CHECK(decoded(file({3, 5, 'b', 9, 5, 'a', 17, 5, 'c', 1})) == R"({"a":2,"b":1})");
  // Unknown key; the same key twice, once as a number; not UTF-8.
  CHECK(decoded(file({1, 0, 9})) == "8: a key that was not written out");
  CHECK(decoded(file({2, 5, '7', 9, 58, 9})).find("a key twice") != std::string::npos);
  CHECK(decoded(file({1, 5, 0xff, 9})).find("not UTF-8") != std::string::npos);
  // More members than bytes.
  CHECK(decoded(file({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f})).find("too early") !=
        std::string::npos);
  // A string longer than the rest.
  CHECK(decoded(file({1, 5, 'a', 0xff, 0xff, 0xff, 0xff, 0x7f})).find("too early") !=
        std::string::npos);
  // 2^53 + 1, a low half of 2^32, a varint without end.
  CHECK(decoded(file({1, 5, 'a', 0x89, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1})) ==
        "18: a number outside its range");
  CHECK(decoded(file({1, 5, 'a', 6, 0x80, 0x80, 0x80, 0x80, 0x10})) ==
        "15: a number outside its range");
  CHECK(decoded(file({0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0})) ==
        "15: a number outside its range");
  // 17 objects within each other.
  std::vector<std::byte> deep = file({1});
  for (int i = 0; i < 16; ++i) {
    deep.push_back(std::byte{2});  // the key 0
    deep.push_back(std::byte{4});  // an object of one member
  }
  CHECK(decoded(deep).find("too many objects") != std::string::npos);
}

TEST_CASE("a long key is written out each time", "[partial]") {
  const auto text_of = [](std::size_t size) {
    const std::string key(size, 'k');
    return R"({"a":{")" + key + R"(":1},"b":{")" + key + R"(":1}})";
  };
  CHECK(encoded(text_of(partial::kMaxSharedKeyBytes)).size() < 100);
  CHECK(encoded(text_of(partial::kMaxSharedKeyBytes + 1)).size() > 130);
  CHECK(decoded(encoded(text_of(65))) == text_of(65));
}
