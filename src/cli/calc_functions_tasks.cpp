// SPDX-License-Identifier: MIT
// Times, efficiency and effort of tasks.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/elementary.h"
#include "base/int128.h"
#include "cli/calc_functions.h"
#include "cli/text.h"
#include "stats/compensated.h"
#include "stats/lostness.h"
#include "stats/mean_interval.h"
#include "stats/quantile.h"
#include "stats/single_usability.h"
#include "stats/summary.h"

namespace insitu::cli {
namespace {

// Longest time a task can take, in ms.
double max_task_ms(CalcInput& input) {
  return input.number_or("max_task_ms", 3'600'000, Allowed::kPositive);
}

std::vector<double> valid_times(const std::vector<double>& times, double longest) {
  std::vector<double> out;
  for (const double time : times) {
    if (time > 0 && time <= longest) out.push_back(time);
  }
  return out;
}

Json time_on_task(CalcInput& input) {
  const double longest_s = max_task_ms(input) / 1000;
  const double confidence = input.confidence();
  const std::vector<double> all = input.numbers("seconds");
  std::vector<double> times = valid_times(all, longest_s);
  Json answer = {{"value", nullptr},
                 {"ci", nullptr},
                 {"mean", nullptr},
                 {"median", nullptr},
                 {"log_sd", nullptr},
                 {"n", times.size()},
                 {"excluded", all.size() - times.size()}};
  if (times.empty()) return answer;
  const stats::Summary logs = stats::summarize_logs(times);
  answer["value"] = base::exp(logs.mean);
  answer["mean"] = stats::summarize(times).mean;
  std::sort(times.begin(), times.end());
  answer["median"] = to_json(stats::quantile_of_sorted(times, 0.5));
  if (logs.n > 1) answer["log_sd"] = std::sqrt(logs.variance);
  answer["ci"] = to_json(stats::geometric_mean_interval(logs, confidence));
  return answer;
}

struct Attempt {
  bool is_success;
  std::int64_t ms;
  bool is_valid;  // 0 < ms <= the longest
};

std::vector<Attempt> attempts(CalcInput& input) {
  const double longest = max_task_ms(input);
  const Json& rows = input.list("attempts");
  std::vector<Attempt> out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Json& row = rows[i];
    std::optional<std::int64_t> ms;
    if (row.is_object() && row.contains("ms")) ms = as_whole(row["ms"]);
    if (!ms || !row.contains("success") || !row["success"].is_boolean()) {
      input.reject(join({"attempts[", std::to_string(i), "]"}),
                   "{\"success\": true or false, \"ms\": a whole number}", row);
      continue;
    }
    const bool is_valid = *ms > 0 && static_cast<double>(*ms) <= longest;
    out.push_back({row["success"].get<bool>(), *ms, is_valid});
  }
  return out;
}

Json time_based_efficiency(CalcInput& input) {
  stats::CompensatedSum goals_per_s;
  double n = 0;
  for (const Attempt& each : attempts(input)) {
    if (each.is_success && !each.is_valid) continue;
    n += 1;
    if (each.is_success) goals_per_s.add(1000 / static_cast<double>(each.ms));
  }
  return {{"value", n > 0 ? Json(goals_per_s.value() / n) : Json()}, {"n", n}};
}

Json overall_relative_efficiency(CalcInput& input) {
  base::Int128 success_ms = 0;
  base::Int128 all_ms = 0;
  std::uint64_t n = 0;
  for (const Attempt& each : attempts(input)) {
    if (!each.is_valid) continue;
    ++n;
    all_ms += each.ms;
    if (each.is_success) success_ms += each.ms;
  }
  Json answer = {{"value", nullptr}, {"n", n}};
  if (n > 0) answer["value"] = static_cast<double>(success_ms) / static_cast<double>(all_ms);
  return answer;
}

Json lostness(CalcInput& input) {
  const std::int64_t pages = input.whole("S", 0);
  const std::int64_t different = input.whole("N", 0);
  const std::int64_t optimal = input.whole("R", 0);
  if (different > pages) input.fail("`N`, the different pages, must be at most `S`, all pages");
  // Nobody moved, or nobody knows the best way: such attempts have no lostness.
  if (pages == 0 || different == 0 || optimal == 0) return {{"value", nullptr}};
  return {{"value", stats::lostness(static_cast<double>(pages), static_cast<double>(different),
                                    static_cast<double>(optimal))}};
}

// (answer - lowest) / range of the valid answers to the ease question.
std::vector<double> ease_fractions(CalcInput& input) {
  const std::int64_t lower = input.whole_or("sat_min", 1);
  const std::int64_t upper = input.whole_or("sat_max", 7);
  if (lower >= upper) input.fail("`sat_min` must be below `sat_max`");
  std::vector<double> out;
  for (const Json& answer : input.list("satisfaction")) {
    const std::optional<std::int64_t> given = as_whole(answer);
    if (!given || *given < lower || *given > upper) continue;
    out.push_back(static_cast<double>(*given - lower) / static_cast<double>(upper - lower));
  }
  return out;
}

Json sum_score(CalcInput& input) {
  stats::UsabilityParts parts;
  const std::uint64_t successes = input.count("successes");
  const std::uint64_t all = input.count("attempts");
  if (successes > all) input.fail("`successes` must be at most `attempts`");
  if (all > 0) parts.completion = static_cast<double>(successes) / static_cast<double>(all);

  const std::optional<double> spec_ms = input.maybe_number("spec_time_ms", Allowed::kPositive);
  const double longest = max_task_ms(input);
  const std::vector<double> times = valid_times(input.numbers("success_times_ms"), longest);
  if (spec_ms && times.size() >= 2) {
    const stats::Summary logs = stats::summarize_logs(times);
    parts.time = stats::share_below(base::ln(*spec_ms) - logs.mean, std::sqrt(logs.variance));
  }

  const double satisfied = input.number_or("sum_satisfaction_fraction", 0.75, Allowed::kShare);
  const stats::Summary ease = stats::summarize(ease_fractions(input));
  if (ease.n >= 2) {
    parts.satisfaction = stats::share_below(ease.mean - satisfied, std::sqrt(ease.variance));
  }

  const std::optional<std::int64_t> errors = input.maybe_whole("errors", 0);
  const std::optional<std::int64_t> opportunities = input.maybe_whole("opportunities", 0);
  if (errors && opportunities && *opportunities > 0) {
    const double share = static_cast<double>(*errors) / static_cast<double>(*opportunities);
    parts.errors = std::max(0.0, 1 - share);
  }

  const stats::SingleUsability score = stats::single_usability(parts);
  return {{"value", to_json(score.value)},
          {"components",
           {{"completion", to_json(parts.completion)},
            {"time", to_json(parts.time)},
            {"satisfaction", to_json(parts.satisfaction)},
            {"errors", to_json(parts.errors)}}},
          {"n_components", score.components}};
}

constexpr const char* kAttempts =
    "attempts=[{\"success\": true, \"ms\": 5000}, ...] [max_task_ms=]";

constexpr CalcEntry kEntries[] = {
    {"time_on_task", "seconds=[...] [confidence=] [max_task_ms=]", time_on_task},
    {"time_based_efficiency", kAttempts, time_based_efficiency},
    {"overall_relative_efficiency", kAttempts, overall_relative_efficiency},
    {"lostness", "S= N= R=   pages seen, different ones, fewest that do", lostness},
    {"sum_score",
     "successes= attempts= success_times_ms=[...] satisfaction=[...] [spec_time_ms=] [errors=] "
     "[opportunities=] [sat_min=] [sat_max=] [sum_satisfaction_fraction=] [max_task_ms=]",
     sum_score},
};

}  // namespace

std::span<const CalcEntry> task_functions() { return kEntries; }

}  // namespace insitu::cli
