// SPDX-License-Identifier: MIT
// Covers log/event_line.h: what is JSON and what is not, judged by nlohmann/json; values exactly.
#include "log/event_line.h"

#include <cmath>
#include <cstdlib>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "catch_amalgamated.hpp"
#include "nlohmann/json.hpp"
#include "tests/helpers/random.h"

using insitu::log::EventLine;
using insitu::log::FieldSlot;
using insitu::log::LineValue;
using insitu::log::slot_of;
using insitu::log::ValueKind;
using nlohmann::json;

namespace {

// A line with the line break that the parser wants to see behind it, on the heap so that reading
// too far is noticed by the address sanitizer.
class Line {
 public:
  explicit Line(std::string_view text) : bytes_(text.begin(), text.end()) {
    bytes_.push_back('\n');
  }
  std::string_view text() const { return {bytes_.data(), bytes_.size() - 1}; }

 private:
  std::vector<char> bytes_;
};

bool is_object(std::string_view text) {
  // nlohmann takes a zero byte for the end of the input, and skips a byte order mark.
  if (text.find('\0') != std::string_view::npos || text.starts_with("\xef\xbb\xbf")) return false;
  const json value = json::parse(text.begin(), text.end(), nullptr, false);
  return value.is_object();
}

// A line and what became of it; views into it are valid as long as this.
class Parsed {
 public:
  explicit Parsed(std::string_view text) : text_(text), is_valid(line.parse(text_.text())) {}
  const LineValue& operator[](std::string_view name) const { return line[slot_of(name)]; }

 private:
  Line text_;

 public:
  EventLine line;
  bool is_valid;
};

}  // namespace

TEST_CASE("event line: accepts and refuses what nlohmann/json does", "[log]") {
  const char* const texts[] = {"{}",
                               " {} ",
                               "\t{\r}",
                               "{\"a\":1}",
                               "{\"a\":1,}",
                               "{,}",
                               "{\"a\"}",
                               "{\"a\":}",
                               "{a:1}",
                               "{'a':1}",
                               "",
                               "[]",
                               "1",
                               "null",
                               "\"x\"",
                               "{",
                               "}",
                               "{}}",
                               "{}{}",
                               "{} x",
                               "{\"a\":1",
                               "{\"a",
                               "{\"x\":-}",
                               "{\"x\":01}",
                               "{\"x\":-01}",
                               "{\"x\":0}",
                               "{\"x\":-0}",
                               "{\"x\":1.}",
                               "{\"x\":.5}",
                               "{\"x\":1.5e}",
                               "{\"x\":1e+}",
                               "{\"x\":1E-2}",
                               "{\"x\":+1}",
                               "{\"x\":1e5}",
                               "{\"x\":0x10}",
                               "{\"x\":NaN}",
                               "{\"x\":Infinity}",
                               "{\"x\":-Infinity}",
                               "{\"x\":nan}",
                               "{\"x\":tru}",
                               "{\"x\":true}",
                               "{\"x\":truee}",
                               "{\"x\":True}",
                               "{\"x\":null}",
                               "{\"x\":nul}",
                               "{\"x\":t",
                               "{\"x\":\"\\u00e9\"}",
                               "{\"x\":\"\\u00g9\"}",
                               "{\"x\":\"\\u00e\"}",
                               "{\"x\":\"\\x\"}",
                               "{\"x\":\"\\\"}",
                               "{\"x\":\"\\ud83d\\ude00\"}",
                               "{\"x\":\"\\/\\b\\f\\n\\r\\t\\\\\\\"\"}",
                               "{\"x\":\"tab\there\"}",
                               "{\"x\":\"\x7f\"}",
                               "{\"x\":[1,2,[3,{\"a\":[]}]]}",
                               "{\"x\":[1,2,]}",
                               "{\"x\":[1 2]}",
                               "{\"x\":[}",
                               "{\"x\":[1}",
                               "{\"x\":{\"a\":1]}",
                               "{\"nested\":{\"a\":{\"b\":[]}}}",
                               "{\"nested\":{\"a\":{\"b\":[}}}",
                               "{\"nested\":[[[[[[]]]]]]}",
                               "{\"nested\":[[[[[[]]]]]}",
                               "{\"segment\":{\"device\":\"m\"}}",
                               "{\"segment\":{\"device\"}}",
                               "{\"segment\":{device:1}}",
                               "{\"answers\":[null,true,\"x\",1.5,[],{}]}",
                               "{\"answers\":[nul]}",
                               "{\"answers\":[,]}",
                               "{\"x\":\"\xc3\xa9\"}",
                               "{\"x\":\"\xe2\x82\xac\"}",
                               "{\"x\":\"\xf0\x9f\x98\x80\"}",
                               "{\"x\":\"\xc3\"}",
                               "{\"x\":\"\xc0\x80\"}",
                               "{\"x\":\"\xe0\x80\x80\"}",
                               "{\"x\":\"\xed\xa0\x80\"}",
                               "{\"x\":\"\xf4\x90\x80\x80\"}",
                               "{\"x\":\"\xf8\x88\x80\x80\x80\"}",
                               "{\"x\":\"\xff\"}",
                               "{\"x\":\"\x80\"}",
                               "{\"x\":\"\xe2\x82\"}",
                               "{\"x\":\"\\n\xe2\x82\"}",
                               "{\"\xc3\":1}",
                               "{\"x\":\xc3\xa9}",
                               "\xef\xbb\xbf{}",
                               "{\"x\":1} \xc2\xa0",
                               "// {}",
                               "{/**/}",
                               "{\"x\":12345678901234567890123456789}",
                               "{\"x\":1e-400}",
                               "{\"\":0}",
                               "{\"\\u0078\":1}"};
  for (const char* text : texts) {
    INFO(text);
    CHECK(Parsed(text).is_valid == is_object(text));
  }
  CHECK_FALSE(Parsed(std::string_view("{}\0", 3)).is_valid);
  CHECK_FALSE(Parsed(std::string_view("{\"x\":\"\0\"}", 9)).is_valid);
  CHECK_FALSE(Parsed(std::string_view("{\"x\":1\0}", 8)).is_valid);
}

TEST_CASE("event line: any cut or changed byte is judged as nlohmann/json judges it", "[log]") {
  const std::string text =
      R"({"type":"survey","t":176,"a":[1,{"b":"\u00e9\n"},-2.5e3],"answers":[5,null],)"
      R"("segment":{"device":"mob\u0069le"},"visitor":"v","x":12.75,"interactive":true})";
  REQUIRE(Parsed(text).is_valid);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string cut = text.substr(0, i);
    CHECK(Parsed(cut).is_valid == is_object(cut));
    for (const char byte : {'"', '\\', '{', ']', ',', ':', '0', '-', 'e', ' ', '\x01', '\xc3'}) {
      std::string changed = text;
      changed[i] = byte;
      if (Parsed(changed).is_valid != is_object(changed)) FAIL_CHECK("differs: " + changed);
    }
  }
}

TEST_CASE("event line: numbers are the nearest doubles, integers are told apart", "[log]") {
  struct Case {
    const char* text;
    ValueKind kind;
    double number;
  };
  const Case cases[] = {{"0", ValueKind::kInteger, 0},
                        {"-0", ValueKind::kInteger, 0},
                        {"17", ValueKind::kInteger, 17},
                        {"-9007199254740991", ValueKind::kInteger, -9007199254740991.0},
                        {"9007199254740993", ValueKind::kInteger, 9007199254740992.0},
                        {"18446744073709551617", ValueKind::kInteger, 18446744073709551616.0},
                        {"1.0", ValueKind::kNumber, 1},
                        {"1e3", ValueKind::kNumber, 1000},
                        {"0.1", ValueKind::kNumber, 0.1},
                        {"123456789.012345", ValueKind::kNumber, 123456789.012345},
                        {"123456789.0123456789", ValueKind::kNumber, 123456789.0123456789},
                        {"2.2250738585072011e-308", ValueKind::kNumber, 2.2250738585072011e-308},
                        {"1e400", ValueKind::kNumber, HUGE_VAL},
                        {"-1e400", ValueKind::kNumber, -HUGE_VAL},
                        {"1e-400", ValueKind::kNumber, 0}};
  for (const Case& each : cases) {
    INFO(each.text);
    const Parsed parsed("{\"x\":" + std::string(each.text) + "}");
    REQUIRE(parsed.is_valid);
    CHECK(parsed["x"].kind == each.kind);
    CHECK(parsed["x"].number == each.number);
    CHECK(std::signbit(parsed["x"].number) == std::signbit(each.number));
  }
}

TEST_CASE("event line: numbers with many digits agree with the C library", "[log]") {
  insitu::test::Random random(7);
  for (int i = 0; i < 2000; ++i) {
    std::string text = random.uniform() < 0.5 ? "-" : "";
    text += static_cast<char>('1' + static_cast<int>(random.uniform() * 9));
    const int digits = static_cast<int>(random.uniform() * 20);
    const int point = static_cast<int>(random.uniform() * 20);
    for (int k = 0; k < digits; ++k) {
      if (k == point) text += '.';
      text += static_cast<char>('0' + static_cast<int>(random.uniform() * 10));
    }
    const Parsed parsed("{\"x\":" + text + "}");
    INFO(text);
    REQUIRE(parsed.is_valid);
    CHECK(parsed["x"].number == std::strtod(text.c_str(), nullptr));
  }
}

TEST_CASE("event line: escapes, also in names, and half surrogate pairs", "[log]") {
  const Parsed parsed(
      R"({"\u0074ype":"a\u00e9\u20ac\ud83d\ude00\"\\\/\b\f\n\r\t","page":"\ud83dx",)"
      R"("visitor":"\ude00","session":"\ud83d\u0041"})");
  REQUIRE(parsed.is_valid);
  CHECK(parsed["type"].text == "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"\\/\b\f\n\r\t");
  CHECK(parsed["page"].text == "\xef\xbf\xbdx");
  CHECK(parsed["visitor"].text == "\xef\xbf\xbd");
  CHECK(parsed["session"].text ==
        "\xef\xbf\xbd"
        "A");
}

TEST_CASE("event line: the last of equal names counts, and lists keep their elements", "[log]") {
  const Parsed parsed(R"({"answers":[1,null,"x",true,2.5,[9],{"a":1}],"t":1,"t":"two",)"
                      R"("segment":{"device":"a","n":1},"segment":{"device":"b"}})");
  REQUIRE(parsed.is_valid);
  CHECK(parsed["t"].kind == ValueKind::kText);
  const auto answers = parsed.line.items(parsed["answers"]);
  REQUIRE(answers.size() == 7);
  CHECK(answers[0].kind == ValueKind::kInteger);
  CHECK(answers[1].kind == ValueKind::kNull);
  CHECK(answers[2].text == "x");
  CHECK(answers[3].kind == ValueKind::kBool);
  CHECK(answers[4].number == 2.5);
  CHECK(answers[5].kind == ValueKind::kArray);
  CHECK(answers[6].kind == ValueKind::kObject);
  const auto segment = parsed.line.items(parsed["segment"]);
  REQUIRE(segment.size() == 1);
  CHECK(segment[0].key == "device");
  CHECK(segment[0].text == "b");
  CHECK(parsed["pv"].kind == ValueKind::kAbsent);
}

TEST_CASE("event line: a value of the line before does not come back", "[log]") {
  EventLine line;
  const Line first(R"({"x":1,"page":"/a"})");
  const Line second(R"({"y":2})");
  REQUIRE(line.parse(first.text()));
  REQUIRE(line.parse(second.text()));
  CHECK(line[slot_of("x")].kind == ValueKind::kAbsent);
  CHECK(line[FieldSlot::kPage].kind == ValueKind::kAbsent);
  CHECK(line[slot_of("y")].number == 2);
}

TEST_CASE("event line: bytes behind the line change nothing", "[log]") {
  const char* const names[] = {"type", "t", "page", "x", "y", "clock_offset", "interactive", "odd"};
  const char* const values[] = {"0",
                                "-0",
                                "-0.0",
                                "7",
                                "01",
                                "-",
                                "-12.5",
                                "1.",
                                "1.2345678",
                                "1.23456789",
                                "12345678",
                                "123456789",
                                "1767600000364",
                                "123456789012345",
                                "1234567890123456",
                                "12345678901.12345",
                                "1e3",
                                "1.5E-3",
                                "true",
                                "null",
                                "\"\"",
                                "\"move\"",
                                "\"a text that is longer than sixteen bytes\"",
                                "\"gr\303\274n\"",
                                "\"\\u00fc\"",
                                "\"open",
                                "[1,2]",
                                "{\"a\":1}",
                                ""};
  const char* const commas[] = {",", ", ", ",  ", " ,", ",", ",", ",", ";"};
  const char* const colons[] = {":", ": ", ":  ", " :", ":", ":", ":", ""};
  const std::string_view behind =
      "99.9\"}, \n{\"t\":1234567812345678.12345678,\"x\":1,\"y\":2}}}\n";
  insitu::test::Random random(11);
  const auto any = [&](const auto& list) { return list[random.below(std::size(list))]; };
  EventLine quick;
  for (int i = 0; i < 20'000; ++i) {
    std::string text = "{";
    const std::size_t members = random.below(5);
    for (std::size_t k = 0; k < members; ++k) {
      if (k > 0) text += any(commas);
      text += std::string("\"") + any(names) + "\"" + any(colons) + any(values);
    }
    if (random.below(20) > 0) text += "}";
    CAPTURE(text);
    const Line padded(text + "\n" + std::string(behind.substr(random.below(behind.size() / 2))));
    const Parsed general(text);
    // The second time the names are the expected ones.
    for (int time = 0; time < 2; ++time) {
      const std::size_t readable = padded.text().size() - text.size();
      REQUIRE(quick.parse(padded.text().substr(0, text.size()), readable) == general.is_valid);
    }
    if (!general.is_valid) {
      REQUIRE(std::string_view(quick.error()) == general.line.error());
      REQUIRE(quick.column() == general.line.column());
      continue;
    }
    for (const char* name : names) {
      if (std::string_view(name) == "odd") continue;
      const LineValue& value = quick[slot_of(name)];
      const LineValue& wanted = general[name];
      REQUIRE(value.kind == wanted.kind);
      REQUIRE(value.number == wanted.number);
      REQUIRE(std::signbit(value.number) == std::signbit(wanted.number));
      if (wanted.kind == ValueKind::kText) REQUIRE(value.text == wanted.text);
      if (wanted.kind < ValueKind::kArray) continue;
      REQUIRE(quick.items(value).size() == general.line.items(wanted).size());
    }
  }
}

TEST_CASE("event line: errors name the byte", "[log]") {
  CHECK(Parsed("[]").line.column() == 1);
  CHECK(Parsed("  x").line.column() == 3);
  CHECK(Parsed("{\"a\" 1}").line.column() == 6);
  CHECK(Parsed("{\"a\":\"\xff\"}").line.column() == 7);
  CHECK(Parsed("{} {}").line.column() == 4);
  CHECK(std::string(Parsed("{\"a\":\"b").line.error()) == "the line ends inside a string");
}

TEST_CASE("event line: nesting of any depth takes no stack", "[log]") {
  const std::string open(300'000, '[');
  const std::string close(300'000, ']');
  CHECK(Parsed("{\"other\":" + open + close + "}").is_valid);
  CHECK(Parsed("{\"answers\":" + open + close + "}").is_valid);
  CHECK_FALSE(Parsed("{\"other\":" + open + close + "]}").is_valid);
}
