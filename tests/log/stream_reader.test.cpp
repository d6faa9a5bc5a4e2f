// SPDX-License-Identifier: MIT
// Covers log/stream_reader.h: what it gives is what NdjsonReader gives, with bounded memory.
#include "log/stream_reader.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch_amalgamated.hpp"
#include "tests/helpers/engine_report.h"
#include "tests/helpers/log_events.h"
#include "tests/helpers/random_log.h"

using insitu::Engine;
using insitu::base::Problem;
using insitu::log::ClientInfo;
using insitu::log::NdjsonReader;
using insitu::log::Note;
using insitu::log::StreamOptions;
using insitu::log::StreamReader;
using namespace insitu::test;

namespace {

// One event line; `fields` as in LogText.
std::string event_line(std::string_view type, std::string_view session, std::int64_t seq,
                       std::string_view fields = {}, std::int64_t t = 1000) {
  std::string line = "{\"type\":\"" + std::string(type) + "\",\"t\":" + std::to_string(t) +
                     ",\"visitor\":\"v\",\"session\":\"" + std::string(session) +
                     "\",\"seq\":" + std::to_string(seq);
  if (!fields.empty()) line += "," + std::string(fields);
  return line + "}\n";
}

std::string beats(std::string_view session, std::int64_t first, std::int64_t last) {
  std::string text;
  for (std::int64_t seq = first; seq <= last; ++seq) text += event_line("heartbeat", session, seq);
  return text;
}

// What came out, by client session, and in which order.
struct Stream {
  std::map<std::string, std::vector<std::string>> events;
  std::vector<std::string> ended;
  std::set<std::string> segments;  // "key=value" or "" of every batch
  int batches = 0;
  StreamReader reader;

  explicit Stream(const StreamOptions& options = {})
      : reader([this](std::span<const std::byte> batch,
                      const ClientInfo& client) { take(batch, client); },
               options) {}
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  void take(std::span<const std::byte> batch, const ClientInfo& client) {
    ++batches;
    CHECK(reinterpret_cast<std::uintptr_t>(batch.data()) % 8 == 0);
    const BatchContent content = read_batch(batch);
    const std::string key = std::string(client.visitor) + "/" + std::string(client.session);
    REQUIRE_FALSE(content.contexts.empty());
    for (const std::string& context : content.contexts) CHECK(context.starts_with(key + "/"));
    auto& known = events[key];
    known.insert(known.end(), content.events.begin(), content.events.end());
    for (int i = 0; i < content.ends; ++i) ended.push_back(key);
    std::string segment;
    for (const auto& entry : client.segment) {
      segment += std::string(entry.key) + "=" + std::string(entry.value) + ";";
    }
    segments.insert(segment);
  }
  void read(std::string_view text) {
    reader.feed(text);
    reader.finish();
  }
  std::uint64_t count(Problem problem) const { return reader.quality().count(problem); }
};

std::map<std::string, std::vector<std::string>> events_by_client(std::string_view log) {
  NdjsonReader reader;
  reader.feed(log);
  reader.finish();
  std::map<std::string, std::vector<std::string>> events;
  reader.for_each_batch([&](std::span<const std::byte> batch, const ClientInfo& client) {
    auto& known = events[std::string(client.visitor) + "/" + std::string(client.session)];
    for (std::string& each : read_batch(batch).events) known.push_back(std::move(each));
  });
  return events;
}

Engine fold_stream(std::string_view log, const StreamOptions& options, std::size_t step) {
  Engine engine{insitu::kpi::Options{}};
  StreamReader reader(
      [&](std::span<const std::byte> batch, const ClientInfo&) { (void)engine.ingest(batch); },
      options);
  for (std::size_t i = 0; i < log.size(); i += step) reader.feed(log.substr(i, step));
  reader.finish();
  engine.add_quality(reader.quality());
  return engine;
}

// The lines of several visitors, those of each in order.
std::vector<std::string> random_lines(Random& random) {
  std::vector<std::vector<std::string>> visitors(1 + random.below(4));
  for (std::size_t i = 0; i < visitors.size(); ++i) {
    visitors[i] =
        lines_of_journal(random_journal(random, 20 + random.below(60)), "v" + std::to_string(i));
    std::reverse(visitors[i].begin(), visitors[i].end());
  }
  std::vector<std::string> lines;
  while (!visitors.empty()) {
    auto& from = visitors[random.below(visitors.size())];
    if (from.empty()) {
      std::swap(from, visitors.back());
      visitors.pop_back();
      continue;
    }
    lines.push_back(std::move(from.back()));
    from.pop_back();
  }
  return lines;
}

// Moves lines by fewer than `distance` places.
void jitter(std::vector<std::string>& lines, Random& random, std::size_t distance) {
  std::vector<std::pair<std::size_t, std::string>> placed;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    placed.emplace_back(i + random.below(distance), std::move(lines[i]));
  }
  std::stable_sort(placed.begin(), placed.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (std::size_t i = 0; i < lines.size(); ++i) lines[i] = std::move(placed[i].second);
}

std::string text_of(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

std::string fixture(const std::string& name) {
  std::ifstream file(INSITU_FIXTURES "/vectors/" + name, std::ios::binary);
  REQUIRE(file.good());
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("stream: 200 random logs give the report of the whole log, however they are cut",
          "[log]") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    INFO("seed " << seed);
    Random random(seed);
    std::vector<std::string> lines = random_lines(random);
    const StreamOptions options{.window_events = 1 + random.below(12)};
    if (random.below(2) == 0) jitter(lines, random, options.window_events);
    for (std::uint64_t i = random.below(6); i > 0; --i) {
      // Behind the original: a copy that comes early would push the window on.
      const std::size_t first = random.below(lines.size());
      const std::size_t second = first + 1 + random.below(lines.size() - first);
      const std::string again = lines[first];
      lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(second), again);
    }
    if (random.below(3) == 0) lines.insert(lines.begin(), "nothing");
    const std::string log = text_of(lines);
    const Engine whole = fold_ndjson(log);
    const Engine stream = fold_stream(log, options, 1 + random.below(1000));
    CHECK(difference(whole, stream) == "");
  }
}

TEST_CASE("stream: lines moved within the window are put in order, and none is late", "[log]") {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    INFO("seed " << seed);
    Random random(seed);
    std::vector<std::string> lines = random_lines(random);
    const StreamOptions options{.window_events = 4 + random.below(20)};
    jitter(lines, random, options.window_events);
    const std::string log = text_of(lines);
    Stream stream(options);
    stream.read(log);
    NdjsonReader whole;
    whole.feed(log);
    whole.finish();
    CHECK(stream.events == events_by_client(log));
    CHECK(stream.count(Problem::kLate) == 0);
    CHECK(stream.count(Problem::kOutOfOrder) > 0);
    CHECK(stream.reader.quality().counts == whole.quality().counts);
    CHECK(stream.ended.size() == stream.events.size());
    CHECK(stream.reader.events() == whole.events());
  }
}

TEST_CASE("stream: the reference logs give the same events, problems and reports", "[log]") {
  for (const char* name : {"log_tiny.ndjson", "log_small.ndjson", "log_tabs.ndjson"}) {
    INFO(name);
    const std::string log = fixture(name);
    NdjsonReader whole;
    whole.feed(log);
    whole.finish();
    // Nothing ends before the log does, so even the client sessions come in the same order.
    Stream stream({.close_after_ms = 1e16});
    stream.read(log);
    CHECK(stream.events == events_by_client(log));
    CHECK(stream.reader.quality().counts == whole.quality().counts);
    CHECK(stream.reader.lines() == whole.lines());
    CHECK(difference(fold_ndjson(log), fold_stream(log, {.close_after_ms = 1e16}, 1000)) == "");
    CHECK(difference(fold_ndjson(log), fold_stream(log, {}, 1 << 16)) == "");
  }
}

TEST_CASE("stream: an event below what was handed on is late or a duplicate", "[log]") {
  Stream stream({.window_events = 2});
  // 0 and 5 are missing. The seventh event of the session pushes all but the last two on.
  stream.reader.feed(beats("s", 1, 4) + beats("s", 6, 8));
  const int batches = stream.batches;
  CHECK(batches > 0);
  stream.reader.feed(event_line("click", "s", 2));
  CHECK(stream.count(Problem::kDuplicate) == 1);
  CHECK(stream.count(Problem::kOutOfOrder) == 0);
  stream.reader.feed(event_line("click", "s", 0));
  CHECK(stream.count(Problem::kLate) == 1);
  // A late event that comes again: nothing is remembered of the first.
  stream.reader.feed(event_line("click", "s", 0));
  CHECK(stream.count(Problem::kLate) == 2);
  CHECK(stream.count(Problem::kOutOfOrder) == 1);
  stream.reader.feed(event_line("click", "s", 8));
  CHECK(stream.count(Problem::kDuplicate) == 2);
  stream.reader.finish();
  CHECK(stream.events["v/s"].size() == 7);
  CHECK(stream.reader.events() == 7);
  CHECK(stream.count(Problem::kMalformed) == 0);
  std::vector<std::uint64_t> late_lines;
  for (const Note& note : stream.reader.notes()) {
    if (note.problem == Problem::kLate) late_lines.push_back(note.line);
  }
  CHECK(late_lines == std::vector<std::uint64_t>{9, 10});
}

TEST_CASE("stream: gaps beyond the last ones are one, and what is between them counts as late",
          "[log]") {
  Stream stream({.window_events = 1});
  std::string text;
  constexpr std::int64_t kCount = 3 * static_cast<std::int64_t>(StreamReader::kMaxGaps);
  for (std::int64_t i = 0; i < kCount; ++i) text += event_line("heartbeat", "s", 2 * i + 1);
  stream.reader.feed(text);
  // Long ago: it was there, but that is not known any more.
  stream.reader.feed(event_line("heartbeat", "s", 5));
  CHECK(stream.count(Problem::kLate) == 1);
  CHECK(stream.count(Problem::kDuplicate) == 0);
  // Among the last gaps: still known for sure.
  stream.reader.feed(event_line("heartbeat", "s", 2 * kCount - 9));
  CHECK(stream.count(Problem::kDuplicate) == 1);
  stream.reader.feed(event_line("heartbeat", "s", 2 * kCount - 10));
  CHECK(stream.count(Problem::kLate) == 2);
}

TEST_CASE("stream: a client session ends when log time has passed it by", "[log]") {
  Stream stream({.close_after_ms = 1000});
  stream.reader.feed(event_line("heartbeat", "a", 0, "", 5000));
  stream.reader.feed(event_line("heartbeat", "b", 0, "", 6000));
  CHECK(stream.ended.empty());
  CHECK(stream.reader.open_clients() == 2);
  stream.reader.feed(event_line("heartbeat", "b", 1, "", 6001));
  CHECK(stream.ended == std::vector<std::string>{"v/a"});
  // An older clock does not take log time back, nor does it end anything.
  stream.reader.feed(event_line("heartbeat", "c", 0, "", 10));
  stream.reader.feed(event_line("heartbeat", "c", 1, "", 11));
  CHECK(stream.reader.open_clients() == 2);
  stream.reader.feed(event_line("heartbeat", "d", 0, "", 7002));
  CHECK(stream.ended == std::vector<std::string>{"v/a", "v/b", "v/c"});
  CHECK(stream.events["v/c"].size() == 2);
  stream.reader.finish();
  CHECK(stream.ended.size() == 4);
  CHECK(stream.reader.open_clients() == 0);
  CHECK(stream.reader.held_events() == 0);
}

TEST_CASE("stream: the client session that is silent longest makes room for a new one", "[log]") {
  Stream stream({.open_clients = 2});
  stream.reader.feed(event_line("heartbeat", "a", 0) + event_line("heartbeat", "b", 0) +
                     event_line("heartbeat", "a", 1));
  CHECK(stream.ended.empty());
  stream.reader.feed(event_line("heartbeat", "c", 0));
  CHECK(stream.ended == std::vector<std::string>{"v/b"});
  CHECK(stream.reader.open_clients() == 2);
  // It begins anew when it comes back: nothing is known of its first event.
  stream.reader.feed(event_line("heartbeat", "b", 0));
  CHECK(stream.ended == std::vector<std::string>{"v/b", "v/a"});
  stream.reader.finish();
  CHECK(stream.ended == std::vector<std::string>{"v/b", "v/a", "v/c", "v/b"});
  CHECK(stream.count(Problem::kDuplicate) == 0);
}

TEST_CASE("stream: every batch has the segment of the first session_start that was in time",
          "[log]") {
  const auto start = [](std::int64_t seq, std::string_view device) {
    return event_line("session_start", "s", seq,
                      R"("segment":{"device":")" + std::string(device) + "\"}");
  };
  SECTION("out of order, before the first batch") {
    Stream stream({.window_events = 4});
    stream.read(start(3, "tv") + beats("s", 4, 6) + start(1, "mobile") + beats("s", 7, 40));
    CHECK(stream.segments == std::set<std::string>{"device=mobile;"});
    CHECK(stream.batches > 2);
  }
  SECTION("the first batch waits one window longer for it") {
    Stream stream({.window_events = 4});
    stream.reader.feed(beats("s", 0, 11));
    CHECK(stream.batches == 0);
    stream.reader.feed(start(12, "mobile"));
    CHECK(stream.batches == 1);
    stream.read(beats("s", 13, 40));
    CHECK(stream.segments == std::set<std::string>{"device=mobile;"});
  }
  SECTION("one that comes later still changes nothing") {
    Stream stream({.window_events = 4});
    stream.reader.feed(beats("s", 0, 12));
    CHECK(stream.batches == 1);
    stream.read(start(13, "mobile") + beats("s", 14, 40));
    CHECK(stream.segments == std::set<std::string>{""});
  }
}

TEST_CASE("stream: memory grows with what is open, not with the log", "[log]") {
  constexpr std::size_t kWindow = 8;
  constexpr std::uint64_t kOpen = 5;
  Stream stream({.window_events = kWindow, .close_after_ms = 10'000});
  std::uint64_t most_held = 0;
  std::size_t most_open = 0;
  std::size_t most_text = 0;
  std::uint64_t bytes = 0;
  // Client sessions of 60 events, five at a time, every text a new one.
  for (std::int64_t i = 0; i < 30'000; ++i) {
    const std::string session = "s" + std::to_string(i / 300 * 5 + i % 5);
    const std::string order =
        R"("order":")" + std::to_string(i) + std::string(300, 'x') + R"(","value":1)";
    const std::string line = event_line("order", session, i % 300 / 5, order, 100'000 + i * 40);
    bytes += line.size();
    stream.reader.feed(line);
    most_held = std::max(most_held, stream.reader.held_events());
    most_open = std::max(most_open, stream.reader.open_clients());
    most_text = std::max(most_text, stream.reader.text_bytes());
  }
  // 10 s are 250 events, nearly those of five client sessions that wait for their end.
  CHECK(most_open <= 2 * kOpen);
  CHECK(most_held <= 2 * kOpen * 3 * kWindow);
  CHECK(bytes > 11'000'000);
  CHECK(most_text < 6'000'000);
  stream.reader.finish();
  std::uint64_t events = 0;
  for (const auto& [client, each] : stream.events) events += each.size();
  CHECK(events == 30'000);
  CHECK(stream.events.size() == 500);
  // Texts that were given new numbers are still the right ones.
  CHECK(stream.events["v/s499"].back().find(R"("order":"29999x)") != std::string::npos);
  CHECK(stream.events["v/s250"].front().find(R"("order":"15000x)") != std::string::npos);
}
