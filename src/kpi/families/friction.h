// SPDX-License-Identifier: MIT
// Signs that a page annoys: rage, dead and error clicks, quick backs, a thrashed cursor.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "base/flat_map.h"
#include "base/inline.h"
#include "kpi/family.h"

namespace insitu::kpi {

inline constexpr const char* kRageClickRateOptions[] = {
    "rage_clicks",    "rage_px",    "rage_ms",  "rage_metric",
    "error_click_ms", "confidence", "ci_method"};
inline constexpr KpiInfo kRageClickRate{
    .id = "rage_click_rate",
    .unit = "ratio",
    .better = "lower",
    .options = kRageClickRateOptions,
    .title = INSITU_TEXT("Rage clicks"),
    .family = INSITU_TEXT("engagement"),
    .role = INSITU_TEXT("driver"),
    .stage = INSITU_TEXT("all"),
    .scope = INSITU_TEXT("session"),
    .formula = INSITU_TEXT(
        "Clicks of one page view in order; a click joins the chain if |Δx|+|Δy| < `rage_px` (30) "
        "and Δτ < `rage_ms` (1000) from the click before, else it starts a new chain. A chain that "
        "reaches `rage_clicks` (3) is one episode, however long it gets. x = sessions with ≥ 1, n "
        "= sessions; `episodes`; `confirmed` = episodes in which at least one click of the whole "
        "chain is dead (dead_click_rate, same options), or a js `error` of the same page view and "
        "session comes after the chain's last click with Δτ ≤ `error_click_ms`."),
    .inputs = INSITU_TEXT("click, error, mutation, page_view, scroll"),
    .edge_cases = INSITU_TEXT("clicks exempt from `rage` are left out before chains are formed; "
                              "other events between do not matter; page views do not mix"),
    .merge = INSITU_TEXT("COUNT"),
    .interval = INSITU_TEXT("rate x/n"),
    .source = INSITU_TEXT("PostHog (3, 30 px, 1000 ms). Others: Datadog > 3 in 1 s; Sentry ≥ 3 in "
                          "7 s on a dead element; Mixpanel 4")};

inline constexpr const char* kDeadClickRateOptions[] = {
    "dead_ms", "dead_scroll_ms", "dead_interactive_only", "confidence", "ci_method"};
inline constexpr KpiInfo kDeadClickRate{
    .id = "dead_click_rate",
    .unit = "ratio",
    .better = "lower",
    .options = kDeadClickRateOptions,
    .title = INSITU_TEXT("Dead clicks"),
    .family = INSITU_TEXT("engagement"),
    .role = INSITU_TEXT("driver"),
    .stage = INSITU_TEXT("all"),
    .scope = INSITU_TEXT("click"),
    .formula = INSITU_TEXT(
        "A click is live if a later event of the session is a `mutation` of its page view or a "
        "`page_view` with Δτ ≤ `dead_ms` (2500), or a `scroll` of its page view with Δτ ≤ "
        "`dead_scroll_ms` (100); else dead if some later event (of any tab) has Δτ ≥ `dead_ms`; "
        "else unresolved. x = dead, n = dead + live; also `unresolved`, `exempt`."),
    .inputs = INSITU_TEXT("click (`exempt`), mutation (any visible reaction), page_view, scroll"),
    .edge_cases = INSITU_TEXT(
        "`unresolved` (the stream ended first) and `exempt` (clicks exempt from `dead`) count in "
        "neither. A `page_view` whose `from` names another pv than the click's is no reaction; a "
        "new tab (`from` null) is. An event without pv belongs to every page view. "
        "`dead_interactive_only` looks at clicks with `interactive` true alone"),
    .merge = INSITU_TEXT("COUNT"),
    .interval = INSITU_TEXT("rate x/n"),
    .source = INSITU_TEXT("PostHog (2500 ms; scroll 100 ms). Others: Sentry 7000 ms, scroll 300 "
                          "ms; Microsoft Clarity")};

inline constexpr const char* kErrorClickRateOptions[] = {"error_click_ms", "confidence",
                                                         "ci_method"};
inline constexpr KpiInfo kErrorClickRate{
    .id = "error_click_rate",
    .unit = "ratio",
    .better = "lower",
    .options = kErrorClickRateOptions,
    .title = INSITU_TEXT("Error clicks"),
    .family = INSITU_TEXT("engagement"),
    .role = INSITU_TEXT("driver"),
    .stage = INSITU_TEXT("all"),
    .scope = INSITU_TEXT("click"),
    .formula = INSITU_TEXT(
        "For each `error` of kind js the last click before it on the same page view, if Δτ ≤ "
        "`error_click_ms` (1000), is an error click (counted once). x / all clicks."),
    .inputs = INSITU_TEXT("click, error"),
    .edge_cases = INSITU_TEXT("–"),
    .merge = INSITU_TEXT("COUNT"),
    .interval = INSITU_TEXT("rate x/n"),
    .source = INSITU_TEXT("FullStory; Datadog")};

inline constexpr const char* kQuickBackRateOptions[] = {"quick_back_ms", "confidence", "ci_method"};
inline constexpr KpiInfo kQuickBackRate{
    .id = "quick_back_rate",
    .unit = "ratio",
    .better = "lower",
    .options = kQuickBackRateOptions,
    .title = INSITU_TEXT("Quick backs (u-turns)"),
    .family = INSITU_TEXT("engagement"),
    .role = INSITU_TEXT("driver"),
    .stage = INSITU_TEXT("evaluate"),
    .scope = INSITU_TEXT("session"),
    .formula = INSITU_TEXT("Page views P = prev(Q), Q = prev(R), R of one session (in a row in one "
                           "tab) with page R = page P ≠ page Q and τ_R − τ_Q < `quick_back_ms` "
                           "(7000). n = navigations = Σ (page views − 1) over sessions, all tabs."),
    .inputs = INSITU_TEXT("page_view (`from`)"),
    .edge_cases = INSITU_TEXT(
        "overlapping triples each count; page views of another tab between do not matter"),
    .merge = INSITU_TEXT("COUNT"),
    .interval = INSITU_TEXT("rate x/n"),
    .source = INSITU_TEXT("Microsoft Clarity (quick back); Hotjar (u-turn)")};

inline constexpr const char* kThrashedCursorRateOptions[] = {"thrash_changes", "thrash_ms",
                                                             "confidence", "ci_method"};
inline constexpr KpiInfo kThrashedCursorRate{
    .id = "thrashed_cursor_rate",
    .unit = "ratio",
    .better = "lower",
    .options = kThrashedCursorRateOptions,
    .title = INSITU_TEXT("Thrashed cursor"),
    .family = INSITU_TEXT("engagement"),
    .role = INSITU_TEXT("driver"),
    .stage = INSITU_TEXT("all"),
    .scope = INSITU_TEXT("session"),
    .formula =
        INSITU_TEXT("`move` events of one page view. Per axis: a direction change is a step whose "
                    "sign differs from the last non-zero sign. `thrash_changes` (10) changes of "
                    "one axis with τ_last − τ_first ≤ `thrash_ms` (2000) start an episode; it goes "
                    "on while changes of either axis follow within 2000 ms; then both lists start "
                    "anew. x = sessions with ≥ 1, n = sessions with ≥ 1 `move`."),
    .inputs = INSITU_TEXT("move"),
    .edge_cases = INSITU_TEXT("no move: outside n"),
    .merge = INSITU_TEXT("COUNT"),
    .interval = INSITU_TEXT("rate x/n"),
    .source = INSITU_TEXT("Amplitude (10 changes, 2 s); FullStory")};

struct Friction : FamilyBase {
  static constexpr const KpiInfo* kKpis[] = {&kRageClickRate, &kDeadClickRate, &kErrorClickRate,
                                             &kQuickBackRate, &kThrashedCursorRate};

  static constexpr std::uint32_t kNone = 0xffffffff;
  static constexpr std::int64_t kNever = INT64_MAX;  // later than any event
  // What may show that a click did something.
  static constexpr std::uint64_t kReactions = mask(events::EventType::kMutation) |
                                              mask(events::EventType::kPageView) |
                                              mask(events::EventType::kScroll);
  // Bits of Click::exempt.
  static constexpr std::uint32_t kExemptRage = 1;
  static constexpr std::uint32_t kExemptDead = 2;

  // Clicks of one page view, each near enough to the one before in place and time.
  struct Chain {
    std::uint64_t pv = 0;
    std::int64_t last_ms = 0;  // tau of the last click
    std::uint32_t clicks = 0;
    std::uint32_t last_click = 0;  // ordinal
    std::uint32_t waiting = 0;     // of its clicks that may still turn out dead
    bool open = false;             // may grow
    bool dead = false;             // a click of it is
    bool error = false;            // a script error came after its last click, soon enough
  };
  // What is known of one page view in one session.
  struct View {
    bool clicked = false;
    bool error_counted = false;  // the latest click is an error click already
    std::uint32_t click = 0;     // ordinal of the latest
    std::int64_t click_ms = 0;
    double x = 0;  // of the latest click that may be of a chain
    double y = 0;
    std::uint32_t chain = kNone;
    std::uint32_t thrash = kNone;  // index into thrashes
  };
  // A click that waits for a reaction of the page.
  struct Waiting {
    std::uint64_t pv = 0;
    bool has_pv = false;
    std::int64_t tau_ms = 0;
    std::uint32_t chain = kNone;
    std::uint32_t click = 0;  // ordinal
  };
  // Pointer moves of one page view.
  struct Thrash {
    double at[2] = {0, 0};
    std::int8_t sign[2] = {0, 0};
    bool moved = false;
    bool inside = false;                   // an episode
    std::int64_t last_ms = 0;              // of the latest change of direction
    base::Array<std::int64_t> changes[2];  // times of the latest changes, a ring each
    std::uint32_t next[2] = {0, 0};        // where the ring is written next

    void archive(base::Archive& a) {
      a(at, sign, moved, inside, last_ms, changes[0], changes[1], next);
    }
  };
  struct Session {
    base::FlatMap<View> views;    // by pv
    std::uint64_t latest_pv = 0;  // whose view is at latest_view
    std::uint32_t latest_view = kNone;
    base::Array<Chain> chains;
    base::Array<Waiting> waiting;  // in order of time
    base::Array<Thrash> thrashes;
    std::uint32_t first_waiting = 0;  // those before it are settled
    std::int64_t oldest_ms = kNever;  // tau of the first that waits
    std::uint32_t looked_at = 0;      // of chains
    Count rage_episodes = 0;
    Count rage_confirmed = 0;  // of chains that have made room
    Count thrash_episodes = 0;
    Count quick_backs = 0;
    bool has_moves = false;

    void archive(base::Archive& a) {
      a(views, latest_pv, latest_view, chains, waiting, thrashes, first_waiting, oldest_ms,
        looked_at, rage_episodes, rage_confirmed, thrash_episodes, quick_backs, has_moves);
      if (first_waiting > waiting.size()) a.fail();
      check(a, latest_view, views.size());
      for (const Waiting& click : waiting) check(a, click.chain, chains.size());
      views.for_each([&](std::uint64_t, const View& view) {
        check(a, view.chain, chains.size());
        check(a, view.thrash, thrashes.size());
      });
    }
    // Most events are of the same page view as the one before.
    INSITU_HOT View& view_of(std::uint64_t pv) {
      if (latest_view == kNone || latest_pv != pv) [[unlikely]] {
        latest_view = views.index_of(pv);
        latest_pv = pv;
      }
      return views.at(latest_view);
    }
    void clear() {
      views.clear();
      latest_view = kNone;
      chains.clear();
      waiting.clear();
      thrashes.clear();
      first_waiting = 0;
      oldest_ms = kNever;
      looked_at = 0;
      rage_episodes = rage_confirmed = thrash_episodes = quick_backs = 0;
      has_moves = false;
    }

   private:
    static void check(base::Archive& a, std::uint32_t index, std::size_t size) {
      if (index != kNone && index >= size) a.fail();
    }
  };
  struct Totals {
    Rate rage;  // sessions
    Count rage_episodes = 0;
    Count rage_confirmed = 0;
    Rate dead;  // clicks
    Count unresolved = 0;
    Count exempt = 0;
    Rate errors;  // clicks
    Rate quick_backs;
    Rate thrash;  // sessions
    Count thrash_episodes = 0;
  };

  // Any event shows that time has passed for a click that waits.
  static constexpr std::uint64_t kEvents = ~std::uint64_t{0};

  template <class S>
  INSITU_HOT static void event(const Step& step, S& scopes) {
    Session& session = scopes.session;
    const events::EventType type = step.type;
    if (kReactions & mask(type)) answer(step, session, scopes.totals);
    give_up(step, session, scopes.totals, scopes.verdicts);
    switch (type) {
      case events::EventType::kClick:
        click(step, session, scopes.totals, scopes.verdicts);
        return;
      case events::EventType::kMove:
        move(step, session);
        return;
      case events::EventType::kError:
        error(step, session, scopes.totals, scopes.verdicts);
        return;
      case events::EventType::kPageView: {
        const sessions::Navigation& navigation = step.client.pages.navigation();
        session.quick_backs += navigation.is_back && static_cast<double>(navigation.stayed_ms) <
                                                         step.setting.options.quick_back_ms;
        return;
      }
      default:
        return;
    }
  }

  template <class S>
  static void end_session(const sessions::ClientSession& client, S& scopes) {
    Session& session = scopes.session;
    Totals& totals = scopes.totals;
    const Options& options = scopes.setting.options;
    for (std::size_t i = session.first_waiting; i < session.waiting.size(); ++i) {
      const Waiting& click = session.waiting[i];
      if (static_cast<double>(client.session.last_ms - click.tau_ms) >= options.dead_ms) {
        count_dead(click, session, totals, scopes.verdicts);
      } else {
        ++totals.unresolved;
      }
    }
    for (const Chain& chain : session.chains) {
      totals.rage_confirmed += is_confirmed(chain, options);
    }
    totals.rage_confirmed += session.rage_confirmed;
    totals.rage.add(session.rage_episodes > 0);
    totals.rage_episodes += session.rage_episodes;
    totals.errors.n += static_cast<Count>(client.session.clicks);
    const auto views = static_cast<Count>(client.session.page_views);
    totals.quick_backs.x += session.quick_backs;
    totals.quick_backs.n += views > 0 ? views - 1 : 0;
    if (session.has_moves) totals.thrash.add(session.thrash_episodes > 0);
    totals.thrash_episodes += session.thrash_episodes;
  }

  static void write(const Totals& totals, Output& out) {
    KpiResult& rage = out.site.rate(kRageClickRate, totals.rage);
    rage.number("episodes", totals.rage_episodes);
    rage.number("confirmed", totals.rage_confirmed);
    KpiResult& dead = out.site.rate(kDeadClickRate, totals.dead);
    dead.number("unresolved", totals.unresolved);
    dead.number("exempt", totals.exempt);
    out.site.rate(kErrorClickRate, totals.errors);
    out.site.rate(kQuickBackRate, totals.quick_backs);
    KpiResult& thrash = out.site.rate(kThrashedCursorRate, totals.thrash);
    thrash.number("episodes", totals.thrash_episodes);
  }

  static void partial(PartialIo& io, Totals& totals) {
    io.begin(kRageClickRate.id);
    io.count("x", totals.rage.x);
    io.count("n", totals.rage.n);
    io.count("episodes", totals.rage_episodes);
    io.count("confirmed", totals.rage_confirmed);
    io.end();
    io.begin(kDeadClickRate.id);
    io.count("x", totals.dead.x);
    io.count("n", totals.dead.n);
    io.count("unresolved", totals.unresolved);
    io.count("exempt", totals.exempt);
    io.end();
    io.rate(kErrorClickRate.id, totals.errors);
    io.rate(kQuickBackRate.id, totals.quick_backs);
    io.begin(kThrashedCursorRate.id);
    io.count("x", totals.thrash.x);
    io.count("n", totals.thrash.n);
    io.count("episodes", totals.thrash_episodes);
    io.end();
  }

 private:
  static bool is_confirmed(const Chain& chain, const Options& options) {
    return static_cast<double>(chain.clicks) >= options.rage_clicks && (chain.dead || chain.error);
  }

  static void tell(ClickVerdicts* verdicts, ClickVerdict::Kind kind, std::uint32_t click,
                   std::uint32_t before = 0) {
    if (verdicts) verdicts->push_back({kind, click, before});
  }

  static void count_dead(const Waiting& click, Session& session, Totals& totals,
                         ClickVerdicts* verdicts) {
    totals.dead.add(true);
    tell(verdicts, ClickVerdict::Kind::kDead, click.click);
    if (click.chain == kNone) return;
    session.chains[click.chain].dead = true;
    --session.chains[click.chain].waiting;
  }

  INSITU_HOT static double waited(const Step& step, const Waiting& click) {
    return static_cast<double>(step.tau_ms - click.tau_ms);
  }

  // The view of the event's page view. A session of too many forgets the earlier ones: their chains
  // and episodes do not go on.
  INSITU_HOT static View& view_of(const Step& step, Session& session) {
    const bool is_full = session.views.size() >= step.setting.limits.page_views;
    if (is_full && !session.views.find(step.pv)) [[unlikely]] {
      forget_views(session);
      step.quality.add(base::Problem::kOverLimit);
    }
    return session.view_of(step.pv);
  }
  static void forget_views(Session& session) {
    session.views.for_each([&](std::uint64_t, const View& view) {
      if (view.chain != kNone) session.chains[view.chain].open = false;
    });
    session.views.clear();
    session.thrashes.clear();
    session.latest_view = kNone;
  }

  // Finds the waiting clicks that this event is a reaction to.
  INSITU_HOT static void answer(const Step& step, Session& session, Totals& totals) {
    const Options& options = step.setting.options;
    const bool is_scroll = step.type == events::EventType::kScroll;
    const double limit = is_scroll ? options.dead_scroll_ms : options.dead_ms;
    const base::Array<Waiting>& waiting = session.waiting;
    std::size_t kept = waiting.size();
    while (kept > session.first_waiting && waited(step, waiting[kept - 1]) <= limit) --kept;
    if (kept == waiting.size()) return;
    // Only a page view that names another one replaces nothing of the click's.
    std::uint64_t pv = step.pv;
    bool any = !step.has_pv;
    if (step.type == events::EventType::kPageView) {
      const auto& view = step.record.template as<events::PageView>();
      any = !step.record.integer(view.kHasFrom, view.from);
      if (!any) pv = sessions::PageViews::key(view.from, true);
    }
    for (std::size_t i = kept; i < waiting.size(); ++i) {
      const Waiting& click = waiting[i];
      if (any || !click.has_pv || click.pv == pv) {
        totals.dead.add(false);
        if (click.chain != kNone) --session.chains[click.chain].waiting;
      } else if (kept++ != i) {
        session.waiting[kept - 1] = click;
      }
    }
    session.waiting.resize(kept);
    find_oldest(session);
  }

  // Counts those that have waited too long.
  INSITU_HOT static void give_up(const Step& step, Session& session, Totals& totals,
                                 ClickVerdicts* verdicts) {
    const double limit = step.setting.options.dead_ms;
    if (!(static_cast<double>(step.tau_ms - session.oldest_ms) > limit)) [[likely]] {
      return;
    }
    while (session.first_waiting < session.waiting.size() &&
           waited(step, session.waiting[session.first_waiting]) > limit) {
      count_dead(session.waiting[session.first_waiting++], session, totals, verdicts);
    }
    find_oldest(session);
  }
  static void find_oldest(Session& session) {
    if (session.first_waiting == session.waiting.size()) {
      session.waiting.clear();
      session.first_waiting = 0;
      session.oldest_ms = kNever;
      return;
    }
    // Where clicks never pause there is always one that waits: the settled ones make room once they
    // are most, or a session of hours fills the memory.
    if (session.first_waiting > session.waiting.size() / 2) {
      const std::size_t left = session.waiting.size() - session.first_waiting;
      for (std::size_t i = 0; i < left; ++i) {
        session.waiting[i] = session.waiting[session.first_waiting + i];
      }
      session.waiting.resize(left);
      session.first_waiting = 0;
    }
    session.oldest_ms = session.waiting[session.first_waiting].tau_ms;
  }

  INSITU_HOT static void click(const Step& step, Session& session, Totals& totals,
                               ClickVerdicts* verdicts) {
    const auto& event = step.record.template as<events::Click>();
    const double x = event.x;
    const double y = event.y;
    if (!(step.record.is_number(event.kHasX, x) && step.record.is_number(event.kHasY, y))) return;
    const Options& options = step.setting.options;
    View& view = view_of(step, session);
    view.clicked = true;
    view.error_counted = false;
    view.click_ms = step.tau_ms;
    view.click = step.client.events;
    const std::uint32_t exempt = step.record.has(event.kHasExempt) ? event.exempt : 0;
    std::uint32_t in_chain = kNone;
    if (!(exempt & kExemptRage)) in_chain = join(step, x, y, view, session, verdicts);

    const bool interactive = step.record.has(event.kHasInteractive) && event.interactive;
    if (options.dead_interactive_only && !interactive) return;
    if (exempt & kExemptDead) {
      ++totals.exempt;
      return;
    }
    if (session.waiting.size() - session.first_waiting >= step.setting.limits.waiting_clicks) {
      // So many in so little time are no person's.
      ++totals.unresolved;
      step.quality.add(base::Problem::kOverLimit);
      return;
    }
    if (in_chain != kNone) ++session.chains[in_chain].waiting;
    session.waiting.push_back({step.pv, step.has_pv, step.tau_ms, in_chain, view.click});
    session.oldest_ms = std::min(session.oldest_ms, step.tau_ms);
  }

  // The chain that a click belongs to.
  INSITU_HOT static std::uint32_t join(const Step& step, double x, double y, View& view,
                                       Session& session, ClickVerdicts* verdicts) {
    const Options& options = step.setting.options;
    const auto is_near = [&](const Chain& chain) INSITU_HOT_LAMBDA {
      const double dx = std::abs(x - view.x);
      const double dy = std::abs(y - view.y);
      const double distance =
          options.rage_metric == RageMetric::kEuclid ? std::sqrt(dx * dx + dy * dy) : dx + dy;
      return distance < options.rage_px &&
             static_cast<double>(step.tau_ms - chain.last_ms) < options.rage_ms;
    };
    if (view.chain == kNone || !is_near(session.chains[view.chain])) {
      if (view.chain != kNone) session.chains[view.chain].open = false;
      view.chain = new_chain(step, session);
    }
    Chain& chain = session.chains[view.chain];
    ++chain.clicks;
    chain.last_ms = step.tau_ms;
    chain.error = false;
    view.x = x;
    view.y = y;
    const auto clicks = static_cast<double>(chain.clicks);
    session.rage_episodes += clicks == options.rage_clicks;
    if (verdicts) {
      using Kind = ClickVerdict::Kind;
      if (chain.clicks > 1) tell(verdicts, Kind::kJoins, view.click, chain.last_click);
      if (clicks >= options.rage_clicks) {
        tell(verdicts, clicks == options.rage_clicks ? Kind::kFrenzy : Kind::kRage, view.click);
      }
    }
    chain.last_click = view.click;
    return view.chain;
  }

  // Room for a chain: one that nothing can change any more, or a new one. Two are looked at in turn
  // each time, so that there are never many more than can still change.
  INSITU_HOT static std::uint32_t new_chain(const Step& step, Session& session) {
    const Options& options = step.setting.options;
    auto index = static_cast<std::uint32_t>(session.chains.size());
    for (int i = 0; i < 2 && !session.chains.empty(); ++i) {
      if (++session.looked_at >= session.chains.size()) session.looked_at = 0;
      const Chain& chain = session.chains[session.looked_at];
      // All of it, because none of it can be guessed.
      const bool may_change =
          chain.open | (chain.waiting != 0) |
          (static_cast<double>(step.tau_ms - chain.last_ms) <= options.error_click_ms);
      if (may_change) continue;
      index = session.looked_at;
      session.rage_confirmed += is_confirmed(chain, options);
      break;
    }
    if (index == session.chains.size()) session.chains.emplace_back();
    Chain& chain = session.chains[index];
    chain = {};
    chain.pv = step.pv;
    chain.open = true;
    return index;
  }

  static void error(const Step& step, Session& session, Totals& totals, ClickVerdicts* verdicts) {
    const auto& event = step.record.template as<events::Error>();
    if (step.word(event.kHasKind, event.kind) != events::words::kJs) return;
    const double limit = step.setting.options.error_click_ms;
    View* view = session.views.find(step.pv);
    if (!view || !view->clicked) return;
    if (!view->error_counted && static_cast<double>(step.tau_ms - view->click_ms) <= limit) {
      view->error_counted = true;
      ++totals.errors.x;
      tell(verdicts, ClickVerdict::Kind::kError, view->click);
    }
    for (Chain& chain : session.chains) {
      chain.error |=
          chain.pv == step.pv && static_cast<double>(step.tau_ms - chain.last_ms) <= limit;
    }
  }

  INSITU_HOT static void move(const Step& step, Session& session) {
    const auto& event = step.record.template as<events::Move>();
    const double at[2] = {event.x, event.y};
    if (!(step.record.is_number(event.kHasX, at[0]) && step.record.is_number(event.kHasY, at[1]))) {
      return;
    }
    session.has_moves = true;
    View& view = view_of(step, session);
    if (view.thrash == kNone) {
      view.thrash = static_cast<std::uint32_t>(session.thrashes.size());
      session.thrashes.emplace_back();
    }
    Thrash& thrash = session.thrashes[view.thrash];
    bool changed[2] = {false, false};
    for (int axis = 0; axis < 2; ++axis) {
      const double d = at[axis] - thrash.at[axis];
      thrash.at[axis] = at[axis];
      // Pointers turn at random: arithmetic where branches would be guessed wrong.
      const int sign = thrash.moved ? (d > 0) - (d < 0) : 0;
      changed[axis] = sign * thrash.sign[axis] < 0;
      thrash.sign[axis] = static_cast<std::int8_t>(sign ? sign : thrash.sign[axis]);
    }
    thrash.moved = true;
    if (!changed[0] && !changed[1]) return;
    const Options& options = step.setting.options;
    const auto within = [&](std::int64_t since_ms) INSITU_HOT_LAMBDA {
      return static_cast<double>(step.tau_ms - since_ms) <= options.thrash_ms;
    };
    if (thrash.inside && !within(thrash.last_ms)) {
      thrash.inside = false;
      for (int axis = 0; axis < 2; ++axis) {
        thrash.changes[axis].clear();
        thrash.next[axis] = 0;
      }
    }
    thrash.last_ms = step.tau_ms;
    if (thrash.inside) return;
    const auto wanted = static_cast<std::size_t>(options.thrash_changes);
    for (int axis = 0; axis < 2; ++axis) {
      if (!changed[axis]) continue;
      base::Array<std::int64_t>& ring = thrash.changes[axis];
      std::uint32_t& next = thrash.next[axis];
      if (ring.size() < wanted) {
        if (ring.empty()) ring.reserve(std::min<std::size_t>(wanted, 16));
        ring.push_back(step.tau_ms);
      } else {
        ring[next] = step.tau_ms;
      }
      next = next + 1 < wanted ? next + 1 : 0;
      // The next place to write is the oldest of the last `wanted` changes.
      if (ring.size() == wanted && within(ring[next])) thrash.inside = true;
    }
    session.thrash_episodes += thrash.inside;
  }
};

}  // namespace insitu::kpi
