// SPDX-License-Identifier: MIT
// Covers events/batch_builder.h byte by byte against docs/wire-format.md.
#include "events/batch_builder.h"

#include <cstring>
#include <string>
#include <vector>

#include "base/limits.h"
#include "catch_amalgamated.hpp"
#include "events/batch.h"

using insitu::events::BatchBuilder;
namespace events = insitu::events;

namespace {

template <class T>
T at(std::span<const std::byte> bytes, std::size_t offset) {
  T value;
  REQUIRE(offset + sizeof value <= bytes.size());
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

}  // namespace

TEST_CASE("batch builder: an empty batch is a head", "[events]") {
  BatchBuilder builder(12345, 678);
  const auto bytes = builder.finish();
  REQUIRE(bytes.size() == 32);
  CHECK(std::memcmp(bytes.data(), "INSI", 4) == 0);
  CHECK(at<std::uint16_t>(bytes, 4) == 1);
  CHECK(at<std::uint16_t>(bytes, 6) == 4);
  CHECK(at<std::uint32_t>(bytes, 8) == 32);
  CHECK(at<std::uint32_t>(bytes, 12) == 0);
  CHECK(at<double>(bytes, 16) == 12345);
  CHECK(at<double>(bytes, 24) == 678);
}

TEST_CASE("batch builder: strings are defined once, words not at all", "[events]") {
  BatchBuilder builder;
  CHECK(builder.string("visible") == events::words::kVisible);
  CHECK(builder.string("customer") == events::words::kCustomer);
  CHECK(builder.bytes() == 32);
  CHECK(builder.string("hello") == 256);
  CHECK(builder.string("") == 257);
  CHECK(builder.string("hello") == 256);
  CHECK(builder.records() == 2);
  const auto bytes = builder.finish();
  REQUIRE(bytes.size() == 32 + 24 + 16);
  CHECK(at<std::uint16_t>(bytes, 32) == 1);
  CHECK(at<std::uint16_t>(bytes, 34) == 3);
  CHECK(at<std::uint32_t>(bytes, 36) == 256);
  CHECK(at<std::uint32_t>(bytes, 40) == 5);
  CHECK(std::memcmp(bytes.data() + 44, "hello\0\0\0", 8) == 0);
  CHECK(at<std::uint32_t>(bytes, 32 + 24 + 8) == 0);
  std::uint32_t id = 0;
  std::string_view text;
  CHECK(events::read_string(bytes.subspan(32, 24), id, text));
  CHECK(text == "hello");
  CHECK(events::read_string(bytes.subspan(56, 16), id, text));
  CHECK(text.empty());
}

TEST_CASE("batch builder: many strings keep their ids apart", "[events]") {
  BatchBuilder builder;
  for (std::uint32_t i = 0; i < 5000; ++i) {
    REQUIRE(builder.string("key " + std::to_string(i)) == 256 + i);
  }
  for (std::uint32_t i = 0; i < 5000; ++i) {
    REQUIRE(builder.string("key " + std::to_string(i)) == 256 + i);
  }
}

TEST_CASE("batch builder: text that is too long has no id", "[events]") {
  BatchBuilder builder;
  CHECK(builder.string(std::string(insitu::base::kMaxStringBytes + 1, 'x')) == 0);
  CHECK(builder.bytes() == 32);
  CHECK(builder.string(std::string(insitu::base::kMaxStringBytes, 'x')) == 256);
}

TEST_CASE("batch builder: context, events and end", "[events]") {
  BatchBuilder builder;
  builder.context("visitor-1", "user", 7);
  events::Scroll scroll{};
  scroll.present = events::Scroll::kHasY;
  scroll.t = 1000;
  scroll.y = 250;
  builder.add(scroll);
  builder.end();
  const auto bytes = builder.finish();
  // head 32, string 24, context 24, scroll 48, end 8
  REQUIRE(bytes.size() == 136);
  CHECK(at<std::uint32_t>(bytes, 8) == 136);
  CHECK(at<std::uint32_t>(bytes, 12) == 4);
  CHECK(at<std::uint16_t>(bytes, 56) == 2);
  CHECK(at<std::uint16_t>(bytes, 58) == 3);
  CHECK(at<std::uint32_t>(bytes, 60) == 256);
  CHECK(at<double>(bytes, 64) == 7);
  CHECK(at<std::uint32_t>(bytes, 72) == events::words::kUser);
  CHECK(at<std::uint32_t>(bytes, 76) == 0);
  CHECK(at<std::uint16_t>(bytes, 80) == 24);
  CHECK(at<std::uint16_t>(bytes, 82) == 6);
  CHECK(at<double>(bytes, 120) == 250);
  CHECK(at<std::uint16_t>(bytes, 128) == 3);
  CHECK(at<std::uint16_t>(bytes, 130) == 1);
}

TEST_CASE("batch builder: clear begins anew with the same head", "[events]") {
  BatchBuilder builder(9, 8);
  builder.context("v", "s", 0);
  builder.add(events::Heartbeat{});
  builder.clear();
  CHECK(builder.records() == 0);
  CHECK(builder.string("other") == 256);
  CHECK(builder.string("v") == 257);
  const auto bytes = builder.finish();
  CHECK(at<double>(bytes, 16) == 9);
  CHECK(at<double>(bytes, 24) == 8);
  CHECK(at<std::uint32_t>(bytes, 12) == 2);
}

TEST_CASE("batch builder: finishing does not end the building", "[events]") {
  BatchBuilder builder;
  builder.context("v", "s", 0);
  CHECK(at<std::uint32_t>(builder.finish(), 12) == 3);
  builder.add(events::Heartbeat{});
  const auto bytes = builder.finish();
  CHECK(at<std::uint32_t>(bytes, 12) == 4);
  CHECK(at<std::uint32_t>(bytes, 8) == bytes.size());
}
