// SPDX-License-Identifier: MIT
// How much and how steadily visitors use the site.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/flat_map.h"
#include "kpi/family.h"
#include "stats/moments.h"

namespace insitu::kpi {

inline constexpr const char* kSessionsOptions[] = {"session_timeout_ms"};
inline constexpr KpiInfo kSessions{
    .id = "sessions",
    .unit = "count",
    .better = "none",
    .options = kSessionsOptions,
    .title = INSITU_TEXT("Sessions"),
    .family = INSITU_TEXT("engagement"),
    .role = INSITU_TEXT("context"),
    .stage = INSITU_TEXT("all"),
    .scope = INSITU_TEXT("site"),
    .formula = INSITU_TEXT("number of sessions: a client session is cut where nothing happened for "
                           "longer than `session_timeout_ms`"),
    .inputs = INSITU_TEXT("all"),
    .edge_cases = INSITU_TEXT("empty log 0"),
    .merge = INSITU_TEXT("COUNT"),
    .interval = INSITU_TEXT("none"),
    .source = INSITU_TEXT("field usage")};

inline constexpr KpiInfo kVisitors{
    .id = "visitors",
    .unit = "count",
    .better = "none",
    .options = {},
    .title = INSITU_TEXT("Visitors"),
    .family = INSITU_TEXT("engagement"),
    .role = INSITU_TEXT("context"),
    .stage = INSITU_TEXT("all"),
    .scope = INSITU_TEXT("site"),
    .formula = INSITU_TEXT("number of different `visitor` keys with at least one session"),
    .inputs = INSITU_TEXT("all"),
    .edge_cases = INSITU_TEXT("empty log 0"),
    .merge = INSITU_TEXT("COUNT; visitors: COUNT from browsers, HLL in collectors"),
    .interval = INSITU_TEXT("none"),
    .source = INSITU_TEXT("field usage")};

inline constexpr KpiInfo kPageViews{.id = "page_views",
                                    .unit = "count",
                                    .better = "none",
                                    .options = {},
                                    .title = INSITU_TEXT("Page views"),
                                    .family = INSITU_TEXT("engagement"),
                                    .role = INSITU_TEXT("context"),
                                    .stage = INSITU_TEXT("all"),
                                    .scope = INSITU_TEXT("site"),
                                    .formula = INSITU_TEXT("number of `page_view` events"),
                                    .inputs = INSITU_TEXT("all"),
                                    .edge_cases = INSITU_TEXT("empty log 0"),
                                    .merge = INSITU_TEXT("COUNT"),
                                    .interval = INSITU_TEXT("none"),
                                    .source = INSITU_TEXT("field usage")};

inline constexpr const char* kBounceRateOptions[] = {
    "bounce_mode", "engaged_ms", "idle_cap_ms", "session_timeout_ms", "confidence", "ci_method"};
inline constexpr KpiInfo kBounceRate{
    .id = "bounce_rate",
    .unit = "ratio",
    .better = "lower",
    .options = kBounceRateOptions,
    .title = INSITU_TEXT("Bounce rate"),
    .family = INSITU_TEXT("engagement"),
    .role = INSITU_TEXT("driver"),
    .stage = INSITU_TEXT("evaluate"),
    .scope = INSITU_TEXT("session"),
    .formula =
        INSITU_TEXT("`single_page` (default, as has it): x = sessions with exactly 1 page view, n "
                    "= sessions with ≥ 1. `ga4`: x = sessions not engaged, n = all sessions."),
    .inputs = INSITU_TEXT("page_view (ga4: all)"),
    .edge_cases = INSITU_TEXT("sessions without page view are outside n in the default"),
    .merge = INSITU_TEXT("COUNT"),
    .interval = INSITU_TEXT("rate x/n"),
    .source = INSITU_TEXT("Google Analytics 4 help")};

inline constexpr const char* kEngagementRateOptions[] = {
    "engaged_ms", "idle_cap_ms", "session_timeout_ms", "confidence", "ci_method"};
inline constexpr KpiInfo kEngagementRate{
    .id = "engagement_rate",
    .unit = "ratio",
    .better = "higher",
    .options = kEngagementRateOptions,
    .title = INSITU_TEXT("Engagement rate"),
    .family = INSITU_TEXT("engagement"),
    .role = INSITU_TEXT("driver"),
    .stage = INSITU_TEXT("evaluate"),
    .scope = INSITU_TEXT("session"),
    .formula = INSITU_TEXT("Engaged = active time > `engaged_ms` (10 000, strictly) or ≥ 2 page "
                           "views or ≥ 1 goal. x = engaged, n = all sessions."),
    .inputs = INSITU_TEXT("all"),
    .edge_cases = INSITU_TEXT("–"),
    .merge = INSITU_TEXT("COUNT"),
    .interval = INSITU_TEXT("rate x/n"),
    .source = INSITU_TEXT("Google Analytics 4 help")};

inline constexpr const char* kAverageSessionDurationOptions[] = {
    "duration_exclude_bounces", "confidence", "session_timeout_ms"};
inline constexpr KpiInfo kAverageSessionDuration{
    .id = "average_session_duration",
    .unit = "s",
    .better = "higher",
    .options = kAverageSessionDurationOptions,
    .title = INSITU_TEXT("Average session duration"),
    .family = INSITU_TEXT("engagement"),
    .role = INSITU_TEXT("driver"),
    .stage = INSITU_TEXT("evaluate"),
    .scope = INSITU_TEXT("session"),
    .formula = INSITU_TEXT("mean of τ_last − τ_first over sessions."),
    .inputs = INSITU_TEXT("all"),
    .edge_cases = INSITU_TEXT("one event: 0, and it counts; `duration_exclude_bounces` leaves out "
                              "sessions with exactly 1 page view"),
    .merge = INSITU_TEXT("MOMENTS of ms (exact)"),
    .interval = INSITU_TEXT("mean-t, not below 0"),
    .source = INSITU_TEXT("field usage")};

inline constexpr const char* kActiveTimeOptions[] = {"idle_cap_ms", "confidence",
                                                     "session_timeout_ms"};
inline constexpr KpiInfo kActiveTime{
    .id = "active_time",
    .unit = "s",
    .better = "higher",
    .options = kActiveTimeOptions,
    .title = INSITU_TEXT("Active (visible) time"),
    .family = INSITU_TEXT("engagement"),
    .role = INSITU_TEXT("driver"),
    .stage = INSITU_TEXT("evaluate"),
    .scope = INSITU_TEXT("session"),
    .formula = INSITU_TEXT("mean over sessions of Σ act(i) (section 2.6)."),
    .inputs = INSITU_TEXT("all, visibility"),
    .edge_cases = INSITU_TEXT("–"),
    .merge = INSITU_TEXT("MOMENTS of ms (exact)"),
    .interval = INSITU_TEXT("mean-t, not below 0"),
    .source = INSITU_TEXT("Page Visibility API; GA4 engagement time")};

inline constexpr const char* kPagesPerVisitOptions[] = {"confidence", "session_timeout_ms"};
inline constexpr KpiInfo kPagesPerVisit{
    .id = "pages_per_visit",
    .unit = "pages",
    .better = "higher",
    .options = kPagesPerVisitOptions,
    .title = INSITU_TEXT("Pages per visit"),
    .family = INSITU_TEXT("engagement"),
    .role = INSITU_TEXT("driver"),
    .stage = INSITU_TEXT("evaluate"),
    .scope = INSITU_TEXT("session"),
    .formula = INSITU_TEXT("page views / sessions with ≥ 1 page view."),
    .inputs = INSITU_TEXT("page_view"),
    .edge_cases = INSITU_TEXT("n = 0 null"),
    .merge = INSITU_TEXT("HIST"),
    .interval = INSITU_TEXT("mean-t, not below 0"),
    .source = INSITU_TEXT("field usage")};

inline constexpr KpiInfo kNumberOfClicks{
    .id = "number_of_clicks",
    .unit = "clicks",
    .better = "none",
    .options = {},
    .title = INSITU_TEXT("Number of clicks"),
    .family = INSITU_TEXT("engagement"),
    .role = INSITU_TEXT("context"),
    .stage = INSITU_TEXT("all"),
    .scope = INSITU_TEXT("session"),
    .formula = INSITU_TEXT("`click` events with finite x, y; also per session and per page view."),
    .inputs = INSITU_TEXT("click"),
    .edge_cases = INSITU_TEXT("–"),
    .merge = INSITU_TEXT("COUNT"),
    .interval = INSITU_TEXT("none"),
    .source = INSITU_TEXT("field usage")};

inline constexpr const char* kScrollDepthOptions[] = {"scroll_thresholds"};
inline constexpr KpiInfo kScrollDepth{
    .id = "scroll_depth",
    .unit = "ratio",
    .better = "higher",
    .options = kScrollDepthOptions,
    .title = INSITU_TEXT("Scroll depth"),
    .family = INSITU_TEXT("engagement"),
    .role = INSITU_TEXT("driver"),
    .stage = INSITU_TEXT("evaluate"),
    .scope = INSITU_TEXT("page"),
    .formula = INSITU_TEXT("Per page view with vh, dh > 0: min(1, max(vh, max(y + vh))/dh). Value "
                           "= mean; `reach[t]` = share ≥ t for t = 0.25, 0.5, 0.75, 0.9, 1."),
    .inputs = INSITU_TEXT("page_view, scroll"),
    .edge_cases = INSITU_TEXT("no geometry: left out"),
    .merge = INSITU_TEXT("COUNT per threshold, real sum (fixed point)"),
    .interval = INSITU_TEXT("none"),
    .source = INSITU_TEXT("GA4 (90 %); Hotjar")};

struct Engagement : FamilyBase {
  static constexpr const KpiInfo* kKpis[] = {&kSessions,       &kVisitors,
                                             &kPageViews,      &kBounceRate,
                                             &kEngagementRate, &kAverageSessionDuration,
                                             &kActiveTime,     &kPagesPerVisit,
                                             &kNumberOfClicks, &kScrollDepth};

  struct Totals {
    std::uint64_t sessions = 0;
    std::uint64_t visitors = 0;
    std::uint64_t page_views = 0;
    std::uint64_t clicks = 0;
    std::uint64_t with_page_view = 0;  // sessions
    std::uint64_t single_page = 0;     // sessions
    std::uint64_t engaged = 0;         // sessions
    stats::IntMoments duration_ms;
    stats::IntMoments active_ms;
    base::FlatMap<std::uint64_t> pages;  // page views of a session -> sessions
    std::uint64_t depth_n = 0;           // page views with a geometry
    stats::FixedSum depth;
    base::Array<std::uint64_t> reach;  // page views at or beyond each threshold

    void archive(base::Archive& a) {
      a(sessions, visitors, page_views, clicks, with_page_view, single_page, engaged, duration_ms,
        active_ms, pages, depth_n, depth, reach);
    }
  };

  static void page_closed(const sessions::PageView& view, const sessions::ShownPage& page,
                          const Setting& setting, Totals& totals) {
    double bottom = page.viewport_height;
    if (view.deepest_scroll + page.viewport_height > bottom) {
      bottom = view.deepest_scroll + page.viewport_height;
    }
    const double depth = std::min(1.0, bottom / page.document_height);
    ++totals.depth_n;
    (void)totals.depth.add_real(depth);  // at most 1: no number of page views leaves the range
    const auto& thresholds = setting.options.scroll_thresholds;
    totals.reach.resize(thresholds.size());
    for (std::size_t i = 0; i < thresholds.size(); ++i) totals.reach[i] += depth >= thresholds[i];
  }

  template <class S>
  static void end_session(const sessions::Session& session, const Setting& setting, S scopes) {
    Totals& totals = scopes.totals;
    ++totals.sessions;
    totals.page_views += session.page_views;
    totals.clicks += session.clicks;
    if (session.page_views > 0) {
      ++totals.with_page_view;
      ++totals.pages[session.page_views];
    }
    totals.single_page += session.page_views == 1;
    totals.engaged += static_cast<double>(session.active_ms) > setting.options.engaged_ms ||
                      session.page_views >= 2 || session.goals > 0;
    if (!(setting.options.duration_exclude_bounces && session.page_views == 1)) {
      add(session.duration_ms(), totals.duration_ms, scopes.quality);
    }
    add(session.active_ms, totals.active_ms, scopes.quality);
  }

  template <class V>
  static void end_visitor(const V&, const Setting&, Totals& totals) {
    ++totals.visitors;
  }

  static void write(const Totals& totals, Output& out) {
    Sheet& site = out.site;
    const Options& options = out.setting.options;
    const auto sessions = static_cast<double>(totals.sessions);
    const auto page_views = static_cast<double>(totals.page_views);
    const auto clicks = static_cast<double>(totals.clicks);
    site.add(kSessions).value = sessions;
    site.add(kVisitors).value = static_cast<double>(totals.visitors);
    site.add(kPageViews).value = page_views;
    if (options.bounce_mode == BounceMode::kGa4) {
      site.rate(kBounceRate, totals.sessions - totals.engaged, totals.sessions);
    } else {
      site.rate(kBounceRate, totals.single_page, totals.with_page_view);
    }
    site.rate(kEngagementRate, totals.engaged, totals.sessions);
    write_ms(kAverageSessionDuration, totals.duration_ms, site);
    write_ms(kActiveTime, totals.active_ms, site);
    stats::FixedSum pages;
    stats::FixedSum squares;
    totals.pages.for_each([&](std::uint64_t count, std::uint64_t times) {
      const auto views = static_cast<base::Int128>(count);
      (void)pages.add(views * times);
      (void)squares.add(views * views * times);
    });
    site.mean(kPagesPerVisit, stats::IntMoments(totals.with_page_view, pages, squares).summary());
    KpiResult& number_of_clicks = site.add(kNumberOfClicks);
    number_of_clicks.value = clicks;
    number_of_clicks.add_extra("per_session", ratio(clicks, sessions));
    number_of_clicks.add_extra("per_page_view", ratio(clicks, page_views));
    KpiResult& depth = site.add(kScrollDepth);
    const auto depth_n = static_cast<double>(totals.depth_n);
    depth.value = ratio(totals.depth.to_real(), depth_n);
    depth.n = depth_n;
    depth.parts_name = "reach";
    for (std::size_t i = 0; i < options.scroll_thresholds.size(); ++i) {
      const std::uint64_t x = i < totals.reach.size() ? totals.reach[i] : 0;
      depth.parts.push_back(
          {share_label(options.scroll_thresholds[i]), ratio(static_cast<double>(x), depth_n)});
    }
  }

 private:
  // A value too large for the exact sums is left out and counted.
  static void add(std::int64_t value, stats::IntMoments& moments, base::Quality& quality) {
    if (!moments.add(value)) quality.add(base::Problem::kOverLimit);
  }

  // The mean in seconds of durations in ms.
  static void write_ms(const KpiInfo& info, const stats::IntMoments& moments, Sheet& site) {
    stats::Summary seconds = moments.summary();
    seconds.mean /= 1000;
    seconds.variance /= 1000 * 1000;
    site.mean(info, seconds).add_extra("sum_ms", moments.s1().to_double());
  }
};

}  // namespace insitu::kpi
