// SPDX-License-Identifier: MIT
// What commands read: files, options, logs and partials. Functions that fail have printed why.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/quality.h"
#include "cli/args.h"
#include "cli/file.h"
#include "engine.h"
#include "log/ndjson_reader.h"
#include "partial/tree.h"

namespace insitu::cli {

// Exit codes of the program.
inline constexpr int kFine = 0;
inline constexpr int kInputHadProblems = 1;  // the answer is complete, something was not usable
inline constexpr int kUnusable = 2;          // there is no answer

// Prints "insitu: message" and gives kUnusable.
int fail(const std::string& message);

// Prints `text` on standard output; gives `code`, or kUnusable if that was not possible.
int print(const std::string& text, int code);

// Calls take(piece) for pieces of a file, "-" being standard input. On a terminal a long read shows
// how far it is. False on an error.
[[nodiscard]] bool read_file(const std::string& path,
                             const std::function<void(std::string_view)>& take);

// Sets options from JSON text, or from a file if it does not begin with '{'.
[[nodiscard]] bool read_options(const std::string& given, kpi::Options& options);
// Sets options from JSON text; gives "" or what is wrong.
[[nodiscard]] std::string set_options(std::string_view json, kpi::Options& options);

// What was folded.
struct Folded {
  std::size_t client_sessions = 0;
  std::uint64_t events = 0;
  bool is_binary = false;
  std::vector<log::Note> notes;  // first problems with their places
};

// Which events of a log count, and how they are held.
struct FoldRules {
  std::optional<Segment> segment;
  bool is_streaming = false;
};

// Reads a log, lines or binary, into an engine, with its problems. False when there is nothing
// usable in it.
[[nodiscard]] bool fold_file(const std::string& path, const FoldRules& rules, Engine& engine,
                             Folded& folded);

// Limits of a fold: everything as values, or what --streaming promises.
[[nodiscard]] base::Limits fold_limits(bool is_streaming);

// Reads a partial, canonical or other JSON, or in the compact binary form.
[[nodiscard]] bool read_partial(const std::string& path, partial::Tree& tree);

// True if the first bytes of a file are those of a partial: the compact form, or one JSON object
// with `kpis` or `options` before any line break.
[[nodiscard]] bool looks_like_partial(const std::string& path);

// Problems on standard error: the counts in one line, then the first places.
void show_problems(const std::string& path, const base::Quality& quality,
                   std::span<const log::Note> notes);
[[nodiscard]] bool has_problems(const base::Quality& quality);

}  // namespace insitu::cli
