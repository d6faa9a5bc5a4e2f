// SPDX-License-Identifier: MIT
// Whether visitors come back.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "base/array.h"
#include "kpi/day_table.h"
#include "kpi/family.h"
#include "stats/activity.h"

namespace insitu::kpi {

inline constexpr const char* kStickinessOptions[] = {"mau_days", "as_of", "session_timeout_ms",
                                                     "tz_offset_min"};
inline constexpr KpiInfo kStickiness{
    .id = "stickiness",
    .unit = "ratio",
    .better = "higher",
    .options = kStickinessOptions,
    .title = INSITU_TEXT("Stickiness DAU/MAU"),
    .family = INSITU_TEXT("retention"),
    .role = INSITU_TEXT("driver"),
    .stage = INSITU_TEXT("retention"),
    .scope = INSITU_TEXT("visitor"),
    .formula =
        INSITU_TEXT("mean DAU of the last `mau_days` (28) days before `as_of` (days without anyone "
                    "count 0) / MAU of the same window; also `mau`, `mean_dau`, `dau_last`."),
    .inputs = INSITU_TEXT("all"),
    .edge_cases = INSITU_TEXT("MAU 0 null"),
    .merge = INSITU_TEXT("GAP"),
    .interval = INSITU_TEXT("none"),
    .source = INSITU_TEXT("field usage")};

inline constexpr const char* kRetentionRateOptions[] = {
    "period_days", "as_of", "session_timeout_ms", "tz_offset_min", "confidence", "ci_method"};
inline constexpr KpiInfo kRetentionRate{
    .id = "retention_rate",
    .unit = "ratio",
    .better = "higher",
    .options = kRetentionRateOptions,
    .title = INSITU_TEXT("Retention rate"),
    .family = INSITU_TEXT("retention"),
    .role = INSITU_TEXT("outcome"),
    .stage = INSITU_TEXT("retention"),
    .scope = INSITU_TEXT("visitor"),
    .formula = INSITU_TEXT(
        "P = `period_days` (30). A = visitors active in [as_of−2P, as_of−P), B = in [as_of−P, "
        "as_of). x = |A∩B|, n = |A|. From counts: (customers at end − new)/customers at start."),
    .inputs = INSITU_TEXT("all"),
    .edge_cases =
        INSITU_TEXT("`as_of` = day index after the last day with a session start (or given); "
                    "activity from `as_of` on is ignored; visitors with none before are left out."),
    .merge = INSITU_TEXT("GAP (exact, no identifier)"),
    .interval = INSITU_TEXT("rate x/n"),
    .source = INSITU_TEXT("field usage")};

inline constexpr const char* kChurnRateOptions[] = {
    "period_days", "as_of", "session_timeout_ms", "tz_offset_min", "confidence", "ci_method"};
inline constexpr KpiInfo kChurnRate{
    .id = "churn_rate",
    .unit = "ratio",
    .better = "lower",
    .options = kChurnRateOptions,
    .title = INSITU_TEXT("Churn rate (user, customer)"),
    .family = INSITU_TEXT("retention"),
    .role = INSITU_TEXT("outcome"),
    .stage = INSITU_TEXT("retention"),
    .scope = INSITU_TEXT("visitor"),
    .formula = INSITU_TEXT(
        "1 − retention_rate: x = |A∖B|, n = |A|. From counts: lost / customers at start."),
    .inputs = INSITU_TEXT("all"),
    .edge_cases =
        INSITU_TEXT("`as_of` = day index after the last day with a session start (or given); "
                    "activity from `as_of` on is ignored; visitors with none before are left out."),
    .merge = INSITU_TEXT("GAP (exact, no identifier)"),
    .interval = INSITU_TEXT("rate x/n"),
    .source = INSITU_TEXT("field usage")};

inline constexpr const char* kRetentionDayNOptions[] = {
    "retention_days", "as_of", "session_timeout_ms", "tz_offset_min", "confidence", "ci_method"};
inline constexpr KpiInfo kRetentionDayN{
    .id = "retention_day_n",
    .unit = "ratio",
    .better = "higher",
    .options = kRetentionDayNOptions,
    .title = INSITU_TEXT("Classic day-N retention"),
    .family = INSITU_TEXT("retention"),
    .role = INSITU_TEXT("outcome"),
    .stage = INSITU_TEXT("retention"),
    .scope = INSITU_TEXT("visitor"),
    .formula = INSITU_TEXT("n = visitors with first day + N ≤ as_of − 1, x = those active on "
                           "exactly that day; N = `retention_days` (1, 7, 30)."),
    .inputs = INSITU_TEXT("all"),
    .edge_cases =
        INSITU_TEXT("`as_of` = day index after the last day with a session start (or given); "
                    "activity from `as_of` on is ignored; visitors with none before are left out."),
    .merge = INSITU_TEXT("COHORT"),
    .interval = INSITU_TEXT("rate x/n"),
    .source = INSITU_TEXT("field usage")};

inline constexpr const char* kRollingRetentionOptions[] = {
    "retention_days", "as_of", "session_timeout_ms", "tz_offset_min", "confidence", "ci_method"};
inline constexpr KpiInfo kRollingRetention{
    .id = "rolling_retention",
    .unit = "ratio",
    .better = "higher",
    .options = kRollingRetentionOptions,
    .title = INSITU_TEXT("Rolling (unbounded) retention"),
    .family = INSITU_TEXT("retention"),
    .role = INSITU_TEXT("outcome"),
    .stage = INSITU_TEXT("retention"),
    .scope = INSITU_TEXT("visitor"),
    .formula = INSITU_TEXT("n = visitors with first day + N ≤ as_of − 1, x = those active on day "
                           "first + N or later; N = `retention_days` (1, 7, 30)."),
    .inputs = INSITU_TEXT("all"),
    .edge_cases =
        INSITU_TEXT("`as_of` = day index after the last day with a session start (or given); "
                    "activity from `as_of` on is ignored; visitors with none before are left out."),
    .merge = INSITU_TEXT("COHORT by last age"),
    .interval = INSITU_TEXT("rate x/n"),
    .source = INSITU_TEXT("field usage")};

inline constexpr const char* kCohortTableOptions[] = {"as_of", "session_timeout_ms",
                                                      "tz_offset_min"};
inline constexpr KpiInfo kCohortTable{
    .id = "cohort_table",
    .unit = "counts",
    .better = "higher",
    .options = kCohortTableOptions,
    .title = INSITU_TEXT("Cohort table"),
    .family = INSITU_TEXT("retention"),
    .role = INSITU_TEXT("outcome"),
    .stage = INSITU_TEXT("retention"),
    .scope = INSITU_TEXT("visitor"),
    .formula = INSITU_TEXT("Week of first activity c = ⌊first day/7⌋, age a = ⌊(day − first "
                           "day)/7⌋: visitors active at that age."),
    .inputs = INSITU_TEXT("all"),
    .edge_cases =
        INSITU_TEXT("`as_of` = day index after the last day with a session start (or given); "
                    "activity from `as_of` on is ignored; visitors with none before are left out."),
    .merge = INSITU_TEXT("COHORT: needs no identifier"),
    .interval = INSITU_TEXT("none"),
    .source = INSITU_TEXT("field usage")};

inline constexpr const char* kRepeatUsageOptions[] = {"session_timeout_ms"};
inline constexpr KpiInfo kRepeatUsage{
    .id = "repeat_usage",
    .unit = "sessions/visitor",
    .better = "higher",
    .options = kRepeatUsageOptions,
    .title = INSITU_TEXT("Repeat usage"),
    .family = INSITU_TEXT("engagement"),
    .role = INSITU_TEXT("outcome"),
    .stage = INSITU_TEXT("retention"),
    .scope = INSITU_TEXT("visitor"),
    .formula = INSITU_TEXT(
        "sessions / visitors; `returning_rate` = visitors with ≥ 2 sessions / visitors."),
    .inputs = INSITU_TEXT("all"),
    .edge_cases = INSITU_TEXT("no visitor null"),
    .merge = INSITU_TEXT("COUNT"),
    .interval = INSITU_TEXT("none"),
    .source = INSITU_TEXT("field usage")};

struct Retention : FamilyBase {
  static constexpr const KpiInfo* kKpis[] = {&kStickiness,    &kRetentionRate,    &kChurnRate,
                                             &kRetentionDayN, &kRollingRetention, &kCohortTable,
                                             &kRepeatUsage};

  struct Visitor {
    Count sessions = 0;
    base::Array<std::int32_t> days;  // active, ascending

    void archive(base::Archive& a) { a(sessions, days); }
  };
  struct Totals {
    DayTable gaps;      // day -> days since the active day before -> visitors
    DayTable day_n;     // first day -> age in days -> visitors active at that age
    DayTable last_age;  // first day -> age on the last day -> visitors
    DayTable weeks;     // week of the first day -> age in weeks -> visitors active at that age
    Count sessions = 0;
    Rate returning;  // visitors with two sessions or more

    void archive(base::Archive& a) { a(gaps, day_n, last_age, weeks, sessions, returning); }
  };

  template <class S>
  static void end_session(const sessions::ClientSession&, S& scopes) {
    ++scopes.totals.sessions;
    ++scopes.visitor.sessions;
  }

  template <class S>
  static void end_client(const sessions::ClientSession& client, S& scopes) {
    for (const std::int64_t first_ms : client.parts) {
      const std::int64_t day = scopes.setting.day(first_ms + client.clock_offset_ms);
      if (!insert(cut(day), scopes.visitor.days, scopes.setting.limits.days)) {
        scopes.quality.add(base::Problem::kOverLimit);
      }
    }
  }

  static void end_visitor(const Visitor& visitor, const Setting& setting, Totals& totals) {
    totals.returning.add(visitor.sessions >= 2);
    count_days(visitor.days, setting.options, totals);
  }

  static void write(const Totals& totals, Output& out) {
    Sheet& site = out.site;
    const Options& options = out.options();
    const base::Array<stats::GapCount> gaps = totals.gaps.rows();
    std::int64_t as_of = 0;
    if (options.has_as_of) {
      as_of = static_cast<std::int64_t>(options.as_of);
    } else if (!gaps.empty()) {
      as_of = gaps.back().day + 1;
    }
    write_stickiness(gaps, as_of, site.add(kStickiness), options);
    const stats::GapRetention kept =
        stats::retention_from_gaps(gaps, as_of, static_cast<std::int64_t>(options.period_days));
    site.rate(kRetentionRate, {kept.retained, kept.at_start});
    site.rate(kChurnRate, {kept.at_start - kept.retained, kept.at_start});
    write_ages(totals, as_of, site.add(kRetentionDayN), options, false);
    write_ages(totals, as_of, site.add(kRollingRetention), options, true);
    write_weeks(totals.weeks.rows(), site.add(kCohortTable));
    KpiResult& usage = site.number(kRepeatUsage, ratio(totals.sessions, totals.returning.n));
    usage.number("returning_rate", ratio(totals.returning.x, totals.returning.n));
  }

  static void partial(PartialIo& io, Totals& totals) {
    io.begin(kRepeatUsage.id);
    io.count("x", totals.returning.x);
    io.count("n", totals.returning.n);
    io.count("sessions", totals.sessions);
    io.end();
  }
  static void partial_activity(PartialIo& io, Totals& totals) {
    totals.gaps.partial(io, "gaps");
    totals.day_n.partial(io, "day_n");
    totals.last_age.partial(io, "last_age");
    totals.weeks.partial(io, "weeks");
  }

 private:
  // Clocks can be anything; differences of days must stay within 32 bits.
  static std::int32_t cut(std::int64_t day) {
    constexpr std::int64_t kMost = 1'000'000'000;
    return static_cast<std::int32_t>(std::min(std::max(day, -kMost), kMost));
  }

  // False when another day had to go: the second one, for the first is what cohorts go by.
  static bool insert(std::int32_t day, base::Array<std::int32_t>& days, std::size_t limit) {
    std::size_t at = days.size();
    while (at && days[at - 1] >= day) --at;
    if (at < days.size() && days[at] == day) return true;
    days.push_back(day);
    for (std::size_t i = days.size() - 1; i > at; --i) std::swap(days[i], days[i - 1]);
    if (days.size() <= std::max<std::size_t>(limit, 2)) return true;
    days.erase(&days[1]);
    return false;
  }

  static std::int64_t week(std::int64_t day) { return day / 7 - (day % 7 < 0); }

  static void count_days(const base::Array<std::int32_t>& days, const Options& options,
                         Totals& totals) {
    std::size_t n = days.size();
    while (options.has_as_of && n && days[n - 1] >= options.as_of) --n;
    if (n == 0) return;
    const std::int64_t first = days[0];
    const auto longest =
        static_cast<std::int64_t>(std::max(options.mau_days, 2 * options.period_days));
    std::int64_t last_week = -1;
    for (std::size_t i = 0; i < n; ++i) {
      const std::int64_t day = days[i];
      const std::int64_t age = day - first;
      totals.gaps.add(day, i ? std::min(longest, day - days[i - 1]) : longest);
      if (age == 0 || contains(options.retention_days, age)) totals.day_n.add(first, age);
      if (age / 7 != last_week) totals.weeks.add(week(first), age / 7);
      last_week = age / 7;
    }
    totals.last_age.add(first, days[n - 1] - first);
  }

  static bool contains(const base::Array<double>& ages, std::int64_t wanted) {
    for (const double age : ages) {
      if (static_cast<std::int64_t>(age) == wanted) return true;
    }
    return false;
  }

  static void write_stickiness(const base::Array<stats::GapCount>& gaps, std::int64_t as_of,
                               KpiResult& result, const Options& options) {
    const auto window = static_cast<std::int64_t>(options.mau_days);
    Count active_days = 0;
    Count last = 0;
    for (const stats::GapCount& row : gaps) {
      if (row.day >= as_of - window && row.day < as_of) active_days += row.count;
      if (row.day == as_of - 1) last += row.count;
    }
    const Count mau = stats::mau_from_gaps(gaps, as_of - 1, window);
    const double mean = ratio(static_cast<double>(active_days), options.mau_days);
    result.value = ratio(mean, static_cast<double>(mau));
    result.number("mau", mau);
    result.number("mean_dau", mean);
    result.number("dau_last", last);
  }

  // Retention on exactly (or, rolling, from) each of the days asked for.
  static void write_ages(const Totals& totals, std::int64_t as_of, KpiResult& result,
                         const Options& options, bool is_rolling) {
    result.has_value = false;
    const base::Array<double>& ages = options.retention_days;
    const base::Array<stats::GapCount> day_n = totals.day_n.rows();
    const base::Array<stats::GapCount> last_age = totals.last_age.rows();
    for (std::size_t i = 0; i < ages.size(); ++i) {
      const auto age = static_cast<std::int64_t>(ages[i]);
      bool repeated = false;
      for (std::size_t j = 0; j < i; ++j) repeated |= ages[j] == ages[i];
      if (repeated) continue;
      Rate rate;
      for (const stats::GapCount& row : day_n) {
        if (row.day + age >= as_of) continue;
        if (row.gap == 0) rate.n += row.count;
        if (row.gap == age && !is_rolling) rate.x += row.count;
      }
      for (const stats::GapCount& row : last_age) {
        if (is_rolling && row.day + age < as_of && row.gap >= age) rate.x += row.count;
      }
      result.rate(count_label(age).view(), rate, options);
    }
  }

  // `weeks` ascend.
  static void write_weeks(const base::Array<stats::GapCount>& weeks, KpiResult& result) {
    result.has_value = false;
    for (std::size_t i = 0; i < weeks.size(); ++i) {
      const bool begins = i == 0 || weeks[i - 1].day != weeks[i].day;
      if (begins && i) result.end();
      if (begins) result.begin_object(count_label(weeks[i].day).view());
      result.number(count_label(weeks[i].gap).view(), weeks[i].count);
    }
    if (!weeks.empty()) result.end();
  }
};

}  // namespace insitu::kpi
