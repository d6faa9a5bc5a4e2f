// SPDX-License-Identifier: MIT
#include "cli/report_command.h"

#include <unistd.h>

#include <cstdlib>
#include <utility>

#include "cli/csv.h"
#include "cli/table.h"
#include "cli/text.h"
#include "partial/binary.h"
#include "partial/merge.h"
#include "partial/partial.h"
#include "report/json.h"

namespace insitu::cli {
namespace {

bool is_coloured() {
  const char* no_color = std::getenv("NO_COLOR");
  return isatty(STDOUT_FILENO) != 0 && (no_color == nullptr || *no_color == '\0');
}

std::string write(const report::Report& report, Format format, const std::string& title) {
  switch (format) {
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

std::string title_of(const Args& args, const Folded& folded) {
  std::string title = shown_path(args.paths[0]);
  for (const Segment& segment : args.segments) {
    title = join({title, ", ", segment.key, "=", segment.value});
  }
  if (folded.is_binary) return title;
  const auto sessions = static_cast<double>(folded.client_sessions);
  title = join({title, ": ", count_text(sessions, "client session", "client sessions")});
  if (!args.segments.empty()) return title;
  return join({title, ", ", count_text(static_cast<double>(folded.events), "event", "events")});
}

FoldRules rules_of(const Args& args) {
  FoldRules rules;
  if (!args.segments.empty()) rules.segment = args.segments[0];
  rules.is_streaming = args.is_streaming;
  return rules;
}

std::string text_of(const partial::Tree& tree, bool wants_binary) {
  if (!wants_binary) return partial::canonical(tree) + "\n";
  const std::vector<std::byte> bytes = partial::encode(tree);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

int run_report(const Args& args) {
  kpi::Options options;
  if (!read_options(args.options, options)) return kUnusable;
  Engine engine(std::move(options), fold_limits(args.is_streaming));
  Folded folded;
  if (!fold_file(args.paths[0], rules_of(args), engine, folded)) return kUnusable;
  const report::Report report = engine.report();
  const int code = print(write(report, args.format, title_of(args, folded)), kFine);
  if (code != kFine || !has_problems(report.quality)) return code;
  show_problems(args.paths[0], report.quality, folded.notes);
  return kInputHadProblems;
}

int run_partial(const Args& args) {
  kpi::Options options;
  if (!read_options(args.options, options)) return kUnusable;
  Engine engine(std::move(options), fold_limits(args.is_streaming));
  Folded folded;
  if (!fold_file(args.paths[0], rules_of(args), engine, folded)) return kUnusable;
  std::string segment;
  if (!args.segments.empty()) segment = args.segments[0].key + "=" + args.segments[0].value;
  const partial::Tree tree = partial::make(engine, segment, args.min_count);
  const int code = print(text_of(tree, args.wants_binary), kFine);
  const base::Quality quality = engine.report(false).quality;
  if (code != kFine || !has_problems(quality)) return code;
  show_problems(args.paths[0], quality, folded.notes);
  return kInputHadProblems;
}

int run_merge(const Args& args) {
  partial::Tree sum;
  std::optional<Engine> engine;  // of the first partial's options
  partial::Tree tree;
  // What is wrong with the first partial that is wrong by itself. It may be a difference of two,
  // with counts below 0 that the other parts make up for: then the sum is right.
  std::string doubt;
  for (const std::string& path : args.paths) {
    if (!read_partial(path, tree)) return kUnusable;
    partial::Head head;
    std::string error = partial::read_head(tree, head);
    if (error.empty() && !engine) {
      kpi::Options options;
      error = set_options(head.options, options);
      engine.emplace(std::move(options));
    }
    if (error.empty()) {
      // Everything in it must be known: what is added blindly would be lost in reports.
      const std::string wrong = partial::check(tree, *engine);
      if (doubt.empty() && !wrong.empty()) doubt = join({shown_path(path), ": ", wrong});
      const partial::MergeStatus status = partial::merge(sum, tree);
      if (status.error == partial::MergeError::kMismatch) {
        error = join({"does not fit the partials before it: ", status.path, " differs"});
      } else if (!status.ok()) {
        error = join({"the sum at ", status.path, " would leave the range of partials"});
      }
      if (!error.empty() && !wrong.empty()) error = wrong;
    }
    if (!error.empty()) return fail(join({shown_path(path), ": ", error}));
  }
  if (!doubt.empty() && !partial::check(sum, *engine).empty()) return fail(doubt);
  if (!args.wants_report) return print(text_of(sum, args.wants_binary), kFine);
  const std::string error = partial::add(sum, *engine);
  if (!error.empty()) return fail(error);
  const report::Report report = engine->report();
  const auto count = static_cast<double>(args.paths.size());
  const int code =
      print(write(report, args.format, count_text(count, "partial", "partials")), kFine);
  return code == kFine && has_problems(report.quality) ? kInputHadProblems : code;
}

}  // namespace insitu::cli
