// SPDX-License-Identifier: MIT
// Covers cli/fold_log.h: which client sessions count, and which counters cover the whole log.
#include "cli/fold_log.h"

#include <cmath>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "catch_amalgamated.hpp"
#include "events/batch_builder.h"
#include "tests/helpers/records.h"
#include "tests/helpers/vectors.h"

using insitu::Engine;
using insitu::base::Problem;
using insitu::cli::fold_log;
using insitu::log::NdjsonReader;

namespace {

double value_of(const insitu::report::Report& report, std::string_view id) {
  for (const auto& kpi : report.kpis) {
    if (id == kpi.info->id) return kpi.value;
  }
  return NAN;
}

void read(NdjsonReader& reader, std::string_view text) {
  reader.feed(text);
  reader.finish();
}

// Two client sessions with one step back of the clock each, and a line that is none.
constexpr const char* kTwoDevices =
    R"({"type":"session_start","t":100,"visitor":"a","session":"s","seq":0,"segment":{"device":"mobile"}}
{"type":"page_view","t":200,"visitor":"a","session":"s","seq":1,"page":"/","pv":0}
{"type":"heartbeat","t":150,"visitor":"a","session":"s","seq":2,"page":"/","pv":0}
nothing
{"type":"session_start","t":100,"visitor":"b","session":"s","seq":0,"segment":{"device":"tv"}}
{"type":"page_view","t":90,"visitor":"b","session":"s","seq":1,"page":"/","pv":0}
{"type":"task_end","t":95,"visitor":"b","session":"s","seq":2,"task":"x","outcome":"success"}
{"type":"page_view","t":500,"visitor":"c","session":"s","seq":0,"page":"/","pv":0}
)";

}  // namespace

TEST_CASE("fold: without a segment everything counts", "[cli]") {
  NdjsonReader reader;
  read(reader, kTwoDevices);
  Engine engine{insitu::kpi::Options{}};
  CHECK(fold_log(reader, engine) == 3);
  const auto report = engine.report();
  CHECK(value_of(report, "sessions") == 3);
  CHECK(report.quality.count(Problem::kClockBack) == 2);
  CHECK(report.quality.count(Problem::kOrphanTaskEnd) == 1);
  CHECK(report.quality.count(Problem::kMalformed) == 1);
}

TEST_CASE("fold: a segment leaves out the others, but reading counters cover the log", "[cli]") {
  NdjsonReader reader;
  read(reader, kTwoDevices);
  Engine engine{insitu::kpi::Options{}};
  CHECK(fold_log(reader, "device", "mobile", engine) == 1);
  const auto report = engine.report();
  CHECK(value_of(report, "sessions") == 1);
  CHECK(value_of(report, "visitors") == 1);
  CHECK(report.quality.count(Problem::kClockBack) == 2);
  CHECK(report.quality.count(Problem::kMalformed) == 1);
  CHECK(report.quality.count(Problem::kOrphanTaskEnd) == 0);
}

TEST_CASE("fold: a segment nobody is in gives an empty report", "[cli]") {
  NdjsonReader reader;
  read(reader, kTwoDevices);
  Engine engine{insitu::kpi::Options{}};
  CHECK(fold_log(reader, "device", "fridge", engine) == 0);
  CHECK(value_of(engine.report(), "sessions") == 0);
  CHECK(engine.report().quality.count(Problem::kClockBack) == 2);
}

TEST_CASE("fold: segments of the generated logs count what the reference counts", "[cli]") {
  for (const char* name : {"log_tiny", "log_small", "log_tabs"}) {
    std::ifstream file(insitu::test::fixture_path("vectors/" + std::string(name) + ".ndjson"));
    REQUIRE(file.good());
    NdjsonReader reader;
    read(reader, std::string{std::istreambuf_iterator<char>(file), {}});
    const auto expected = insitu::test::read_vectors(std::string(name) + ".expected");
    for (const auto& one : expected.at("cases")) {
      if (!one.at("options").empty()) continue;
      const auto& segment = one.at("segment");
      INFO(name << " segment " << segment.dump());
      Engine engine{insitu::kpi::Options{}};
      if (segment.is_null()) {
        fold_log(reader, engine);
      } else {
        fold_log(reader, segment.at(0).get<std::string>(), segment.at(1).get<std::string>(),
                 engine);
      }
      const auto report = engine.report();
      for (const char* id : {"sessions", "visitors", "page_views"}) {
        CHECK(value_of(report, id) == one.at("expected").at("kpis").at(id).at("value"));
      }
      const auto& quality = one.at("expected").at("quality");
      for (const Problem problem : {Problem::kMalformed, Problem::kUnknownType, Problem::kDuplicate,
                                    Problem::kOutOfOrder, Problem::kClockBack}) {
        INFO(insitu::base::name(problem));
        CHECK(report.quality.count(problem) ==
              quality.value(insitu::base::name(problem), std::uint64_t{0}));
      }
    }
  }
}

TEST_CASE("fold: pieces of several client sessions may take turns", "[cli]") {
  // As a reader that streams hands them out: one batch per event, an end behind the last.
  const auto pieces = [](const char* visitor) {
    std::vector<std::vector<std::byte>> batches;
    for (int i = 0; i < 3; ++i) {
      insitu::events::BatchBuilder builder;
      builder.context(visitor, "s", i);
      auto beat = insitu::test::event_at(i == 2 ? 50 : 100 * i);  // the last steps back
      builder.add(beat);
      if (i == 2) builder.end();
      const auto bytes = builder.finish();
      batches.emplace_back(bytes.begin(), bytes.end());
    }
    return batches;
  };
  const auto tv = pieces("a");
  const auto mobile = pieces("b");
  insitu::log::ClientInfo a;
  a.visitor = "a";
  a.session = "s";
  insitu::log::ClientInfo b = a;
  b.visitor = "b";
  const insitu::log::SegmentEntry mobile_device[] = {{"device", "mobile"}};
  b.segment = mobile_device;
  Engine engine{insitu::kpi::Options{}};
  insitu::cli::SegmentFold fold("device", "mobile", engine);
  for (std::size_t i = 0; i < 3; ++i) {
    fold.take(tv[i], a);
    fold.take(mobile[i], b);
  }
  // Over, so what has the same keys begins anew: 0 ms after 50 ms is no step back.
  fold.take(tv[0], a);
  CHECK(fold.finish() == 1);
  CHECK(value_of(engine.report(), "visitors") == 1);
  // One step back of each: the clock of the one that was skipped is its own.
  CHECK(engine.report().quality.count(Problem::kClockBack) == 2);
}
