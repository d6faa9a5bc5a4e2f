// SPDX-License-Identifier: MIT
// How much and how steadily visitors use the site.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/flat_map.h"
#include "kpi/family.h"
#include "stats/hll.h"
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
    .merge = INSITU_TEXT("COUNT"),
    .interval = INSITU_TEXT("none"),
    .source = INSITU_TEXT("field usage")};

inline constexpr const char* kVisitorsHllOptions[] = {"hll_p"};
inline constexpr KpiInfo kVisitorsHll{
    .id = "visitors_hll",
    .unit = "count",
    .better = "none",
    .options = kVisitorsHllOptions,
    .title = INSITU_TEXT("Visitors, estimated"),
    .family = INSITU_TEXT("engagement"),
    .role = INSITU_TEXT("context"),
    .stage = INSITU_TEXT("all"),
    .scope = INSITU_TEXT("site"),
    .formula = INSITU_TEXT("HyperLogLog estimate of the number of different `visitor` keys"),
    .inputs = INSITU_TEXT("all"),
    .edge_cases = INSITU_TEXT("empty log 0; not in reports of partials, which hold no keys"),
    .merge = INSITU_TEXT("none: in no partial"),
    .interval = INSITU_TEXT("none; standard error 1.04/√2^`hll_p` = 1.6 %"),
    .source = INSITU_TEXT("Flajolet et al. 2007")};

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
    .formula = INSITU_TEXT(
        "mean over sessions of Σ act(i), act(i) being the time from event i to the next one of the "
        "client session, at most `idle_cap_ms`, while at least one page view is visible."),
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

inline constexpr KpiInfo kExitRate{
    .id = "exit_rate",
    .unit = "ratio",
    .better = "lower",
    .options = {},
    .title = INSITU_TEXT("Exits and entries per page"),
    .family = INSITU_TEXT("engagement"),
    .role = INSITU_TEXT("driver"),
    .stage = INSITU_TEXT("all"),
    .scope = INSITU_TEXT("page"),
    .formula = INSITU_TEXT(
        "exits (last page view of a session) / views, per page; entries = first page views."),
    .inputs = INSITU_TEXT("page_view"),
    .edge_cases = INSITU_TEXT("–"),
    .merge = INSITU_TEXT("COUNT"),
    .interval = INSITU_TEXT("none"),
    .source = INSITU_TEXT("field usage")};

struct Engagement : FamilyBase {
  static constexpr const KpiInfo* kKpis[] = {&kSessions,
                                             &kVisitors,
                                             &kVisitorsHll,
                                             &kPageViews,
                                             &kBounceRate,
                                             &kEngagementRate,
                                             &kAverageSessionDuration,
                                             &kActiveTime,
                                             &kPagesPerVisit,
                                             &kNumberOfClicks,
                                             &kScrollDepth,
                                             &kExitRate};

  struct Session {
    std::uint32_t first_page = 0;  // engine string ids
    std::uint32_t last_page = 0;
  };
  struct PageCounts {
    Count views = 0;
    Count exits = 0;
    Count entries = 0;
  };
  struct Totals {
    Count sessions = 0;
    Count visitors = 0;
    Count page_views = 0;
    Count clicks = 0;
    Rate bounces;
    Rate engaged;
    stats::IntMoments duration_ms;
    stats::IntMoments active_ms;
    base::FlatMap<Count> pages_per_visit;  // page views of a session -> sessions
    Count depth_n = 0;                     // page views with a geometry
    stats::FixedSum depth;
    base::Array<Count> reach;           // page views at or beyond each threshold
    base::FlatMap<PageCounts> by_page;  // by engine string id
    stats::HyperLogLog keys;            // of visitors

    void archive(base::Archive& a) {
      a(sessions, visitors, page_views, clicks, bounces, engaged, duration_ms, active_ms,
        pages_per_visit, depth_n, depth, reach, by_page, keys);
      if (!by_page.within(kMaxText)) a.fail();
    }
  };

  static constexpr std::uint64_t kEvents = mask(events::EventType::kPageView);

  template <class S>
  static void event(const Step& step, S& scopes) {
    const std::uint32_t page = step.client.pages.view(step.page_view).page;
    // The engine has counted this one already.
    if (step.client.session.page_views == 1) scopes.session.first_page = page;
    scopes.session.last_page = page;
    ++scopes.totals.by_page[page].views;
  }

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
  static void end_session(const sessions::ClientSession& client, S& scopes) {
    const sessions::Session& session = client.session;
    const Options& options = scopes.setting.options;
    Totals& totals = scopes.totals;
    ++totals.sessions;
    totals.page_views += static_cast<Count>(session.page_views);
    totals.clicks += static_cast<Count>(session.clicks);
    if (session.page_views > 0) {
      ++totals.pages_per_visit[session.page_views];
      ++totals.by_page[scopes.session.first_page].entries;
      ++totals.by_page[scopes.session.last_page].exits;
    }
    const bool engaged = static_cast<double>(session.active_ms) > options.engaged_ms ||
                         session.page_views >= 2 || session.goals > 0;
    totals.engaged.add(engaged);
    if (options.bounce_mode == BounceMode::kGa4) {
      totals.bounces.add(!engaged);
    } else if (session.page_views > 0) {
      totals.bounces.add(session.page_views == 1);
    }
    if (!(options.duration_exclude_bounces && session.page_views == 1)) {
      add(session.duration_ms(), totals.duration_ms, scopes.quality);
    }
    add(session.active_ms, totals.active_ms, scopes.quality);
  }

  template <class S>
  static void end_client(const sessions::ClientSession&, S& scopes) {
    stats::HyperLogLog& keys = scopes.totals.keys;
    const auto precision = static_cast<int>(scopes.setting.options.hll_p);
    // Only before the first key.
    if (keys.precision() != precision) keys = stats::HyperLogLog(precision);
    keys.add(scopes.table.text(scopes.visitor_text));
  }

  template <class V>
  static void end_visitor(const V&, const Setting&, Totals& totals) {
    ++totals.visitors;
  }

  static void write(const Totals& totals, Output& out) {
    Sheet& site = out.site;
    const Options& options = out.setting.options;
    site.number(kSessions, static_cast<double>(totals.sessions));
    site.number(kVisitors, static_cast<double>(totals.visitors));
    if (!out.is_merged) {
      site.number(kVisitorsHll, totals.keys.estimate());
    }
    site.number(kPageViews, static_cast<double>(totals.page_views));
    site.rate(kBounceRate, totals.bounces);
    site.rate(kEngagementRate, totals.engaged);
    write_ms(kAverageSessionDuration, totals.duration_ms, site);
    write_ms(kActiveTime, totals.active_ms, site);
    std::uint64_t visits = 0;
    stats::FixedSum pages;
    stats::FixedSum squares;
    totals.pages_per_visit.for_each([&](std::uint64_t count, Count times) {
      if (times <= 0) return;
      const auto views = static_cast<base::Int128>(static_cast<std::int64_t>(count));
      visits += static_cast<std::uint64_t>(times);
      (void)pages.add(views * times);
      (void)squares.add(views * views * times);
    });
    site.mean(kPagesPerVisit, stats::IntMoments(visits, pages, squares).summary());
    KpiResult& clicks = site.number(kNumberOfClicks, static_cast<double>(totals.clicks));
    clicks.number("per_session", ratio(totals.clicks, totals.sessions));
    clicks.number("per_page_view", ratio(totals.clicks, totals.page_views));

    KpiResult& depth = site.add(kScrollDepth);
    const auto depth_n = static_cast<double>(totals.depth_n);
    depth.value = ratio(totals.depth.to_real(), depth_n);
    depth.n = depth_n;
    depth.begin_object("reach");
    for (std::size_t i = 0; i < options.scroll_thresholds.size(); ++i) {
      const Count x = i < totals.reach.size() ? totals.reach[i] : 0;
      depth.number(share_label(options.scroll_thresholds[i]).view(), ratio(x, totals.depth_n));
    }
    depth.end();

    KpiResult& exits = site.add(kExitRate);
    exits.has_value = false;
    exits.begin_object("by_page");
    base::Array<std::uint32_t> ids;
    totals.by_page.for_each([&](std::uint64_t id, const PageCounts&) {
      ids.push_back(static_cast<std::uint32_t>(id));
    });
    for (const std::uint32_t id : out.by_text(std::move(ids))) {
      const PageCounts& page = *totals.by_page.find(id);
      exits.begin_object(out.table.text(id));
      exits.number("views", page.views);
      exits.number("exits", page.exits);
      exits.number("entries", page.entries);
      exits.number("value", ratio(page.exits, page.views));
      exits.end();
    }
    exits.end();
  }

  static void partial(PartialIo& io, Totals& totals) {
    count(io, kSessions, "n", totals.sessions);
    count(io, kVisitors, "n", totals.visitors);
    count(io, kPageViews, "n", totals.page_views);
    io.rate(kBounceRate.id, totals.bounces);
    io.rate(kEngagementRate.id, totals.engaged);
    partial_ms(io, kAverageSessionDuration, totals.duration_ms);
    partial_ms(io, kActiveTime, totals.active_ms);
    io.begin(kPagesPerVisit.id);
    io.counts("hist", totals.pages_per_visit, NumberKeys{});
    io.end();
    count(io, kNumberOfClicks, "x", totals.clicks);
    io.begin(kScrollDepth.id);
    io.count("n", totals.depth_n);
    io.sum("s1", totals.depth);
    io.begin("reach");
    const auto& thresholds = io.setting().options.scroll_thresholds;
    totals.reach.resize(thresholds.size());
    for (std::size_t i = 0; i < thresholds.size(); ++i) {
      io.count(share_label(thresholds[i]).view(), totals.reach[i]);
    }
    io.end();
    io.end();
    io.begin(kExitRate.id);
    io.objects("by_page", totals.by_page, TextKeys{},
               [](PartialIo& each, std::string_view name, PageCounts& page) {
                 each.begin(name);
                 each.count("views", page.views);
                 each.count("exits", page.exits);
                 each.count("entries", page.entries);
                 each.end();
               });
    io.end();
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
    site.mean(info, seconds).number("sum_ms", moments.s1().to_double());
  }

  static void partial_ms(PartialIo& io, const KpiInfo& info, stats::IntMoments& moments) {
    io.begin(info.id);
    io.moments("ms", moments);
    io.end();
  }

  static void count(PartialIo& io, const KpiInfo& info, std::string_view name, Count& value) {
    io.begin(info.id);
    io.count(name, value);
    io.end();
  }
};

}  // namespace insitu::kpi
