// SPDX-License-Identifier: MIT
// Covers report/json.h: text that nlohmann/json reads back to the same values.
#include "report/json.h"

#include <cmath>
#include <limits>
#include <string>

#include "catch_amalgamated.hpp"
#include "nlohmann/json.hpp"

using insitu::report::JsonWriter;

namespace {

std::string number(double value) {
  JsonWriter json;
  json.number(value);
  return json.take();
}

std::string text(std::string_view value) {
  JsonWriter json;
  json.text(value);
  return json.take();
}

}  // namespace

TEST_CASE("JSON: numbers have as few digits as needed", "[report]") {
  CHECK(number(0) == "0");
  CHECK(number(-0.0) == "0");
  CHECK(number(5) == "5");
  CHECK(number(-1767225600000) == "-1767225600000");
  CHECK(number(9007199254740991) == "9007199254740991");
  CHECK(number(0.1) == "0.1");
  CHECK(number(1.0 / 3) == "0.3333333333333333");
  CHECK(number(std::numeric_limits<double>::quiet_NaN()) == "null");
  CHECK(number(std::numeric_limits<double>::infinity()) == "null");
  for (const double value : {1e300, -2.5e-300, 5e-324, 1.7976931348623157e308, 9007199254740993.0,
                             123456.789, 0.30000000000000004}) {
    CHECK(nlohmann::json::parse(number(value)).get<double>() == value);
  }
}

TEST_CASE("JSON: text is escaped, and bad bytes are replaced", "[report]") {
  CHECK(text("plain /path") == "\"plain /path\"");
  CHECK(text("a\"b\\c\n\x01") == "\"a\\\"b\\\\c\\n\\u0001\"");
  CHECK(text("\xc3\xa9") == "\"\xc3\xa9\"");
  CHECK(text("\xff"
             "a") ==
        "\"\xef\xbf\xbd"
        "a\"");
  CHECK(text("") == "\"\"");
}

TEST_CASE("JSON: nesting without and with white space", "[report]") {
  const auto write = [](JsonWriter& json) {
    json.begin_object();
    json.field("a", 1.0);
    json.key("b");
    json.begin_array();
    json.null();
    json.boolean(true);
    json.begin_object();
    json.end_object();
    json.end_array();
    json.key("c");
    json.begin_array();
    json.end_array();
    json.field("d\n", "x");
    json.end_object();
    return json.take();
  };
  JsonWriter compact;
  CHECK(write(compact) == "{\"a\":1,\"b\":[null,true,{}],\"c\":[],\"d\\n\":\"x\"}");
  CHECK(write(compact) == "{\"a\":1,\"b\":[null,true,{}],\"c\":[],\"d\\n\":\"x\"}");
  JsonWriter spaced(2);
  CHECK(write(spaced) ==
        "{\n  \"a\": 1,\n  \"b\": [\n    null,\n    true,\n    {}\n  ],\n  \"c\": [],\n"
        "  \"d\\n\": \"x\"\n}");
}

TEST_CASE("JSON: values one after the other, as lines are written", "[report]") {
  JsonWriter json;
  json.begin_object();
  json.end_object();
  CHECK(json.take() == "{}");
  json.number(1);
  CHECK(json.take() == "1");
}
