// SPDX-License-Identifier: MIT
// Orders, and what becomes of them and of those who placed them.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include "base/array.h"
#include "base/flat_map.h"
#include "kpi/family.h"
#include "stats/moments.h"

namespace insitu::kpi {

inline constexpr KpiInfo kAverageOrderValue{
    .id = "average_order_value",
    .unit = "minor units",
    .better = "higher",
    .options = {},
    .title = INSITU_TEXT("Average order value"),
    .family = INSITU_TEXT("conversion"),
    .role = INSITU_TEXT("context"),
    .stage = INSITU_TEXT("purchase"),
    .scope = INSITU_TEXT("order"),
    .formula = INSITU_TEXT("Σ value / orders; of several events of one order id the first counts, "
                           "the others go to `quality.duplicate_order`."),
    .inputs = INSITU_TEXT("order"),
    .edge_cases = INSITU_TEXT("orders without an id or with a `value` < 0 are left out; one "
                              "currency per log, so convert before"),
    .merge = INSITU_TEXT("COUNT"),
    .interval = INSITU_TEXT("none"),
    .source = INSITU_TEXT("field usage")};

inline constexpr const char* kClvOptions[] = {"clv_net_of_refunds"};
inline constexpr KpiInfo kClv{
    .id = "clv",
    .unit = "minor units",
    .better = "higher",
    .options = kClvOptions,
    .title = INSITU_TEXT("Customer lifetime value"),
    .family = INSITU_TEXT("conversion"),
    .role = INSITU_TEXT("outcome"),
    .stage = INSITU_TEXT("retention"),
    .scope = INSITU_TEXT("visitor"),
    .formula = INSITU_TEXT("Historic: Σ order values / visitors with ≥ 1 order. "
                           "`clv_net_of_refunds` takes off min(refunds of the order, its value)."),
    .inputs = INSITU_TEXT("order, refund"),
    .edge_cases = INSITU_TEXT("no customer null"),
    .merge = INSITU_TEXT("COUNT"),
    .interval = INSITU_TEXT("none"),
    .source = INSITU_TEXT("field usage")};

inline constexpr const char* kRefundRateOptions[] = {"confidence", "ci_method"};
inline constexpr KpiInfo kRefundRate{
    .id = "refund_rate",
    .unit = "ratio",
    .better = "lower",
    .options = kRefundRateOptions,
    .title = INSITU_TEXT("Refund rate"),
    .family = INSITU_TEXT("conversion"),
    .role = INSITU_TEXT("trust"),
    .stage = INSITU_TEXT("retention"),
    .scope = INSITU_TEXT("order"),
    .formula = INSITU_TEXT("x = orders with ≥ 1 refund, n = orders."),
    .inputs = INSITU_TEXT("order, refund"),
    .edge_cases = INSITU_TEXT("a refund counts whether it comes before or after the order; one of "
                              "an unknown order is ignored"),
    .merge = INSITU_TEXT("COUNT"),
    .interval = INSITU_TEXT("rate x/n"),
    .source = INSITU_TEXT("field usage")};

inline constexpr const char* kDisputeRateOptions[] = {"confidence", "ci_method"};
inline constexpr KpiInfo kDisputeRate{
    .id = "dispute_rate",
    .unit = "ratio",
    .better = "lower",
    .options = kDisputeRateOptions,
    .title = INSITU_TEXT("Dispute rate"),
    .family = INSITU_TEXT("conversion"),
    .role = INSITU_TEXT("trust"),
    .stage = INSITU_TEXT("retention"),
    .scope = INSITU_TEXT("order"),
    .formula = INSITU_TEXT("x = orders with ≥ 1 dispute, n = orders."),
    .inputs = INSITU_TEXT("order, dispute"),
    .edge_cases = INSITU_TEXT("dispute of an unknown order ignored"),
    .merge = INSITU_TEXT("COUNT"),
    .interval = INSITU_TEXT("rate x/n"),
    .source = INSITU_TEXT("field usage")};

inline constexpr const char* kRepeatPurchaseRateOptions[] = {"confidence", "ci_method"};
inline constexpr KpiInfo kRepeatPurchaseRate{
    .id = "repeat_purchase_rate",
    .unit = "ratio",
    .better = "higher",
    .options = kRepeatPurchaseRateOptions,
    .title = INSITU_TEXT("Repeat purchase rate"),
    .family = INSITU_TEXT("retention"),
    .role = INSITU_TEXT("outcome"),
    .stage = INSITU_TEXT("retention"),
    .scope = INSITU_TEXT("visitor"),
    .formula = INSITU_TEXT("x = visitors with ≥ 2 orders, n = with ≥ 1."),
    .inputs = INSITU_TEXT("order"),
    .edge_cases = INSITU_TEXT("duplicate order ids count once"),
    .merge = INSITU_TEXT("COUNT"),
    .interval = INSITU_TEXT("rate x/n"),
    .source = INSITU_TEXT("field usage")};

inline constexpr const char* kCustomerHealthScoreOptions[] = {"health", "session_timeout_ms",
                                                              "tz_offset_min", "confidence"};
inline constexpr KpiInfo kCustomerHealthScore{
    .id = "customer_health_score",
    .unit = "0–100",
    .better = "higher",
    .options = kCustomerHealthScoreOptions,
    .title = INSITU_TEXT("Customer health score"),
    .family = INSITU_TEXT("composite"),
    .role = INSITU_TEXT("outcome"),
    .stage = INSITU_TEXT("retention"),
    .scope = INSITU_TEXT("visitor"),
    .formula =
        INSITU_TEXT("Visitors with ≥ 1 order: 100·Σ w·s/Σ w, s = cut((v−lo)/(hi−lo), 0, 1), "
                    "inverted for support: product_types (different `category`, 0–5), usage_days "
                    "(last − first active day, 0–365), support_contacts (open + contact, 0–5, "
                    "inverted), spend (Σ values, 0–50 000); w = ¼ each. Value = mean."),
    .inputs = INSITU_TEXT("order, support, all"),
    .edge_cases = INSITU_TEXT("no customer null"),
    .merge = INSITU_TEXT("MOMENTS"),
    .interval = INSITU_TEXT("mean-t in [0,100]"),
    .source = INSITU_TEXT("field usage; the limits are ours")};

// A sum of money in minor units, the same in any order of adding. It stops at 2^53.
struct Money {
  Count whole = 0;           // of the amounts, each rounded: so that partials add up
  stats::FixedSum fraction;  // what rounding took away

  // Adds an amount from 0 up; what is beyond 2^53 counts as 2^53.
  void add(double amount) {
    if (!(amount > 0)) return;
    const double rounded = std::round(std::min(amount, kMost));
    whole = std::min(whole + static_cast<Count>(rounded), static_cast<Count>(kMost));
    if (amount < kMost) (void)fraction.add_real(amount - rounded);  // each is within 1/2
  }
  double value() const { return static_cast<double>(whole) + fraction.to_real(); }
  // Walks the sum as one whole number.
  void partial(PartialIo& io, std::string_view name) { io.count(name, whole); }

  static constexpr double kMost = 9007199254740992.0;
};

struct Commerce : FamilyBase {
  static constexpr const KpiInfo* kKpis[] = {&kAverageOrderValue,  &kClv,
                                             &kRefundRate,         &kDisputeRate,
                                             &kRepeatPurchaseRate, &kCustomerHealthScore};

  // An `order` event of a client session.
  struct Placed {
    std::uint64_t id;  // fingerprint
    double value;
    std::uint64_t category;  // fingerprint, 0: none
    std::uint32_t part;
    std::uint32_t event;
  };
  struct Client {
    base::Array<Placed> placed;

    void archive(base::Archive& a) { a(placed); }
    void clear() { placed.clear(); }
  };
  // What is known of an order id. Refunds and disputes may come before the order, or without one.
  struct Order {
    bool placed = false;
    bool refunded = false;
    bool disputed = false;
    std::uint32_t visitor = 0;  // index
    Place place;
    double value = 0;
    double refunds = 0;
    std::uint64_t category = 0;
  };
  struct Shared {
    base::FlatMap<Order> orders;  // by fingerprint

    void archive(base::Archive& a) { a(orders); }
  };
  static constexpr std::int64_t kNoDay = std::numeric_limits<std::int64_t>::min();
  struct Visitor {
    std::int64_t first_day = kNoDay;  // active
    std::int64_t last_day = kNoDay;
    Count contacts = 0;  // with the support
    // Known once everything is closed.
    Count orders = 0;
    Count categories = 0;
    double spend = 0;
  };
  struct Totals {
    Count orders = 0;
    Money revenue;
    Rate refunded;
    Rate disputed;
    Count customers = 0;
    Money lifetime;
    Rate repeated;
    Sample<kReals> health;

    void archive(base::Archive& a) {
      a(orders, revenue, refunded, disputed, customers, lifetime, repeated, health);
    }
  };

  static constexpr std::uint64_t kEvents =
      mask(events::EventType::kOrder) | mask(events::EventType::kRefund) |
      mask(events::EventType::kDispute) | mask(events::EventType::kSupport);

  template <class S>
  static void event(const Step& step, S& scopes) {
    switch (step.type) {
      case events::EventType::kOrder:
        note_order(step, scopes.client);
        return;
      case events::EventType::kSupport: {
        const auto& event = step.record.as<events::Support>();
        const std::uint32_t action = step.word(event.kHasAction, event.action);
        scopes.visitor.contacts +=
            action == events::words::kOpen || action == events::words::kContact;
        return;
      }
      default:
        note_trouble(step, scopes.shared);
    }
  }

  template <class S>
  static void end_client(const sessions::ClientSession& client, S& scopes) {
    note_days(client, scopes.setting, scopes.visitor);
    for (const Placed& placed : scopes.client.placed) {
      // Beyond the limit of parts, the last that is known stands in.
      const std::size_t part = std::min<std::size_t>(placed.part, client.parts.size() - 1);
      const Place place{client.parts[part] + client.clock_offset_ms, client.visitor_text,
                        client.name, placed.part, placed.event};
      take(placed, place, scopes.visitor_index, scopes.shared, scopes.setting, scopes.quality,
           scopes.table);
    }
  }

  template <class VisitorOf>
  static void end_shared(const Shared& shared, VisitorOf&& visitor_of, const Setting& setting,
                         Totals& totals) {
    base::FlatKeys categories;  // of all visitors
    shared.orders.for_each([&](std::uint64_t, const Order& order) {
      if (!order.placed) return;
      count(order, setting, totals);
      Visitor& visitor = visitor_of(order.visitor);
      ++visitor.orders;
      visitor.spend += order.value;
      if (!order.category) return;
      const std::size_t before = categories.size();
      (void)categories.insert(base::mix(order.category + order.visitor * 0x9e3779b97f4a7c15u));
      visitor.categories += categories.size() > before;
    });
  }

  static void end_visitor(const Visitor& visitor, const Setting& setting, Totals& totals) {
    if (!visitor.orders) return;
    ++totals.customers;
    totals.repeated.add(visitor.orders >= 2);
    const double score = health(visitor, setting.options);
    // NaN when no part counts.
    if (!std::isnan(score)) (void)totals.health.add(score, setting);
  }

  static void write(const Totals& totals, Output& out) {
    Sheet& site = out.site;
    const double revenue = totals.revenue.value();
    KpiResult& order_value = site.add(kAverageOrderValue);
    order_value.n = static_cast<double>(totals.orders);
    order_value.value = ratio(revenue, order_value.n);
    order_value.number("revenue", revenue);
    KpiResult& clv = site.add(kClv);
    clv.n = static_cast<double>(totals.customers);
    clv.value = ratio(totals.lifetime.value(), clv.n);
    site.rate(kRefundRate, totals.refunded);
    site.rate(kDisputeRate, totals.disputed);
    site.rate(kRepeatPurchaseRate, totals.repeated);
    site.mean(kCustomerHealthScore, totals.health.summary(), 0, 100).is_sketch =
        !totals.health.is_exact();
  }

  static void partial(PartialIo& io, Totals& totals) {
    io.begin(kAverageOrderValue.id);
    io.count("n", totals.orders);
    totals.revenue.partial(io, "revenue");
    io.end();
    io.begin(kClv.id);
    io.count("n", totals.customers);
    totals.lifetime.partial(io, "x");
    io.end();
    io.rate(kRefundRate.id, totals.refunded);
    io.rate(kDisputeRate.id, totals.disputed);
    io.rate(kRepeatPurchaseRate.id, totals.repeated);
    io.begin(kCustomerHealthScore.id);
    totals.health.partial_reals(io, "real");
    io.end();
  }

 private:
  static void note_order(const Step& step, Client& client) {
    const auto& event = step.record.as<events::Order>();
    const std::uint64_t id = step.fingerprint(event.kHasOrder, event.order);
    const double value = step.record.number(event.kHasValue, event.value);
    if (!id || !(value >= 0)) return;
    if (value > Money::kMost || client.placed.size() >= step.setting.limits.orders) {
      step.quality.add(base::Problem::kOverLimit);
      return;
    }
    client.placed.push_back({id, value, step.fingerprint(event.kHasCategory, event.category),
                             step.client.part, step.client.events});
  }

  // A refund or a dispute.
  static void note_trouble(const Step& step, Shared& shared) {
    const bool is_refund = step.type == events::EventType::kRefund;
    // Both begin with the order.
    const auto& event = step.record.as<events::Refund>();
    const std::uint64_t id = step.fingerprint(event.kHasOrder, event.order);
    if (!id) return;
    Order* order = find_or_make(id, shared, step.setting, step.quality);
    if (!order) return;
    order->disputed |= !is_refund;
    if (!is_refund) return;
    order->refunded = true;
    const double value = step.record.number(event.kHasValue, event.value, 0);
    if (std::abs(value) > Money::kMost) {
      step.quality.add(base::Problem::kOverLimit);
    } else {
      order->refunds += value;
    }
  }

  static Order* find_or_make(std::uint64_t id, Shared& shared, const Setting& setting,
                             base::Quality& quality) {
    Order* order = shared.orders.find(id);
    if (!order && shared.orders.size() >= setting.limits.orders) {
      quality.add(base::Problem::kOverLimit);
      return nullptr;
    }
    return order ? order : &shared.orders[id];
  }

  // Of several orders of one id the first of the log counts.
  static void take(const Placed& placed, const Place& place, std::uint32_t visitor, Shared& shared,
                   const Setting& setting, base::Quality& quality,
                   const events::StringTable& table) {
    Order* order = find_or_make(placed.id, shared, setting, quality);
    if (!order) return;
    if (order->placed) {
      quality.add(base::Problem::kDuplicateOrder);
      if (!place.before(order->place, table)) return;
    }
    order->placed = true;
    order->place = place;
    order->visitor = visitor;
    order->value = placed.value;
    order->category = placed.category;
  }

  static void note_days(const sessions::ClientSession& client, const Setting& setting,
                        Visitor& visitor) {
    const std::int64_t first = setting.day(client.parts.front() + client.clock_offset_ms);
    const std::int64_t last = setting.day(client.parts.back() + client.clock_offset_ms);
    if (visitor.first_day == kNoDay || first < visitor.first_day) visitor.first_day = first;
    if (visitor.last_day == kNoDay || last > visitor.last_day) visitor.last_day = last;
  }

  static void count(const Order& order, const Setting& setting, Totals& totals) {
    ++totals.orders;
    totals.refunded.add(order.refunded);
    totals.disputed.add(order.disputed);
    totals.revenue.add(order.value);
    const bool net = setting.options.clv_net_of_refunds;
    totals.lifetime.add(net ? order.value - std::min(order.refunds, order.value) : order.value);
  }

  static double health(const Visitor& visitor, const Options& options) {
    const double inputs[kHealthParts] = {static_cast<double>(visitor.categories),
                                         static_cast<double>(visitor.last_day - visitor.first_day),
                                         static_cast<double>(visitor.contacts), visitor.spend};
    double sum = 0;
    double weights = 0;
    for (std::size_t i = 0; i < kHealthParts; ++i) {
      const HealthPart& part = options.health[i];
      if (std::isnan(part.weight)) continue;
      const double share =
          std::min(1.0, std::max(0.0, (inputs[i] - part.lo) / (part.hi - part.lo)));
      sum += part.weight * (part.inverted != 0 ? 1 - share : share);
      weights += part.weight;
    }
    return ratio(100 * sum, weights);
  }
};

}  // namespace insitu::kpi
