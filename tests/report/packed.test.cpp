// SPDX-License-Identifier: MIT
// Covers report/packed.h: its tokens spell the JSON that the JSON writer writes.
#include "report/packed.h"

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "catch_amalgamated.hpp"
#include "nlohmann/json.hpp"
#include "report/json.h"
#include "tests/helpers/random.h"
#include "tests/helpers/unpack.h"

using insitu::report::JsonWriter;
using insitu::report::PackedWriter;
using insitu::test::unpack;
using OrderedJson = nlohmann::ordered_json;

namespace {

using Write = std::function<void(insitu::base::Writer&)>;

// What both writers make of the same calls.
void check_same(const Write& write) {
  PackedWriter packed;
  write(packed);
  JsonWriter text;
  write(text);
  CHECK(unpack(packed) == OrderedJson::parse(text.take()));
}

// A random value, with few different texts so that they come again.
void write_random(insitu::base::Writer& out, insitu::test::Random& random, int depth) {
  const auto text = [&] { return "text " + std::to_string(random.below(300)); };
  switch (random.below(depth > 0 ? 8 : 6)) {
    case 0:
      return out.null();
    case 1:
      return out.boolean(random.below(2) == 1);
    case 2:
    case 3:
      return out.number(random.uniform() * 1e6);
    case 4:
    case 5:
      return out.text(text());
    case 6: {
      out.begin_array();
      for (std::uint64_t n = random.below(6); n > 0; --n) write_random(out, random, depth - 1);
      return out.end_array();
    }
    default: {
      out.begin_object();
      for (std::uint64_t n = random.below(6); n > 0; --n) {
        out.key("key " + std::to_string(n));
        write_random(out, random, depth - 1);
      }
      return out.end_object();
    }
  }
}

}  // namespace

TEST_CASE("packed: the tokens are those of the table", "[report]") {
  PackedWriter packed;
  packed.begin_object();
  packed.key("a");
  packed.begin_array();
  packed.null();
  packed.boolean(false);
  packed.boolean(true);
  packed.number(1.5);
  packed.text("b");
  packed.text("a");
  packed.end_array();
  packed.end_object();
  CHECK(packed.tokens() == std::vector<double>{7, 9, 0, 5, 0, 1, 2, 3, 1.5, 4, 1, 4, 0, 6, 8});
  CHECK(std::string(packed.pool().begin(), packed.pool().end()) == std::string("a\0b", 3));
}

TEST_CASE("packed: numbers that are not finite are null", "[report]") {
  PackedWriter packed;
  packed.begin_array();
  packed.number(std::nan(""));
  packed.number(std::numeric_limits<double>::infinity());
  packed.number(-std::numeric_limits<double>::infinity());
  packed.number(-0.0);
  packed.end_array();
  CHECK(packed.tokens() == std::vector<double>{5, 0, 0, 0, 3, -0.0, 6});
}

TEST_CASE("packed: odd texts: empty, long, NUL, UTF-8", "[report]") {
  check_same([](insitu::base::Writer& out) {
    out.begin_object();
    out.field("", "");
    out.field("long", std::string(100'000, 'x'));
    out.field("ключ", "значение 🛒");
    out.field("quotes", "\"\\\n");
    out.end_object();
  });
  PackedWriter packed;
  packed.begin_array();
  packed.text(std::string_view("a\0b\0", 4));
  packed.text("a b ");
  packed.text(std::string_view("\0", 1));
  packed.text("");
  packed.end_array();
  CHECK(unpack(packed) == OrderedJson::parse(R"(["a b ","a b "," ",""])"));
}

TEST_CASE("packed: each different text is stored once", "[report]") {
  PackedWriter packed;
  packed.begin_array();
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 500; ++i) packed.text("text " + std::to_string(i));
  }
  packed.end_array();
  std::size_t bytes = 499;  // what parts them
  for (int i = 0; i < 500; ++i) bytes += ("text " + std::to_string(i)).size();
  CHECK(packed.pool().size() == bytes);
  CHECK(unpack(packed).size() == 1500);
}

TEST_CASE("packed: an empty text first is a text of its own", "[report]") {
  check_same([](insitu::base::Writer& out) {
    out.begin_array();
    out.text("");
    out.text("a");
    out.text("");
    out.end_array();
  });
}

TEST_CASE("packed: random values are the same as through JSON text", "[report]") {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    INFO("seed " << seed);
    check_same([seed](insitu::base::Writer& out) {
      insitu::test::Random random(seed);
      write_random(out, random, 6);
    });
  }
}
