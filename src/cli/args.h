// SPDX-License-Identifier: MIT
// What the user typed for the commands that read logs and partials, checked.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace insitu::cli {

enum class Command : std::uint8_t { kHelp, kVersion, kReport, kPartial, kMerge, kCompare, kOther };
enum class Format : std::uint8_t { kTable, kJson, kCsv };

// `--segment key=value`: only client sessions that begin in this segment count.
struct Segment {
  std::string key;
  std::string value;
};

struct Args {
  Command command = Command::kHelp;
  bool wants_help = false;         // of the command
  std::vector<std::string> paths;  // "-" is standard input
  std::string options;             // a path, or JSON if it begins with '{'; empty: the defaults
  std::vector<Segment> segments;
  Format format = Format::kTable;
  bool is_streaming = false;
  bool wants_report = false;  // merge: the report instead of the partial
  bool wants_binary = false;  // partial and merge: the compact form
  bool compares_variants = false;
  std::int64_t min_count = 0;
};

// Reads the arguments behind the program's name. Options may stand anywhere, as `--name value` or
// `--name=value`; behind `--` everything is a path. On a mistake gives nothing, and `error` says
// what to type instead. kOther: another command, which reads its own words.
[[nodiscard]] std::optional<Args> parse_args(std::span<const char* const> words,
                                             std::string& error);

// Texts of --help.
extern const char* const kHelp;
[[nodiscard]] const char* help_of(Command command);

}  // namespace insitu::cli
