// SPDX-License-Identifier: MIT
// What the user typed, checked.
#pragma once

#include <optional>
#include <span>
#include <string>

namespace insitu::cli {

enum class Command { kHelp, kReportHelp, kVersion, kReport };
enum class Format { kTable, kJson, kCsv };

// `--segment key=value`: only client sessions that begin in this segment count.
struct Segment {
  std::string key;
  std::string value;
};

struct Args {
  Command command = Command::kHelp;
  std::string log;      // a path; "-" is standard input
  std::string options;  // a path, or JSON if it begins with '{'; empty: the defaults
  std::optional<Segment> segment;
  Format format = Format::kTable;
};

// Reads the arguments behind the program's name. Options may stand anywhere, as `--name value` or
// `--name=value`; behind `--` everything is a path. On a mistake gives nothing, and `error` says
// what to type instead.
[[nodiscard]] std::optional<Args> parse_args(std::span<const char* const> words,
                                             std::string& error);

// Texts of --help.
extern const char* const kHelp;
extern const char* const kReportHelp;

}  // namespace insitu::cli
