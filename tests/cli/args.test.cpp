// SPDX-License-Identifier: MIT
// Covers cli/args.h.
#include "cli/args.h"

#include <string>
#include <utility>
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
    CHECK(args->paths == std::vector<std::string>{"log.ndjson"});
    CHECK(args->options == "{}");
    REQUIRE(args->segments.size() == 1);
    CHECK(args->segments[0].key == "device");
    CHECK(args->segments[0].value == "mobile");
    CHECK(args->format == Format::kJson);
  }
}

TEST_CASE("args: defaults, standard input, and paths that look like options", "[cli]") {
  const auto args = parse({"report", "-"});
  REQUIRE(args);
  CHECK(args->paths == std::vector<std::string>{"-"});
  CHECK(args->format == Format::kTable);
  CHECK(args->segments.empty());
  CHECK_FALSE(args->is_streaming);
  CHECK_FALSE(args->wants_help);
  CHECK(parse({"report", "--csv", "--", "--json"})->paths == std::vector<std::string>{"--json"});
  CHECK(parse({"report", "a", "--segment", "persona=a=b"})->segments[0].value == "a=b");
}

TEST_CASE("args: help and version", "[cli]") {
  CHECK(parse({"--help"})->command == Command::kHelp);
  CHECK(parse({"-h"})->command == Command::kHelp);
  CHECK(parse({"help"})->command == Command::kHelp);
  // Of a command, whatever else is missing or stands behind it.
  for (const auto& [name, command] :
       {std::pair{"report", Command::kReport}, std::pair{"partial", Command::kPartial},
        std::pair{"merge", Command::kMerge}, std::pair{"compare", Command::kCompare}}) {
    for (const char* const word : {"--help", "-h"}) {
      const auto args = parse({name, word, "--nonsense"});
      REQUIRE(args);
      CHECK(args->wants_help);
      CHECK(args->command == command);
    }
    CHECK(std::string(insitu::cli::help_of(command))
              .starts_with("usage: insitu " + std::string(name)));
  }
  CHECK(std::string(insitu::cli::help_of(Command::kOther)) == insitu::cli::kHelp);
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

TEST_CASE("args: commands that read their own words are named and left alone", "[cli]") {
  for (const char* const name : {"convert", "calc", "plan", "lint"}) {
    const auto args = parse({name, "--any", "thing"});
    REQUIRE(args);
    CHECK(args->command == Command::kOther);
  }
}

TEST_CASE("args: a partial takes what a report takes, and how to hold back", "[cli]") {
  const auto args = parse({"partial", "log", "--min-count", "5", "--binary", "--streaming",
                           "--segment", "a=b", "--options", "{}"});
  REQUIRE(args);
  CHECK(args->command == Command::kPartial);
  CHECK(args->min_count == 5);
  CHECK(args->wants_binary);
  CHECK(args->is_streaming);
  CHECK(args->segments.size() == 1);
  CHECK(parse({"partial", "log"})->min_count == 0);
  CHECK(parse({"partial", "log", "--min-count=0"})->min_count == 0);
  std::string error;
  for (const char* const count : {"-1", "1.5", "many", "5x", "", "99999999999999999999"}) {
    CHECK_FALSE(parse({"partial", "log", "--min-count", count}, &error));
    CHECK(error == "--min-count needs a whole number, 0 or more, not `" + std::string(count) + "`");
  }
  CHECK_FALSE(parse({"partial", "log", "--json"}, &error));
  CHECK(error == "partial has no option `--json`: see `insitu partial --help`");
}

TEST_CASE("args: merge takes any number of partials, and reports as JSON unless told otherwise",
          "[cli]") {
  const auto args = parse({"merge", "a", "b", "-", "c", "--report"});
  REQUIRE(args);
  CHECK(args->command == Command::kMerge);
  CHECK(args->paths == std::vector<std::string>{"a", "b", "-", "c"});
  CHECK(args->wants_report);
  CHECK(args->format == Format::kJson);
  CHECK(parse({"merge", "a", "--report", "--table"})->format == Format::kTable);
  CHECK(parse({"merge", "a", "--binary"})->wants_binary);
  std::string error;
  CHECK_FALSE(parse({"merge"}, &error));
  CHECK(error == "merge needs partials: `insitu merge a.json b.json`");
  CHECK_FALSE(parse({"merge", "a", "--report", "--binary"}, &error));
  CHECK(error == "choose --report or --binary");
  // Its options and segment are those of the partials.
  CHECK_FALSE(parse({"merge", "a", "--options", "{}"}, &error));
  CHECK_FALSE(parse({"merge", "a", "--segment", "a=b"}, &error));
}

TEST_CASE("args: two sides are compared, given in one of three ways", "[cli]") {
  const auto logs = parse({"compare", "a", "b", "--segment", "device=tv"});
  REQUIRE(logs);
  CHECK(logs->paths == std::vector<std::string>{"a", "b"});
  CHECK(logs->segments.size() == 1);
  const auto segments = parse({"compare", "a", "--segment", "d=1", "--segment", "d=2"});
  REQUIRE(segments);
  CHECK(segments->segments[0].value == "1");
  CHECK(segments->segments[1].value == "2");
  CHECK(parse({"compare", "a", "--variants"})->compares_variants);
  std::string error;
  CHECK_FALSE(parse({"compare"}, &error));
  CHECK(error == "compare needs a log: `insitu compare LOG.ndjson`");
  CHECK_FALSE(parse({"compare", "a"}, &error));
  CHECK(error == "compare needs two sides: a second log, two --segment, or --variants");
  CHECK_FALSE(parse({"compare", "a", "--segment", "d=1"}, &error));
  CHECK_FALSE(parse({"compare", "a", "b", "c"}, &error));
  CHECK(error == "compare takes two inputs, and `c` is a third");
  CHECK_FALSE(parse({"compare", "a", "b", "--variants"}, &error));
  CHECK(error == "segments and variants are compared within one log: name one");
  CHECK_FALSE(parse({"compare", "a", "b", "--segment", "d=1", "--segment", "d=2"}, &error));
  CHECK(error == "segments and variants are compared within one log: name one");
  CHECK_FALSE(
      parse({"compare", "a", "--variants", "--segment", "d=1", "--segment", "d=2"}, &error));
  CHECK(error == "choose --variants or two segments");
  CHECK_FALSE(parse({"compare", "a", "--segment=d=1", "--segment=d=2", "--segment=d=3"}, &error));
  CHECK(error == "--segment can be given twice at most");
}

TEST_CASE("args: an option that takes no value is given none", "[cli]") {
  std::string error;
  CHECK_FALSE(parse({"report", "a", "--json=yes"}, &error));
  CHECK(error == "--json takes no value");
  CHECK_FALSE(parse({"report", "a", "--segment", "=x"}, &error));
  CHECK(error == "--segment needs KEY=VALUE, such as device=mobile, not `=x`");
  // An empty value is one.
  CHECK(parse({"report", "a", "--segment", "device="})->segments[0].value == "");
}
