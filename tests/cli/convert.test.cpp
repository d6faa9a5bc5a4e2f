// SPDX-License-Identifier: MIT
// Covers cli/convert_command.h: nothing is lost on the way, or it is said; nothing is left behind.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch_amalgamated.hpp"
#include "cli/convert_command.h"
#include "cli/report_command.h"
#include "tests/helpers/engine_report.h"
#include "tests/helpers/folder.h"
#include "tests/helpers/random_log.h"

using namespace insitu::test;
namespace cli = insitu::cli;
namespace fs = std::filesystem;

namespace {

struct Run {
  int code;
  std::string messages;
};

// One of the standard streams as a temporary file while this lives.
class Redirected {
 public:
  Redirected(std::FILE* stream, int descriptor)
      : stream_(stream), descriptor_(descriptor), kept_(::dup(descriptor)), file_(std::tmpfile()) {
    REQUIRE(file_ != nullptr);
    std::fflush(stream_);
    ::dup2(::fileno(file_), descriptor_);
  }
  Redirected(const Redirected&) = delete;
  Redirected& operator=(const Redirected&) = delete;
  ~Redirected() {
    std::fflush(stream_);
    ::dup2(kept_, descriptor_);
    ::close(kept_);
    std::fclose(file_);
  }
  std::string text() {
    std::fflush(stream_);
    std::string text;
    std::rewind(file_);
    for (int c = std::fgetc(file_); c != EOF; c = std::fgetc(file_)) {
      text.push_back(static_cast<char>(c));
    }
    return text;
  }

 private:
  std::FILE* stream_;
  int descriptor_;
  int kept_;
  std::FILE* file_;
};

Run convert(const std::vector<std::string>& arguments) {
  std::vector<const char*> words;
  for (const std::string& word : arguments) words.push_back(word.c_str());
  Redirected errors(stderr, STDERR_FILENO);
  const int code = cli::run_convert(words);
  return {code, errors.text()};
}

std::vector<Json> values_of(std::string_view text) {
  std::vector<Json> values;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    REQUIRE(end != std::string_view::npos);
    values.push_back(Json::parse(text.substr(0, end)));
    text.remove_prefix(end + 1);
  }
  return values;
}

// Lines as the reader sorts them: client sessions in the order of their first line, each by seq.
std::vector<Json> sorted(const std::vector<Json>& lines) {
  std::map<std::pair<std::string, std::string>, std::size_t> first;
  const auto key = [](const Json& line) {
    return std::pair(line["visitor"].get<std::string>(), line["session"].get<std::string>());
  };
  for (std::size_t i = 0; i < lines.size(); ++i) first.try_emplace(key(lines[i]), i);
  std::vector<Json> result = lines;
  std::stable_sort(result.begin(), result.end(), [&](const Json& a, const Json& b) {
    return std::pair(first.at(key(a)), a["seq"].get<double>()) <
           std::pair(first.at(key(b)), b["seq"].get<double>());
  });
  return result;
}

std::string fixture(const std::string& name) {
  std::ifstream file(INSITU_FIXTURES "/vectors/" + name, std::ios::binary);
  REQUIRE(file.good());
  return {std::istreambuf_iterator<char>(file), {}};
}

constexpr const char* kView =
    R"({"type":"page_view","t":1,"visitor":"v","session":"s","seq":0,"page":"/","pv":0})"
    "\n";
constexpr const char* kClick =
    R"({"type":"click","t":2,"visitor":"v","session":"s","seq":1,"x":1,"y":2,"element":"é\n"})"
    "\n";

}  // namespace

TEST_CASE("convert: the reference log survives the way there and back", "[cli]") {
  const Folder folder;
  const std::string log = fixture("log_small.ndjson");
  const Run there = convert({folder.write("log", log), folder.path("binary")});
  CHECK(convert({folder.path("binary"), folder.path("back")}).code == cli::kFine);
  // What the reader drops, and nothing else, makes the difference.
  insitu::log::NdjsonReader reader;
  reader.feed(log);
  reader.finish();
  const auto back = values_of(folder.read("back"));
  CHECK(back.size() == reader.events());
  CHECK(reader.events() > 1000);
  CHECK(there.code == (reader.events() < reader.lines() ? cli::kInputHadProblems : cli::kFine));
  CHECK(convert({folder.path("back"), folder.path("binary2")}).code == cli::kFine);
  CHECK((folder.read("binary") == folder.read("binary2")));
  const insitu::Engine whole = fold_ndjson(log);
  const insitu::Engine again = fold_ndjson(folder.read("back"));
  CHECK(report_json(whole)["kpis"] == report_json(again)["kpis"]);
}

TEST_CASE("convert: random logs have the same lines, sorted, and the same bytes again", "[cli]") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    INFO("seed " << seed);
    Random random(seed);
    std::vector<std::string> lines;
    for (const char* visitor : {"a", "b"}) {
      for (const auto& line : lines_of_journal(random_journal(random, 60), visitor)) {
        // One that is no integer counts as absent, so it would not come back.
        Json value = Json::parse(line);
        if (value.contains("clock_offset") && !value["clock_offset"].is_number_integer()) {
          value.erase("clock_offset");
        }
        lines.push_back(value.dump());
      }
    }
    random.shuffle(lines);
    std::string log;
    for (const std::string& line : lines) log += line + "\n";
    const Folder folder;
    const Run there = convert({folder.write("log", log), folder.path("binary")});
    CHECK(there.code == cli::kFine);
    CHECK(there.messages.find("out of order (sorted)") != std::string::npos);
    const Run back = convert({folder.path("binary"), folder.path("back")});
    CHECK(back.code == cli::kFine);
    CHECK(back.messages == "");
    CHECK(values_of(folder.read("back")) == sorted(values_of(log)));
    CHECK(convert({folder.path("back"), folder.path("again")}).code == cli::kFine);
    CHECK((folder.read("again") == folder.read("binary")));
  }
}

TEST_CASE("convert: a batch with more texts than a browser's keeps them all", "[cli]") {
  const Folder folder;
  std::string log;
  for (int i = 0; i < 3000; ++i) {
    const std::string n = std::to_string(i);
    log += R"({"type":"form","t":1,"visitor":"v","session":"s","seq":)" + n + R"(,"form":"f)" + n +
           R"(","field":"g)" + n + "\"}\n";
  }
  CHECK(convert({folder.write("log", log), folder.path("binary")}).code == cli::kFine);
  const Run back = convert({folder.path("binary"), folder.path("back")});
  CHECK(back.code == cli::kFine);
  CHECK((values_of(folder.read("back")) == values_of(log)));
}

TEST_CASE("convert: - is standard output", "[cli]") {
  const Folder folder;
  const std::string log = std::string(kView) + kClick;
  CHECK(convert({folder.write("log", log), folder.path("binary")}).code == cli::kFine);
  Redirected output(stdout, STDOUT_FILENO);
  CHECK(convert({folder.path("binary"), "-"}).code == cli::kFine);
  CHECK(values_of(output.text()) == values_of(log));
}

TEST_CASE("convert: what is dropped is counted, the rest is there", "[cli]") {
  const Folder folder;
  const std::string log = std::string("nothing\n") + kView + kView + kClick;
  const Run run = convert({folder.write("log", log), folder.path("binary")});
  CHECK(run.code == cli::kInputHadProblems);
  CHECK(run.messages.find("1 line malformed, 1 duplicate event") != std::string::npos);
  CHECK(convert({folder.path("binary"), folder.path("back")}).code == cli::kFine);
  CHECK(values_of(folder.read("back")) == values_of(std::string(kView) + kClick));
}

TEST_CASE("convert: a binary log that is cut gives the lines before the cut", "[cli]") {
  const Folder folder;
  std::string log;
  for (int i = 0; i < 5000; ++i) {
    log += R"({"type":"heartbeat","t":1,"visitor":"v","session":"s","seq":)" + std::to_string(i) +
           "}\n";
  }
  REQUIRE(convert({folder.write("log", log), folder.path("binary")}).code == cli::kFine);
  std::string binary = folder.read("binary");
  folder.write("cut", binary.substr(0, binary.size() - 8));
  const Run cut = convert({folder.path("cut"), folder.path("lines")});
  CHECK(cut.code == cli::kInputHadProblems);
  CHECK(cut.messages.find("1 batch unreadable") != std::string::npos);
  const std::string lines = folder.read("lines");
  CHECK(lines.size() > log.size() / 2);
  CHECK(lines.size() < log.size());
  const auto before = values_of(lines);
  const auto all = values_of(log);
  CHECK(std::equal(before.begin(), before.end(), all.begin()));

  folder.write("short", binary.substr(0, 100));
  CHECK(convert({folder.path("short"), folder.path("none")}).code == cli::kUnusable);
  binary[4] = 9;
  folder.write("version", binary);
  const Run version = convert({folder.path("version"), folder.path("none")});
  CHECK(version.code == cli::kUnusable);
  CHECK(version.messages.find("another version") != std::string::npos);
  CHECK_FALSE(fs::exists(folder.path("none")));
}

TEST_CASE("convert: records that are no line are counted", "[cli]") {
  insitu::events::BatchBuilder builder;
  builder.add(event_at<insitu::events::Heartbeat>(5));  // of nobody
  builder.context("v", "s", 3);
  builder.add(event_at<insitu::events::Heartbeat>(6));
  auto click = event_at<insitu::events::Click>(7);
  click.element = 999;
  click.present |= click.kHasElement;
  builder.add(click);
  Bytes unknown = record_bytes(event_at<insitu::events::Heartbeat>(8));
  put(unknown, 0, std::uint16_t{999});
  builder.append(unknown);
  const auto batch = builder.finish();
  const Folder folder;
  const Run run =
      convert({folder.write("log", {reinterpret_cast<const char*>(batch.data()), batch.size()}),
               folder.path("lines")});
  CHECK(run.code == cli::kInputHadProblems);
  CHECK(run.messages.find("1 line malformed, 1 event of an unknown type, 1 text not defined") !=
        std::string::npos);
  const auto lines = values_of(folder.read("lines"));
  REQUIRE(lines.size() == 2);
  CHECK(lines[0]["seq"] == 3);
  CHECK(lines[1]["type"] == "click");
}

TEST_CASE("convert: a browser's journal, whose numbers are local, is refused", "[cli]") {
  insitu::events::BatchBuilder builder(7);
  builder.add(event_at<insitu::events::Heartbeat>(5));
  const auto batch = builder.finish();
  const Folder folder;
  const Run run =
      convert({folder.write("log", {reinterpret_cast<const char*>(batch.data()), batch.size()}),
               folder.path("lines")});
  CHECK(run.code == cli::kUnusable);
  CHECK(folder.names() == std::vector<std::string>{"log"});
}

TEST_CASE("convert: the input is never overwritten, under whatever name", "[cli]") {
  const Folder folder;
  const std::string log = folder.write("log", kView);
  fs::create_symlink(log, folder.path("link"));
  fs::create_hard_link(log, folder.path("same"));
  for (const char* name : {"log", "link", "same"}) {
    INFO(name);
    CHECK(convert({log, folder.path(name)}).code == cli::kUnusable);
    CHECK(convert({folder.path(name), log}).code == cli::kUnusable);
  }
  CHECK(folder.read("log") == kView);
  CHECK(folder.names() == std::vector<std::string>{"link", "log", "same"});
}

TEST_CASE("convert: a run that fails leaves nothing and changes nothing", "[cli]") {
  const Folder folder;
  const std::string text = folder.write("text", "no\nlog\n");
  folder.write("old", "as before");
  CHECK(convert({text, folder.path("new")}).code == cli::kUnusable);
  CHECK(convert({text, folder.path("old")}).code == cli::kUnusable);
  CHECK(convert({folder.path("missing"), folder.path("new")}).code == cli::kUnusable);
  CHECK(convert({text, folder.path("missing/new")}).code == cli::kUnusable);
  fs::create_directory(folder.path("folder"));
  CHECK(convert({folder.write("log", kView), folder.path("folder")}).code == cli::kUnusable);
  CHECK(folder.read("old") == "as before");
  CHECK(folder.names() == std::vector<std::string>{"folder", "log", "old", "text"});
}

TEST_CASE("convert: an old output is replaced, behind its link too", "[cli]") {
  const Folder folder;
  folder.write("old", "as before");
  fs::create_symlink(folder.path("old"), folder.path("link"));
  CHECK(convert({folder.write("log", kView), folder.path("link")}).code == cli::kFine);
  CHECK(fs::is_symlink(folder.path("link")));
  CHECK(folder.read("old").size() > 32);
  CHECK_FALSE(folder.read("old").starts_with("as before"));
  CHECK(folder.names() == std::vector<std::string>{"link", "log", "old"});
}

TEST_CASE("convert: an empty log becomes an empty log", "[cli]") {
  const Folder folder;
  CHECK(convert({folder.write("log", ""), folder.path("out")}).code == cli::kFine);
  CHECK(folder.read("out") == "");
}

TEST_CASE("convert: arguments that make no sense are explained", "[cli]") {
  CHECK(convert({}).code == cli::kUnusable);
  CHECK(convert({"a"}).messages.find("two names") != std::string::npos);
  CHECK(convert({"a", "b", "c"}).code == cli::kUnusable);
  const Run option = convert({"--fast", "a", "b"});
  CHECK(option.code == cli::kUnusable);
  CHECK(option.messages.find("no option --fast") != std::string::npos);
  Redirected output(stdout, STDOUT_FILENO);
  CHECK(convert({"--help"}).code == cli::kFine);
  CHECK(output.text() == cli::kConvertHelp);
}
