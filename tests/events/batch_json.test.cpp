// SPDX-License-Identifier: MIT
// Covers events/batch_json.h: from a batch to the lines of a log.
#include "events/batch_json.h"

#include <string>

#include "base/limits.h"
#include "catch_amalgamated.hpp"
#include "nlohmann/json.hpp"
#include "report/json.h"
#include "tests/helpers/records.h"

using insitu::base::Status;
using insitu::events::BatchBuilder;
using insitu::test::Bytes;
using insitu::test::event_at;
using Json = nlohmann::json;
namespace events = insitu::events;

namespace {

Json events_of(std::span<const std::byte> batch, Status expected = Status::kOk) {
  insitu::report::JsonWriter out;
  out.begin_array();
  CHECK(events::write_batch(batch, out) == expected);
  out.end_array();
  return Json::parse(out.take());
}

}  // namespace

TEST_CASE("batch to JSON: events have their client session and count up its seq", "[events]") {
  BatchBuilder builder;
  builder.context("v", "s", 7);
  auto click = event_at<events::Click>(1000, 0);
  click.x = 1.5;
  click.element = builder.string("buy");
  click.page = builder.string("/p");
  click.present |= click.kHasX | click.kHasElement | events::RecordHead::kHasPage;
  builder.add(click);
  builder.add(event_at(2000));
  builder.context("v", "t", 0);
  builder.add(event_at(3000));
  builder.end();
  CHECK(events_of(builder.finish()) == Json::parse(R"([
    {"type":"click","t":1000,"visitor":"v","session":"s","seq":7,"page":"/p","pv":0,"x":1.5,"element":"buy"},
    {"type":"heartbeat","t":2000,"visitor":"v","session":"s","seq":8},
    {"type":"heartbeat","t":3000,"visitor":"v","session":"t","seq":0}])"));
}

TEST_CASE("batch to JSON: an empty batch has no events", "[events]") {
  BatchBuilder builder;
  CHECK(events_of(builder.finish()) == Json::array());
}

TEST_CASE("batch to JSON: events without a context are left out", "[events]") {
  BatchBuilder builder;
  builder.add(event_at(1000));
  builder.context("v", "s", 0);
  builder.add(event_at(2000));
  const Json all = events_of(builder.finish());
  REQUIRE(all.size() == 1);
  CHECK(all[0]["t"] == 2000);
  CHECK(all[0]["seq"] == 0);
}

TEST_CASE("batch to JSON: records that are no events are left out", "[events]") {
  BatchBuilder builder;
  builder.context("v", "s", 0);
  Bytes unknown = insitu::test::record_bytes(event_at(1));
  insitu::test::put(unknown, 0, std::uint16_t{99});
  builder.append(unknown);
  builder.add(event_at(2000));
  events::Survey survey{};
  survey.answers_count = 1000;
  survey.present = survey.kHasAnswers;
  builder.append(insitu::test::record_bytes(survey));
  builder.add(event_at(3000));
  const Json all = events_of(builder.finish());
  REQUIRE(all.size() == 2);
  CHECK(all[1]["t"] == 3000);
}

TEST_CASE("batch to JSON: on an error nothing is written", "[events]") {
  BatchBuilder builder;
  builder.context("v", "s", 0);
  builder.add(event_at(2000));
  Bytes bytes = insitu::test::bytes_of(builder.finish());
  insitu::test::put(bytes, 4, std::uint16_t{9});
  CHECK(events_of(bytes, Status::kWrongVersion) == Json::array());
  CHECK(events_of(std::span(bytes).first(20), Status::kNotABatch) == Json::array());
}

TEST_CASE("batch to JSON: strings that are not defined leave their field out", "[events]") {
  BatchBuilder builder;
  builder.context("v", "s", 0);
  auto goal = event_at<events::Conversion>(1000);
  goal.goal = 999;
  goal.present |= goal.kHasGoal;
  builder.add(goal);
  const Json all = events_of(builder.finish());
  REQUIRE(all.size() == 1);
  CHECK_FALSE(all[0].contains("goal"));
}

TEST_CASE("batch to JSON: a browser's full batch still has room for its visitor and session",
          "[events]") {
  const std::size_t full = insitu::base::Limits::browser().batch_strings;
  BatchBuilder builder;
  for (std::size_t i = 0; i < full; ++i) builder.string("text " + std::to_string(i));
  builder.context("the visitor", "the session", 3);
  builder.add(event_at(1000));
  const Json all = events_of(builder.finish());
  REQUIRE(all.size() == 1);
  CHECK(all[0]["visitor"] == "the visitor");
  CHECK(all[0]["session"] == "the session");
}
