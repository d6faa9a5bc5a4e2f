// SPDX-License-Identifier: MIT
// Covers log/ndjson_reader.h: the rules of reading, case by case, and logs there and back.
#include "log/ndjson_reader.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "base/limits.h"
#include "catch_amalgamated.hpp"
#include "tests/helpers/log_events.h"
#include "tests/helpers/vectors.h"

using insitu::base::Problem;
using insitu::log::ClientInfo;
using insitu::log::NdjsonReader;
using insitu::log::Note;
using insitu::test::events_of;
using insitu::test::Json;
using insitu::test::read_batch;

namespace {

struct Log {
  NdjsonReader reader;

  explicit Log(std::string_view text) {
    reader.feed(text);
    reader.finish();
  }
  std::uint64_t count(Problem problem) const { return reader.quality().count(problem); }
};

// A valid event of a type, with further members.
std::string event(const std::string& type, const std::string& more = "", int seq = 0) {
  return R"({"type":")" + type + R"(","t":1767225600000,"visitor":"v","session":"s","seq":)" +
         std::to_string(seq) + (more.empty() ? "" : "," + more) + "}";
}

// The one event of a log as JSON, without the members that event() always writes.
Json own_fields(const std::string& line) {
  const Log log(line);
  const auto events = events_of(log.reader);
  REQUIRE(events.size() == 1);
  Json object = Json::parse(events[0]);
  for (const char* name : {"type", "t", "visitor", "session", "seq"}) object.erase(name);
  return object;
}

std::string identity(const Json& event) {
  return event.at("visitor").dump() + event.at("session").dump() + event.at("seq").dump();
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE(file.good());
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("reader: lines that are no events are malformed", "[log]") {
  const char* const lines[] = {
      "{bad",
      "[]",
      "17",
      "{}",
      R"({"type":"click","t":1,"visitor":"a","session":"s"})",
      R"({"t":1,"visitor":"a","session":"s","seq":1})",
      R"({"type":"click","visitor":"a","session":"s","seq":1})",
      R"({"type":"click","t":1.5,"visitor":"a","session":"s","seq":1})",
      R"({"type":"click","t":1.0,"visitor":"a","session":"s","seq":1})",
      R"({"type":"click","t":1e3,"visitor":"a","session":"s","seq":1})",
      R"({"type":"click","t":"9","visitor":"a","session":"s","seq":1})",
      R"({"type":"click","t":true,"visitor":"a","session":"s","seq":1})",
      R"({"type":"click","t":null,"visitor":"a","session":"s","seq":1})",
      R"({"type":"click","t":-1,"visitor":"a","session":"s","seq":1})",
      R"({"type":"click","t":8640000000000001,"visitor":"a","session":"s","seq":1})",
      R"({"type":"click","t":1,"visitor":"a","session":"s","seq":-1})",
      R"({"type":"click","t":1,"visitor":"a","session":"s","seq":1.0})",
      R"({"type":"click","t":1,"visitor":"a","session":"s","seq":9007199254740993})",
      R"({"type":"click","t":1,"visitor":"a","session":"s","seq":"1"})",
      R"({"type":"click","t":1,"visitor":"","session":"s","seq":1})",
      R"({"type":"click","t":1,"visitor":5,"session":"s","seq":1})",
      R"({"type":"click","t":1,"visitor":"a","session":"","seq":1})",
      R"({"type":"click","t":1,"visitor":"a","session":null,"seq":1})",
      R"({"type":"","t":1,"visitor":"a","session":"s","seq":1})",
      R"({"type":["click"],"t":1,"visitor":"a","session":"s","seq":1})",
      R"({"type":"page_view","t":1,"visitor":"a","session":"s","seq":1})",
      R"({"type":"page_view","t":1,"visitor":"a","session":"s","seq":1,"page":7})",
      R"({"type":"click","t":1,"visitor":"a","session":"s","seq":1,"x":NaN})",
      R"({"type":"click","t":1,"visitor":"a","session":"s","seq":1,"x":Infinity})",
      "{\"type\":\"click\",\"t\":1,\"visitor\":\"\xff\",\"session\":\"s\",\"seq\":1}",
      R"({"type":"zzz","t":1,"visitor":"a","session":"s","seq":"1"})",
  };
  for (const char* line : lines) {
    INFO(line);
    const Log log(line);
    CHECK(log.count(Problem::kMalformed) == 1);
    CHECK(log.count(Problem::kUnknownType) == 0);
    CHECK(log.reader.events() == 0);
    CHECK(log.reader.lines() == 1);
  }
}

TEST_CASE("reader: odd lines that are events all the same", "[log]") {
  const std::string lines[] = {
      event("click"),
      " " + event("click") + " \t\r",
      "\xef\xbb\xbf" + event("click"),
      R"({"type":"click","t":0,"visitor":"a","session":"s","seq":0})",
      R"({"type":"click","t":-0,"visitor":"a","session":"s","seq":0})",
      R"({"type":"click","t":8640000000000000,"visitor":"a","session":"s","seq":9007199254740991})",
      R"({"type":"click","t":"x","t":5,"visitor":"a","session":"s","seq":0})",
      event("page_view", R"("page":"")"),
      event("click", R"("page":7)"),
      event("click", R"("unknown":{"a":[1,2,{"b":null}]},"more":1e999)"),
      R"({"seq":0,"session":"s","visitor":"a","t":1,"x":3,"type":"click"})",
  };
  for (const std::string& line : lines) {
    INFO(line);
    const Log log(line);
    CHECK(log.count(Problem::kMalformed) == 0);
    CHECK(events_of(log.reader).size() == 1);
  }
}

TEST_CASE("reader: a byte order mark is nothing only at the start of the log", "[log]") {
  const Log log(event("click") + "\n\xef\xbb\xbf" + event("click", "", 1));
  CHECK(log.reader.events() == 1);
  CHECK(log.count(Problem::kMalformed) == 1);
}

TEST_CASE("reader: blank lines are nothing", "[log]") {
  const Log log("\n  \n\t\r\n" + event("click") + "\r\n\n");
  CHECK(log.reader.lines() == 1);
  CHECK(log.reader.events() == 1);
  CHECK(log.reader.quality().counts == insitu::base::Quality().counts);
  CHECK(Log("").reader.lines() == 0);
}

TEST_CASE("reader: unknown types are dropped and counted", "[log]") {
  const Log log(event("warp") + "\n" + event("click", "", 1));
  CHECK(log.count(Problem::kUnknownType) == 1);
  CHECK(log.count(Problem::kMalformed) == 0);
  CHECK(log.reader.events() == 1);
}

TEST_CASE("reader: fields of every event of the wrong type are absent", "[log]") {
  CHECK(own_fields(event("click", R"("pv":2,"mono":5,"page":"/a")")) ==
        Json::parse(R"({"pv":2,"mono":5,"page":"/a"})"));
  for (const char* value : {"2.0", "2e0", "\"2\"", "true", "null", "[2]", "9007199254740993"}) {
    INFO(value);
    const std::string more = R"("pv":)" + std::string(value) + R"(,"mono":)" + value;
    CHECK(own_fields(event("click", more)) == Json::object());
  }
  CHECK(own_fields(event("click", R"("pv":-3,"mono":-1)")) ==
        Json::parse(R"({"pv":-3,"mono":-1})"));
}

TEST_CASE("reader: numbers and integers of the wrong type are there and useless", "[log]") {
  CHECK(own_fields(event("click", R"("x":"5","y":null,"ex":1e999,"ey":true,"ew":2,"eh":-1.5)")) ==
        Json::parse(R"({"x":null,"y":null,"ex":null,"ey":null,"ew":2,"eh":-1.5})"));
  CHECK(own_fields(event("task_end", R"("attempt":1.0)")) == Json::parse(R"({"attempt":null})"));
  CHECK(own_fields(event("task_start", R"("attempt":"1","optimal":9007199254740993,"task":"a")")) ==
        Json::parse(R"({"task":"a","attempt":null,"optimal":null})"));
}

TEST_CASE("reader: clock_offset of the wrong type is absent", "[log]") {
  CHECK(own_fields(event("session_start", R"("clock_offset":-250)")) ==
        Json::parse(R"({"clock_offset":-250})"));
  for (const char* value : {"1.0", "\"5\"", "null", "true"}) {
    CHECK(own_fields(event("session_start", R"("clock_offset":)" + std::string(value))) ==
          Json::object());
  }
}

TEST_CASE("reader: from is a number, null, or absent", "[log]") {
  const auto from = [](const std::string& value) {
    return own_fields(event("page_view", R"("page":"/","from":)" + value));
  };
  CHECK(from("3") == Json::parse(R"({"page":"/","from":3})"));
  CHECK(from("null") == Json::parse(R"({"page":"/","from":null})"));
  for (const char* value : {"\"0\"", "1.0", "false", "[]"}) {
    CHECK(from(value) == Json::parse(R"({"page":"/"})"));
  }
}

TEST_CASE("reader: texts, bools and words of the wrong type are absent", "[log]") {
  CHECK(own_fields(event("click", R"("element":5,"interactive":1,"exempt":"rage")")) ==
        Json::object());
  CHECK(own_fields(event("click", R"("exempt":["rage",5])")) == Json::object());
  CHECK(own_fields(event("click", R"("exempt":["dead","foo","rage"],"interactive":false)")) ==
        Json::parse(R"({"interactive":false,"exempt":["rage","dead"]})"));
  CHECK(own_fields(event("click", R"("exempt":["foo"])")) == Json::parse(R"({"exempt":[]})"));
  CHECK(own_fields(event("click", R"("exempt":[])")) == Json::parse(R"({"exempt":[]})"));
}

TEST_CASE("reader: answers keep null, and tell what is no number", "[log]") {
  CHECK(own_fields(event("survey", R"("answers":[5,null,"9",true,[1],2.5])")) ==
        Json::parse(R"({"answers":[5,null,"","","",2.5]})"));
  CHECK(own_fields(event("survey", R"("answers":5)")) == Json::object());
  CHECK(own_fields(event("survey", R"("answers":null)")) == Json::object());
  CHECK(own_fields(event("survey", R"("answers":[])")) == Json::parse(R"({"answers":[]})"));
  CHECK(own_fields(event("survey", R"("topics":["a",5,"b"],"answers":[1])")) ==
        Json::parse(R"({"answers":[1],"topics":["a","b"]})"));
}

TEST_CASE("reader: segments keep their texts, the last of equal keys", "[log]") {
  CHECK(own_fields(event("session_start",
                         R"("segment":{"device":"tv","n":5,"x":null,"device":"mobile"})")) ==
        Json::parse(R"({"segment":{"device":"mobile"}})"));
  CHECK(own_fields(event("session_start", R"("segment":["a"])")) == Json::object());
  CHECK(own_fields(event("session_start", R"("segment":{})")) == Json::parse(R"({"segment":{}})"));
}

TEST_CASE("reader: the first of equal seq stays, neighbours that fall are counted", "[log]") {
  // The scenario `duplicates-out-of-order` of the vectors: seq 2 0 1 1 3 0.
  std::string text;
  for (const int seq : {2, 0, 1, 1, 3, 0}) {
    text += event("scroll", R"("y":)" + std::to_string(text.size()), seq) + "\n";
  }
  const Log log(text);
  CHECK(log.count(Problem::kDuplicate) == 2);
  CHECK(log.count(Problem::kOutOfOrder) == 1);
  const auto events = events_of(log.reader);
  REQUIRE(events.size() == 4);
  double last_y = 0;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const Json object = Json::parse(events[i]);
    CHECK(object.at("seq") == i);
    if (i == 1) last_y = object.at("y");
  }
  CHECK(last_y == static_cast<double>(text.find("\"seq\":1,") - event("scroll").find("\"seq\"")));
  const auto notes = log.reader.notes();
  REQUIRE(notes.size() == 3);
  CHECK(notes[0].problem == Problem::kOutOfOrder);
  CHECK(notes[0].line == 2);
  CHECK(notes[1].problem == Problem::kDuplicate);
  CHECK(notes[1].line == 4);
  CHECK(notes[2].line == 6);
  CHECK(notes[2].what == "the same visitor, session and seq as line 2");
}

TEST_CASE("reader: the same seq of another session or visitor is no duplicate", "[log]") {
  const Log log(R"({"type":"click","t":1,"visitor":"a","session":"s","seq":0})"
                "\n"
                R"({"type":"click","t":1,"visitor":"a","session":"t","seq":0})"
                "\n"
                R"({"type":"click","t":1,"visitor":"b","session":"s","seq":0})"
                "\n"
                R"({"type":"click","t":1,"visitor":"as","session":"","seq":0})"
                "\n"
                R"({"type":"click","t":1,"visitor":"a","session":"s","seq":1})");
  CHECK(log.count(Problem::kDuplicate) == 0);
  std::vector<std::string> clients;
  log.reader.for_each_batch([&](std::span<const std::byte> batch, const ClientInfo& client) {
    clients.push_back(std::string(client.visitor) + "/" + std::string(client.session));
    CHECK(read_batch(batch).ends == 1);
  });
  CHECK(clients == std::vector<std::string>{"a/s", "a/t", "b/s"});
}

TEST_CASE("reader: a gap in seq starts a new context record", "[log]") {
  const Log log(event("click", "", 3) + "\n" + event("click", "", 4) + "\n" +
                event("click", "", 9));
  int batches = 0;
  log.reader.for_each_batch([&](std::span<const std::byte> bytes, const ClientInfo&) {
    ++batches;
    const auto batch = read_batch(bytes);
    CHECK(batch.contexts == std::vector<std::string>{"v/s/3", "v/s/9"});
    CHECK(batch.events.size() == 3);
  });
  CHECK(batches == 1);
}

TEST_CASE("reader: long client sessions come in batches that are complete in themselves", "[log]") {
  std::string text;
  for (int seq = 0; seq < 3000; ++seq) {
    text += event("click", R"("element":"button-)" + std::to_string(seq % 700) + R"(","x":1)", seq);
    text += '\n';
  }
  const Log log(text);
  int ends = 0;
  int batches = 0;
  long long next_seq = 0;
  log.reader.for_each_batch([&](std::span<const std::byte> bytes, const ClientInfo&) {
    ++batches;
    CHECK(bytes.size() <= insitu::log::kBatchBytes);
    CHECK(reinterpret_cast<std::uintptr_t>(bytes.data()) % 8 == 0);
    CHECK(ends == 0);
    const auto batch = read_batch(bytes);
    REQUIRE(batch.contexts == std::vector<std::string>{"v/s/" + std::to_string(next_seq)});
    next_seq += static_cast<long long>(batch.events.size());
    ends += batch.ends;
  });
  CHECK(next_seq == 3000);
  CHECK(batches > 4);
  CHECK(ends == 1);
}

TEST_CASE("reader: the segment of a client session is that of its first session_start", "[log]") {
  const Log log(event("session_start", R"("segment":{"device":"tv"})", 5) + "\n" +
                event("session_start", R"("segment":{"device":"mobile","country":"DE"})", 2) +
                "\n" + event("click", "", 0) + "\n" +
                R"({"type":"click","t":1,"visitor":"w","session":"s","seq":0})");
  std::vector<std::size_t> sizes;
  log.reader.for_each_batch([&](std::span<const std::byte>, const ClientInfo& client) {
    sizes.push_back(client.segment.size());
    const bool is_first = client.visitor == "v";
    CHECK(has_segment(client.segment, "device", "mobile") == is_first);
    CHECK(has_segment(client.segment, "country", "DE") == is_first);
    CHECK_FALSE(has_segment(client.segment, "device", "tv"));
  });
  CHECK(sizes == std::vector<std::size_t>{2, 0});
}

TEST_CASE("reader: pieces of any size give the same batches", "[log]") {
  const std::string text = read_file(insitu::test::fixture_path("vectors/log_tiny.ndjson"));
  const auto batches_of = [](const NdjsonReader& reader) {
    std::vector<std::vector<std::byte>> batches;
    reader.for_each_batch([&](std::span<const std::byte> batch, const ClientInfo&) {
      batches.emplace_back(batch.begin(), batch.end());
    });
    return batches;
  };
  const auto whole = batches_of(Log(text).reader);
  REQUIRE_FALSE(whole.empty());
  for (const std::size_t size : {std::size_t{1}, std::size_t{7}, std::size_t{1000}}) {
    NdjsonReader reader;
    for (std::size_t i = 0; i < text.size(); i += size) {
      // A copy of its own, so that reading beyond the piece is noticed.
      const std::vector<char> piece(
          text.begin() + static_cast<std::ptrdiff_t>(i),
          text.begin() + static_cast<std::ptrdiff_t>(std::min(i + size, text.size())));
      reader.feed({piece.data(), piece.size()});
    }
    reader.finish();
    CHECK(batches_of(reader) == whole);
    CHECK(reader.quality().counts == Log(text).reader.quality().counts);
  }
}

TEST_CASE("reader: a line longer than 1 MiB is malformed, its neighbours are not", "[log]") {
  const std::string padding(insitu::log::kMaxLineBytes, ' ');
  const std::string shorter(insitu::log::kMaxLineBytes - event("click").size(), ' ');
  const std::string text = event("click", "", 0) + "\n" + event("click", "", 1) + padding + "\n" +
                           event("click", "", 2) + shorter + "\n" + event("click", "", 3);
  const Log whole(text);
  CHECK(whole.count(Problem::kMalformed) == 1);
  CHECK(whole.reader.events() == 3);
  NdjsonReader pieces;
  for (std::size_t i = 0; i < text.size(); i += 100'000) pieces.feed(text.substr(i, 100'000));
  pieces.finish();
  CHECK(pieces.quality().count(Problem::kMalformed) == 1);
  CHECK(pieces.events() == 3);
}

TEST_CASE("reader: texts and lists beyond the limits are left out and counted", "[log]") {
  const std::string longest(insitu::base::kMaxStringBytes, 'a');
  CHECK(own_fields(event("click", R"("element":")" + longest + "\"")).at("element") == longest);
  const Log text(event("click", R"("element":")" + longest + "a\""));
  CHECK(text.count(Problem::kOverLimit) == 1);
  CHECK(Json::parse(events_of(text.reader).at(0)).contains("element") == false);
  CHECK(Log(event("page_view", R"("page":")" + longest + "a\"")).count(Problem::kMalformed) == 1);

  std::string numbers = "1";
  for (int i = 0; i < 5000; ++i) numbers += ",1";
  const Log list(event("survey", R"("answers":[)" + numbers + "]"));
  CHECK(list.count(Problem::kOverLimit) == 1);
  CHECK(Json::parse(events_of(list.reader).at(0)).at("answers").size() ==
        insitu::log::kMaxListItems);
}

TEST_CASE("reader: the first ten problems of a kind keep their place", "[log]") {
  std::string text;
  for (int i = 0; i < 15; ++i) text += "{\"a\":1,}\n";
  for (int i = 0; i < 15; ++i) text += event("warp") + "\n";
  const Log log(text);
  const auto notes = log.reader.notes();
  REQUIRE(notes.size() == 20);
  CHECK(notes[0].line == 1);
  CHECK(notes[0].column == 8);
  CHECK(notes[9].line == 10);
  CHECK(notes[10].problem == Problem::kUnknownType);
  CHECK(notes[10].line == 16);
  CHECK(notes[10].what == "no event has the type \"warp\"");
  CHECK(log.count(Problem::kMalformed) == 15);
}

TEST_CASE("reader: logs of the vectors come back without loss", "[log]") {
  for (const char* name : {"log_tiny", "log_small", "log_tabs"}) {
    INFO(name);
    const std::string text =
        read_file(insitu::test::fixture_path("vectors/" + std::string(name) + ".ndjson"));
    const Log log(text);

    // What the file says, by an independent reading: the first line of every identity.
    std::map<std::string, Json> expected;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      Json object = Json::parse(line, nullptr, false);
      if (!object.is_object() || !object.value("t", Json()).is_number_unsigned()) continue;
      if (object.at("type") == "warp") continue;
      if (object.contains("exempt")) {
        Json known = Json::array();
        for (const Json& word : object["exempt"]) {
          if (word == "rage" || word == "dead") known.push_back(word);
        }
        object["exempt"] = known;
      }
      expected.emplace(identity(object), object);
    }
    std::size_t found = 0;
    std::string again;
    for (const std::string& event_text : events_of(log.reader)) {
      const Json object = Json::parse(event_text);
      const auto same = expected.find(identity(object));
      REQUIRE(same != expected.end());
      CHECK(object == same->second);
      ++found;
      again += event_text + "\n";
    }
    CHECK(found == expected.size());

    // Once more there and back: nothing is left to sort or to drop, and the text stays the same.
    const Log second(again);
    CHECK(second.reader.quality().counts == insitu::base::Quality().counts);
    std::string third;
    for (const std::string& event_text : events_of(second.reader)) third += event_text + "\n";
    CHECK(third == again);

    const Json quality = insitu::test::read_vectors(std::string(name) + ".expected")
                             .at("cases")
                             .at(0)
                             .at("expected")
                             .at("quality");
    for (const Problem problem :
         {Problem::kMalformed, Problem::kUnknownType, Problem::kDuplicate, Problem::kOutOfOrder}) {
      CHECK(log.count(problem) == quality.value(insitu::base::name(problem), std::uint64_t{0}));
    }
  }
}
