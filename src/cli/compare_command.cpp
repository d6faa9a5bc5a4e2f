// SPDX-License-Identifier: MIT
#include "cli/compare_command.h"

#include <cmath>
#include <map>
#include <utility>

#include "cli/fold_log.h"
#include "cli/input.h"
#include "cli/text.h"
#include "cli/variants.h"
#include "partial/partial.h"
#include "report/comparison.h"
#include "report/json.h"
#include "stats/srm.h"

namespace insitu::cli {
namespace {

// One side, and what it is called.
struct Side {
  std::string name;
  std::optional<Engine> engine;
  report::Report report;
  std::vector<log::Note> notes;
  std::string path;
};

// What an A/B test is called, and whether it may be read.
struct Experiment {
  std::uint64_t visitors[2] = {0, 0};
  std::uint64_t in_both = 0;
  std::uint64_t in_none = 0;
};

bool read_side(const std::string& path, const Args& args, const kpi::Options& options,
               const std::optional<Segment>& segment, Side& side) {
  side.path = path;
  side.engine.emplace(options, fold_limits(args.is_streaming));
  const bool is_partial = !segment && !args.is_streaming && path != "-" && looks_like_partial(path);
  if (is_partial) {
    partial::Tree tree;
    if (!read_partial(path, tree)) return false;
    const std::string error = partial::add(tree, *side.engine);
    if (!error.empty()) {
      (void)fail(join({shown_path(path), ": ", error}));
      return false;
    }
  } else {
    Folded folded;
    if (!fold_file(path, {.segment = segment, .is_streaming = args.is_streaming}, *side.engine,
                   folded)) {
      return false;
    }
    side.notes = std::move(folded.notes);
  }
  side.report = side.engine->report(false);
  return true;
}

// The two arms of a log whose session starts have a `variant`.
bool read_arms(const std::string& path, const kpi::Options& options, Side& a, Side& b,
               Experiment& experiment) {
  log::NdjsonReader reader;
  if (!read_file(path, [&](std::string_view piece) { reader.feed(piece); })) return false;
  reader.finish();
  const Arms arms = find_arms(reader);
  if (arms.names.size() != 2) {
    std::string found;
    for (const std::string& name : arms.names) {
      if (!found.empty()) found += ", ";
      found += name;
    }
    (void)fail(join({shown_path(path), ": --variants compares two, and there are ",
                     std::to_string(arms.names.size()), found.empty() ? "" : ": ", found}));
    return false;
  }
  Side* const sides[2] = {&a, &b};
  for (int i = 0; i < 2; ++i) {
    sides[i]->name = arms.names[static_cast<std::size_t>(i)];
    sides[i]->path = path;
    sides[i]->engine.emplace(options, fold_limits(false));
  }
  reader.for_each_batch([&](std::span<const std::byte> batch, const log::ClientInfo& client) {
    const int arm = arms.arm_of(client.visitor);
    if (arm >= 0) (void)sides[arm]->engine->ingest(batch);
  });
  a.engine->add_quality(reader.quality());
  a.notes.assign(reader.notes().begin(), reader.notes().end());
  for (Side* side : sides) {
    side->engine->close();
    side->report = side->engine->report(false);
  }
  experiment = {{arms.visitors[0], arms.visitors[1]}, arms.in_both, arms.in_none};
  return true;
}

std::string json_text(const std::vector<report::Comparison>& all, const Side& a, const Side& b,
                      double confidence, const Experiment* experiment) {
  report::JsonWriter out(2);
  out.begin_object();
  out.field("a", a.name);
  out.field("b", b.name);
  out.field("confidence", confidence);
  if (experiment) {
    const auto srm = stats::sample_ratio_mismatch(experiment->visitors[0], experiment->visitors[1]);
    out.key("experiment");
    out.begin_object();
    out.field("visitors_a", static_cast<double>(experiment->visitors[0]));
    out.field("visitors_b", static_cast<double>(experiment->visitors[1]));
    out.field("in_both", static_cast<double>(experiment->in_both));
    out.field("in_none", static_cast<double>(experiment->in_none));
    out.key("srm");
    out.begin_object();
    out.field("z", srm ? srm->z : kpi::kNoData);
    out.field("p", srm ? srm->p : kpi::kNoData);
    out.end_object();
    out.key("may_be_read");
    out.boolean(srm && srm->p >= stats::kSrmAlarmP);
    out.end_object();
  }
  out.key("kpis");
  out.begin_object();
  for (const report::Comparison& each : all) {
    if (!each.task.empty()) continue;
    out.key(each.info->id);
    report::write_comparison(each, out);
  }
  out.end_object();
  out.key("by_task");
  out.begin_object();
  std::string_view task;
  for (const report::Comparison& each : all) {
    if (each.task.empty()) continue;
    if (each.task != task) {
      if (!task.empty()) out.end_object();
      task = each.task;
      out.key(task);
      out.begin_object();
    }
    out.key(each.info->id);
    report::write_comparison(each, out);
  }
  if (!task.empty()) out.end_object();
  out.end_object();
  out.end_object();
  return out.take() + "\n";
}

std::string amount(const report::Comparison& each, double value) {
  if (std::isnan(value)) return "no data";
  const std::string_view unit = each.info->unit;
  if (unit == "ratio") return percent_text(value, 1);
  // Differences of times have a sign.
  if (unit == "s") {
    return join({value < 0 ? "-" : "", duration_text(std::abs(value))});
  }
  return number_text(value);
}

std::string effect_text(const report::Comparison& each) {
  const auto shown = [&](double value) {
    return each.is_ratio ? join({"× ", number_text(value)}) : amount(each, value);
  };
  if (!each.interval) return shown(each.effect);
  return join({shown(each.effect), " (", shown(each.interval->lower), " to ",
               shown(each.interval->upper), ")"});
}

std::string table_text(const std::vector<report::Comparison>& all, const Side& a, const Side& b,
                       double confidence, const Experiment* experiment) {
  constexpr std::size_t kTitle = 30;
  constexpr std::size_t kValue = 11;
  constexpr std::size_t kEffect = 33;
  std::string out = join({"A: ", printable(a.name), "\nB: ", printable(b.name), "\n"});
  if (experiment) {
    const auto srm = stats::sample_ratio_mismatch(experiment->visitors[0], experiment->visitors[1]);
    const auto count = [](std::uint64_t n) { return number_text(static_cast<double>(n)); };
    out += join({"visitors: A ", count(experiment->visitors[0]), ", B ",
                 count(experiment->visitors[1]), "; in both (dropped) ", count(experiment->in_both),
                 ", in none ", count(experiment->in_none), "\n"});
    if (srm && srm->p < stats::kSrmAlarmP) {
      out += join({"DO NOT READ: the arms do not have the sizes they should have (p = ",
                   number_text(srm->p), ")\n"});
    }
  }
  std::string_view task;
  const auto head = [&](std::string_view title) {
    out += join({"\n", pad_right(title, kTitle), " ", pad_left("A", kValue), " ",
                 pad_left("B", kValue), "  ",
                 pad_right(join({"A - B, or A / B (", percent_text(confidence, 0), ")"}), kEffect),
                 " p\n"});
  };
  head("");
  for (const report::Comparison& each : all) {
    if (each.task != task) {
      task = each.task;
      head(cut_to(printable(join({"Task ", task})), kTitle));
    }
    const std::string p = each.test ? number_text(each.p) : "";
    out +=
        join({pad_right(cut_to(each.info->title, kTitle), kTitle), " ",
              pad_left(amount(each, each.a), kValue), " ", pad_left(amount(each, each.b), kValue),
              "  ", pad_right(effect_text(each), kEffect), " ", p, "\n"});
  }
  return out;
}

}  // namespace

int run_compare(const Args& args) {
  kpi::Options options;
  if (!read_options(args.options, options)) return kUnusable;
  Side a;
  Side b;
  Experiment experiment;
  if (args.compares_variants) {
    if (!read_arms(args.paths[0], options, a, b, experiment)) return kUnusable;
  } else {
    const bool in_one = args.paths.size() == 1;
    Side* const sides[2] = {&a, &b};
    for (std::size_t i = 0; i < 2; ++i) {
      std::optional<Segment> segment;
      if (in_one) segment = args.segments[i];
      if (!in_one && !args.segments.empty()) segment = args.segments[0];
      const std::string& path = args.paths[in_one ? 0 : i];
      if (!read_side(path, args, options, segment, *sides[i])) return kUnusable;
      sides[i]->name = in_one ? join({segment->key, "=", segment->value}) : shown_path(path);
    }
  }
  const std::vector<report::Comparison> all =
      report::compare(a.report, b.report, options.confidence);
  const Experiment* shown = args.compares_variants ? &experiment : nullptr;
  const int code =
      print(args.format == Format::kJson ? json_text(all, a, b, options.confidence, shown)
                                         : table_text(all, a, b, options.confidence, shown),
            kFine);
  if (code != kFine) return code;
  int worst = kFine;
  for (const Side* side : {&a, &b}) {
    if (!has_problems(side->report.quality)) continue;
    worst = kInputHadProblems;
    show_problems(side->path, side->report.quality, side->notes);
    if (args.paths.size() == 1) break;
  }
  return worst;
}

}  // namespace insitu::cli
