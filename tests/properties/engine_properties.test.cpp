// SPDX-License-Identifier: MIT
// What holds for every log: how it is cut, saved, exported, repeated and shuffled changes nothing.
// A failure names its seed.
#include <cstdint>
#include <string>
#include <vector>

#include "catch_amalgamated.hpp"
#include "tests/helpers/engine_report.h"
#include "tests/helpers/random_log.h"

using insitu::Engine;
using insitu::base::Limits;
using insitu::base::Problem;
using insitu::base::Status;
using insitu::kpi::Options;
using insitu::test::Bytes;
using insitu::test::difference;
using insitu::test::JournalEvent;
using insitu::test::Json;
using insitu::test::Random;
using insitu::test::report_json;
using insitu::test::report_text;

namespace {

constexpr std::uint64_t kJournals = 60;
constexpr std::size_t kEvents = 150;

// Every third seed under limits so small that all of them are reached.
Limits limits_of(std::uint64_t seed) {
  Limits limits = seed % 3 == 1 ? Limits::browser() : Limits::lab();
  if (seed % 3 == 2) {
    limits.strings = 6;
    limits.page_views = 4;
    limits.attempts = 3;
    limits.samples = 2;
    limits.grid_cells = 5;
  }
  return limits;
}

// The same with room for all strings: a journal also keeps names of tasks that never started.
Limits roomy_limits_of(std::uint64_t seed) {
  Limits limits = limits_of(seed);
  limits.strings = 1000;
  return limits;
}

Engine engine_of(std::uint64_t seed) { return Engine(Options{}, limits_of(seed)); }

void fold(Engine& engine, const std::vector<Bytes>& batches) {
  for (const Bytes& batch : batches) REQUIRE(engine.ingest(batch) == Status::kOk);
}

Json without_quality(const Engine& engine) {
  Json report = report_json(engine);
  report.erase("quality");
  return report;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

std::string events_text(std::span<const std::byte> batch) {
  insitu::report::JsonWriter out;
  out.begin_array();
  REQUIRE(insitu::events::write_batch(batch, out) == Status::kOk);
  out.end_array();
  return out.take();
}

// The journal of a seed.
struct JournalCase {
  std::uint64_t seed;
  Random random{seed};
  std::vector<JournalEvent> journal = insitu::test::random_journal(random, kEvents);

  std::vector<Bytes> batches(double cuts) {
    return insitu::test::batches_of_journal(journal, [&] { return random.uniform() < cuts; });
  }
};

// A log of three visitors, as lines.
std::vector<std::string> random_lines(Random& random) {
  std::vector<std::string> all;
  for (const char* visitor : {"a", "b", "c"}) {
    const auto journal = insitu::test::random_journal(random, kEvents / 3);
    for (auto& line : insitu::test::lines_of_journal(journal, visitor)) all.push_back(line);
  }
  return all;
}

}  // namespace

TEST_CASE("properties: the random journals hold what they are meant to hold", "[properties]") {
  std::uint64_t sessions = 0;
  std::uint64_t attempts = 0;
  std::uint64_t clock_back = 0;
  std::uint64_t converted = 0;
  for (std::uint64_t seed = 0; seed < kJournals; ++seed) {
    Engine engine{Options{}};
    fold(engine, JournalCase{seed}.batches(0.2));
    const Json report = report_json(engine);
    sessions += report["kpis"]["sessions"]["value"].get<std::uint64_t>();
    attempts += report["kpis"]["task_success_rate"]["n"].get<std::uint64_t>();
    converted += report["kpis"]["conversion_rate"]["x"].get<std::uint64_t>();
    clock_back += report["quality"].value("clock_back", std::uint64_t{0});
    CHECK(report["kpis"]["page_views"]["value"] > 0);
  }
  CHECK(sessions > 3 * kJournals);
  CHECK(attempts > 5 * kJournals);
  CHECK(clock_back > 0);
  CHECK(converted > kJournals / 2);
}

TEST_CASE("properties: cutting the events into batches anywhere changes nothing", "[properties]") {
  for (std::uint64_t seed = 0; seed < kJournals; ++seed) {
    INFO("seed " << seed);
    JournalCase test{seed};
    Engine whole = engine_of(seed);
    fold(whole, test.batches(0));
    for (const double cuts : {0.1, 0.5, 1.0}) {
      Engine engine = engine_of(seed);
      fold(engine, test.batches(cuts));
      REQUIRE(difference(engine, whole) == "");
    }
  }
}

TEST_CASE("properties: a report changes nothing, neither itself nor what follows", "[properties]") {
  for (std::uint64_t seed = 0; seed < kJournals; ++seed) {
    INFO("seed " << seed);
    JournalCase test{seed};
    const std::vector<Bytes> batches = test.batches(0.3);
    Engine quiet = engine_of(seed);
    fold(quiet, batches);
    Engine asked = engine_of(seed);
    for (const Bytes& batch : batches) {
      REQUIRE(asked.ingest(batch) == Status::kOk);
      if (test.random.below(4) == 0) REQUIRE(report_text(asked) == report_text(asked));
    }
    REQUIRE(difference(asked, quiet) == "");
    REQUIRE(report_text(asked) == report_text(asked));
  }
}

TEST_CASE("properties: saved and restored it goes on as if it had not been", "[properties]") {
  for (std::uint64_t seed = 0; seed < kJournals; ++seed) {
    INFO("seed " << seed);
    JournalCase test{seed};
    const std::vector<Bytes> batches = test.batches(0.3);
    Engine plain = engine_of(seed);
    Engine moved = engine_of(seed);
    for (const Bytes& batch : batches) {
      REQUIRE(plain.ingest(batch) == Status::kOk);
      REQUIRE(moved.ingest(batch) == Status::kOk);
      if (test.random.below(3) != 0) continue;
      const std::vector<std::byte> state = moved.save();
      Engine fresh = engine_of(seed);
      REQUIRE(fresh.restore(state) == Status::kOk);
      moved = std::move(fresh);
      REQUIRE(difference(moved, plain) == "");
    }
    REQUIRE(difference(moved, plain) == "");
  }
}

TEST_CASE("properties: records of unknown types change nothing but their counter", "[properties]") {
  for (std::uint64_t seed = 0; seed < kJournals; ++seed) {
    INFO("seed " << seed);
    JournalCase test{seed};
    Engine plain = engine_of(seed);
    Engine strewn = engine_of(seed);
    std::uint64_t inserted = 0;
    for (const Bytes& batch : test.batches(0.3)) {
      REQUIRE(plain.ingest(batch) == Status::kOk);
      Bytes longer(batch.begin(), batch.begin() + 32);
      const bool whole = insitu::events::for_each_record(
          std::span(batch).subspan(32), [&](std::uint16_t, std::span<const std::byte> record) {
            while (test.random.below(4) == 0) {
              Bytes unknown(8 * (1 + test.random.below(12)));
              for (std::byte& each : unknown) each = static_cast<std::byte>(test.random.below(256));
              const std::uint16_t types[] = {0, 4, 15, 38, 1000, 0xffff};
              insitu::test::put(unknown, 0, types[test.random.below(6)]);
              insitu::test::put(unknown, 2, static_cast<std::uint16_t>(unknown.size() / 8));
              longer.insert(longer.end(), unknown.begin(), unknown.end());
              ++inserted;
            }
            longer.insert(longer.end(), record.begin(), record.end());
          });
      REQUIRE(whole);
      insitu::test::put(longer, 8, static_cast<std::uint32_t>(longer.size()));
      REQUIRE(strewn.ingest(longer) == Status::kOk);
    }
    REQUIRE(without_quality(strewn) == without_quality(plain));
    REQUIRE(strewn.report().quality.count(Problem::kUnknownType) == inserted);
    insitu::base::Quality quality = plain.report().quality;
    quality.add(Problem::kUnknownType, inserted);
    REQUIRE(strewn.report().quality.counts == quality.counts);
  }
}

TEST_CASE("properties: batches with final numbers, folded again, give the same report",
          "[properties]") {
  for (std::uint64_t seed = 0; seed < kJournals; ++seed) {
    INFO("seed " << seed);
    JournalCase test{seed};
    const Limits limits = roomy_limits_of(seed);
    Engine local(Options{}, limits);
    local.identify("somebody");
    local.keep_final(true);
    Engine final_engine(Options{}, limits);
    Engine again(Options{}, limits);
    again.keep_final(true);
    for (const Bytes& batch : test.batches(0.2)) {
      REQUIRE(local.ingest(batch) == Status::kOk);
      const Bytes numbered = insitu::test::bytes_of(local.final_batch());
      REQUIRE(final_engine.ingest(numbered) == Status::kOk);
      // A final batch is final: once more changes no event.
      REQUIRE(again.ingest(numbered) == Status::kOk);
      REQUIRE(events_text(numbered) == events_text(again.final_batch()));
    }
    REQUIRE(difference(final_engine, local) == "");
  }
}

TEST_CASE("properties: a journal exported as lines and read again gives the same report",
          "[properties]") {
  for (std::uint64_t seed = 0; seed < kJournals; ++seed) {
    INFO("seed " << seed);
    JournalCase test{seed};
    Engine local{Options{}};
    local.identify("v");
    fold(local, test.batches(0.2));
    const std::string log = joined(insitu::test::lines_of_journal(test.journal, "v"));
    // A line has no place for the number of a text that no batch defined: it is just absent there.
    Engine read = insitu::test::fold_ndjson(log);
    insitu::base::Quality undefined;
    undefined.add(Problem::kBadString, local.report().quality.count(Problem::kBadString));
    read.add_quality(undefined);
    REQUIRE(difference(read, local) == "");
  }
}

TEST_CASE("properties: shuffled and repeated lines of a log change only the quality",
          "[properties]") {
  for (std::uint64_t seed = 0; seed < kJournals; ++seed) {
    INFO("seed " << seed);
    Random random(seed);
    std::vector<std::string> lines = random_lines(random);
    const Engine plain = insitu::test::fold_ndjson(joined(lines), {}, Limits::lab());
    const std::size_t count = lines.size();
    for (std::size_t i = 0; i < count; i += 1 + random.below(5)) lines.push_back(lines[i]);
    const std::uint64_t repeated = lines.size() - count;
    random.shuffle(lines);
    const Engine mixed = insitu::test::fold_ndjson(joined(lines), {}, Limits::lab());
    REQUIRE(without_quality(mixed) == without_quality(plain));
    REQUIRE(mixed.report().quality.count(Problem::kDuplicate) == repeated);
    REQUIRE(mixed.report().quality.count(Problem::kOutOfOrder) > 0);
    REQUIRE(mixed.report().quality.count(Problem::kClockBack) ==
            plain.report().quality.count(Problem::kClockBack));
  }
}

TEST_CASE("properties: visitors are independent, whatever the order of their client sessions",
          "[properties]") {
  for (std::uint64_t seed = 0; seed < kJournals; ++seed) {
    INFO("seed " << seed);
    Random random(seed);
    auto batches = insitu::test::batches_of(joined(random_lines(random)));
    Engine forward{Options{}};
    for (const auto& batch : batches) REQUIRE(forward.ingest(batch) == Status::kOk);
    // Whole client sessions: the reader gives each its own batches, in one piece at this size.
    Engine backward{Options{}};
    for (std::size_t i = batches.size(); i-- > 0;) {
      REQUIRE(backward.ingest(batches[i]) == Status::kOk);
    }
    REQUIRE(difference(backward, forward) == "");
  }
}
