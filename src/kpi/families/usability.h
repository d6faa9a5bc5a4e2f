// SPDX-License-Identifier: MIT
// Whether people can do what they came for, how fast, and with how many errors.
#pragma once

#include <cmath>
#include <cstdint>

#include "base/elementary.h"
#include "base/flat_map.h"
#include "base/sort.h"
#include "kpi/family.h"
#include "stats/lostness.h"
#include "stats/single_usability.h"
#include "stats/weighted.h"

namespace insitu::kpi {

inline constexpr const char* kTaskSuccessRateOptions[] = {"confidence", "ci_method",
                                                          "partial_credit"};
inline constexpr KpiInfo kTaskSuccessRate{
    .id = "task_success_rate",
    .unit = "ratio",
    .better = "higher",
    .options = kTaskSuccessRateOptions,
    .title = INSITU_TEXT("Task success (completion) rate"),
    .family = INSITU_TEXT("usability"),
    .role = INSITU_TEXT("outcome"),
    .stage = INSITU_TEXT("all"),
    .scope = INSITU_TEXT("task"),
    .formula = INSITU_TEXT(
        "x = attempts with outcome `success`, n = all attempts (also unfinished). Also `laplace` = "
        "(x+1)/(n+2), and `with_partial` = (x + c·partial)/n, c = `partial_credit` (0)."),
    .inputs = INSITU_TEXT("task_start, task_end"),
    .edge_cases = INSITU_TEXT(
        "Attempt = first `task_start` of (client session, task, attempt); repeats count in "
        "`quality.bad_task_start`. It ends at the first `task_end` with the same key; later or "
        "unmatched ends count in `quality.orphan_task_end`. An attempt without an end is "
        "`abandon`, its end is the last event of the client session. Duration d = τ_end − τ_start; "
        "d is *valid* if 0 < d ≤ `max_task_ms`."),
    .merge = INSITU_TEXT("COUNT"),
    .interval = INSITU_TEXT("rate x/n; small n: show interval and `laplace`"),
    .source = INSITU_TEXT("Sauro & Lewis 2005, 2016 ch. 3; ISO 9241-11; ISO/IEC 25022")};

inline constexpr const char* kTaskAbandonmentRateOptions[] = {"confidence", "ci_method"};
inline constexpr KpiInfo kTaskAbandonmentRate{
    .id = "task_abandonment_rate",
    .unit = "ratio",
    .better = "lower",
    .options = kTaskAbandonmentRateOptions,
    .title = INSITU_TEXT("Task abandonment rate"),
    .family = INSITU_TEXT("usability"),
    .role = INSITU_TEXT("driver"),
    .stage = INSITU_TEXT("all"),
    .scope = INSITU_TEXT("task"),
    .formula = INSITU_TEXT(
        "x = attempts with outcome `abandon` (given or because unfinished), n = all attempts."),
    .inputs = INSITU_TEXT("task_start, task_end"),
    .edge_cases = INSITU_TEXT("as task_success_rate"),
    .merge = INSITU_TEXT("COUNT"),
    .interval = INSITU_TEXT("rate x/n"),
    .source = INSITU_TEXT("ISO/IEC 25022")};

inline constexpr const char* kErrorRateOptions[] = {"error_rate_mode", "confidence", "ci_method"};
inline constexpr KpiInfo kErrorRate{
    .id = "error_rate",
    .unit = "errors/attempt",
    .better = "lower",
    .options = kErrorRateOptions,
    .title = INSITU_TEXT("Error rate"),
    .family = INSITU_TEXT("usability"),
    .role = INSITU_TEXT("driver"),
    .stage = INSITU_TEXT("all"),
    .scope = INSITU_TEXT("task"),
    .formula = INSITU_TEXT("Σ errors / attempts. Always also `share_with_error` = attempts with ≥ "
                           "1 error / attempts."),
    .inputs = INSITU_TEXT("error (kind user, validation), task_start"),
    .edge_cases = INSITU_TEXT("An error with `task` belongs to that attempt (`attempt` default 0), "
                              "even after its end; one without to the open attempt started last; "
                              "with none open: to none. js and http errors never count here."),
    .merge = INSITU_TEXT("COUNT"),
    .interval = INSITU_TEXT("`share`: rate x/n; per attempt: none"),
    .source = INSITU_TEXT("Sauro & Lewis 2016")};

inline constexpr const char* kErrorsPerOpportunityOptions[] = {"confidence", "ci_method"};
inline constexpr KpiInfo kErrorsPerOpportunity{
    .id = "errors_per_opportunity",
    .unit = "ratio",
    .better = "lower",
    .options = kErrorsPerOpportunityOptions,
    .title = INSITU_TEXT("Errors per opportunity"),
    .family = INSITU_TEXT("usability"),
    .role = INSITU_TEXT("driver"),
    .stage = INSITU_TEXT("all"),
    .scope = INSITU_TEXT("task"),
    .formula = INSITU_TEXT("x = Σ min(errors, opportunities), n = Σ opportunities over attempts "
                           "that declare an integer `opportunities` ≥ 1."),
    .inputs = INSITU_TEXT("error, task_start.opportunities"),
    .edge_cases = INSITU_TEXT("attempts without opportunities left out"),
    .merge = INSITU_TEXT("COUNT"),
    .interval = INSITU_TEXT("rate x/n"),
    .source = INSITU_TEXT("Sauro & Kindlund 2005")};

inline constexpr const char* kTimeOnTaskOptions[] = {"time_population", "max_task_ms", "confidence",
                                                     "sketch_alpha"};
inline constexpr KpiInfo kTimeOnTask{
    .id = "time_on_task",
    .unit = "s",
    .better = "lower",
    .options = kTimeOnTaskOptions,
    .title = INSITU_TEXT("Time on task"),
    .family = INSITU_TEXT("usability"),
    .role = INSITU_TEXT("driver"),
    .stage = INSITU_TEXT("all"),
    .scope = INSITU_TEXT("task"),
    .formula = INSITU_TEXT(
        "Geometric mean exp(mean ln d) of the valid durations of successful attempts; also `mean`, "
        "`median` (type 7), `excluded` (attempts of the population with d not valid)."),
    .inputs = INSITU_TEXT("task_start, task_end"),
    .edge_cases =
        INSITU_TEXT("n = 0 null; n = 1 the value, no interval. Failed and unfinished attempts "
                    "never count unless `time_population: all` (all that have an end)."),
    .merge = INSITU_TEXT("MOMENTS of ln d (seconds), COUNT of ms for `mean`, SKETCH for `median`"),
    .interval = INSITU_TEXT("log-t"),
    .source = INSITU_TEXT("Sauro & Lewis 2010 (geometric mean best for n < 25)")};

inline constexpr KpiInfo kTimeBasedEfficiency{
    .id = "time_based_efficiency",
    .unit = "goals/s",
    .better = "higher",
    .options = {},
    .title = INSITU_TEXT("Time-based efficiency"),
    .family = INSITU_TEXT("usability"),
    .role = INSITU_TEXT("driver"),
    .stage = INSITU_TEXT("all"),
    .scope = INSITU_TEXT("task"),
    .formula = INSITU_TEXT(
        "(1/m)·Σ g/d[s], g = 1 for success else 0, over all attempts except successes whose d is "
        "not valid; m = their number. Attempts with g = 0 add 0 whatever their d."),
    .inputs = INSITU_TEXT("task_start, task_end"),
    .edge_cases = INSITU_TEXT("m = 0 null"),
    .merge = INSITU_TEXT("COUNT m, real sum (fixed point)"),
    .interval = INSITU_TEXT("none"),
    .source = INSITU_TEXT("ISO/IEC 25022; ISO 9241-11")};

inline constexpr KpiInfo kOverallRelativeEfficiency{
    .id = "overall_relative_efficiency",
    .unit = "ratio",
    .better = "higher",
    .options = {},
    .title = INSITU_TEXT("Overall relative efficiency"),
    .family = INSITU_TEXT("usability"),
    .role = INSITU_TEXT("driver"),
    .stage = INSITU_TEXT("all"),
    .scope = INSITU_TEXT("task"),
    .formula = INSITU_TEXT("Σ d of successes / Σ d of all attempts, over attempts with valid d "
                           "(unfinished ones too)."),
    .inputs = INSITU_TEXT("task_start, task_end"),
    .edge_cases = INSITU_TEXT("Σ d = 0 null"),
    .merge = INSITU_TEXT("COUNT (ms)"),
    .interval = INSITU_TEXT("none"),
    .source = INSITU_TEXT("ISO/IEC 25022; ISO 9241-11")};

inline constexpr KpiInfo kEfficiencyCif{
    .id = "efficiency_cif",
    .unit = "success/s",
    .better = "higher",
    .options = {},
    .title = INSITU_TEXT("Efficiency (common industry format)"),
    .family = INSITU_TEXT("usability"),
    .role = INSITU_TEXT("driver"),
    .stage = INSITU_TEXT("all"),
    .scope = INSITU_TEXT("task"),
    .formula =
        INSITU_TEXT("task_success_rate.value / arithmetic mean of time_on_task (same population)."),
    .inputs = INSITU_TEXT("task_start, task_end"),
    .edge_cases = INSITU_TEXT("no time: null"),
    .merge = INSITU_TEXT("from its parts"),
    .interval = INSITU_TEXT("none"),
    .source = INSITU_TEXT("ISO/IEC 25062:2006")};

inline constexpr KpiInfo kLostness{
    .id = "lostness",
    .unit = "index ≥ 0",
    .better = "lower",
    .options = {},
    .title = INSITU_TEXT("Lostness"),
    .family = INSITU_TEXT("usability"),
    .role = INSITU_TEXT("driver"),
    .stage = INSITU_TEXT("all"),
    .scope = INSITU_TEXT("task"),
    .formula = INSITU_TEXT(
        "Per attempt L = √((N/S − 1)² + (R/N − 1)²): S pages seen (the page at task_start, if any, "
        "plus every `page_view` of the client session before the end, in whatever tab), N "
        "different ones, R = `optimal`. Value = mean of L; `lost_share` = share with L > 0.5."),
    .inputs = INSITU_TEXT("task_start.optimal, page_view, task_end"),
    .edge_cases = INSITU_TEXT("Only attempts with an end, S ≥ 1 and integer R ≥ 1, whatever the "
                              "outcome. R > N is kept as it is. The page at task_start is that of "
                              "its own page view (without one: of the latest)."),
    .merge = INSITU_TEXT("COUNT n, real sum (fixed point)"),
    .interval = INSITU_TEXT("none"),
    .source = INSITU_TEXT("Smith 1996")};

inline constexpr KpiInfo kClicksPerTask{
    .id = "clicks_per_task",
    .unit = "clicks",
    .better = "lower",
    .options = {},
    .title = INSITU_TEXT("Number of clicks per task"),
    .family = INSITU_TEXT("usability"),
    .role = INSITU_TEXT("driver"),
    .stage = INSITU_TEXT("all"),
    .scope = INSITU_TEXT("task"),
    .formula =
        INSITU_TEXT("Mean number of `click` events between start and end of successful attempts."),
    .inputs = INSITU_TEXT("click, task_start, task_end"),
    .edge_cases = INSITU_TEXT("n = 0 null"),
    .merge = INSITU_TEXT("COUNT"),
    .interval = INSITU_TEXT("none"),
    .source = INSITU_TEXT("field usage")};

inline constexpr const char* kSumScoreOptions[] = {"sum_satisfaction_fraction"};
inline constexpr KpiInfo kSumScore{
    .id = "sum_score",
    .unit = "0–100",
    .better = "higher",
    .options = kSumScoreOptions,
    .title = INSITU_TEXT("Single Usability Metric"),
    .family = INSITU_TEXT("composite"),
    .role = INSITU_TEXT("outcome"),
    .stage = INSITU_TEXT("all"),
    .scope = INSITU_TEXT("task"),
    .formula = INSITU_TEXT(
        "100·mean of the components that exist: completion = x/n; time = Φ((ln T − mean ln d)/sd "
        "ln d) of successes with valid d (≥ 2), T = the smallest `spec_time_ms` (integer ≥ 1) that "
        "an attempt declares; satisfaction = Φ((mean f − 0.75)/sd f), f = (seq−1)/6, last SEQ "
        "answer of each attempt, ≥ 2 answers; errors = max(0, 1 − errors_per_opportunity). sd = 0: "
        "1, ½ or 0 as the difference is > 0, = 0, < 0. Site value = mean over tasks."),
    .inputs = INSITU_TEXT("task_*, error, survey seq"),
    .edge_cases = INSITU_TEXT("a component without data is left out (`n_components`); none: null"),
    .merge = INSITU_TEXT(
        "from its parts: COUNT, MOMENTS of ln d of successes, HIST of SEQ, least `spec_time_ms`"),
    .interval = INSITU_TEXT("none"),
    .source = INSITU_TEXT(
        "Sauro & Kindlund 2005 (here with log times; spec 4 of 5 = 0.75 of the scale)")};

struct Usability : FamilyBase {
  static constexpr const KpiInfo* kKpis[] = {&kTaskSuccessRate,
                                             &kTaskAbandonmentRate,
                                             &kErrorRate,
                                             &kErrorsPerOpportunity,
                                             &kTimeOnTask,
                                             &kTimeBasedEfficiency,
                                             &kOverallRelativeEfficiency,
                                             &kEfficiencyCif,
                                             &kLostness,
                                             &kClicksPerTask,
                                             &kSumScore};

  // All closed attempts at one task.
  struct Task {
    Count attempts = 0;
    Count successes = 0;
    Count partial = 0;
    Count abandoned = 0;
    Count errors = 0;
    Count with_error = 0;
    Rate opportunities;  // errors, at most as many as chances, of chances
    Count excluded = 0;  // of the time population, duration not valid
    Count valid_n = 0;   // attempts with a valid duration
    Count valid_ms = 0;
    Count valid_success_ms = 0;
    Sample<kLogs | kWholes | kSketch | kIsMs> times;  // of the time population
    Sample<kLogs | kIsMs> success_times;
    Count goals_n = 0;
    stats::FixedSum goals_per_s;
    Count lostness_n = 0;
    Count lost = 0;
    stats::FixedSum lostness;
    Count clicks = 0;    // of successes
    Count clicks_n = 0;  // successes
    base::FlatMap<Count> ease;
    Count spec_time_ms = 0;  // the smallest declared, 0: none

    void archive(base::Archive& a) {
      a(attempts, successes, partial, abandoned, errors, with_error, opportunities, excluded,
        valid_n, valid_ms, valid_success_ms, times, success_times, goals_n, goals_per_s, lostness_n,
        lost, lostness, clicks, clicks_n, ease, spec_time_ms);
    }
    void merge(const Task& other, const Setting& setting);
    void walk(PartialIo& io);
  };
  struct Totals {
    base::FlatMap<Task> tasks;  // by engine string id
    void archive(base::Archive& a) {
      a(tasks);
      if (!tasks.within(kMaxText)) a.fail();
    }
  };

  template <class S>
  static void end_client(const sessions::ClientSession& client, S& scopes) {
    for (const sessions::Attempt& attempt : client.attempts.all()) {
      std::uint64_t id = attempt.task;
      Totals& totals = scopes.totals;
      if (totals.tasks.size() >= scopes.setting.limits.tasks && !totals.tasks.find(id)) {
        id = events::StringTable::kOther;
      }
      // An attempt that was never ended ends with the client session.
      const std::int64_t end_ms = attempt.closed ? attempt.end_ms : client.session.last_ms;
      add(attempt, end_ms - attempt.start_ms, scopes.setting, totals.tasks[id]);
    }
  }

  static void write(const Totals& totals, Output& out) {
    Task all;
    Count scored = 0;
    double score = 0;
    base::Array<std::uint32_t> ids;
    totals.tasks.for_each(
        [&](std::uint64_t id, const Task&) { ids.push_back(static_cast<std::uint32_t>(id)); });
    // In one order, so that the sum of scores is one number.
    for (const std::uint32_t id : out.by_text(std::move(ids))) {
      const Task& task = *totals.tasks.find(id);
      Sheet& sheet = out.task(id);
      write_task(task, out, sheet);
      const double own = write_score(task, out.options(), sheet);
      if (!std::isnan(own)) {
        score += own;
        ++scored;
      }
      all.merge(task, out.setting);
    }
    write_task(all, out, out.site);
    KpiResult& sum = out.site.number(kSumScore, ratio(score, static_cast<double>(scored)));
    sum.number("n_tasks", static_cast<Count>(totals.tasks.size()));
  }

  static void partial_tasks(PartialIo& io, Totals& totals) {
    io.objects("tasks", totals.tasks, TextKeys{},
               [](PartialIo& each, std::string_view name, Task& task) {
                 each.begin(name);
                 task.walk(each);
                 each.end();
               });
  }

 private:
  // Adds what somebody declared, up to 2^53 in all.
  static void add_capped(Count& sum, Count count);
  static void add(const sessions::Attempt& attempt, std::int64_t duration_ms,
                  const Setting& setting, Task& task);
  static void write_task(const Task& task, Output& out, Sheet& sheet);
  // Adds the task's Single Usability Metric and gives its value.
  static double write_score(const Task& task, const Options& options, Sheet& sheet);
};

inline void Usability::add_capped(Count& sum, Count count) {
  constexpr Count kMost = Count{1} << 53;
  sum = count > kMost - sum ? kMost : sum + count;
}

inline void Usability::Task::merge(const Task& other, const Setting& setting) {
  attempts += other.attempts;
  successes += other.successes;
  partial += other.partial;
  abandoned += other.abandoned;
  errors += other.errors;
  with_error += other.with_error;
  opportunities.x += other.opportunities.x;
  add_capped(opportunities.n, other.opportunities.n);
  excluded += other.excluded;
  valid_n += other.valid_n;
  valid_ms += other.valid_ms;
  valid_success_ms += other.valid_success_ms;
  (void)times.merge(other.times, setting);
  goals_n += other.goals_n;
  (void)goals_per_s.merge(other.goals_per_s);
  lostness_n += other.lostness_n;
  lost += other.lost;
  (void)lostness.merge(other.lostness);
  clicks += other.clicks;
  clicks_n += other.clicks_n;
}

inline void Usability::Task::walk(PartialIo& io) {
  io.count("n", attempts);
  io.count("success", successes);
  io.count("partial", partial);
  io.count("abandon", abandoned);
  io.count("errors", errors);
  io.count("with_error", with_error);
  io.count("error_x", opportunities.x);
  io.count("opportunities", opportunities.n);
  io.count("excluded", excluded);
  io.count("valid_n", valid_n);
  io.count("valid_ms", valid_ms);
  io.count("valid_success_ms", valid_success_ms);
  io.begin("time");
  times.partial_logs(io, "ln");
  times.partial_whole_sum(io, "ms");
  times.partial_sketch(io, "sketch");
  io.end();
  success_times.partial_logs(io, "success_ln");
  io.begin("goals_per_s");
  io.count("n", goals_n);
  io.sum("s1", goals_per_s);
  io.end();
  io.begin("lostness");
  io.count("n", lostness_n);
  io.sum("s1", lostness);
  io.count("lost", lost);
  io.end();
  io.begin("clicks");
  io.count("n", clicks_n);
  io.count("x", clicks);
  io.end();
  io.counts("seq", ease, NumberKeys{});
  io.least("spec_time_ms_min", spec_time_ms);
}

inline void Usability::add(const sessions::Attempt& attempt, std::int64_t duration_ms,
                           const Setting& setting, Task& task) {
  const Options& options = setting.options;
  const bool success = attempt.outcome == sessions::Outcome::kSuccess;
  const auto ms = static_cast<double>(duration_ms);
  const bool valid = duration_ms > 0 && ms <= options.max_task_ms;
  ++task.attempts;
  task.successes += success;
  task.partial += attempt.outcome == sessions::Outcome::kPartial;
  task.abandoned += attempt.outcome == sessions::Outcome::kAbandon;
  task.errors += attempt.errors;
  task.with_error += attempt.errors > 0;
  if (attempt.opportunities > 0) {
    add_capped(task.opportunities.n, attempt.opportunities);
    task.opportunities.x +=
        attempt.errors < attempt.opportunities ? attempt.errors : attempt.opportunities;
  }
  if (valid) {
    ++task.valid_n;
    task.valid_ms += duration_ms;
    if (success) task.valid_success_ms += duration_ms;
  }
  if (options.time_population == TimePopulation::kAll ? attempt.closed : success) {
    if (!valid || !task.times.add(ms, setting)) ++task.excluded;
  }
  if (success && valid) (void)task.success_times.add(ms, setting);
  if (!success || valid) {
    ++task.goals_n;
    if (success) (void)task.goals_per_s.add_real(1000 / ms);
  }
  if (success) {
    ++task.clicks_n;
    task.clicks += attempt.clicks;
  }
  if (attempt.closed && attempt.optimal_pages > 0 && attempt.pages > 0) {
    const double lostness = stats::lostness(static_cast<double>(attempt.pages),
                                            static_cast<double>(attempt.different_pages),
                                            static_cast<double>(attempt.optimal_pages));
    if (task.lostness.add_real(lostness)) {
      ++task.lostness_n;
      task.lost += lostness > 0.5;
    }
  }
  if (attempt.ease) ++task.ease[static_cast<std::uint64_t>(attempt.ease)];
  if (attempt.spec_time_ms > 0 &&
      (task.spec_time_ms == 0 || attempt.spec_time_ms < task.spec_time_ms)) {
    task.spec_time_ms = attempt.spec_time_ms;
  }
}

inline void Usability::write_task(const Task& task, Output& out, Sheet& sheet) {
  const Options& options = out.options();
  const auto n = static_cast<double>(task.attempts);
  const auto successes = static_cast<double>(task.successes);
  KpiResult& success = sheet.rate(kTaskSuccessRate, {task.successes, task.attempts});
  success.number("laplace", n > 0 ? (successes + 1) / (n + 2) : kNoData);
  success.number("with_partial",
                 ratio(successes + options.partial_credit * static_cast<double>(task.partial), n));
  sheet.rate(kTaskAbandonmentRate, {task.abandoned, task.attempts});

  if (options.error_rate_mode == ErrorRateMode::kShare) {
    sheet.rate(kErrorRate, {task.with_error, task.attempts});
  } else {
    sheet.number(kErrorRate, ratio(task.errors, task.attempts)).n = n;
  }
  sheet.results().back().number("errors", task.errors);
  sheet.results().back().number("share_with_error", ratio(task.with_error, task.attempts));
  sheet.rate(kErrorsPerOpportunity, task.opportunities);

  KpiResult& time = geometric_mean(sheet, kTimeOnTask, task.times);
  const double mean_s =
      ratio(task.times.whole_sum() / 1000, static_cast<double>(task.times.count()));
  time.number("mean", mean_s);
  time.number("median", task.times.quantile(0.5));
  time.number("excluded", task.excluded);

  const auto goals_n = static_cast<double>(task.goals_n);
  sheet.number(kTimeBasedEfficiency, ratio(task.goals_per_s.to_real(), goals_n)).n = goals_n;
  sheet.number(kOverallRelativeEfficiency, ratio(task.valid_success_ms, task.valid_ms)).n =
      static_cast<double>(task.valid_n);
  sheet.number(kEfficiencyCif, n > 0 ? successes / n / mean_s : kNoData).n = n;

  const auto lostness_n = static_cast<double>(task.lostness_n);
  KpiResult& lostness = sheet.number(kLostness, ratio(task.lostness.to_real(), lostness_n));
  lostness.n = lostness_n;
  lostness.number("lost_share", ratio(task.lost, task.lostness_n));
  sheet.number(kClicksPerTask, ratio(task.clicks, task.clicks_n)).n =
      static_cast<double>(task.clicks_n);
}

inline double Usability::write_score(const Task& task, const Options& options, Sheet& sheet) {
  stats::UsabilityParts parts;
  if (task.attempts > 0) parts.completion = ratio(task.successes, task.attempts);
  const stats::Summary logs = task.success_times.log_summary();
  if (logs.n >= 2 && task.spec_time_ms > 0) {
    const double limit = base::ln(static_cast<double>(task.spec_time_ms) / 1000);
    parts.time = stats::share_below(limit - logs.mean, std::sqrt(logs.variance));
  }
  base::Array<stats::WeightedValue> answers;
  task.ease.for_each([&](std::uint64_t answer, Count count) {
    answers.push_back({(static_cast<double>(answer) - 1) / 6, count});
  });
  base::sort(answers, [](const auto& a, const auto& b) { return a.value < b.value; });
  const stats::Summary ease = stats::summarize_counts({answers.data(), answers.size()});
  if (ease.n >= 2) {
    parts.satisfaction =
        stats::share_below(ease.mean - options.sum_satisfaction_fraction, std::sqrt(ease.variance));
  }
  if (task.opportunities.n > 0) {
    const double errors = 1 - ratio(task.opportunities.x, task.opportunities.n);
    parts.errors = errors > 0 ? errors : 0;
  }
  const stats::SingleUsability score = stats::single_usability(parts);
  KpiResult& result = sheet.number(kSumScore, score.value.value_or(kNoData));
  result.is_sketch = !task.success_times.is_exact();
  result.begin_object("components");
  result.number("completion", parts.completion.value_or(kNoData));
  result.number("time", parts.time.value_or(kNoData));
  result.number("satisfaction", parts.satisfaction.value_or(kNoData));
  result.number("errors", parts.errors.value_or(kNoData));
  result.end();
  result.number("n_components", Count{score.components});
  return result.value;
}

}  // namespace insitu::kpi
