// SPDX-License-Identifier: MIT
#include "cli/input.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "cli/fold_log.h"
#include "cli/table.h"
#include "cli/text.h"
#include "log/binary_reader.h"
#include "log/options_json.h"
#include "log/stream_reader.h"
#include "partial/binary.h"

namespace insitu::cli {
namespace {

// Places shown per kind of problem.
constexpr std::size_t kShownNotes = 3;
// Values of one kind kept as values by --streaming.
constexpr std::size_t kStreamingSamples = 1 << 16;

void fold_binary(std::span<const std::byte> batches, const std::string& path, Engine& engine) {
  const log::BinaryEnd end = log::for_each_batch(
      batches, [&](std::span<const std::byte> batch) { (void)engine.ingest(batch); });
  if (end.status == base::Status::kOk) return;
  std::fprintf(stderr, "insitu: %s: byte %zu: %s\n", printable(shown_path(path)).c_str(),
               end.offset, base::message(end.status));
  base::Quality rest;
  rest.add(base::Problem::kBadBatch);
  engine.add_quality(rest);
}

bool fail_as_no_log(const std::string& path, const base::Quality& quality,
                    std::span<const log::Note> notes) {
  (void)fail(join({shown_path(path), " is not a log: none of its lines is an event"}));
  show_problems(path, quality, notes);
  return false;
}

bool fold_streaming(const std::string& path, const FoldRules& rules, Engine& engine,
                    Folded& folded) {
  SegmentFold fold(rules.segment ? rules.segment->key : std::string_view{},
                   rules.segment ? rules.segment->value : std::string_view{}, engine);
  log::StreamReader reader([&](std::span<const std::byte> batch, const log::ClientInfo& client) {
    fold.take(batch, client);
  });
  bool is_first = true;
  bool is_binary = false;
  if (!read_file(path, [&](std::string_view piece) {
        if (std::exchange(is_first, false)) {
          is_binary = log::is_binary_log(std::as_bytes(std::span(piece)));
        }
        if (!is_binary) reader.feed(piece);
      })) {
    return false;
  }
  if (is_binary) {
    (void)fail(join(
        {"--streaming reads logs of lines (NDJSON), and ", shown_path(path), " is a binary one"}));
    return false;
  }
  reader.finish();
  if (reader.events() == 0 && reader.lines() > 0) {
    return fail_as_no_log(path, reader.quality(), reader.notes());
  }
  engine.add_quality(reader.quality());
  folded.client_sessions = fold.finish();
  engine.close();
  folded.events = reader.events();
  folded.notes.assign(reader.notes().begin(), reader.notes().end());
  return true;
}

}  // namespace

int fail(const std::string& message) {
  std::fprintf(stderr, "insitu: %s\n", printable(message).c_str());
  return kUnusable;
}

int print(const std::string& text, int code) {
  errno = 0;
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0) {
    return code;
  }
  return fail(join({"cannot write the answer: ", std::strerror(errno)}));
}

bool read_file(const std::string& path, const std::function<void(std::string_view)>& take) {
  std::string error;
  const File file = open_file(path, error);
  if (file) error = read_pieces(file.get(), path, take);
  if (!error.empty()) (void)fail(error);
  return error.empty();
}

std::string set_options(std::string_view json, kpi::Options& options) {
  const log::OptionsText text = log::read_options(json);
  if (!text.error.empty()) {
    return join({std::to_string(text.line), ":", std::to_string(text.column), ": ", text.error});
  }
  const std::string error = log::apply_options(text, options, kpi::allowed);
  return error.empty() ? error : join({" ", error});
}

bool read_options(const std::string& given, kpi::Options& options) {
  if (given.empty()) return true;
  const bool is_text = given.front() == '{';
  std::string json = given;
  if (!is_text) {
    json.clear();
    if (!read_file(given, [&](std::string_view piece) { json += piece; })) return false;
  }
  const std::string error = set_options(json, options);
  if (error.empty()) return true;
  (void)fail(join({is_text ? "--options" : given, ":", error}));
  return false;
}

base::Limits fold_limits(bool is_streaming) {
  base::Limits limits = base::Limits::lab();
  if (is_streaming) {
    limits.samples = kStreamingSamples;
    limits.session_names = false;
  }
  return limits;
}

bool fold_file(const std::string& path, const FoldRules& rules, Engine& engine, Folded& folded) {
  if (rules.is_streaming) return fold_streaming(path, rules, engine, folded);
  log::NdjsonReader events;
  std::vector<std::byte> batches;
  bool is_first = true;
  if (!read_file(path, [&](std::string_view piece) {
        const auto bytes = std::as_bytes(std::span(piece));
        if (std::exchange(is_first, false)) folded.is_binary = log::is_binary_log(bytes);
        if (folded.is_binary) {
          batches.insert(batches.end(), bytes.begin(), bytes.end());
        } else {
          events.feed(piece);
        }
      })) {
    return false;
  }
  events.finish();
  if (folded.is_binary) {
    if (rules.segment) {
      (void)fail(join({"--segment needs a log of lines (NDJSON), and ", shown_path(path),
                       " is a binary one: convert it first"}));
      return false;
    }
    std::span<const std::byte> first;
    const base::Status status = log::first_batch(batches, first);
    if (status != base::Status::kOk) {
      (void)fail(join({shown_path(path), ": ", base::message(status)}));
      return false;
    }
    fold_binary(batches, path, engine);
    engine.close();
    return true;
  }
  if (events.events() == 0 && events.lines() > 0) {
    return fail_as_no_log(path, events.quality(), events.notes());
  }
  const Segment segment = rules.segment.value_or(Segment{});
  folded.client_sessions = fold_log(events, segment.key, segment.value, engine);
  engine.close();
  folded.events = events.events();
  folded.notes.assign(events.notes().begin(), events.notes().end());
  return true;
}

bool read_partial(const std::string& path, partial::Tree& tree) {
  std::string text;
  if (!read_file(path, [&](std::string_view piece) { text += piece; })) return false;
  const bool is_binary = text.starts_with("INSP");
  const partial::ParseResult result = is_binary
                                          ? partial::decode(std::as_bytes(std::span(text)), tree)
                                          : partial::parse(text, tree);
  if (result.ok()) return true;
  std::string place = shown_path(path) + ":";
  if (!is_binary) place += std::to_string(result.line) + ":";
  (void)fail(join({place, std::to_string(result.column), ": ", result.error}));
  return false;
}

bool looks_like_partial(const std::string& path) {
  std::string error;
  const File file = open_file(path, error);
  if (!file) return false;
  std::string text(1 << 20, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  if (text.starts_with("INSP")) return true;
  // Every line of a log says its type; the canonical text of a partial is one line.
  const std::string_view line = std::string_view(text).substr(0, text.find('\n'));
  const bool is_partial = line.find("\"options\":") != std::string_view::npos ||
                          line.starts_with("{\"activity\":") || line.starts_with("{\"kpis\":") ||
                          line.starts_with("{\"heatmaps\":");
  return is_partial && line.find("\"visitor\":") == std::string_view::npos;
}

bool has_problems(const base::Quality& quality) {
  const base::Quality none;
  return quality.counts != none.counts;
}

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
  const std::string name = shown_path(path);
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

}  // namespace insitu::cli
