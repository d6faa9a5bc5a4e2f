// SPDX-License-Identifier: MIT
#include "partial/tree.h"

#include <string>
#include <utility>
#include <vector>

#include "catch_amalgamated.hpp"
#include "tests/helpers/random_tree.h"
#include "tests/helpers/tree.h"
#include "tests/helpers/vectors.h"

using namespace insitu;
using base::Int128;
using partial::kNoNode;
using partial::Tree;

namespace {

// The canonical text of what `json` says; the test fails if it is refused.
std::string canonical_of(const std::string& json) {
  return partial::canonical(test::tree_of(json));
}

// "line:column: error" of a refused text; empty if it is accepted.
std::string refusal(const std::string& json) {
  Tree tree;
  tree.add_integer(tree.root(), "old", 1);
  REQUIRE(tree.finish());
  const partial::ParseResult result = partial::parse(json, tree);
  if (result.ok()) return "";
  CHECK(tree.is_empty());
  CHECK(partial::canonical(tree) == "{}");
  return std::to_string(result.line) + ":" + std::to_string(result.column) + ": " + result.error;
}

std::string nested(std::size_t objects) {
  std::string text = "1";
  for (std::size_t i = 0; i < objects; ++i) text = R"({"a":)" + text + "}";
  return text;
}

}  // namespace

TEST_CASE("the canonical texts of partials pass their vectors", "[partial][vectors]") {
  std::size_t count = 0;
  for (const test::Json& one : test::read_vectors("canonical_json")) {
    if (!one.at("input").contains("value")) continue;
    // Those that are partials: objects of integers and objects.
    const test::Json& value = one.at("input").at("value");
    const auto is_integer = [](const test::Json& each) { return each.is_number_integer(); };
    if (!value.is_object() || !std::all_of(value.begin(), value.end(), is_integer)) continue;
    CHECK(canonical_of(value.dump(2)) == one.at("expected").at("canonical"));
    ++count;
  }
  CHECK(count > 0);
}

TEST_CASE("a canonical text is its own canonical text", "[partial][vectors]") {
  for (const char* const log : {"log_tiny", "log_small", "log_tabs"}) {
    const test::Json file = test::read_vectors(std::string(log) + ".partials");
    for (const test::Json& one : file.at("cases")) {
      const std::string merged = one.at("merged");
      CHECK(canonical_of(merged) == merged);
      // The other way round of writing it: indented, and strings escaped where they can be.
      CHECK(canonical_of(test::Json::parse(merged).dump(1, '\t', true)) == merged);
    }
  }
}

TEST_CASE("random trees come back from their canonical text", "[partial]") {
  test::Random random(11);
  for (int i = 0; i < 200; ++i) {
    const std::string text = partial::canonical(test::random_tree(random));
    CHECK(canonical_of(text) == text);
  }
}

TEST_CASE("a tree read can be asked for its values", "[partial]") {
  Tree tree;
  REQUIRE(partial::parse(
              R"( {"s":[-1,4294967295], "o":{"10":-7,"9":9007199254740992}, "t":"\u00e9"} )", tree)
              .ok());
  const partial::Node object = tree.find(tree.root(), "o");
  REQUIRE(object != kNoNode);
  CHECK(tree.kind(object) == partial::Kind::kObject);
  REQUIRE(tree.size(object) == 2);
  CHECK(tree.member(object, 0).key == "10");
  CHECK(tree.integer(tree.member(object, 0).node) == -7);
  CHECK(tree.member(object, 1).key == "9");
  CHECK(tree.integer(tree.find(object, "9")) == partial::kMaxInteger);
  CHECK(tree.kind(tree.find(tree.root(), "s")) == partial::Kind::kPair);
  CHECK(tree.sum(tree.find(tree.root(), "s")) == -1);
  CHECK(tree.text(tree.find(tree.root(), "t")) == "\xc3\xa9");
}

TEST_CASE("what is absent or of another kind counts as nothing", "[partial]") {
  Tree tree;
  REQUIRE(partial::parse(R"({"a":1,"b":{"c":"text"}})", tree).ok());
  CHECK(tree.find(tree.root(), "c") == kNoNode);
  CHECK(tree.find(tree.root(), "") == kNoNode);
  CHECK(tree.find(tree.find(tree.root(), "a"), "b") == kNoNode);
  CHECK(tree.find(kNoNode, "a") == kNoNode);
  CHECK(tree.integer(kNoNode) == 0);
  CHECK(tree.integer(tree.find(tree.root(), "b")) == 0);
  CHECK(tree.sum(tree.find(tree.root(), "a")) == 0);
  CHECK(tree.text(tree.find(tree.root(), "b")) == "");
  CHECK(tree.size(tree.find(tree.root(), "a")) == 0);
}

TEST_CASE("members are found by all bytes of their keys", "[partial]") {
  Tree tree;
  const std::vector<std::string> keys = {"",
                                         std::string(1, '\0'),
                                         "a",
                                         std::string("a\0", 2),
                                         "ab",
                                         "abcdefgh",
                                         "abcdefghi",
                                         "abcdefghij",
                                         "abcdefghj",
                                         "\x7f",
                                         "\xc3\xa9",
                                         "\xe6\x97\xa5",
                                         "\xef\xbf\xbd",
                                         "\xf0\x90\x80\x80"};
  for (std::size_t i = keys.size(); i-- > 0;) {
    tree.add_integer(tree.root(), keys[i], static_cast<std::int64_t>(i) + 1);
  }
  REQUIRE(tree.finish());
  REQUIRE(tree.size(tree.root()) == keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    // The list above is in the order of the bytes; UTF-16 would have the last two the other way.
    CHECK(tree.member(tree.root(), i).key == keys[i]);
    CHECK(tree.integer(tree.find(tree.root(), keys[i])) == static_cast<std::int64_t>(i) + 1);
  }
  CHECK(tree.find(tree.root(), "abcdefg") == kNoNode);
  CHECK(tree.find(tree.root(), "abcdefghk") == kNoNode);
  CHECK(canonical_of(partial::canonical(tree)) == partial::canonical(tree));
}

TEST_CASE("what says nothing is not written, at any depth, except the root", "[partial]") {
  CHECK(canonical_of("{}") == "{}");
  CHECK(canonical_of(R"({"a":0,"b":{},"c":[0,0],"d":{"e":{"f":0},"g":{"h":[0,0]}}})") == "{}");
  CHECK(canonical_of(R"({"b":{"a":0,"c":1},"a":{"x":{}}})") == R"({"b":{"c":1}})");
  // A text says something even if it is empty.
  CHECK(canonical_of(R"({"segment":""})") == R"({"segment":""})");
}

TEST_CASE("strings are escaped as in RFC 8785", "[partial]") {
  CHECK(canonical_of(R"({"a":"\"\\\/\b\f\n\r\t\u0000\u001F\u007f"})") ==
        "{\"a\":\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\x7f\"}");
  CHECK(canonical_of(R"({"\u0061\u00E9\u65e5\ud83d\uDE00b":1})") ==
        "{\"a\xc3\xa9\xe6\x97\xa5\xf0\x9f\x98\x80"
        "b\":1}");
}

TEST_CASE("the ends of the ranges are read and written", "[partial]") {
  for (const char* const text :
       {R"({"a":9007199254740992,"b":-9007199254740992})",
        R"({"a":[9007199254740991,4294967295],"b":[-9007199254740992,1]})", R"({"a":[-1,0]})"}) {
    CHECK(canonical_of(text) == text);
  }
  CHECK(canonical_of(nested(16)) == nested(16));
  // A pair is no object.
  const std::string pair = nested(15).replace(nested(15).find('1'), 1, R"({"p":[1,2]})");
  CHECK(canonical_of(pair) == pair);
}

TEST_CASE("what is not a partial is refused with its place", "[partial]") {
  using Case = std::pair<std::string, std::string>;
  const std::vector<Case> cases = {
      {"", "1:1: the text ends too early"},
      {"[]", "1:1: a partial is an object, {...}"},
      {"1", "1:1: a partial is an object, {...}"},
      {"\xef\xbb\xbf{}", "1:1: a partial is an object, {...}"},
      {"{", "1:2: the text ends too early"},
      {"{} {}", "1:4: something follows the object"},
      {"{}}", "1:3: something follows the object"},
      {std::string("{}\0", 3), "1:3: something follows the object"},
      {R"({"a":1,})", "1:8: expected a key"},
      {R"({,"a":1})", "1:2: expected a key or }"},
      {R"({a:1})", "1:2: expected a key or }"},
      {R"({"a" 1})", "1:6: expected a colon"},
      {R"({"a":1 "b":2})", "1:8: expected a comma or }"},
      {"{\n \"a\":1,\n \"b\":1.0}", "3:6: not a whole number"},
      {R"({"a":1e2})", "1:6: not a whole number"},
      {R"({"a":-0})", "1:6: -0 is not a whole number"},
      {R"({"a":01})", "1:6: a number does not start with 0"},
      {R"({"a":-01})", "1:7: a number does not start with 0"},
      {R"({"a":-})", "1:7: expected a digit"},
      {R"({"a":-)", "1:7: the text ends too early"},
      {R"({"a":+1})", "1:6: expected an object, a whole number, a pair [a,b] or a string"},
      {R"({"a":true})", "1:6: expected an object, a whole number, a pair [a,b] or a string"},
      {R"({"a":null})", "1:6: expected an object, a whole number, a pair [a,b] or a string"},
      {R"({"a":9007199254740993})", "1:6: a number outside -2^53 ... 2^53"},
      {R"({"a":-9007199254740993})", "1:6: a number outside -2^53 ... 2^53"},
      {R"({"a":99999999999999999999999999})", "1:6: a number outside -2^53 ... 2^53"},
      {R"({"a":[]})", "1:7: expected a digit"},
      {R"({"a":[1]})", "1:8: expected a comma: a pair is [a,b]"},
      {R"({"a":[1,2,3]})", "1:10: expected ]: a pair is [a,b]"},
      {R"({"a":[1,"2"]})", "1:9: expected a digit"},
      {R"({"a":[1,-1]})", "1:6: the second number of a pair is 0 ... 4294967295"},
      {R"({"a":[1,4294967296]})", "1:6: the second number of a pair is 0 ... 4294967295"},
      {R"({"a":[9007199254740992,0]})", "1:6: a sum outside -2^85 ... 2^85"},
      {R"({"a":[-9007199254740992,0]})", "1:6: a sum outside -2^85 ... 2^85"},
      {"{\"a\n\":1}", "1:4: a control character in a string"},
      {std::string("{\"\0\":1}", 7), "1:3: a control character in a string"},
      {R"({"\x":1})", "1:4: no such escape"},
      {R"({"\u12g4":1})", "1:7: \\u needs four hexadecimal digits"},
      {R"({"\ud800":1})", "1:3: half of a surrogate pair"},
      {R"({"\ud800\u0041":1})", "1:3: half of a surrogate pair"},
      {R"({"\udc00":1})", "1:3: half of a surrogate pair"},
      {"{\"\xff\":1}", "1:3: not UTF-8"},
      {"{\"\xc0\xaf\":1}", "1:3: not UTF-8"},
      {"{\"\xe0\x80\xaf\":1}", "1:3: not UTF-8"},
      {"{\"\xed\xa0\x80\":1}", "1:3: not UTF-8"},
      {"{\"\xf0\x80\x80\x80\":1}", "1:3: not UTF-8"},
      {"{\"\xf4\x90\x80\x80\":1}", "1:3: not UTF-8"},
      {"{\"\xe6\x97\":1}", "1:3: not UTF-8"},
      {nested(17), "1:81: too many objects within objects"},
  };
  for (const auto& [text, expected] : cases) {
    INFO(text);
    CHECK(refusal(text) == expected);
  }
}

TEST_CASE("a key given twice is refused, also when one says nothing", "[partial]") {
  CHECK(refusal(R"({"a":1,"a":2})") == "1:9: this key was there before");
  CHECK(refusal("{\"b\":1,\n\"c\":{},\n\"\\u0062\":0}") == "3:2: this key was there before");
  CHECK(refusal(R"({"o":{"":1,"x":2,"":3}})") == "1:19: this key was there before");
  CHECK(refusal(R"({"123456789":1,"12345678":1,"123456789":1})") ==
        "1:30: this key was there before");
  CHECK(refusal(R"({"a":{"a":1},"b":{"a":1}})") == "");
}

TEST_CASE("every cut text is refused", "[partial]") {
  const std::string text = R"({"a":[1,2],"b":{"\u00e9\n":-3},"t":"x"})";
  REQUIRE(refusal(text) == "");
  for (std::size_t size = 0; size < text.size(); ++size) {
    INFO(size);
    CHECK(refusal(text.substr(0, size)) ==
          "1:" + std::to_string(size + 1) + ": the text ends too early");
  }
}

TEST_CASE("a tree is built in any order", "[partial]") {
  Tree tree;
  const partial::Node late = tree.add_object(tree.root(), "z");
  const partial::Node early = tree.add_object(tree.root(), "a");
  tree.add_integer(late, "n", 3);
  tree.add_integer(early, "n", -1);
  tree.add_sum(late, "c", -1);
  tree.add_sum(early, "c", (Int128{5} << 32) + 7);
  tree.add_object(tree.add_object(late, "empty"), "emptier");
  tree.add_integer(late, "zero", 0);
  tree.add_text(tree.root(), "options", "{}");
  REQUIRE(tree.finish());
  CHECK(partial::canonical(tree) ==
        R"({"a":{"c":[5,7],"n":-1},"options":"{}","z":{"c":[-1,4294967295],"n":3}})");
}

TEST_CASE("what must not be in a tree leaves it empty", "[partial]") {
  using Build = void (*)(Tree&);
  const std::vector<Build> builds = {
      [](Tree& tree) { tree.add_integer(tree.root(), "a", partial::kMaxInteger + 1); },
      [](Tree& tree) { tree.add_integer(tree.root(), "a", -partial::kMaxInteger - 1); },
      [](Tree& tree) { tree.add_sum(tree.root(), "a", partial::kSumLimit); },
      [](Tree& tree) { tree.add_sum(tree.root(), "a", -partial::kSumLimit); },
      [](Tree& tree) { tree.add_text(tree.root(), "a", "\xff"); },
      [](Tree& tree) { tree.add_integer(tree.add_object(tree.root(), "\xff"), "n", 1); },
      [](Tree& tree) {
        tree.add_integer(tree.root(), "a", 1);
        tree.add_object(tree.root(), "a");
      },
      [](Tree& tree) {
        partial::Node node = tree.root();
        for (int i = 0; i < 16; ++i) node = tree.add_object(node, "a");
      }};
  for (std::size_t i = 0; i < builds.size(); ++i) {
    INFO(i);
    Tree tree;
    tree.add_integer(tree.root(), "fine", 1);
    builds[i](tree);
    CHECK_FALSE(tree.finish());
    CHECK(partial::canonical(tree) == "{}");
    // And it can be used again.
    tree.add_integer(tree.root(), "b", 2);
    CHECK(tree.finish());
    CHECK(partial::canonical(tree) == R"({"b":2})");
  }
}
