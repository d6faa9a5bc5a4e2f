// SPDX-License-Identifier: MIT
#include "cli/report_command.h"

#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/csv.h"
#include "cli/fold_log.h"
#include "cli/table.h"
#include "cli/text.h"
#include "engine.h"
#include "log/binary_reader.h"
#include "log/ndjson_reader.h"
#include "log/options_json.h"
#include "report/json.h"

namespace insitu::cli {
namespace {

// Large enough to keep the disk busy, small enough for the cache.
constexpr std::size_t kChunkBytes = 1 << 18;
// Places shown per kind of problem.
constexpr std::size_t kShownNotes = 3;

struct CloseFile {
  void operator()(std::FILE* file) const {
    if (file != stdin) std::fclose(file);
  }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

int fail(const std::string& message) {
  std::fprintf(stderr, "insitu: %s\n", printable(message).c_str());
  return kUnusable;
}

std::string reason() { return std::strerror(errno); }

// A path as messages name it.
std::string shown(const std::string& path) { return path == "-" ? "standard input" : path; }

// Opens a path, "-" being standard input; null and a message if that is not possible.
File open_file(const std::string& path) {
  File file(path == "-" ? stdin : std::fopen(path.c_str(), "rb"));
  if (!file) fail(join({"cannot open ", shown(path), ": ", reason()}));
  return file;
}

// Calls take(std::string_view) for pieces of the file; false and a message on a read error.
template <class Take>
bool read_file(const std::string& path, Take&& take) {
  const File file = open_file(path);
  if (!file) return false;
  std::vector<char> chunk(kChunkBytes);
  for (;;) {
    errno = 0;
    const std::size_t size = std::fread(chunk.data(), 1, chunk.size(), file.get());
    if (size > 0) take(std::string_view(chunk.data(), size));
    if (std::ferror(file.get())) {
      fail(join({"cannot read ", shown(path), ": ", reason()}));
      return false;
    }
    if (size < chunk.size()) return true;
  }
}

// The options of the command line on `options`; false and a message if something is wrong.
bool set_options(const std::string& given, kpi::Options& options) {
  if (given.empty()) return true;
  const bool is_text = given.front() == '{';
  std::string json = given;
  if (!is_text) {
    json.clear();
    if (!read_file(given, [&](std::string_view piece) { json += piece; })) return false;
  }
  const std::string name = is_text ? "--options" : given;
  const log::OptionsText text = log::read_options(json);
  if (!text.error.empty()) {
    fail(join({name, ":", std::to_string(text.line), ":", std::to_string(text.column), ": ",
               text.error}));
    return false;
  }
  const std::string error = log::apply_options(text, options, kpi::allowed);
  if (error.empty()) return true;
  fail(join({name, ": ", error}));
  return false;
}

// What was read, whichever form it had.
struct Log {
  log::NdjsonReader events;
  std::vector<std::byte> batches;  // of a binary log
  bool is_binary = false;
};

bool read_log(const std::string& path, Log& log) {
  bool is_first = true;
  const bool is_read = read_file(path, [&](std::string_view piece) {
    const auto bytes = std::as_bytes(std::span(piece));
    if (std::exchange(is_first, false)) log.is_binary = log::is_binary_log(bytes);
    if (log.is_binary) {
      log.batches.insert(log.batches.end(), bytes.begin(), bytes.end());
    } else {
      log.events.feed(piece);
    }
  });
  if (is_read) log.events.finish();
  return is_read;
}

// Problems on standard error: the counts in one line, then the first places.
void show_problems(const std::string& path, const base::Quality& quality,
                   std::span<const log::Note> notes) {
  std::string counts;
  for (std::size_t i = 0; i < base::kProblemCount; ++i) {
    const auto problem = static_cast<base::Problem>(i);
    const auto count = static_cast<double>(quality.count(problem));
    if (count == 0) continue;
    if (!counts.empty()) counts += ", ";
    counts += problem_text(problem, count);
  }
  const std::string name = shown(path);
  std::fprintf(stderr, "insitu: %s: %s\n", printable(name).c_str(), counts.c_str());
  std::size_t shown_notes[base::kProblemCount] = {};
  for (const log::Note& note : notes) {
    if (shown_notes[static_cast<std::size_t>(note.problem)]++ == kShownNotes) {
      std::fprintf(stderr, "  ... more of these (%s)\n", base::name(note.problem));
    }
    if (shown_notes[static_cast<std::size_t>(note.problem)] > kShownNotes) continue;
    std::string place = join({name, ":", std::to_string(note.line)});
    if (note.column > 0) place = join({place, ":", std::to_string(note.column)});
    std::fprintf(stderr, "  %s: %s: %s\n", printable(place).c_str(), base::name(note.problem),
                 printable(note.what).c_str());
  }
}

std::string title_of(const Args& args, const Log& log, std::size_t client_sessions) {
  std::string title = shown(args.log);
  if (args.segment) title = join({title, ", ", args.segment->key, "=", args.segment->value});
  if (log.is_binary) return title;
  const auto sessions = static_cast<double>(client_sessions);
  title = join({title, ": ", count_text(sessions, "client session", "client sessions")});
  if (args.segment) return title;
  const auto events = static_cast<double>(log.events.events());
  return join({title, ", ", count_text(events, "event", "events")});
}

bool is_coloured() {
  const char* no_color = std::getenv("NO_COLOR");
  return isatty(STDOUT_FILENO) != 0 && (no_color == nullptr || *no_color == '\0');
}

std::string write(const report::Report& report, const Args& args, const std::string& title) {
  switch (args.format) {
    case Format::kTable:
      return to_table(report, title, is_coloured());
    case Format::kCsv:
      return to_csv(report);
    case Format::kJson:
      break;
  }
  report::JsonWriter json(2);
  report::write_report(report, json);
  return json.take() + "\n";
}

}  // namespace

int run_report(const Args& args) {
  kpi::Options options;
  if (!set_options(args.options, options)) return kUnusable;
  Log log;
  if (!read_log(args.log, log)) return kUnusable;
  if (!log.is_binary && log.events.events() == 0 && log.events.lines() > 0) {
    fail(join({shown(args.log), " is not a log: none of its lines is an event"}));
    show_problems(args.log, log.events.quality(), log.events.notes());
    return kUnusable;
  }
  if (log.is_binary && args.segment) {
    return fail(join(
        {"--segment needs a log of lines (NDJSON), and ", shown(args.log), " is a binary one"}));
  }

  Engine engine(std::move(options));
  std::size_t client_sessions = 0;
  if (log.is_binary) {
    const log::BinaryEnd end = log::for_each_batch(
        log.batches, [&](std::span<const std::byte> batch) { (void)engine.ingest(batch); });
    if (end.status != base::Status::kOk) {
      if (end.offset == 0) return fail(join({shown(args.log), ": ", base::message(end.status)}));
      std::fprintf(stderr, "insitu: %s: byte %zu: %s\n", printable(shown(args.log)).c_str(),
                   end.offset, base::message(end.status));
      base::Quality rest;
      rest.add(base::Problem::kBadBatch);
      engine.add_quality(rest);
    }
  } else if (args.segment) {
    client_sessions = fold_log(log.events, args.segment->key, args.segment->value, engine);
  } else {
    client_sessions = fold_log(log.events, engine);
  }

  const report::Report report = engine.report();
  const std::string text = write(report, args, title_of(args, log, client_sessions));
  errno = 0;
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
    return fail(join({"cannot write the report: ", reason()}));
  }
  const base::Quality none;
  if (report.quality.counts == none.counts) return kFine;
  show_problems(args.log, report.quality, log.events.notes());
  return kInputHadProblems;
}

}  // namespace insitu::cli
