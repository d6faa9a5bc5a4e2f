// SPDX-License-Identifier: MIT
// What holds for the partials of every log: however the visitors are split, the batches cut, the
// lines repeated and the state saved, the bytes are the same. A failure names its seed.
#include <array>
#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "catch_amalgamated.hpp"
#include "partial/binary.h"
#include "partial/merge.h"
#include "partial/partial.h"
#include "partial/tree.h"
#include "tests/helpers/engine_report.h"
#include "tests/helpers/random_ndjson.h"
#include "tests/helpers/records.h"

using insitu::Engine;
using insitu::base::Problem;
using insitu::base::Status;
using insitu::kpi::Options;
using insitu::partial::Tree;
using insitu::test::Bytes;
using insitu::test::fold_ndjson;
using insitu::test::Json;
using insitu::test::LogLine;
using insitu::test::Random;
using insitu::test::report_json;
using insitu::test::report_text;

namespace {

constexpr std::uint64_t kSplits = 1000;
constexpr std::uint64_t kLogs = 100;

// Most logs under the defaults, some under options that change what is counted when.
Options options_of_log(std::uint64_t seed) {
  constexpr std::array<const char*, 5> kOptions{
      "{}", "{}", "{}",
      R"({"tz_offset_min":-330,"cart_unit":"visitor_day","conversion_unit":"session",)"
      R"("bounce_mode":"ga4","time_population":"all","sus_missing":"neutral","as_of":20500})",
      R"({"session_timeout_ms":60000,"idle_cap_ms":null,"rage_metric":"euclid","retention_days":[0,2],)"
      R"("clv_net_of_refunds":true,"error_rate_mode":"share","heat_cols":7,"band_px":33.5})"};
  return insitu::test::options_of(kOptions[seed % kOptions.size()]);
}

// The log of a seed.
struct LogCase {
  explicit LogCase(std::uint64_t number)
      : seed(number), random(number), options(options_of_log(number)) {
    shape.lines = 30 + random.below(random.below(4) == 0 ? 170 : 60);
    shape.visitors = 1 + random.below(9);
    shape.groups = 1 + random.below(shape.visitors);
    lines = insitu::test::random_ndjson(random, shape);
  }

  Engine fold(const std::vector<LogLine>& some) const {
    return fold_ndjson(insitu::test::joined(some), options);
  }

  std::uint64_t seed;
  Random random;
  Options options;
  insitu::test::LogShape shape;
  std::vector<LogLine> lines;
};

std::string partial_text(const Engine& engine) { return canonical(insitu::partial::make(engine)); }

// The lines of every group of visitors, any number of groups together.
std::vector<std::vector<LogLine>> split(LogCase& test) {
  std::vector<std::vector<LogLine>> parts(1 + test.random.below(test.shape.groups + 1));
  std::vector<std::size_t> part_of(test.shape.groups);
  for (std::size_t& part : part_of) part = test.random.below(parts.size());
  for (const LogLine& line : test.lines) parts[part_of[line.group]].push_back(line);
  return parts;
}

// Adds up two at a time, any two.
Tree merged(std::vector<Tree> trees, Random& random) {
  while (trees.size() > 1) {
    random.shuffle(trees);
    REQUIRE(insitu::partial::merge(trees[trees.size() - 2], trees.back()).ok());
    trees.pop_back();
  }
  return trees[0];
}

// A batch cut into several wherever cut() says so. Each has the texts and the context it needs.
template <class Cut>
std::vector<Bytes> pieces_of(const Bytes& batch, Cut&& cut) {
  const std::size_t head_bytes = sizeof(insitu::events::BatchHead);
  std::vector<Bytes> pieces;
  Bytes piece(batch.begin(), batch.begin() + static_cast<std::ptrdiff_t>(head_bytes));
  Bytes texts;
  std::uint32_t text_count = 0;
  std::uint32_t count = 0;
  bool is_begun = false;  // an event is in the piece
  insitu::events::ContextRecord context;
  const auto append = [](Bytes& to, std::span<const std::byte> bytes) {
    to.insert(to.end(), bytes.begin(), bytes.end());
  };
  const auto finish = [&] {
    insitu::test::put(piece, 8, static_cast<std::uint32_t>(piece.size()));
    insitu::test::put(piece, 12, count);
    pieces.push_back(piece);
  };
  const bool is_whole =
      insitu::events::for_each_record(std::span(batch).subspan(head_bytes),
                                      [&](std::uint16_t type, std::span<const std::byte> record) {
                                        if (is_begun && type != 3 && cut()) {
                                          finish();
                                          piece.resize(head_bytes);
                                          append(piece, texts);
                                          append(piece, std::as_bytes(std::span(&context, 1)));
                                          count = text_count + 1;
                                          is_begun = false;
                                        }
                                        if (type == 1) {
                                          append(texts, record);
                                          ++text_count;
                                        } else if (type == 2) {
                                          std::memcpy(&context, record.data(), sizeof context);
                                        } else if (type != 3) {
                                          ++context.seq;
                                          is_begun = true;
                                        }
                                        append(piece, record);
                                        ++count;
                                      });
  REQUIRE(is_whole);
  finish();
  return pieces;
}

// The batches of a log, cut into pieces.
std::vector<Bytes> pieces_of_log(LogCase& test, double cuts) {
  std::vector<Bytes> pieces;
  for (const Bytes& batch : insitu::test::batches_of(insitu::test::joined(test.lines))) {
    for (Bytes& piece : pieces_of(batch, [&] { return test.random.uniform() < cuts; })) {
      pieces.push_back(std::move(piece));
    }
  }
  return pieces;
}

Json without(Json report, std::initializer_list<Problem> problems) {
  for (const Problem problem : problems) report["quality"].erase(insitu::base::name(problem));
  return report;
}

}  // namespace

TEST_CASE("properties: the random logs hold what they are meant to hold", "[properties]") {
  std::map<std::string, std::uint64_t> values;
  std::map<std::string, std::uint64_t> problems;
  for (std::uint64_t seed = 0; seed < kLogs; ++seed) {
    LogCase test(seed);
    const Json report = report_json(test.fold(test.lines));
    for (const auto& [id, kpi] : report["kpis"].items()) {
      // Those without a value of their own have tables.
      values[id] += kpi.contains("value") ? !kpi["value"].is_null() : kpi.size() > 3;
    }
    for (const auto& [name, count] : report["quality"].items()) {
      problems[name] += count.get<std::uint64_t>();
    }
  }
  // Every KPI has a value in some of the logs.
  CHECK(values.size() > 50);
  for (const auto& [id, count] : values) {
    INFO(id);
    CHECK(count > 0);
  }
  for (const Problem problem :
       {Problem::kMalformed, Problem::kUnknownType, Problem::kDuplicate, Problem::kOutOfOrder,
        Problem::kClockBack, Problem::kBadTaskStart, Problem::kOrphanTaskEnd,
        Problem::kInvalidAnswers, Problem::kDuplicateOrder, Problem::kOrphanTicket}) {
    INFO(insitu::base::name(problem));
    CHECK(problems[insitu::base::name(problem)] > 0);
  }
}

TEST_CASE(
    "properties: partials of any parts of the visitors, in any order and grouping, add up to "
    "the partial of all",
    "[properties]") {
  for (std::uint64_t seed = 0; seed < kSplits; ++seed) {
    INFO("seed " << seed);
    LogCase test(seed);
    const std::string whole = partial_text(test.fold(test.lines));
    std::vector<Engine> engines;
    std::vector<Tree> trees;
    for (const auto& part : split(test)) {
      engines.push_back(test.fold(part));
      trees.push_back(insitu::partial::make(engines.back()));
    }
    REQUIRE(canonical(merged(trees, test.random)) == whole);

    // Into an engine that has nothing, or a part of its own that is still going on.
    const std::size_t own = test.random.below(trees.size() + 1);
    Engine sum = own < trees.size() ? std::move(engines[own]) : Engine(test.options);
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < trees.size(); ++i) {
      if (i != own) order.push_back(i);
    }
    test.random.shuffle(order);
    for (const std::size_t i : order) REQUIRE(insitu::partial::add(trees[i], sum) == "");
    REQUIRE(partial_text(sum) == whole);
  }
}

TEST_CASE("properties: a partial comes back from its text and from its bytes", "[properties]") {
  for (std::uint64_t seed = 0; seed < kLogs; ++seed) {
    INFO("seed " << seed);
    LogCase test(seed);
    const std::string text = partial_text(test.fold(test.lines));
    Tree tree;
    REQUIRE(insitu::partial::parse(text, tree).ok());
    REQUIRE(canonical(tree) == text);
    const std::vector<std::byte> bytes = encode(tree);
    Tree decoded;
    REQUIRE(insitu::partial::decode(bytes, decoded).ok());
    REQUIRE(canonical(decoded) == text);
    REQUIRE(encode(decoded) == bytes);
    Engine engine(test.options);
    REQUIRE(insitu::partial::add(decoded, engine) == "");
    REQUIRE(partial_text(engine) == text);
  }
}

TEST_CASE("properties: logs of all event types can be cut into batches anywhere", "[properties]") {
  for (std::uint64_t seed = 0; seed < kLogs; ++seed) {
    INFO("seed " << seed);
    LogCase test(seed);
    Engine whole(test.options);
    for (const Bytes& batch : pieces_of_log(test, 0)) REQUIRE(whole.ingest(batch) == Status::kOk);
    Engine cut(test.options);
    for (const Bytes& batch : pieces_of_log(test, seed % 2 ? 0.2 : 1)) {
      REQUIRE(cut.ingest(batch) == Status::kOk);
    }
    REQUIRE(partial_text(cut) == partial_text(whole));
    REQUIRE(insitu::test::difference(cut, whole) == "");
  }
}

TEST_CASE("properties: lines that come twice or in another order change only their counters",
          "[properties]") {
  for (std::uint64_t seed = 0; seed < kLogs; ++seed) {
    INFO("seed " << seed);
    LogCase test(seed);
    const Json plain = report_json(test.fold(test.lines));
    std::vector<LogLine> lines = test.lines;
    std::uint64_t repeated = plain["quality"].value("duplicate", std::uint64_t{0});
    for (std::size_t i = 0; i < test.lines.size(); i += 1 + test.random.below(5)) {
      if (!test.lines[i].is_event) continue;
      lines.push_back(test.lines[i]);
      ++repeated;
    }
    test.random.shuffle(lines);
    const Json mixed = report_json(test.fold(lines));
    const auto rest = [](const Json& report) {
      return without(report, {Problem::kDuplicate, Problem::kOutOfOrder});
    };
    REQUIRE(Json::diff(rest(plain), rest(mixed)).dump() == "[]");
    REQUIRE(mixed["quality"].value("duplicate", std::uint64_t{0}) == repeated);
  }
}

TEST_CASE("properties: a report or a partial changes nothing, saved state goes on as before",
          "[properties]") {
  for (std::uint64_t seed = 0; seed < kLogs; ++seed) {
    INFO("seed " << seed);
    LogCase test(seed);
    // Some start from a partial of somebody else.
    const bool is_merged = seed % 3 == 0;
    LogCase other(seed + kSplits);
    const Tree before =
        insitu::partial::make(fold_ndjson(insitu::test::joined(other.lines), test.options));
    Engine plain(test.options);
    Engine moved(test.options);
    if (is_merged) {
      REQUIRE(insitu::partial::add(before, plain) == "");
      REQUIRE(insitu::partial::add(before, moved) == "");
    }
    for (const Bytes& batch : pieces_of_log(test, 0.1)) {
      REQUIRE(plain.ingest(batch) == Status::kOk);
      REQUIRE(moved.ingest(batch) == Status::kOk);
      if (test.random.below(9) != 0) continue;
      const std::vector<std::byte> state = moved.save();
      Engine fresh(test.options);
      REQUIRE(fresh.restore(state) == Status::kOk);
      REQUIRE(partial_text(fresh) == partial_text(moved));
      REQUIRE(report_text(fresh) == report_text(fresh));
      moved = std::move(fresh);
    }
    REQUIRE(partial_text(moved) == partial_text(plain));
    REQUIRE(insitu::test::difference(moved, plain) == "");
  }
}
