// SPDX-License-Identifier: MIT
#include "cli/args.h"

#include <charconv>
#include <cstddef>
#include <string_view>

#include "cli/text.h"

namespace insitu::cli {

const char* const kHelp =
    "usage: insitu <command> [arguments]\n"
    "\n"
    "  report LOG          KPIs of an event log: a table, JSON or CSV\n"
    "  compare A B         two designs, periods or segments: difference, interval, p\n"
    "  partial LOG         sums of a log that can be merged with others, without identifiers\n"
    "  merge PARTIAL...    partials into one, or into a report\n"
    "  heatmap LOG         where on a page people click, look and linger: PNG, SVG or a table\n"
    "  convert IN OUT      a log of lines (NDJSON) into a binary one and back\n"
    "  calc FORMULA x=...  one formula of the KPI specification from numbers you have\n"
    "  kpis [ID]           what is computed, and how it is defined\n"
    "  plan                how many participants or visitors a study takes\n"
    "  lint FILE           checks a list of managed KPIs: owner, threshold, playbook, ...\n"
    "\n"
    "insitu <command> --help   what a command takes, with examples\n"
    "insitu --version          version of this program\n"
    "\n"
    "Exit codes: 0 fine; 1 there is an answer, but parts of the input could not be used; 2 there\n"
    "is no answer.\n";

namespace {

constexpr const char* kReportHelp =
    "usage: insitu report LOG [--options JSON] [--segment KEY=VALUE] [--table|--json|--csv]\n"
    "                     [--streaming]\n"
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
    "  --streaming          for logs larger than memory: what is kept grows with visitors and\n"
    "                       open sessions, not with events. Events of a client session may be out\n"
    "                       of order by 256 events, and it ends after 24 hours of silence; what\n"
    "                       comes later is counted as `late`. Medians of more than 65,536 values\n"
    "                       come from a sketch, and the report says so (\"mode\": \"sketch\")\n"
    "\n"
    "Exit code: 0 fine; 1 the report is complete, but parts of the log could not be used (counted\n"
    "in `quality`, the first places on standard error); 2 there is no report.\n";

constexpr const char* kPartialHelp =
    "usage: insitu partial LOG [--options JSON] [--segment KEY=VALUE] [--min-count N] [--binary]\n"
    "                      [--streaming]\n"
    "\n"
    "Prints the partial of a log: counts and exact sums that merge with those of other logs in "
    "any\n"
    "order, without visitors, events or texts. Canonical JSON: equal numbers are equal bytes.\n"
    "\n"
    "  --min-count N   leaves out cells of cohorts and heatmaps that count fewer than N\n"
    "  --binary        the compact form; merge reads both\n"
    "  Other options as in `insitu report --help`\n"
    "\n"
    "  insitu partial monday.ndjson > monday.json\n"
    "  insitu merge monday.json tuesday.json --report\n"
    "\n"
    "Exit code: as report.\n";

constexpr const char* kMergeHelp =
    "usage: insitu merge PARTIAL... [--report] [--table|--json|--csv] [--binary]\n"
    "\n"
    "Adds partials of equal specification version, options and segment, in any order, and prints\n"
    "the sum as canonical JSON.\n"
    "\n"
    "  --report   prints the KPIs instead, as JSON unless --table or --csv is given. Medians and\n"
    "             percentiles of merged numbers come from sketches, within 1 %\n"
    "  --binary   prints the compact form\n"
    "\n"
    "A partial that is damaged, of another kind or out of range is refused by name, and nothing "
    "is\n"
    "printed. Exit code: 0 fine; 1 the numbers include problems counted in `quality` (with\n"
    "--report); 2 there is no answer.\n";

constexpr const char* kCompareHelp =
    "usage: insitu compare A B [--options JSON] [--json]\n"
    "       insitu compare LOG --segment KEY=A --segment KEY=B\n"
    "       insitu compare LOG --variants\n"
    "\n"
    "Compares every KPI that two sides have: difference A - B (ratio A / B for times), its\n"
    "interval, p and the name of the test. A and B are logs or partials.\n"
    "\n"
    "  rates             N-1 two-proportion test, or Fisher's where counts are small; interval of\n"
    "                    Agresti and Caffo\n"
    "  times             Welch's t on logarithms; the effect is a ratio of geometric means\n"
    "  means             Welch's t\n"
    "  --variants        the arms of an A/B test: `variant` of the visitor's first session that "
    "has\n"
    "                    one. Visitors of two arms are dropped and counted; a sample-ratio "
    "mismatch\n"
    "                    (p < 0.001) means: do not read the result\n"
    "\n"
    "With many KPIs some p are small by chance: decide beforehand which one counts.\n"
    "Exit code: as report.\n";

struct Rule {
  const char* name;
  Command command;
  const char* help;
  std::string_view options;  // names it takes, each with a space behind
  std::size_t max_paths;
};

constexpr std::size_t kAny = 1'000'000;
constexpr Rule kRules[] = {
    {"report", Command::kReport, kReportHelp,
     "--options --segment --table --json --csv --streaming ", 1},
    {"partial", Command::kPartial, kPartialHelp,
     "--options --segment --min-count --binary --streaming ", 1},
    {"merge", Command::kMerge, kMergeHelp, "--report --table --json --csv --binary ", kAny},
    {"compare", Command::kCompare, kCompareHelp,
     "--options --segment --table --json --variants --streaming ", 2},
};
constexpr std::string_view kOthers[] = {"heatmap", "convert", "calc", "kpis", "plan", "lint"};

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

bool add_segment(std::string_view text, const Rule& rule, Args& args, std::string& error) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    error = join({"--segment needs KEY=VALUE, such as device=mobile, not `", text, "`"});
    return false;
  }
  const std::size_t allowed = rule.command == Command::kCompare ? 2 : 1;
  if (args.segments.size() == allowed) {
    error = allowed == 1 ? "--segment can be given once" : "--segment can be given twice at most";
    return false;
  }
  args.segments.push_back(
      {std::string(text.substr(0, equals)), std::string(text.substr(equals + 1))});
  return true;
}

bool take_option(std::string_view word, const Rule& rule, Words& words, Args& args,
                 std::optional<Format>& format, std::string& error) {
  const std::size_t equals = word.find('=');
  const std::string_view name = word.substr(0, equals);
  const std::string listed = join({name, " "});
  if (rule.options.find(listed) == std::string_view::npos) {
    error = join({rule.name, " has no option `", word, "`: see `insitu ", rule.name, " --help`"});
    return false;
  }
  const bool has_value = name == "--options" || name == "--segment" || name == "--min-count";
  std::string_view value;
  if (has_value && equals != std::string_view::npos) {
    value = word.substr(equals + 1);
  } else if (has_value && !words.next(value)) {
    error = join({name, " needs a value"});
    return false;
  } else if (!has_value && equals != std::string_view::npos) {
    error = join({name, " takes no value"});
    return false;
  }
  if (name == "--segment") return add_segment(value, rule, args, error);
  if (name == "--options") {
    if (value.empty()) error = "--options needs a file or JSON text, not nothing";
    args.options = value;
    return error.empty();
  }
  if (name == "--min-count") {
    const auto read = std::from_chars(value.data(), value.data() + value.size(), args.min_count);
    if (read.ec != std::errc() || read.ptr != value.data() + value.size() || args.min_count < 0) {
      error = join({"--min-count needs a whole number, 0 or more, not `", value, "`"});
    }
    return error.empty();
  }
  args.is_streaming |= name == "--streaming";
  args.wants_report |= name == "--report";
  args.wants_binary |= name == "--binary";
  args.compares_variants |= name == "--variants";
  const std::optional<Format> given = name == "--table"  ? std::optional(Format::kTable)
                                      : name == "--json" ? std::optional(Format::kJson)
                                      : name == "--csv"  ? std::optional(Format::kCsv)
                                                         : std::nullopt;
  if (!given) return true;
  if (format && *format != *given) {
    error = "choose one of --table, --json and --csv";
    return false;
  }
  format = given;
  return true;
}

bool check_paths(const Rule& rule, const Args& args, std::string& error) {
  const std::size_t count = args.paths.size();
  if (count > rule.max_paths) {
    error = rule.max_paths == 1
                ? join({rule.name, " takes one log, and `", args.paths[1], "` is a second"})
                : join({rule.name, " takes two inputs, and `", args.paths[2], "` is a third"});
  } else if (count == 0) {
    error = rule.command == Command::kMerge
                ? "merge needs partials: `insitu merge a.json b.json`"
                : join({rule.name, " needs a log: `insitu ", rule.name, " LOG.ndjson`"});
  } else if (rule.command == Command::kCompare) {
    const bool in_one = args.compares_variants || args.segments.size() == 2;
    if (args.compares_variants && args.segments.size() == 2) {
      error = "choose --variants or two segments";
    } else if (in_one && count == 2) {
      error = "segments and variants are compared within one log: name one";
    } else if (!in_one && count == 1) {
      error = "compare needs two sides: a second log, two --segment, or --variants";
    }
  } else if (rule.command == Command::kMerge && args.wants_report && args.wants_binary) {
    error = "choose --report or --binary";
  }
  return error.empty();
}

bool parse_command(const Rule& rule, Words words, Args& args, std::string& error) {
  args.command = rule.command;
  std::optional<Format> format;
  bool only_paths = false;
  std::string_view word;
  while (words.next(word)) {
    if (only_paths || word == "-" || !word.starts_with('-')) {
      args.paths.emplace_back(word);
    } else if (word == "--") {
      only_paths = true;
    } else if (word == "--help" || word == "-h") {
      args.wants_help = true;
      return true;
    } else if (!take_option(word, rule, words, args, format, error)) {
      return false;
    }
  }
  // A merged report is mostly read by programs.
  const bool is_merge = rule.command == Command::kMerge;
  args.format = format.value_or(is_merge ? Format::kJson : Format::kTable);
  return check_paths(rule, args, error);
}

}  // namespace

const char* help_of(Command command) {
  for (const Rule& rule : kRules) {
    if (rule.command == command) return rule.help;
  }
  return kHelp;
}

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
  for (const Rule& rule : kRules) {
    if (command == rule.name) {
      return parse_command(rule, rest, args, error) ? std::optional(args) : std::nullopt;
    }
  }
  for (const std::string_view other : kOthers) {
    if (command != other) continue;
    args.command = Command::kOther;
    return args;
  }
  error = join({"there is no command `", command, "`: see `insitu --help`"});
  return std::nullopt;
}

}  // namespace insitu::cli
