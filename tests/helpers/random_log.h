// SPDX-License-Identifier: MIT
// Seeded random journals: what several tabs of one browser write, with pauses, reloads, tasks, a
// clock that jumps, and odd values.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "engine.h"
#include "events/batch_builder.h"
#include "events/batch_json.h"
#include "nlohmann/json.hpp"
#include "report/json.h"
#include "tests/helpers/random.h"
#include "tests/helpers/records.h"

namespace insitu::test {

// One event of a journal: the document that writes it, and how it goes into a batch.
struct JournalEvent {
  double document = 0;
  double previous = 0;
  std::function<void(events::BatchBuilder&)> add;
};

namespace detail {

class JournalMaker {
 public:
  explicit JournalMaker(Random& random) : random_(random) { open_tab(0); }

  std::vector<JournalEvent> make(std::size_t count) {
    while (out_.size() < count) step();
    return std::move(out_);
  }

 private:
  struct Tab {
    double document = 0;
    double previous = 0;
    double next_pv = 0;
    double shown_t = 0;  // of the page view that is shown
    double attempts = 0;
  };

  bool chance(double share) { return random_.uniform() < share; }
  std::string pick(std::initializer_list<const char*> texts) {
    return texts.begin()[random_.below(texts.size())];
  }
  // Mostly sensible, sometimes anything a double can be.
  double coordinate(double largest) {
    if (chance(0.9)) return std::floor(random_.uniform() * largest * 10) / 10;
    const double odd[] = {0,           -0.0,        -5,
                          largest,     largest + 1, 1e300,
                          -1e300,      5e-324,      std::numeric_limits<double>::infinity(),
                          std::nan("")};
    return odd[random_.below(std::size(odd))];
  }

  void open_tab(double previous) {
    Tab tab;
    tab.document = static_cast<double>(1 + random_.below(1'000'000'000));
    tab.previous = previous;
    tabs_.push_back(tab);
    tab_ = tabs_.size() - 1;
    show(previous > 0 ? -1 : std::nan(""));
  }

  template <class Event>
  Event event() {
    const Tab& tab = tabs_[tab_];
    auto event = event_at<Event>(t_, chance(0.97) ? std::max(0.0, tab.next_pv - 1) : -1);
    if (chance(0.9)) {
      event.mono = t_ - tab.shown_t;
      event.present |= events::RecordHead::kHasMono;
    }
    return event;
  }
  void put_event(std::function<void(events::BatchBuilder&)> add) {
    out_.push_back({tabs_[tab_].document, tabs_[tab_].previous, std::move(add)});
  }
  template <class Event>
  void put(Event event) {
    put_event([event](events::BatchBuilder& to) { to.add(event); });
  }

  void show(double from) {
    Tab& tab = tabs_[tab_];
    tab.shown_t = t_;
    auto view = event_at<events::PageView>(t_, tab.next_pv++);
    view.from = from;
    view.vh = coordinate(900);
    view.dw = coordinate(1300);
    view.dh = coordinate(4000);
    view.present |= view.kHasFrom | view.kHasVh | view.kHasDw | view.kHasDh;
    if (chance(0.1)) view.present &= ~view.kHasDh;
    const std::string page = pick({"/", "/product", "/cart", "/checkout", "", "/a page", "/ключ"});
    put_event([view, page](events::BatchBuilder& to) {
      auto record = view;
      record.page = to.string(page);
      record.present |= events::RecordHead::kHasPage;
      to.add(record);
    });
  }

  void put_task(bool starts) {
    Tab& tab = tabs_[tab_];
    const std::string task = pick({"buy", "find", "sign up", "success"});
    const double attempt =
        starts && chance(0.8) ? tab.attempts++ : static_cast<double>(random_.below(4));
    const bool numbered = chance(0.8);
    if (starts) {
      auto start = event<events::TaskStart>();
      start.attempt = attempt;
      if (numbered) start.present |= start.kHasAttempt;
      put_event([start, task](events::BatchBuilder& to) {
        auto record = start;
        record.task = to.string(task);
        record.present |= record.kHasTask;
        to.add(record);
      });
      return;
    }
    auto end = event<events::TaskEnd>();
    end.attempt = attempt;
    if (numbered) end.present |= end.kHasAttempt;
    const std::string outcome = pick({"success", "success", "partial", "failure", "abandon", "?"});
    put_event([end, task, outcome](events::BatchBuilder& to) {
      auto record = end;
      record.task = to.string(task);
      record.outcome = to.string(outcome);
      record.present |= record.kHasTask | record.kHasOutcome;
      to.add(record);
    });
  }

  void put_lists() {
    auto start = event<events::SessionStart>();
    start.clock_offset = coordinate(1000);
    start.present |= start.kHasClockOffset | start.kHasSegment;
    const std::string device = pick({"mobile", "desktop"});
    put_event([start, device](events::BatchBuilder& to) {
      auto record = start;
      record.segment_count = 1;
      Bytes bytes = record_bytes(record);
      const std::size_t at = bytes.size();
      test::put(bytes, at, to.string("device"));
      test::put(bytes, at + 4, to.string(device));
      to.append(resized(bytes, at + 8));
    });
  }

  // An event whose first text fields are set by `texts`, in the order of their members.
  template <class Event>
  void put_texts(const Event& event, std::vector<std::uint32_t Event::*> members,
                 std::vector<std::uint32_t> bits, std::vector<std::string> texts) {
    put_event([event, members, bits, texts](events::BatchBuilder& to) {
      auto record = event;
      for (std::size_t i = 0; i < texts.size(); ++i) {
        record.*members[i] = to.string(texts[i]);
        record.present |= bits[i];
      }
      to.add(record);
    });
  }

  void put_business() {
    const std::string id = pick({"1", "2", "3", ""});
    switch (random_.below(7)) {
      case 0: {
        auto order = event<events::Order>();
        order.value = coordinate(5000);
        order.present |= order.kHasValue;
        return put_texts(order, {&events::Order::order, &events::Order::category},
                         {order.kHasOrder, order.kHasCategory}, {id, pick({"shoes", "books"})});
      }
      case 1: {
        auto refund = event<events::Refund>();
        refund.value = coordinate(5000);
        refund.present |= refund.kHasValue;
        return put_texts(refund, {&events::Refund::order}, {refund.kHasOrder}, {id});
      }
      case 2: {
        const auto support = event<events::Support>();
        return put_texts(support, {&events::Support::ticket, &events::Support::action},
                         {support.kHasTicket, support.kHasAction},
                         {id, pick({"open", "contact", "response", "resolve", "reopen"})});
      }
      case 3: {
        const auto form = event<events::Form>();
        return put_texts(
            form, {&events::Form::form, &events::Form::field, &events::Form::action},
            {form.kHasForm, form.kHasField, form.kHasAction},
            {pick({"address", "payment"}), id, pick({"focus", "input", "blur", "submit"})});
      }
      case 4: {
        auto vital = event<events::Vital>();
        vital.value = coordinate(4000);
        vital.present |= vital.kHasValue;
        return put_texts(vital, {&events::Vital::name}, {vital.kHasName},
                         {pick({"LCP", "INP", "CLS", "FCP", "TTFB"})});
      }
      case 5: {
        const auto cart = event<events::Cart>();
        return put_texts(cart, {&events::Cart::action}, {cart.kHasAction},
                         {pick({"add", "remove", "checkout"})});
      }
      default: {
        const auto social = event<events::Social>();
        return put_texts(social, {&events::Social::action}, {social.kHasAction},
                         {pick({"share", "review", "?"})});
      }
    }
  }

  void step() {
    const double u = random_.uniform();
    if (u < 0.03) {
      t_ += 1'800'000 + static_cast<double>(random_.below(3'000'000)) - 10;
    } else if (u < 0.05) {
      t_ = std::max(0.0, t_ - static_cast<double>(random_.below(100'000)));
    } else {
      t_ += static_cast<double>(random_.below(random_.below(2) ? 500 : 40'000));
    }
    tab_ = chance(0.7) ? tab_ : random_.below(tabs_.size());
    switch (random_.below(20)) {
      case 0:
        if (tabs_.size() < 5) return open_tab(0);
        return show(tabs_[tab_].next_pv - 1);
      case 1: {  // a link or a reload: another document in the same tab
        const double previous = tabs_[tab_].document;
        tabs_.erase(tabs_.begin() + static_cast<std::ptrdiff_t>(tab_));
        return open_tab(previous);
      }
      case 2:
      case 3:
        return show(chance(0.8) ? tabs_[tab_].next_pv - 1 : static_cast<double>(random_.below(5)));
      case 4:
      case 5:
      case 6: {
        auto click = event<events::Click>();
        click.x = coordinate(1300);
        click.y = coordinate(4000);
        click.present |= click.kHasX | click.kHasY;
        if (chance(0.05)) click.present &= ~click.kHasY;
        return put(click);
      }
      case 7:
      case 8: {
        auto scroll = event<events::Scroll>();
        scroll.y = coordinate(4000);
        scroll.present |= scroll.kHasY;
        return put(scroll);
      }
      case 9: {
        auto visibility = event<events::Visibility>();
        visibility.state = chance(0.5) ? events::words::kHidden : events::words::kVisible;
        visibility.present |= visibility.kHasState;
        return put(visibility);
      }
      case 10:
      case 11:
        return put_task(true);
      case 12:
      case 13:
        return put_task(false);
      case 14: {
        auto error = event<events::Error>();
        const std::uint32_t kinds[] = {events::words::kJs, events::words::kUser,
                                       events::words::kValidation, 999};
        error.kind = kinds[random_.below(4)];
        error.present |= error.kHasKind;
        return put(error);
      }
      case 15: {
        auto goal = event<events::Conversion>();
        const std::string name = pick({"signup", "order", "newsletter"});
        return put_event([goal, name](events::BatchBuilder& to) {
          auto record = goal;
          record.goal = to.string(name);
          record.present |= record.kHasGoal;
          to.add(record);
        });
      }
      case 16:
        return chance(0.3) ? put(event<events::Order>()) : put(event<events::Move>());
      case 17:
        return chance(0.4) ? put_lists() : put_business();
      case 18:
        return put(event<events::Mutation>());
      default:
        return put(event<events::Heartbeat>());
    }
  }

  Random& random_;
  std::vector<JournalEvent> out_;
  std::vector<Tab> tabs_;
  std::size_t tab_ = 0;
  double t_ = 1'767'225'600'000;
};

}  // namespace detail

// A journal of `count` events.
inline std::vector<JournalEvent> random_journal(Random& random, std::size_t count) {
  return detail::JournalMaker(random).make(count);
}

// The batches of a journal; between events of one document they are cut when cut() says so.
template <class Cut>
std::vector<Bytes> batches_of_journal(const std::vector<JournalEvent>& journal, Cut&& cut) {
  std::vector<Bytes> batches;
  events::BatchBuilder builder;
  for (std::size_t i = 0; i < journal.size(); ++i) {
    if (i == 0 || journal[i].document != journal[i - 1].document || cut()) {
      if (i > 0) batches.push_back(bytes_of(builder.finish()));
      builder = events::BatchBuilder(journal[i].document, journal[i].previous);
    }
    journal[i].add(builder);
  }
  if (!journal.empty()) batches.push_back(bytes_of(builder.finish()));
  return batches;
}

// The lines of a log: what a study of `visitor` with this journal would export.
inline std::vector<std::string> lines_of_journal(const std::vector<JournalEvent>& journal,
                                                 std::string_view visitor) {
  std::vector<std::string> lines;
  Engine engine{kpi::Options{}};
  engine.identify(visitor);
  engine.keep_final(true);
  for (const Bytes& batch : batches_of_journal(journal, [] { return false; })) {
    (void)engine.ingest(batch);
    report::JsonWriter json;
    json.begin_array();
    (void)events::write_batch(engine.final_batch(), json);
    json.end_array();
    for (const auto& event : nlohmann::json::parse(json.take())) lines.push_back(event.dump());
  }
  return lines;
}

}  // namespace insitu::test
