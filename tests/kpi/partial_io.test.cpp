// SPDX-License-Identifier: MIT
// Covers kpi/partial_io.h: how totals are written, and the names of maps.
#include "kpi/partial_io.h"

#include <cstdint>
#include <string>

#include "catch_amalgamated.hpp"
#include "report/canonical.h"

using insitu::base::Limits;
using insitu::kpi::Count;
using insitu::kpi::NumberKeys;
using insitu::kpi::PairKeys;
using insitu::kpi::PartialIo;
using insitu::kpi::PartialWriter;
using insitu::kpi::Setting;
using insitu::kpi::TextKeys;
namespace events = insitu::events;
namespace kpi = insitu::kpi;
namespace stats = insitu::stats;

namespace {

struct Desk {
  events::StringTable table{Limits::lab()};
  Setting setting{{}, Limits::lab()};

  template <class Walk>
  std::string write(Walk&& walk) {
    insitu::report::CanonicalWriter out;
    out.begin_object();
    PartialWriter io(table, setting, out);
    CHECK_FALSE(io.reading());
    CHECK_FALSE(io.storing());
    walk(static_cast<PartialIo&>(io));
    out.end_object();
    return out.take();
  }
};

}  // namespace

TEST_CASE("partial io: integers, pairs and buckets, a 0 is left out", "[kpi]") {
  Desk desk;
  CHECK(desk.write([](PartialIo& io) {
    Count three = 3;
    Count none = 0;
    Count negative = -7;
    Count largest = Count{1} << 53;
    io.count("three", three);
    io.count("none", none);
    io.count("negative", negative);
    io.count("largest", largest);
    io.least("no_least", none);
    io.least("least", three);
  }) == R"({"largest":9007199254740992,"least":3,"negative":-7,"three":3})");

  CHECK(desk.write([](PartialIo& io) {
    stats::FixedSum none;
    stats::FixedSum half;
    REQUIRE(half.add_real(0.5));
    stats::FixedSum minus;
    REQUIRE(minus.add(-1));
    io.sum("none", none);
    io.sum("half", half);
    io.sum("minus", minus);
  }) == R"({"half":[128,0],"minus":[-1,4294967295]})");

  CHECK(desk.write([](PartialIo& io) {
    stats::DDSketch sketch(0.01);
    REQUIRE(sketch.add_bucket(-7, 2));
    REQUIRE(sketch.add_bucket(30, 1));
    REQUIRE(sketch.add_zeros(4));
    io.sketch("sketch", sketch);
  }) == R"({"sketch":{"-7":2,"30":1,"zero":4}})");
}

TEST_CASE("partial io: rates and moments are objects", "[kpi]") {
  Desk desk;
  CHECK(desk.write([](PartialIo& io) {
    kpi::Rate rate{3, 5};
    io.rate("rate", rate);
    kpi::Rate zero{0, 5};
    io.rate("zero", zero);
    stats::IntMoments moments;
    REQUIRE(moments.add(20));
    REQUIRE(moments.add(30));
    io.moments("ms", moments);
  }) == R"({"ms":{"n":2,"s1":[0,50],"s2":[0,1300]},"rate":{"n":5,"x":3},"zero":{"n":5}})");
}

TEST_CASE("partial io: maps by number, by text and by pairs", "[kpi]") {
  Desk desk;
  const std::uint32_t a = desk.table.intern("a b");
  CHECK(desk.write([&](PartialIo& io) {
    insitu::base::FlatMap<Count> numbers;
    numbers[3] = 1;
    numbers[static_cast<std::uint64_t>(-3)] = 2;
    numbers[4] = 0;
    io.counts("numbers", numbers, NumberKeys{});
    insitu::base::FlatMap<Count> texts;
    texts[a] = 5;
    io.counts("texts", texts, TextKeys{});
    insitu::base::FlatMap<Count> pairs;
    pairs[kpi::pair_key(3, 17)] = 1;
    io.counts("cells", pairs, PairKeys{});
    insitu::base::FlatMap<Count> scales;
    scales[kpi::pair_key(-1, 5)] = 1;
    io.counts("scales", scales, PairKeys{':', true});
  }) == R"({"cells":{"3,17":1},"numbers":{"-3":2,"3":1},"scales":{"-1:5":1},"texts":{"a b":5}})");
}

TEST_CASE("partial io: names of numbers are read as they are written, and only so", "[kpi]") {
  const std::pair<const char*, std::int64_t> fine[] = {
      {"0", 0},
      {"7", 7},
      {"-12", -12},
      {"9007199254740992", std::int64_t{1} << 53},
      {"999999999999999999", 999'999'999'999'999'999},
      {"-999999999999999999", -999'999'999'999'999'999}};
  for (const auto& [text, number] : fine) {
    INFO(text);
    std::int64_t value = 1;
    CHECK(kpi::read_whole(text, value));
    CHECK(value == number);
  }
  for (const char* const text : {"", "-", "+1", "01", "-0", "-01", " 1", "1 ", "1.0", "1e3", "x",
                                 "1x", "--1", "1000000000000000000", "0x1"}) {
    INFO(text);
    std::int64_t value = 42;
    CHECK_FALSE(kpi::read_whole(text, value));
    CHECK(value == 42);
  }
}

TEST_CASE("partial io: names of pairs are read as they are written, and only so", "[kpi]") {
  Desk desk;
  desk.write([](PartialIo& io) {
    std::uint64_t key = 0;
    const PairKeys cells{};
    CHECK(cells.read(io, "0,0", key));
    CHECK(key == 0);
    CHECK(cells.read(io, "3,17", key));
    CHECK(key == kpi::pair_key(3, 17));
    CHECK(cells.read(io, "2147483647,2147483647", key));
    for (const char* const text : {"", ",", "1", "1,", ",1", "1,2,3", "-1,2", "1,-2", "01,2",
                                   "1, 2", "1:2", "2147483648,0", "0,2147483648"}) {
      INFO(text);
      CHECK_FALSE(cells.read(io, text, key));
    }
    const PairKeys scales{':', true};
    for (const std::string text : {"-2147483648:2147483647", "-1:5", "1:5", "0:-3"}) {
      INFO(text);
      REQUIRE(scales.read(io, text, key));
      CHECK(scales.name(io, key) == text);
    }
    CHECK_FALSE(scales.read(io, "-2147483649:0", key));
    CHECK_FALSE(scales.read(io, "0:2147483648", key));
    CHECK_FALSE(scales.read(io, "1,5", key));
  });
}
