// SPDX-License-Identifier: MIT
// Covers cli/args.h.
#include "cli/args.h"

#include <vector>

#include "catch_amalgamated.hpp"

using insitu::cli::Args;
using insitu::cli::Command;
using insitu::cli::Format;

namespace {

std::optional<Args> parse(std::vector<const char*> words, std::string* error = nullptr) {
  std::string text;
  auto args = insitu::cli::parse_args(words, text);
  CHECK(args.has_value() == text.empty());
  if (error != nullptr) *error = text;
  return args;
}

}  // namespace

TEST_CASE("args: a report with everything, in any order and form", "[cli]") {
  for (const auto& words : std::vector<std::vector<const char*>>{
           {"report", "log.ndjson", "--options", "{}", "--segment", "device=mobile", "--json"},
           {"report", "--json", "--segment=device=mobile", "--options={}", "log.ndjson"}}) {
    const auto args = parse(words);
    REQUIRE(args);
    CHECK(args->command == Command::kReport);
    CHECK(args->log == "log.ndjson");
    CHECK(args->options == "{}");
    REQUIRE(args->segment);
    CHECK(args->segment->key == "device");
    CHECK(args->segment->value == "mobile");
    CHECK(args->format == Format::kJson);
  }
}

TEST_CASE("args: defaults, standard input, and paths that look like options", "[cli]") {
  const auto args = parse({"report", "-"});
  REQUIRE(args);
  CHECK(args->log == "-");
  CHECK(args->format == Format::kTable);
  CHECK_FALSE(args->segment);
  CHECK(parse({"report", "--csv", "--", "--json"})->log == "--json");
  CHECK(parse({"report", "a", "--segment", "persona=a=b"})->segment->value == "a=b");
}

TEST_CASE("args: help and version", "[cli]") {
  CHECK(parse({"--help"})->command == Command::kHelp);
  CHECK(parse({"report", "--help"})->command == Command::kReportHelp);
  CHECK(parse({"--version"})->command == Command::kVersion);
}

TEST_CASE("args: mistakes say what to type instead", "[cli]") {
  std::string error;
  CHECK_FALSE(parse({}, &error));
  CHECK_FALSE(parse({"raport"}, &error));
  CHECK(error == "there is no command `raport`: see `insitu --help`");
  CHECK_FALSE(parse({"report"}, &error));
  CHECK(error == "report needs a log: `insitu report LOG.ndjson`");
  CHECK_FALSE(parse({"report", "a", "b"}, &error));
  CHECK_FALSE(parse({"report", "a", "--segment", "device"}, &error));
  CHECK(error == "--segment needs KEY=VALUE, such as device=mobile, not `device`");
  CHECK_FALSE(parse({"report", "a", "--segment", "a=1", "--segment", "b=2"}, &error));
  CHECK_FALSE(parse({"report", "a", "--segment"}, &error));
  CHECK(error == "--segment needs a value");
  CHECK_FALSE(parse({"report", "a", "--jason"}, &error));
  CHECK_FALSE(parse({"report", "a", "--json", "--csv"}, &error));
  CHECK_FALSE(parse({"report", "a", "--options", ""}, &error));
}
