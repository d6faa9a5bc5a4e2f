// SPDX-License-Identifier: MIT
// Covers events/batch.h: reading bytes that nobody can be trusted to have written well.
#include "events/batch.h"

#include <cmath>
#include <limits>
#include <vector>

#include "base/limits.h"
#include "catch_amalgamated.hpp"
#include "events/batch_builder.h"
#include "tests/helpers/random.h"
#include "tests/helpers/records.h"

using insitu::base::Status;
using insitu::test::batch_of;
using insitu::test::Bytes;
using insitu::test::event_at;
using insitu::test::put;
using insitu::test::record_bytes;
using insitu::test::resized;
namespace base = insitu::base;
namespace events = insitu::events;

namespace {

Status status_of(const Bytes& bytes) {
  events::BatchHead head;
  std::span<const std::byte> records;
  return events::open_batch(bytes, head, records);
}

Bytes heartbeat() { return record_bytes(event_at(1000)); }

std::vector<std::uint16_t> types_of(std::span<const std::byte> records, bool& whole) {
  std::vector<std::uint16_t> types;
  whole = events::for_each_record(
      records, [&](std::uint16_t type, std::span<const std::byte>) { types.push_back(type); });
  return types;
}

bool reads(const Bytes& bytes) {
  events::Record record;
  return record.read(bytes);
}

const events::FieldInfo& field(const events::Record& record, std::string_view name) {
  for (const events::FieldInfo& each : record.info().fields) {
    if (name == each.name) return each;
  }
  FAIL("no field " << name);
  return record.info().fields[0];
}

Bytes string_record(std::uint32_t id, std::uint32_t length, std::size_t size) {
  Bytes bytes(size);
  put(bytes, 0, std::uint16_t{1});
  put(bytes, 2, static_cast<std::uint16_t>(size / 8));
  put(bytes, 4, id);
  put(bytes, 8, length);
  for (std::size_t i = 12; i < size; ++i) bytes[i] = std::byte{'x'};
  return bytes;
}

}  // namespace

TEST_CASE("batch: the head is given and the records are what follows it", "[events]") {
  events::BatchHead head;
  head.document = 5;
  head.previous = 6;
  const Bytes batch = batch_of({heartbeat(), heartbeat()}, head);
  events::BatchHead read;
  std::span<const std::byte> records;
  REQUIRE(events::open_batch(batch, read, records) == Status::kOk);
  CHECK(read.document == 5);
  CHECK(read.previous == 6);
  CHECK(read.records == 2);
  CHECK(records.size() == 80);
  CHECK(records.data() == batch.data() + 32);
}

TEST_CASE("batch: bytes behind the stated size are not read", "[events]") {
  Bytes batch = batch_of({heartbeat()});
  batch.resize(batch.size() + 24);
  events::BatchHead head;
  std::span<const std::byte> records;
  REQUIRE(events::open_batch(batch, head, records) == Status::kOk);
  CHECK(records.size() == 40);
}

TEST_CASE("batch: a longer head of a later writer is skipped", "[events]") {
  Bytes batch = batch_of({Bytes(16), heartbeat()});
  put(batch, 6, std::uint16_t{6});
  events::BatchHead head;
  std::span<const std::byte> records;
  REQUIRE(events::open_batch(batch, head, records) == Status::kOk);
  bool whole = false;
  CHECK(types_of(records, whole) == std::vector<std::uint16_t>{19});
  CHECK(whole);
}

TEST_CASE("batch: a wrong head is refused with its reason", "[events]") {
  const Bytes good = batch_of({heartbeat()});
  REQUIRE(status_of(good) == Status::kOk);
  CHECK(status_of({}) == Status::kNotABatch);
  CHECK(status_of(Bytes(good.begin(), good.begin() + 31)) == Status::kNotABatch);
  CHECK(status_of(batch_of({})) == Status::kOk);

  const auto with = [&](std::size_t offset, auto value) {
    Bytes batch = good;
    put(batch, offset, value);
    return status_of(batch);
  };
  CHECK(with(0, std::uint32_t{0x494E5349}) == Status::kNotABatch);  // the bytes the other way round
  CHECK(with(4, std::uint16_t{0}) == Status::kWrongVersion);
  CHECK(with(4, std::uint16_t{2}) == Status::kWrongVersion);
  CHECK(with(6, std::uint16_t{3}) == Status::kBadSize);
  CHECK(with(6, std::uint16_t{0xffff}) == Status::kBadSize);
  CHECK(with(8, std::uint32_t{72}) == Status::kOk);
  CHECK(with(8, std::uint32_t{80}) == Status::kBadSize);
  CHECK(with(8, std::uint32_t{71}) == Status::kBadSize);
  CHECK(with(8, std::uint32_t{24}) == Status::kBadSize);
  CHECK(with(8, std::uint32_t{0xfffffff8}) == Status::kBadSize);
  CHECK(with(16, -1.0) == Status::kBadSize);
  CHECK(with(16, std::nan("")) == Status::kBadSize);
  CHECK(with(16, std::numeric_limits<double>::infinity()) == Status::kBadSize);
  CHECK(with(16, 9007199254740991.0) == Status::kOk);
  CHECK(with(24, -1.0) == Status::kBadSize);
  CHECK(with(24, std::nan("")) == Status::kBadSize);
  // The number of records is only informative.
  CHECK(with(12, std::uint32_t{0xffffffff}) == Status::kOk);
}

TEST_CASE("batch: records are visited in order, whatever their type", "[events]") {
  Bytes unknown = resized(heartbeat(), 8);
  put(unknown, 0, std::uint16_t{60000});
  Bytes zero = resized(heartbeat(), 16);
  put(zero, 0, std::uint16_t{0});
  const Bytes batch = batch_of({heartbeat(), unknown, zero, heartbeat()});
  bool whole = false;
  CHECK(types_of(std::span(batch).subspan(32), whole) ==
        std::vector<std::uint16_t>{19, 60000, 0, 19});
  CHECK(whole);
  CHECK(types_of({}, whole).empty());
  CHECK(whole);
}

TEST_CASE("batch: a record of no size or beyond the end stops the walk", "[events]") {
  for (const auto words : {std::uint16_t{0}, std::uint16_t{6}, std::uint16_t{0xffff}}) {
    Bytes damaged = heartbeat();
    put(damaged, 2, words);
    const Bytes batch = batch_of({heartbeat(), damaged});
    bool whole = true;
    CHECK(types_of(std::span(batch).subspan(32), whole) == std::vector<std::uint16_t>{19});
    CHECK_FALSE(whole);
  }
}

TEST_CASE("record: known types are those of the schema", "[events]") {
  CHECK(events::Record::find_info(0) == nullptr);
  CHECK(events::Record::find_info(15) == nullptr);
  CHECK(events::Record::find_info(16)->type == events::EventType::kSessionStart);
  CHECK(events::Record::find_info(37)->type == events::EventType::kVital);
  CHECK(events::Record::find_info(38) == nullptr);
  CHECK(events::Record::find_info(0xffff) == nullptr);
  Bytes other = heartbeat();
  put(other, 0, std::uint16_t{38});
  CHECK_FALSE(reads(other));
  CHECK_FALSE(reads({}));
  CHECK_FALSE(reads(Bytes(32)));
}

TEST_CASE("record: fields are read by their bits", "[events]") {
  events::Click click{};
  click.t = 5;
  click.mono = 6;
  click.pv = 7;
  click.page = 300;
  click.x = 10;
  click.y = std::nan("");
  click.ew = 9;
  click.present = click.kHasX | click.kHasY | events::RecordHead::kHasMono;
  const Bytes bytes = record_bytes(click);
  events::Record record;
  REQUIRE(record.read(bytes));
  CHECK(record.type() == events::EventType::kClick);
  CHECK(std::string(record.info().name) == "click");
  const auto& read = record.as<events::Click>();
  CHECK(record.head().t == 5);
  CHECK(record.has_mono());
  CHECK_FALSE(record.has_pv());
  CHECK(record.page() == 0);
  CHECK(record.number(click.kHasX, read.x) == 10);
  CHECK(record.number(click.kHasY, read.y, -1) == -1);
  CHECK(std::isnan(record.number(click.kHasEw, read.ew)));
  CHECK(record.bytes().data() == bytes.data());
}

TEST_CASE("record: an integer is a whole number within 2^53", "[events]") {
  using events::Record;
  for (const double value : {0.0, -0.0, 1.0, -7.0, 9007199254740991.0, -9007199254740991.0}) {
    CHECK(Record::is_integer(value));
  }
  for (const double value :
       {0.5, 9007199254740992.0, -1e300, std::nan(""), std::numeric_limits<double>::infinity()}) {
    CHECK_FALSE(Record::is_integer(value));
  }
}

TEST_CASE("record: a shorter one has only the fields that are wholly there", "[events]") {
  events::Click click{};
  click.x = 10;
  click.y = 20;
  click.element = 256;
  click.present = click.kHasX | click.kHasY | click.kHasElement | click.kHasEh;
  const Bytes whole = record_bytes(click);
  events::Record record;

  const Bytes without_y = resized(whole, 64);  // x ends at 64
  REQUIRE(record.read(without_y));
  CHECK(record.has(click.kHasX));
  CHECK(record.as<events::Click>().x == 10);
  CHECK(record.has(click.kHasElement));
  CHECK_FALSE(record.has(click.kHasY));
  CHECK_FALSE(record.has(click.kHasEh));
  CHECK(record.as<events::Click>().y == 0);

  const Bytes head = resized(whole, 40);  // the element lies in the head's last 4 bytes
  REQUIRE(record.read(head));
  CHECK(record.has(click.kHasElement));
  CHECK_FALSE(record.has(click.kHasX));

  CHECK_FALSE(reads(resized(whole, 32)));
  CHECK_FALSE(reads(resized(whole, 8)));
}

TEST_CASE("record: a longer one is read up to what is known", "[events]") {
  events::Scroll scroll{};
  scroll.y = 3;
  scroll.present = scroll.kHasY | 1u << 30;  // a field of a later schema
  const Bytes longer = resized(record_bytes(scroll), 200);
  events::Record record;
  REQUIRE(record.read(longer));
  CHECK(record.as<events::Scroll>().y == 3);
  CHECK(record.bytes().size() == 200);
}

TEST_CASE("record: lists follow the fixed part in schema order, each padded to 8 bytes",
          "[events]") {
  events::Survey survey{};
  survey.answers_count = 2;
  survey.topics_count = 3;
  survey.present = survey.kHasAnswers | survey.kHasTopics;
  Bytes bytes = record_bytes(survey);
  put(bytes, 88, 4.0);
  put(bytes, 96, 5.0);
  for (std::uint32_t i = 0; i < 3; ++i) put(bytes, 104 + i * 4, 256 + i);
  bytes = resized(bytes, 120);
  events::Record record;
  REQUIRE(record.read(bytes));
  const auto answers = record.list(field(record, "answers"));
  REQUIRE(answers.size() == 16);
  CHECK(insitu::test::get<double>(answers, 8) == 5);
  const auto topics = record.list(field(record, "topics"));
  REQUIRE(topics.size() == 12);
  CHECK(insitu::test::get<std::uint32_t>(topics, 8) == 258);

  // A list that is absent takes no room, whatever its count says.
  put(bytes, 4, std::uint32_t{survey.kHasTopics});
  REQUIRE(record.read(bytes));
  CHECK(record.list(field(record, "answers")).empty());
  CHECK(insitu::test::get<double>(record.list(field(record, "topics")), 0) == 4);
}

TEST_CASE("record: a list that does not fit its record is refused", "[events]") {
  for (const std::uint32_t count : {1u, 2u, 0x1fff'ffffu, 0x2000'0000u, 0xffff'ffffu}) {
    events::Survey survey{};
    survey.answers_count = count;
    survey.present = survey.kHasAnswers;
    INFO(count);
    CHECK_FALSE(reads(record_bytes(survey)));

    events::SessionStart start{};
    start.segment_count = count;
    start.present = start.kHasSegment;
    CHECK_FALSE(reads(record_bytes(start)));

    // Two lists that only together are too long.
    survey.topics_count = 1;
    survey.answers_count = 1;
    survey.present |= survey.kHasTopics;
    CHECK_FALSE(reads(resized(record_bytes(survey), 96)));
    CHECK(reads(resized(record_bytes(survey), 104)));
  }
}

TEST_CASE("string record: id, length and text are checked", "[events]") {
  std::uint32_t id = 0;
  std::string_view text;
  REQUIRE(events::read_string(string_record(256, 3, 16), id, text));
  const Bytes record = string_record(300, 4, 16);
  REQUIRE(events::read_string(record, id, text));
  CHECK(id == 300);
  CHECK(text == "xxxx");
  const Bytes empty = string_record(256, 0, 16);
  REQUIRE(events::read_string(empty, id, text));
  CHECK(text.empty());
  CHECK(text.data() != nullptr);

  CHECK_FALSE(events::read_string(string_record(256, 5, 16), id, text));
  CHECK_FALSE(events::read_string(string_record(256, 0xffffffff, 16), id, text));
  CHECK_FALSE(events::read_string(string_record(255, 3, 16), id, text));
  CHECK_FALSE(events::read_string(string_record(0, 3, 16), id, text));
  CHECK_FALSE(events::read_string(Bytes(8), id, text));
  CHECK(events::read_string(string_record(256, 65'535, 65'552), id, text));
  CHECK_FALSE(events::read_string(string_record(256, 65'536, 65'552), id, text));
}

TEST_CASE("record: random bytes of every type are read or refused, never overrun", "[events]") {
  insitu::test::Random random(1);
  for (int round = 0; round < 20'000; ++round) {
    Bytes bytes(8 * (1 + random.below(16)));
    for (std::byte& each : bytes) each = static_cast<std::byte>(random.below(256));
    put(bytes, 0, static_cast<std::uint16_t>(14 + random.below(26)));
    put(bytes, 2, static_cast<std::uint16_t>(bytes.size() / 8));
    // Counts that are sometimes small, so that lists are also accepted.
    if (random.below(2))
      put(bytes, 36 % bytes.size() & ~7u, static_cast<std::uint32_t>(random.below(4)));
    events::Record record;
    if (!record.read(bytes)) continue;
    for (const events::FieldInfo& each : record.info().fields) {
      const auto list = record.list(each);
      if (list.empty()) continue;
      CHECK(list.data() >= bytes.data() + record.info().bytes);
      CHECK(list.data() + list.size() <= bytes.data() + bytes.size());
    }
  }
}
