// SPDX-License-Identifier: MIT
// Covers events/event_json.h: the order of fields, odd values, and records that lie about their
// size. tests/log/ndjson_reader.test.cpp takes whole logs there and back.
#include "events/event_json.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "catch_amalgamated.hpp"
#include "report/json.h"

namespace events = insitu::events;

namespace {

// Words, 300 "text", 301 an empty text; other ids are not defined.
std::string_view find(const void*, std::uint32_t id) {
  if (id >= 1 && id <= std::size(events::kWordTexts)) return events::kWordTexts[id - 1];
  if (id == 300) return "text";
  if (id == 301) return {"", 0};
  return {};
}

std::string json_of(std::span<const std::byte> bytes) {
  events::Record record;
  REQUIRE(record.read(bytes));
  insitu::report::JsonWriter out;
  events::write_event(out, record, {&find, nullptr}, "v", "s", 4);
  return out.take();
}

template <class T>
std::vector<std::byte> bytes_of(T record, std::size_t tail = 0) {
  record.type = static_cast<std::uint16_t>(T::kType);
  record.size_words = static_cast<std::uint16_t>((sizeof(T) + tail) / 8);
  std::vector<std::byte> bytes(sizeof(T) + tail);
  std::memcpy(bytes.data(), &record, sizeof record);
  return bytes;
}

}  // namespace

TEST_CASE("event JSON: common fields first, then own ones in schema order", "[events]") {
  events::Click click{};
  click.t = 1767225600000;
  click.page = 300;
  click.pv = 2;
  click.mono = 17;
  click.element = 301;
  click.interactive = 1;
  click.exempt = 3;
  click.x = 1.5;
  click.y = std::numeric_limits<double>::quiet_NaN();
  click.present = events::RecordHead::kHasPage | events::RecordHead::kHasPv |
                  events::RecordHead::kHasMono | events::Click::kHasElement |
                  events::Click::kHasInteractive | events::Click::kHasExempt |
                  events::Click::kHasX | events::Click::kHasY;
  CHECK(json_of(bytes_of(click)) ==
        R"({"type":"click","t":1767225600000,"visitor":"v","session":"s","seq":4,"page":"text",)"
        R"("pv":2,"mono":17,"x":1.5,"y":null,"element":"","interactive":true,)"
        R"("exempt":["rage","dead"]})");
}

TEST_CASE("event JSON: absent fields and undefined strings are left out", "[events]") {
  events::Visibility visibility{};
  visibility.t = 5;
  visibility.state = events::words::kHidden;
  CHECK(json_of(bytes_of(visibility)) ==
        R"({"type":"visibility","t":5,"visitor":"v","session":"s","seq":4})");
  visibility.present = events::Visibility::kHasState | events::RecordHead::kHasPage;
  visibility.page = 999;
  CHECK(json_of(bytes_of(visibility)) ==
        R"({"type":"visibility","t":5,"visitor":"v","session":"s","seq":4,"state":"hidden"})");
}

TEST_CASE("event JSON: lists and maps", "[events]") {
  events::Survey survey{};
  survey.present = events::Survey::kHasAnswers | events::Survey::kHasTopics;
  survey.answers_count = 3;
  survey.topics_count = 3;
  auto bytes = bytes_of(survey, 3 * 8 + 16);
  const double answers[] = {5, std::numeric_limits<double>::quiet_NaN(),
                            std::numeric_limits<double>::infinity()};
  const std::uint32_t topics[] = {300, 999, 1};
  std::memcpy(bytes.data() + sizeof survey, answers, sizeof answers);
  std::memcpy(bytes.data() + sizeof survey + sizeof answers, topics, sizeof topics);
  CHECK(json_of(bytes) ==
        R"({"type":"survey","t":0,"visitor":"v","session":"s","seq":4,"answers":[5,null,""],)"
        R"("topics":["text","visible"]})");

  events::SessionStart start{};
  start.present = events::SessionStart::kHasSegment | events::SessionStart::kHasClockOffset;
  start.clock_offset = -250;
  start.segment_count = 2;
  bytes = bytes_of(start, 2 * 8);
  const std::uint32_t segment[] = {events::words::kDevice, 300, 999, 300};
  std::memcpy(bytes.data() + sizeof start, segment, sizeof segment);
  CHECK(json_of(bytes) == R"({"type":"session_start","t":0,"visitor":"v","session":"s","seq":4,)"
                          R"("segment":{"device":"text"},"clock_offset":-250})");
}

TEST_CASE("event JSON: a record shorter than its type says has fewer fields", "[events]") {
  events::Scroll scroll{};
  scroll.present = events::Scroll::kHasY;
  scroll.y = 7;
  auto bytes = bytes_of(scroll);
  bytes.resize(sizeof(events::RecordHead));
  CHECK(json_of(bytes) == R"({"type":"scroll","t":0,"visitor":"v","session":"s","seq":4})");
}
