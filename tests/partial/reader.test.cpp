// SPDX-License-Identifier: MIT
// Covers partial/reader.h on totals of its own: what is added, what is refused, in two passes.
#include "partial/reader.h"

#include <cstdint>
#include <string>

#include "catch_amalgamated.hpp"

using insitu::base::Limits;
using insitu::kpi::Count;
using insitu::kpi::PartialIo;
using insitu::kpi::Setting;
using insitu::partial::Reader;
using insitu::partial::Tree;
namespace events = insitu::events;
namespace kpi = insitu::kpi;
namespace partial = insitu::partial;
namespace stats = insitu::stats;

namespace {

struct Totals {
  Count n = 0;
  Count least = 0;
  stats::FixedSum sum;
  stats::DDSketch sketch{0.01};
  stats::IntMoments moments;
  insitu::base::FlatMap<Count> by_number;
  insitu::base::FlatMap<Count> by_name;

  void walk(PartialIo& io) {
    io.begin("kpis");
    io.count("n", n);
    io.least("least", least);
    io.sum("sum", sum);
    io.sketch("sketch", sketch);
    io.moments("ms", moments);
    io.counts("numbers", by_number, kpi::NumberKeys{});
    io.counts("names", by_name, kpi::TextKeys{});
    io.end();
  }
};

struct Desk {
  events::StringTable table{Limits::lab()};
  Setting setting{{}, Limits::lab()};
  Totals totals;

  static Tree tree_of(const std::string& kpis) {
    Tree tree;
    INFO(kpis);
    REQUIRE(partial::parse(R"({"options":"{}","version":1,"kpis":)" + kpis + "}", tree).error ==
            "");
    return tree;
  }
  // The error, or what is unknown; stores nothing.
  std::string check(const std::string& kpis) {
    const Tree tree = tree_of(kpis);
    Reader reader(tree, table, setting, false);
    CHECK(reader.reading());
    CHECK_FALSE(reader.storing());
    totals.walk(reader);
    return reader.error().empty() ? reader.unknown() : reader.error();
  }
  void store(const std::string& kpis) {
    CHECK(check(kpis) == "");
    const Tree tree = tree_of(kpis);
    Reader reader(tree, table, setting, true);
    CHECK(reader.storing());
    totals.walk(reader);
    CHECK(reader.error() == "");
  }
};

constexpr const char* kAll = R"({"n":3,"least":70,"sum":[1,2],"sketch":{"-5":1,"7":2,"zero":4},
    "ms":{"n":2,"s1":[0,30],"s2":[0,500]},"numbers":{"-3":1,"20":2},"names":{"a":1,"b":2}})";

}  // namespace

TEST_CASE("the first pass changes nothing, the second adds", "[partial]") {
  Desk desk;
  CHECK(desk.check(kAll) == "");
  CHECK(desk.totals.n == 0);
  CHECK(desk.totals.least == 0);
  CHECK(desk.totals.sum.is_zero());
  CHECK(desk.totals.sketch.count() == 0);
  CHECK(desk.totals.moments.n() == 0);
  CHECK(desk.totals.by_number.size() == 0);
  CHECK(desk.table.find("a") == events::StringTable::kNone);

  desk.store(kAll);
  desk.store(R"({"n":-1,"least":90,"sum":[-1,1],"sketch":{"7":1},"ms":{"n":1,"s1":[0,1],"s2":[0,1]},
      "numbers":{"20":5},"names":{"b":5}})");
  CHECK(desk.totals.n == 2);
  CHECK(desk.totals.least == 70);
  CHECK(desk.totals.sum.pair() == stats::SumPair{0, 3});
  CHECK(desk.totals.sketch.count() == 8);
  CHECK(desk.totals.sketch.zero_count() == 4);
  REQUIRE(desk.totals.sketch.buckets().size() == 2);
  CHECK(desk.totals.sketch.buckets()[0] == stats::DDSketch::Bucket{-5, 1});
  CHECK(desk.totals.sketch.buckets()[1] == stats::DDSketch::Bucket{7, 3});
  CHECK(desk.totals.moments.n() == 3);
  CHECK(desk.totals.moments.s1().units() == 31);
  CHECK(desk.totals.moments.s2().units() == 501);
  CHECK(*desk.totals.by_number.find(20) == 7);
  CHECK(*desk.totals.by_number.find(static_cast<std::uint64_t>(-3)) == 1);
  CHECK(*desk.totals.by_name.find(desk.table.find("b")) == 7);
}

TEST_CASE("of two least values the smaller one stays, and 0 is none", "[partial]") {
  Desk desk;
  desk.store("{}");
  CHECK(desk.totals.least == 0);
  desk.store(R"({"least":90})");
  desk.store(R"({"n":1})");
  desk.store(R"({"least":80})");
  desk.store(R"({"least":85})");
  CHECK(desk.totals.least == 80);
}

TEST_CASE("what is not there is nothing, whole objects too", "[partial]") {
  Desk desk;
  desk.store(kAll);
  desk.store("{}");
  desk.store(R"({"ms":{},"numbers":{}})");
  CHECK(desk.totals.n == 3);
  CHECK(desk.totals.moments.n() == 2);
}

TEST_CASE("the range is that of the sum, not of the summands", "[partial]") {
  Desk desk;
  desk.store(R"({"n":9007199254740991,"numbers":{"1":-9007199254740992}})");
  CHECK(desk.check(R"({"n":1})") == "");
  CHECK(desk.check(R"({"n":2})") == "kpis.n is out of range: beyond 2^53");
  CHECK(desk.check(R"({"n":-9007199254740992})") == "");
  CHECK(desk.check(R"({"numbers":{"1":-1}})") == "kpis.numbers.1 is out of range: beyond 2^53");
  CHECK(desk.check(R"({"numbers":{"1":1}})") == "");
  desk.store(R"({"sum":[9007199254740991,4294967295],"sketch":{"7":9007199254740990}})");
  CHECK(desk.check(R"({"sum":[0,1]})") == "kpis.sum is out of range: beyond 2^85");
  CHECK(desk.check(R"({"sum":[-1,0]})") == "");
  CHECK(desk.check(R"({"sketch":{"8":2}})") == "");
  CHECK(desk.check(R"({"sketch":{"8":3}})") == "kpis.sketch.8 is out of range: beyond 2^53");
  CHECK(desk.check(R"({"sketch":{"8":1,"zero":2}})") ==
        "kpis.sketch.zero is out of range: beyond 2^53");
}

TEST_CASE("a number of values is not below 0", "[partial]") {
  Desk desk;
  CHECK(desk.check(R"({"ms":{"n":-1}})") == "kpis.ms.n must not make the sum negative");
  desk.store(R"({"ms":{"n":1}})");
  CHECK(desk.check(R"({"ms":{"n":-1}})") == "");
}

TEST_CASE("what a walk does not ask for is unknown, the head is known", "[partial]") {
  Desk desk;
  CHECK(desk.check(R"({"n":1})") == "");
  CHECK(desk.check(R"({"m":1})") == "kpis.m is not known to this version");
  CHECK(desk.check(R"({"ms":{"s3":[1,0]}})") == "kpis.ms.s3 is not known to this version");
  // The names of the head are only known in the head.
  CHECK(desk.check(R"({"version":1})") == "kpis.version is not known to this version");
}

TEST_CASE("of several errors the first one of the walk is kept", "[partial]") {
  Desk desk;
  CHECK(desk.check(R"({"sum":5,"n":"a","names":7})") == "kpis.n must be an integer");
}
