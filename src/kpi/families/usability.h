// SPDX-License-Identifier: MIT
// Whether people can do what they came for, how fast, and with how many errors.
#pragma once

#include <cstdint>

#include "base/flat_map.h"
#include "kpi/family.h"
#include "kpi/times.h"

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

struct Usability : FamilyBase {
  static constexpr const KpiInfo* kKpis[] = {&kTaskSuccessRate, &kTaskAbandonmentRate, &kErrorRate,
                                             &kTimeOnTask};

  // All closed attempts at one task.
  struct Task {
    std::uint64_t attempts = 0;
    std::uint64_t successes = 0;
    std::uint64_t partial = 0;
    std::uint64_t abandoned = 0;
    std::uint64_t errors = 0;
    std::uint64_t with_error = 0;
    std::uint64_t excluded = 0;  // of the time population, duration not valid
    Times times;                 // of the time population

    void archive(base::Archive& a) {
      a(attempts, successes, partial, abandoned, errors, with_error, excluded, times);
    }
    void merge(const Task& other, const Setting& setting) {
      attempts += other.attempts;
      successes += other.successes;
      partial += other.partial;
      abandoned += other.abandoned;
      errors += other.errors;
      with_error += other.with_error;
      excluded += other.excluded;
      times.merge(other.times, setting.limits.samples, setting.options.sketch_alpha);
    }
  };
  struct Totals {
    base::FlatMap<Task> tasks;  // by engine string id
    void archive(base::Archive& a) { a(tasks); }
  };

  template <class C>
  static void end_client(const sessions::ClientSession& client, const Setting& setting, C&,
                         Totals& totals) {
    const Options& options = setting.options;
    for (const sessions::Attempt& attempt : client.attempts.all()) {
      std::uint64_t id = attempt.task;
      if (totals.tasks.size() >= setting.limits.tasks && !totals.tasks.find(id)) {
        id = events::StringTable::kOther;
      }
      Task& task = totals.tasks[id];
      const bool success = attempt.outcome == sessions::Outcome::kSuccess;
      ++task.attempts;
      task.successes += success;
      task.partial += attempt.outcome == sessions::Outcome::kPartial;
      task.abandoned += attempt.outcome == sessions::Outcome::kAbandon;
      task.errors += attempt.errors;
      task.with_error += attempt.errors > 0;
      const bool timed = options.time_population == TimePopulation::kAll ? attempt.closed : success;
      if (!timed) continue;
      const std::int64_t duration_ms = attempt.end_ms - attempt.start_ms;
      if (duration_ms > 0 && static_cast<double>(duration_ms) <= options.max_task_ms) {
        task.times.add(duration_ms, setting.limits.samples, options.sketch_alpha);
      } else {
        ++task.excluded;
      }
    }
  }

  static void write(const Totals& totals, Output& out) {
    Task all;
    totals.tasks.for_each([&](std::uint64_t id, const Task& task) {
      write_task(task, out, out.task(static_cast<std::uint32_t>(id)));
      all.merge(task, out.setting);
    });
    write_task(all, out, out.site);
  }

 private:
  static void write_task(const Task& task, Output& out, Sheet& sheet) {
    const Options& options = out.setting.options;
    const auto n = static_cast<double>(task.attempts);
    const auto successes = static_cast<double>(task.successes);
    KpiResult& success = sheet.rate(kTaskSuccessRate, task.successes, task.attempts);
    success.add_extra("laplace", n > 0 ? (successes + 1) / (n + 2) : kNoData);
    success.add_extra(
        "with_partial",
        ratio(successes + options.partial_credit * static_cast<double>(task.partial), n));
    sheet.rate(kTaskAbandonmentRate, task.abandoned, task.attempts);

    const auto errors = static_cast<double>(task.errors);
    const double share = ratio(static_cast<double>(task.with_error), n);
    if (options.error_rate_mode == ErrorRateMode::kShare) {
      sheet.rate(kErrorRate, task.with_error, task.attempts);
    } else {
      KpiResult& rate = sheet.add(kErrorRate);
      rate.value = ratio(errors, n);
      rate.n = n;
    }
    sheet.results().back().add_extra("errors", errors);
    sheet.results().back().add_extra("share_with_error", share);

    const Times::Summary times = task.times.summary(options.confidence);
    KpiResult& time = sheet.add(kTimeOnTask);
    time.value = times.geometric_mean;
    time.n = static_cast<double>(task.times.count());
    time.set_interval(times.interval);
    time.add_extra("log_sd", times.log_sd);
    time.add_extra("mean", times.mean);
    time.add_extra("median", times.median);
    time.add_extra("excluded", static_cast<double>(task.excluded));
    if (!task.times.is_exact()) out.exact = false;
  }
};

}  // namespace insitu::kpi
