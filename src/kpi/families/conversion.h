// SPDX-License-Identifier: MIT
// Whether visits end in what the site is for, and where they leave the way there.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>

#include "base/array.h"
#include "base/flat_map.h"
#include "base/text.h"
#include "kpi/family.h"

namespace insitu::kpi {

inline constexpr const char* kConversionRateOptions[] = {
    "conversion_unit", "conversion_goals", "session_timeout_ms", "confidence", "ci_method"};
inline constexpr KpiInfo kConversionRate{
    .id = "conversion_rate",
    .unit = "ratio",
    .better = "higher",
    .options = kConversionRateOptions,
    .title = INSITU_TEXT("Conversion rate"),
    .family = INSITU_TEXT("conversion"),
    .role = INSITU_TEXT("outcome"),
    .stage = INSITU_TEXT("purchase"),
    .scope = INSITU_TEXT("visitor or session"),
    .formula = INSITU_TEXT("x = visitors with ≥ 1 goal of `conversion_goals` ([order]), n = "
                           "visitors; `conversion_unit: session` counts sessions."),
    .inputs = INSITU_TEXT("conversion, order"),
    .edge_cases = INSITU_TEXT("several conversions count once"),
    .merge = INSITU_TEXT("COUNT"),
    .interval = INSITU_TEXT("rate x/n"),
    .source = INSITU_TEXT("field usage")};

inline constexpr const char* kAcquisitionRateOptions[] = {"acquisition_goals", "confidence",
                                                          "ci_method"};
inline constexpr KpiInfo kAcquisitionRate{
    .id = "acquisition_rate",
    .unit = "ratio",
    .better = "higher",
    .options = kAcquisitionRateOptions,
    .title = INSITU_TEXT("Customer acquisition rate"),
    .family = INSITU_TEXT("conversion"),
    .role = INSITU_TEXT("outcome"),
    .stage = INSITU_TEXT("evaluate"),
    .scope = INSITU_TEXT("visitor"),
    .formula =
        INSITU_TEXT("x = visitors with ≥ 1 goal of `acquisition_goals` ([signup]), n = visitors."),
    .inputs = INSITU_TEXT("conversion, order"),
    .edge_cases = INSITU_TEXT("–"),
    .merge = INSITU_TEXT("COUNT"),
    .interval = INSITU_TEXT("rate x/n"),
    .source = INSITU_TEXT("field usage")};

inline constexpr const char* kProductPageConversionOptions[] = {
    "product_page", "session_timeout_ms", "confidence", "ci_method"};
inline constexpr KpiInfo kProductPageConversion{
    .id = "product_page_conversion",
    .unit = "ratio",
    .better = "higher",
    .options = kProductPageConversionOptions,
    .title = INSITU_TEXT("Product page conversion"),
    .family = INSITU_TEXT("conversion"),
    .role = INSITU_TEXT("driver"),
    .stage = INSITU_TEXT("evaluate"),
    .scope = INSITU_TEXT("session"),
    .formula = INSITU_TEXT("n = sessions with a view of `product_page` (/product), x = those with "
                           "an `order` after the first one (the two-step funnel)."),
    .inputs = INSITU_TEXT("page_view, order"),
    .edge_cases = INSITU_TEXT("–"),
    .merge = INSITU_TEXT("COUNT"),
    .interval = INSITU_TEXT("rate x/n"),
    .source = INSITU_TEXT("field usage")};

inline constexpr const char* kCheckoutCompletionRateOptions[] = {
    "cart_unit", "session_timeout_ms", "tz_offset_min", "confidence", "ci_method"};
inline constexpr KpiInfo kCheckoutCompletionRate{
    .id = "checkout_completion_rate",
    .unit = "ratio",
    .better = "higher",
    .options = kCheckoutCompletionRateOptions,
    .title = INSITU_TEXT("Checkout completion"),
    .family = INSITU_TEXT("conversion"),
    .role = INSITU_TEXT("driver"),
    .stage = INSITU_TEXT("purchase"),
    .scope = INSITU_TEXT("session"),
    .formula = INSITU_TEXT("n = units with a `cart` checkout, x = those with an `order` after the "
                           "first one. Unit as in cart_abandonment_rate."),
    .inputs = INSITU_TEXT("cart, order"),
    .edge_cases = INSITU_TEXT("–"),
    .merge = INSITU_TEXT("COUNT"),
    .interval = INSITU_TEXT("rate x/n"),
    .source = INSITU_TEXT("field usage")};

inline constexpr const char* kCartAbandonmentRateOptions[] = {
    "cart_unit", "session_timeout_ms", "tz_offset_min", "confidence", "ci_method"};
inline constexpr KpiInfo kCartAbandonmentRate{
    .id = "cart_abandonment_rate",
    .unit = "ratio",
    .better = "lower",
    .options = kCartAbandonmentRateOptions,
    .title = INSITU_TEXT("Cart abandonment"),
    .family = INSITU_TEXT("conversion"),
    .role = INSITU_TEXT("driver"),
    .stage = INSITU_TEXT("purchase"),
    .scope = INSITU_TEXT("session"),
    .formula = INSITU_TEXT(
        "n = units with a `cart` add, x = those without an `order` after the first add. Unit: "
        "session; `visitor_day` joins all sessions of a visitor that start on one day."),
    .inputs = INSITU_TEXT("cart, order"),
    .edge_cases = INSITU_TEXT("an order before the add does not count; remove is ignored"),
    .merge = INSITU_TEXT("COUNT"),
    .interval = INSITU_TEXT("rate x/n"),
    .source = INSITU_TEXT("field usage")};

inline constexpr const char* kFunnelDropOffOptions[] = {"funnel", "session_timeout_ms"};
inline constexpr KpiInfo kFunnelDropOff{
    .id = "funnel_drop_off",
    .unit = "ratio",
    .better = "lower",
    .options = kFunnelDropOffOptions,
    .title = INSITU_TEXT("Funnel drop-off"),
    .family = INSITU_TEXT("conversion"),
    .role = INSITU_TEXT("driver"),
    .stage = INSITU_TEXT("purchase"),
    .scope = INSITU_TEXT("session"),
    .formula =
        INSITU_TEXT("Steps {page} or {goal} must be met in order by later and later events of one "
                    "session (others may lie between; one event meets one step). drop_off[i] = 1 − "
                    "reached[i+1]/reached[i]; value = 1 − reached[last]/reached[0]."),
    .inputs = INSITU_TEXT("page_view, conversion, order"),
    .edge_cases = INSITU_TEXT("reached 0 → null"),
    .merge = INSITU_TEXT("COUNT per step"),
    .interval = INSITU_TEXT("none"),
    .source = INSITU_TEXT("field usage")};

inline constexpr const char* kTimeToFirstValueOptions[] = {"activation_goal", "confidence",
                                                           "sketch_alpha"};
inline constexpr KpiInfo kTimeToFirstValue{
    .id = "time_to_first_value",
    .unit = "s",
    .better = "lower",
    .options = kTimeToFirstValueOptions,
    .title = INSITU_TEXT("Time to first value"),
    .family = INSITU_TEXT("conversion"),
    .role = INSITU_TEXT("driver"),
    .stage = INSITU_TEXT("onboarding"),
    .scope = INSITU_TEXT("visitor"),
    .formula = INSITU_TEXT(
        "Per visitor τ of the first `activation_goal` (activate) − τ of the visitor's first event; "
        "value = geometric mean, `median`; `activation_rate` = activated / visitors."),
    .inputs = INSITU_TEXT("conversion"),
    .edge_cases = INSITU_TEXT("times ≤ 0 count as activated but not in the time (`excluded`); not "
                              "activated: only in the rate"),
    .merge = INSITU_TEXT("MOMENTS of ln, SKETCH, COUNT"),
    .interval = INSITU_TEXT("log-t"),
    .source = INSITU_TEXT("field usage")};

inline constexpr const char* kSocialEngagementOptions[] = {"session_timeout_ms"};
inline constexpr KpiInfo kSocialEngagement{
    .id = "social_engagement",
    .unit = "actions/session",
    .better = "higher",
    .options = kSocialEngagementOptions,
    .title = INSITU_TEXT("Social engagement"),
    .family = INSITU_TEXT("engagement"),
    .role = INSITU_TEXT("outcome"),
    .stage = INSITU_TEXT("retention"),
    .scope = INSITU_TEXT("session"),
    .formula = INSITU_TEXT("`social` events / sessions; `by_action`."),
    .inputs = INSITU_TEXT("social"),
    .edge_cases = INSITU_TEXT("an action without a name is in no `by_action`"),
    .merge = INSITU_TEXT("COUNT"),
    .interval = INSITU_TEXT("none"),
    .source = INSITU_TEXT("field usage")};

inline constexpr const char* kAdvocacyRateOptions[] = {"advocacy_actions", "confidence",
                                                       "ci_method"};
inline constexpr KpiInfo kAdvocacyRate{
    .id = "advocacy_rate",
    .unit = "ratio",
    .better = "higher",
    .options = kAdvocacyRateOptions,
    .title = INSITU_TEXT("Advocacy"),
    .family = INSITU_TEXT("retention"),
    .role = INSITU_TEXT("outcome"),
    .stage = INSITU_TEXT("retention"),
    .scope = INSITU_TEXT("visitor"),
    .formula = INSITU_TEXT("x = visitors with ≥ 1 `social` action in `advocacy_actions` (referral, "
                           "review, share), n = visitors."),
    .inputs = INSITU_TEXT("social"),
    .edge_cases = INSITU_TEXT("–"),
    .merge = INSITU_TEXT("COUNT"),
    .interval = INSITU_TEXT("rate x/n"),
    .source = INSITU_TEXT("field usage")};

struct Conversion : FamilyBase {
  static constexpr const KpiInfo* kKpis[] = {
      &kConversionRate,         &kAcquisitionRate,     &kProductPageConversion,
      &kCheckoutCompletionRate, &kCartAbandonmentRate, &kFunnelDropOff,
      &kTimeToFirstValue,       &kSocialEngagement,    &kAdvocacyRate};

  // Names as engine string ids.
  struct FunnelStep {
    bool is_page;  // else a goal
    std::uint32_t name;
  };
  struct Config {
    base::Array<std::uint32_t> conversion_goals;
    base::Array<std::uint32_t> acquisition_goals;
    base::Array<std::uint32_t> advocacy_actions;
    base::Array<FunnelStep> funnel;
    std::uint32_t activation_goal;
    std::uint32_t product_page;
  };

  // Whether something began, and whether an order came after it.
  struct Lead {
    bool begun = false;
    bool bought = false;

    void order() { bought |= begun; }
    // Goes on with a later session.
    void join(const Lead& later, bool later_ordered) {
      if (begun) {
        bought |= later_ordered;
      } else {
        *this = later;
      }
    }
  };
  struct Cart {
    Lead lead;
    Lead checkout;
    bool ordered = false;
  };
  struct Session {
    bool converted = false;
    bool acquired = false;
    Lead product;
    Cart cart;
    std::uint32_t steps = 0;  // of the funnel, met
  };
  // A session that matters for the carts of its day.
  struct CartVisit {
    Place place;
    Cart cart;
  };
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
  struct Client {
    std::int64_t activated_ms = kNever;  // first time, without clock_offset
    base::Array<CartVisit> visits;  // only for `visitor_day`; of the place there is only `part`

    void archive(base::Archive& a) { a(activated_ms, visits); }
    void clear() {
      activated_ms = kNever;
      visits.clear();
    }
  };
  struct Visitor {
    bool converted = false;
    bool acquired = false;
    bool advocate = false;
    std::int64_t first_ms = kNever;
    std::int64_t activated_ms = kNever;
    base::Array<CartVisit> visits;  // only for `visitor_day`; by place
    // Up to this day the carts have been counted, because there was no room for more visits.
    std::int64_t closed_day = std::numeric_limits<std::int64_t>::min();

    void archive(base::Archive& a) {
      a(converted, acquired, advocate, first_ms, activated_ms, visits, closed_day);
    }
  };
  struct Totals {
    Rate conversion;
    Rate acquisition;
    Rate product;
    Rate checkout;
    Rate cart;                     // abandoned
    base::FlatMap<Count> reached;  // funnel step -> sessions
    Rate activation;
    Count excluded = 0;
    Sample<kLogs | kSketch | kIsMs> times;
    Rate social;                   // actions, sessions
    base::FlatMap<Count> actions;  // by engine string id
    Rate advocacy;

    void archive(base::Archive& a) {
      a(conversion, acquisition, product, checkout, cart, reached, activation, excluded, times,
        social, actions, advocacy);
      if (!actions.within(kMaxText)) a.fail();
    }
  };

  static Config configure(const Options& options, events::StringTable& table) {
    Config config{};
    config.conversion_goals = names(options.conversion_goals, table);
    config.acquisition_goals = names(options.acquisition_goals, table);
    config.advocacy_actions = names(options.advocacy_actions, table);
    config.activation_goal = table.intern(options.activation_goal.view());
    config.product_page = table.intern(options.product_page.view());
    base::for_each_item(options.funnel.view(), [&](std::string_view step) {
      const std::size_t space = base::find(step, ' ');
      const std::string_view name = step.substr(space < step.size() ? space + 1 : space);
      config.funnel.push_back({step.substr(0, space) == "page", table.intern(name)});
    });
    return config;
  }

  static constexpr std::uint64_t kEvents =
      mask(events::EventType::kPageView) | mask(events::EventType::kConversion) |
      mask(events::EventType::kOrder) | mask(events::EventType::kCart) |
      mask(events::EventType::kSocial);

  template <class S>
  static void event(const Step& step, S& scopes) {
    Session& session = scopes.session;
    const Config& config = scopes.config;
    switch (step.type) {
      case events::EventType::kPageView: {
        const std::uint32_t page = step.strings.known(step.record.page());
        session.product.begun |= page == config.product_page;
        advance(session, config, true, page);
        return;
      }
      case events::EventType::kCart: {
        const auto& event = step.record.as<events::Cart>();
        const std::uint32_t action = step.word(event.kHasAction, event.action);
        session.cart.lead.begun |= action == events::words::kAdd;
        session.cart.checkout.begun |= action == events::words::kCheckout;
        return;
      }
      case events::EventType::kSocial:
        social(step, config, scopes.visitor, scopes.totals);
        return;
      default:
        reach(step, config, session, scopes.client);
    }
  }

  template <class S>
  static void end_session(const sessions::ClientSession& client, S& scopes) {
    const Session& session = scopes.session;
    Totals& totals = scopes.totals;
    const Options& options = scopes.setting.options;
    if (options.conversion_unit == ConversionUnit::kSession) {
      totals.conversion.add(session.converted);
    }
    scopes.visitor.converted |= session.converted;
    scopes.visitor.acquired |= session.acquired;
    if (session.product.begun) totals.product.add(session.product.bought);
    // A forged state may say more.
    const std::size_t steps = std::min<std::size_t>(session.steps, scopes.config.funnel.size());
    for (std::size_t step = 0; step < steps; ++step) ++totals.reached[step];
    ++totals.social.n;
    const Cart& cart = session.cart;
    if (options.cart_unit == CartUnit::kSession) {
      count(cart, totals);
    } else if (cart.lead.begun || cart.checkout.begun || cart.ordered) {
      Place place;
      place.part = client.part;
      scopes.client.visits.push_back({place, cart});
    }
  }

  template <class S>
  static void end_client(const sessions::ClientSession& client, S& scopes) {
    Visitor& visitor = scopes.visitor;
    const std::int64_t offset = client.clock_offset_ms;
    const std::int64_t first = client.parts[0] + offset;
    if (first < visitor.first_ms) visitor.first_ms = first;
    if (scopes.client.activated_ms != kNever) {
      const std::int64_t activated = scopes.client.activated_ms + offset;
      if (activated < visitor.activated_ms) visitor.activated_ms = activated;
    }
    for (CartVisit& visit : scopes.client.visits) {
      // Beyond the limit of parts, the last that is known stands in.
      const std::size_t part = std::min<std::size_t>(visit.place.part, client.parts.size() - 1);
      visit.place.first_ms = client.parts[part] + offset;
      visit.place.visitor = client.visitor_text;
      visit.place.session = client.name;
      if (scopes.setting.day(visit.place.first_ms) <= visitor.closed_day) {
        scopes.quality.add(base::Problem::kOverLimit);
        continue;
      }
      insert(visit, visitor.visits, scopes.table);
      if (visitor.visits.size() > scopes.setting.limits.parts) {
        close_first_day(visitor, scopes.setting, scopes.totals);
      }
    }
  }

  static void end_visitor(const Visitor& visitor, const Setting& setting, Totals& totals) {
    if (setting.options.conversion_unit == ConversionUnit::kVisitor) {
      totals.conversion.add(visitor.converted);
    }
    totals.acquisition.add(visitor.acquired);
    totals.advocacy.add(visitor.advocate);
    const bool activated = visitor.activated_ms != kNever;
    totals.activation.add(activated);
    if (activated) {
      const std::int64_t ms = visitor.activated_ms - visitor.first_ms;
      if (ms <= 0 || !totals.times.add(static_cast<double>(ms), setting)) ++totals.excluded;
    }
    for (std::size_t at = 0; at < visitor.visits.size();) {
      at = count_day(visitor.visits, at, setting, totals);
    }
  }

  static void write(const Totals& totals, Output& out) {
    Sheet& site = out.site;
    site.rate(kConversionRate, totals.conversion);
    site.rate(kAcquisitionRate, totals.acquisition);
    site.rate(kProductPageConversion, totals.product);
    site.rate(kCheckoutCompletionRate, totals.checkout);
    site.rate(kCartAbandonmentRate, totals.cart);
    write_funnel(totals, site.add(kFunnelDropOff), out.options());

    KpiResult& first_value = geometric_mean(site, kTimeToFirstValue, totals.times);
    first_value.number("median", totals.times.quantile(0.5));
    first_value.number("activation_rate", ratio(totals.activation.x, totals.activation.n));
    first_value.number("excluded", totals.excluded);

    KpiResult& social = site.add(kSocialEngagement);
    social.x = static_cast<double>(totals.social.x);
    social.n = static_cast<double>(totals.social.n);
    social.value = ratio(social.x, social.n);
    base::Array<std::uint32_t> actions;
    totals.actions.for_each(
        [&](std::uint64_t id, Count) { actions.push_back(static_cast<std::uint32_t>(id)); });
    social.begin_object("by_action");
    for (const std::uint32_t id : out.by_text(std::move(actions))) {
      social.number(out.table.text(id), *totals.actions.find(id));
    }
    social.end();
    site.rate(kAdvocacyRate, totals.advocacy);
  }

  static void partial(PartialIo& io, Totals& totals) {
    io.rate(kConversionRate.id, totals.conversion);
    io.rate(kAcquisitionRate.id, totals.acquisition);
    io.rate(kProductPageConversion.id, totals.product);
    io.rate(kCheckoutCompletionRate.id, totals.checkout);
    io.rate(kCartAbandonmentRate.id, totals.cart);
    io.begin(kFunnelDropOff.id);
    io.counts("reached", totals.reached, NumberKeys{});
    io.end();
    io.begin(kTimeToFirstValue.id);
    totals.times.partial_logs(io, "ln");
    totals.times.partial_sketch(io, "sketch");
    io.count("x", totals.activation.x);
    io.count("n", totals.activation.n);
    io.count("excluded", totals.excluded);
    io.end();
    io.begin(kSocialEngagement.id);
    io.count("x", totals.social.x);
    io.count("n", totals.social.n);
    io.counts("by_action", totals.actions, TextKeys{});
    io.end();
    io.rate(kAdvocacyRate.id, totals.advocacy);
  }

 private:
  static base::Array<std::uint32_t> names(const base::Text& list, events::StringTable& table) {
    base::Array<std::uint32_t> ids;
    base::for_each_item(list.view(),
                        [&](std::string_view name) { ids.push_back(table.intern(name)); });
    return ids;
  }

  static bool contains(const base::Array<std::uint32_t>& ids, std::uint32_t wanted) {
    for (const std::uint32_t id : ids) {
      if (id == wanted) return wanted != events::StringTable::kNone;
    }
    return false;
  }

  // One event meets at most one step of the funnel.
  static void advance(Session& session, const Config& config, bool is_page, std::uint32_t name) {
    if (session.steps >= config.funnel.size()) return;
    const FunnelStep& next = config.funnel[session.steps];
    session.steps += next.is_page == is_page && next.name == name && name;
  }

  // An order or a conversion.
  static void reach(const Step& step, const Config& config, Session& session, Client& client) {
    const bool is_order = step.type == events::EventType::kOrder;
    if (is_order) {
      session.product.order();
      session.cart.lead.order();
      session.cart.checkout.order();
      session.cart.ordered = true;
    }
    const std::uint32_t goal = step.goal();
    session.converted |= contains(config.conversion_goals, goal);
    session.acquired |= contains(config.acquisition_goals, goal);
    if (!is_order && goal == config.activation_goal && client.activated_ms == kNever) {
      client.activated_ms = step.tau_ms;
    }
    advance(session, config, false, goal);
  }

  static void social(const Step& step, const Config& config, Visitor& visitor, Totals& totals) {
    const auto& event = step.record.as<events::Social>();
    ++totals.social.x;
    if (!step.record.has(event.kHasAction)) return;
    const std::uint32_t action = step.strings.keep(event.action);
    if (action == events::StringTable::kNone) return;
    if (action == events::StringTable::kOther) step.quality.add(base::Problem::kOverLimit);
    ++totals.actions[action];
    visitor.advocate |= contains(config.advocacy_actions, action);
  }

  static void count(const Cart& cart, Totals& totals) {
    if (cart.lead.begun) totals.cart.add(!cart.lead.bought);
    if (cart.checkout.begun) totals.checkout.add(cart.checkout.bought);
  }

  static void insert(const CartVisit& visit, base::Array<CartVisit>& visits,
                     const events::StringTable& table) {
    visits.push_back(visit);
    for (std::size_t i = visits.size() - 1; i && visit.place.before(visits[i - 1].place, table);
         --i) {
      std::swap(visits[i], visits[i - 1]);
    }
  }

  // Counts the visits from `at` on that are of one day as one; gives the place after them.
  static std::size_t count_day(const base::Array<CartVisit>& visits, std::size_t at,
                               const Setting& setting, Totals& totals) {
    const std::int64_t day = setting.day(visits[at].place.first_ms);
    Cart joined;
    for (; at < visits.size() && setting.day(visits[at].place.first_ms) == day; ++at) {
      const Cart& cart = visits[at].cart;
      joined.lead.join(cart.lead, cart.ordered);
      joined.checkout.join(cart.checkout, cart.ordered);
    }
    count(joined, totals);
    return at;
  }

  static void close_first_day(Visitor& visitor, const Setting& setting, Totals& totals) {
    visitor.closed_day = setting.day(visitor.visits[0].place.first_ms);
    for (std::size_t counted = count_day(visitor.visits, 0, setting, totals); counted; --counted) {
      visitor.visits.erase(visitor.visits.begin());
    }
  }

  static void write_funnel(const Totals& totals, KpiResult& result, const Options& options) {
    base::Array<Count> reached;
    base::for_each_item(options.funnel.view(), [&](std::string_view) {
      const Count* count = totals.reached.find(reached.size());
      reached.push_back(count ? *count : 0);
    });
    result.begin_list("reached");
    for (const Count count : reached) result.number({}, count);
    result.end();
    result.begin_list("drop_off");
    for (std::size_t i = 1; i < reached.size(); ++i) {
      result.number({}, 1 - ratio(reached[i], reached[i - 1]));
    }
    result.end();
    if (!reached.empty()) result.value = 1 - ratio(reached.back(), reached.front());
  }
};

}  // namespace insitu::kpi
