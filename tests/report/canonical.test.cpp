// SPDX-License-Identifier: MIT
// Covers report/canonical.h: RFC 8785, and keys in the order of their UTF-8 bytes.
#include "report/canonical.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>
#include <utility>

#include "catch_amalgamated.hpp"
#include "kpi/options.h"
#include "partial/partial.h"
#include "tests/helpers/engine_report.h"
#include "tests/helpers/random.h"
#include "tests/helpers/vectors.h"

using insitu::report::canonical_number;
using insitu::report::canonical_text;
using insitu::report::CanonicalWriter;
using insitu::test::Json;

namespace {

void write(const Json& value, CanonicalWriter& out) {
  if (value.is_object()) {
    out.begin_object();
    for (const auto& [key, member] : value.items()) {
      out.key(key);
      write(member, out);
    }
    out.end_object();
  } else if (value.is_array()) {
    out.begin_array();
    for (const Json& member : value) write(member, out);
    out.end_array();
  } else if (value.is_string()) {
    out.text(value.get<std::string>());
  } else if (value.is_boolean()) {
    out.boolean(value.get<bool>());
  } else if (value.is_number()) {
    out.number(value.get<double>());
  } else {
    out.null();
  }
}

std::string canonical(const Json& value) {
  CanonicalWriter out;
  write(value, out);
  return out.take();
}

}  // namespace

TEST_CASE("canonical: the vectors pass", "[report][vectors]") {
  insitu::test::check_vectors("canonical_json", [](const Json& input) {
    if (input.contains("value")) return Json{{"canonical", canonical(input["value"])}};
    Json known = input["options"];
    // Options nobody knows are left out before they come here.
    for (const auto& [name, value] : input["options"].items()) {
      if (insitu::kpi::allowed(name).empty()) known.erase(name);
    }
    const auto options = insitu::test::options_of(known.dump());
    return Json{{"canonical", insitu::partial::options_text(options)}};
  });
}

TEST_CASE("canonical: numbers as ECMAScript writes them", "[report]") {
  // RFC 8785, appendix B, and the edges of the fixed notation.
  const std::pair<std::uint64_t, const char*> bits[] = {
      {0x0000000000000000, "0"},
      {0x8000000000000000, "0"},
      {0x0000000000000001, "5e-324"},
      {0x8000000000000001, "-5e-324"},
      {0x7fefffffffffffff, "1.7976931348623157e+308"},
      {0xffefffffffffffff, "-1.7976931348623157e+308"},
      {0x4340000000000000, "9007199254740992"},
      {0xc340000000000000, "-9007199254740992"},
      {0x4430000000000000, "295147905179352830000"},
      {0x44b52d02c7e14af5, "9.999999999999997e+22"},
      {0x44b52d02c7e14af6, "1e+23"},
      {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
      {0x444b1ae4d6e2ef4e, "999999999999999700000"},
      {0x444b1ae4d6e2ef4f, "999999999999999900000"},
      {0x444b1ae4d6e2ef50, "1e+21"},
      {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
      {0x3eb0c6f7a0b5ed8d, "0.000001"},
      {0x41b3de4355555553, "333333333.3333332"},
      {0x41b3de4355555554, "333333333.33333325"},
      {0x41b3de4355555555, "333333333.3333333"},
      {0x41b3de4355555556, "333333333.3333334"},
      {0x41b3de4355555557, "333333333.33333343"},
      {0xbecbf647612f3696, "-0.0000033333333333333333"},
      {0x43143ff3c1cb0959, "1424953923781206.2"}};
  for (const auto& [pattern, text] : bits) {
    CHECK(canonical_number(std::bit_cast<double>(pattern)) == text);
  }
  const std::pair<double, const char*> rows[] = {
      {1, "1"},        {-1, "-1"},           {10, "10"},
      {0.1, "0.1"},    {123.456, "123.456"}, {1e20, "100000000000000000000"},
      {1e21, "1e+21"}, {1.5e21, "1.5e+21"},  {1e-6, "0.000001"},
      {1e-7, "1e-7"},  {1.25e-7, "1.25e-7"}, {0.95, "0.95"}};
  for (const auto& [value, text] : rows) CHECK(canonical_number(value) == text);
}

TEST_CASE("canonical: any number reads back as itself", "[report]") {
  insitu::test::Random random(5);
  for (int i = 0; i < 20'000; ++i) {
    const double value =
        std::bit_cast<double>(random.below(std::numeric_limits<std::uint64_t>::max()));
    if (!std::isfinite(value)) continue;
    const std::string text = canonical_number(value);
    INFO(text);
    REQUIRE(std::strtod(text.c_str(), nullptr) == value);
    REQUIRE(canonical_number(std::strtod(text.c_str(), nullptr)) == text);
  }
}

TEST_CASE("canonical: only what must be escaped is", "[report]") {
  CHECK(canonical_text("") == "\"\"");
  CHECK(canonical_text("\"\\\b\f\n\r\t") == R"("\"\\\b\f\n\r\t")");
  CHECK(canonical_text(std::string_view("\0\x01\x0b\x1f", 4)) == R"("\u0000\u0001\u000b\u001f")");
  CHECK(canonical_text("/\x7f\xc2\x80\xe2\x82\xac\xf0\x9f\x98\x80<>&'") ==
        "\"/\x7f\xc2\x80\xe2\x82\xac\xf0\x9f\x98\x80<>&'\"");
}

TEST_CASE("canonical: keys are in the order of their bytes, at every depth", "[report]") {
  CanonicalWriter out;
  out.begin_object();
  for (const char* const key :
       {"\xf0\x90\x80\x80", "\xef\xbf\xbd", "b", "", "a\"", "a", "B", "10", "9"}) {
    out.key(key);
    out.number(1);
  }
  out.key("c");
  out.begin_array();
  out.begin_object();
  out.key("z");
  out.null();
  out.key("y");
  out.boolean(false);
  out.end_object();
  out.begin_array();
  out.end_array();
  out.begin_object();
  out.end_object();
  out.end_array();
  out.end_object();
  // UTF-16 would have the last two the other way round.
  CHECK(out.take() ==
        "{\"\":1,\"10\":1,\"9\":1,\"B\":1,\"a\":1,\"a\\\"\":1,\"b\":1,"
        "\"c\":[{\"y\":false,\"z\":null},[],{}],\"\xef\xbf\xbd\":1,\"\xf0\x90\x80\x80\":1}");
}

TEST_CASE("canonical: numbers that are not finite are null, and a writer can be used again",
          "[report]") {
  CanonicalWriter out;
  for (const double value : {std::nan(""), HUGE_VAL, -HUGE_VAL}) {
    out.number(value);
    CHECK(out.take() == "null");
  }
  out.boolean(true);
  CHECK(out.take() == "true");
}
