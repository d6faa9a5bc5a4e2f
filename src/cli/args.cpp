// SPDX-License-Identifier: MIT
#include "cli/args.h"

#include <cstddef>
#include <string_view>
#include <vector>

#include "cli/text.h"

namespace insitu::cli {

const char* const kHelp =
    "usage: insitu <command> [arguments]\n"
    "\n"
    "  report LOG   KPIs of an event log\n"
    "\n"
    "insitu <command> --help   what a command takes\n"
    "insitu --version          version of this program\n";

const char* const kReportHelp =
    "usage: insitu report LOG [--options JSON] [--segment KEY=VALUE] [--table|--json|--csv]\n"
    "\n"
    "LOG is a file of events, one JSON object per line, or a binary log; - is standard input.\n"
    "\n"
    "  --options JSON       a file, or text that begins with {: see docs/kpi.md for the options\n"
    "                       --options '{\"bounce_mode\": \"ga4\"}'\n"
    "  --segment KEY=VALUE  only client sessions whose first session_start says so\n"
    "                       --segment device=mobile\n"
    "  --table              for people (default). NO_COLOR is respected\n"
    "  --json               everything, heatmaps included\n"
    "  --csv                scope,kpi,field,value: one number per line, without heatmaps\n"
    "\n"
    "Exit code: 0 fine; 1 the report is complete, but parts of the log could not be used (counted\n"
    "in `quality`, the first places on standard error); 2 there is no report.\n";

namespace {

class Words {
 public:
  explicit Words(std::span<const char* const> words) : words_(words) {}

  bool next(std::string_view& word) {
    if (words_.empty()) return false;
    word = words_.front();
    words_ = words_.subspan(1);
    return true;
  }

 private:
  std::span<const char* const> words_;
};

bool set_segment(std::string_view text, Args& args, std::string& error) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    error = join({"--segment needs KEY=VALUE, such as device=mobile, not `", text, "`"});
    return false;
  }
  if (args.segment) {
    error = "--segment can be given once";
    return false;
  }
  args.segment = Segment{std::string(text.substr(0, equals)), std::string(text.substr(equals + 1))};
  return true;
}

bool parse_report(Words words, Args& args, std::string& error) {
  args.command = Command::kReport;
  std::vector<std::string_view> paths;
  std::optional<Format> format;
  bool only_paths = false;
  std::string_view word;
  while (words.next(word)) {
    if (only_paths || word == "-" || !word.starts_with('-')) {
      paths.push_back(word);
      continue;
    }
    if (word == "--") {
      only_paths = true;
      continue;
    }
    const std::size_t equals = word.find('=');
    const std::string_view name = word.substr(0, equals);
    if (name == "--options" || name == "--segment") {
      std::string_view value;
      if (equals != std::string_view::npos) {
        value = word.substr(equals + 1);
      } else if (!words.next(value)) {
        error = join({name, " needs a value"});
        return false;
      }
      if (name == "--segment") {
        if (!set_segment(value, args, error)) return false;
      } else if (value.empty()) {
        error = "--options needs a file or JSON text, not nothing";
        return false;
      } else {
        args.options = value;
      }
      continue;
    }
    if (word == "--help" || word == "-h") {
      args.command = Command::kReportHelp;
      return true;
    }
    const std::optional<Format> given = word == "--table"  ? std::optional(Format::kTable)
                                        : word == "--json" ? std::optional(Format::kJson)
                                        : word == "--csv"  ? std::optional(Format::kCsv)
                                                           : std::nullopt;
    if (!given) {
      error = join({"report has no option `", word, "`: see `insitu report --help`"});
      return false;
    }
    if (format && *format != *given) {
      error = "choose one of --table, --json and --csv";
      return false;
    }
    format = given;
  }
  if (paths.size() != 1) {
    error = paths.empty() ? "report needs a log: `insitu report LOG.ndjson`"
                          : join({"report takes one log, and `", paths[1], "` is a second"});
    return false;
  }
  args.log = paths[0];
  args.format = format.value_or(Format::kTable);
  return true;
}

}  // namespace

std::optional<Args> parse_args(std::span<const char* const> words, std::string& error) {
  Args args;
  Words rest(words);
  std::string_view command;
  if (!rest.next(command)) {
    error = "no command: see `insitu --help`";
    return std::nullopt;
  }
  if (command == "--help" || command == "-h" || command == "help") return args;
  if (command == "--version") {
    args.command = Command::kVersion;
    return args;
  }
  if (command == "report") {
    return parse_report(rest, args, error) ? std::optional(args) : std::nullopt;
  }
  error = join({"there is no command `", command, "`: see `insitu --help`"});
  return std::nullopt;
}

}  // namespace insitu::cli
