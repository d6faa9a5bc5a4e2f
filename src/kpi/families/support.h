// SPDX-License-Identifier: MIT
// How support tickets are answered and solved.
#pragma once

#include <cstdint>

#include "base/array.h"
#include "base/flat_map.h"
#include "kpi/family.h"

namespace insitu::kpi {

inline constexpr const char* kFirstResponseTimeOptions[] = {"confidence", "sketch_alpha"};
inline constexpr KpiInfo kFirstResponseTime{
    .id = "first_response_time",
    .unit = "s",
    .better = "lower",
    .options = kFirstResponseTimeOptions,
    .title = INSITU_TEXT("Average response time"),
    .family = INSITU_TEXT("support"),
    .role = INSITU_TEXT("recovery"),
    .stage = INSITU_TEXT("support"),
    .scope = INSITU_TEXT("ticket"),
    .formula = INSITU_TEXT("first `response` − first `open`; mean, `median`, `p90`."),
    .inputs = INSITU_TEXT("support"),
    .edge_cases = INSITU_TEXT(
        "a ticket belongs to one visitor, its events go by corrected time; without `open`: "
        "`quality.orphan_ticket`. `response` and `resolve` before the first `open` are ignored; "
        "contacts and reopens always count. No response: left out."),
    .merge = INSITU_TEXT("MOMENTS of ms (exact), SKETCH"),
    .interval = INSITU_TEXT("mean-t, not below 0"),
    .source = INSITU_TEXT("field usage")};

inline constexpr const char* kResolutionTimeOptions[] = {"confidence", "sketch_alpha"};
inline constexpr KpiInfo kResolutionTime{
    .id = "resolution_time",
    .unit = "s",
    .better = "lower",
    .options = kResolutionTimeOptions,
    .title = INSITU_TEXT("Average resolution time"),
    .family = INSITU_TEXT("support"),
    .role = INSITU_TEXT("recovery"),
    .stage = INSITU_TEXT("support"),
    .scope = INSITU_TEXT("ticket"),
    .formula = INSITU_TEXT("last `resolve` − first `open`; mean, `median`, `p90`; `unresolved`."),
    .inputs = INSITU_TEXT("support"),
    .edge_cases =
        INSITU_TEXT("a ticket belongs to one visitor, its events go by corrected time; without "
                    "`open`: `quality.orphan_ticket`. `response` and `resolve` before the first "
                    "`open` are ignored; contacts and reopens always count."),
    .merge = INSITU_TEXT("MOMENTS of ms (exact), SKETCH"),
    .interval = INSITU_TEXT("mean-t, not below 0"),
    .source = INSITU_TEXT("field usage")};

inline constexpr const char* kFirstContactResolutionOptions[] = {"confidence", "ci_method"};
inline constexpr KpiInfo kFirstContactResolution{
    .id = "first_contact_resolution",
    .unit = "ratio",
    .better = "higher",
    .options = kFirstContactResolutionOptions,
    .title = INSITU_TEXT("First contact (first time) resolution"),
    .family = INSITU_TEXT("support"),
    .role = INSITU_TEXT("recovery"),
    .stage = INSITU_TEXT("support"),
    .scope = INSITU_TEXT("ticket"),
    .formula = INSITU_TEXT("n = resolved tickets, x = those with exactly one customer contact "
                           "(`open`, `contact`) and no `reopen`."),
    .inputs = INSITU_TEXT("support"),
    .edge_cases =
        INSITU_TEXT("a ticket belongs to one visitor, its events go by corrected time; without "
                    "`open`: `quality.orphan_ticket`. `response` and `resolve` before the first "
                    "`open` are ignored; contacts and reopens always count."),
    .merge = INSITU_TEXT("COUNT"),
    .interval = INSITU_TEXT("rate x/n"),
    .source = INSITU_TEXT("field usage")};

inline constexpr const char* kRepeatContactRateOptions[] = {"confidence", "ci_method"};
inline constexpr KpiInfo kRepeatContactRate{
    .id = "repeat_contact_rate",
    .unit = "ratio",
    .better = "lower",
    .options = kRepeatContactRateOptions,
    .title = INSITU_TEXT("Repeat contact rate"),
    .family = INSITU_TEXT("support"),
    .role = INSITU_TEXT("recovery"),
    .stage = INSITU_TEXT("support"),
    .scope = INSITU_TEXT("ticket"),
    .formula =
        INSITU_TEXT("n = opened tickets, x = those with ≥ 2 customer contacts or a `reopen`."),
    .inputs = INSITU_TEXT("support"),
    .edge_cases =
        INSITU_TEXT("a ticket belongs to one visitor, its events go by corrected time; without "
                    "`open`: `quality.orphan_ticket`. `response` and `resolve` before the first "
                    "`open` are ignored; contacts and reopens always count."),
    .merge = INSITU_TEXT("COUNT"),
    .interval = INSITU_TEXT("rate x/n"),
    .source = INSITU_TEXT("field usage")};

// What is known of one ticket. No order of its events matters: a later client session may turn out
// to lie before an earlier one once its clock offset is known.
struct Ticket {
  static constexpr std::int64_t kNever = INT64_MAX;

  std::int64_t opened_ms = kNever;     // first `open`
  std::int64_t responded_ms = kNever;  // first `response` at or after opened_ms
  std::int64_t resolved_ms = -kNever;  // last `resolve`
  Count contacts = 0;                  // `open` and `contact`
  bool is_reopened = false;
  // Times of responses before opened_ms: an `open` still to come may be earlier.
  base::Array<std::int64_t> early_ms;

  bool is_opened() const { return opened_ms != kNever; }
  bool is_answered() const { return responded_ms != kNever; }
  bool is_resolved() const { return is_opened() && resolved_ms >= opened_ms; }

  void archive(base::Archive& a) {
    a(opened_ms, responded_ms, resolved_ms, contacts, is_reopened, early_ms);
  }
};

// The tickets of a client session, by relative time, or of a visitor, by corrected time.
class Tickets {
 public:
  // Takes an event of a ticket; `action` is a word, any other only shows that there is a ticket.
  // Beyond `limit` tickets, or early responses of them all, the event is a problem instead. O(1)
  // but for an `open` before the first, which is O(early responses of the ticket).
  void take(std::uint64_t key, std::uint32_t action, std::int64_t ms, std::size_t limit,
            base::Quality& quality) {
    namespace words = events::words;
    Ticket* ticket = find_or_add(key, limit, quality);
    if (!ticket) return;
    ticket->contacts += action == words::kOpen || action == words::kContact;
    ticket->is_reopened |= action == words::kReopen;
    if (action == words::kOpen) open(*ticket, ms);
    if (action == words::kResponse) respond(*ticket, ms, limit, quality);
    if (action == words::kResolve && ms > ticket->resolved_ms) ticket->resolved_ms = ms;
  }

  // Adds what happened to the tickets of `other`, `shift_ms` later; limits as in take().
  void merge(const Tickets& other, std::int64_t shift_ms, std::size_t limit,
             base::Quality& quality) {
    other.tickets_.for_each([&](std::uint64_t key, const Ticket& from) {
      Ticket* ticket = find_or_add(key, limit, quality);
      if (!ticket) return;
      ticket->contacts += from.contacts;
      ticket->is_reopened |= from.is_reopened;
      if (from.is_opened()) open(*ticket, from.opened_ms + shift_ms);
      for (const std::int64_t ms : from.early_ms) respond(*ticket, ms + shift_ms, limit, quality);
      if (from.is_answered()) respond(*ticket, from.responded_ms + shift_ms, limit, quality);
      if (from.resolved_ms != -Ticket::kNever &&
          from.resolved_ms + shift_ms > ticket->resolved_ms) {
        ticket->resolved_ms = from.resolved_ms + shift_ms;
      }
    });
  }

  // Calls visit(ticket) for every ticket.
  template <class Visit>
  void for_each(Visit&& visit) const {
    tickets_.for_each([&](std::uint64_t, const Ticket& ticket) { visit(ticket); });
  }

  // Tickets without an `open`.
  std::uint64_t unopened() const { return unopened_; }

  void clear() {
    tickets_.clear();
    early_ = 0;
    unopened_ = 0;
  }
  void archive(base::Archive& a) { a(tickets_, early_, unopened_); }

 private:
  Ticket* find_or_add(std::uint64_t key, std::size_t limit, base::Quality& quality) {
    if (Ticket* ticket = tickets_.find(key)) return ticket;
    if (tickets_.size() >= limit) {
      quality.add(base::Problem::kOverLimit);
      return nullptr;
    }
    ++unopened_;
    return &tickets_[key];
  }

  void open(Ticket& ticket, std::int64_t ms) {
    if (ms >= ticket.opened_ms) return;
    unopened_ -= !ticket.is_opened();
    ticket.opened_ms = ms;
    std::size_t kept = 0;
    for (const std::int64_t early : ticket.early_ms) {
      if (early < ms) {
        ticket.early_ms[kept++] = early;
      } else if (early < ticket.responded_ms) {
        ticket.responded_ms = early;
      }
    }
    early_ -= ticket.early_ms.size() - kept;
    ticket.early_ms.resize(kept);
  }

  void respond(Ticket& ticket, std::int64_t ms, std::size_t limit, base::Quality& quality) {
    if (ticket.is_opened() && ms >= ticket.opened_ms) {
      if (ms < ticket.responded_ms) ticket.responded_ms = ms;
    } else if (early_ >= limit) {
      quality.add(base::Problem::kOverLimit);
    } else {
      ticket.early_ms.push_back(ms);
      ++early_;
    }
  }

  base::FlatMap<Ticket> tickets_;  // by fingerprint
  std::size_t early_ = 0;          // responses in early_ms of all tickets
  std::uint64_t unopened_ = 0;
};

struct Support : FamilyBase {
  static constexpr const KpiInfo* kKpis[] = {&kFirstResponseTime, &kResolutionTime,
                                             &kFirstContactResolution, &kRepeatContactRate};

  using Client = Tickets;
  using Visitor = Tickets;

  struct Totals {
    Sample<kWholes | kSketch | kIsMs> response_ms;
    Sample<kWholes | kSketch | kIsMs> resolution_ms;
    Count unresolved = 0;
    Rate first_contact;  // solved at the first contact, of resolved tickets
    Rate repeated;       // with more than one contact, of opened tickets

    void archive(base::Archive& a) {
      a(response_ms, resolution_ms, unresolved, first_contact, repeated);
    }
  };

  static constexpr std::uint64_t kEvents = mask(events::EventType::kSupport);

  template <class S>
  static void event(const Step& step, S& scopes) {
    const auto& support = step.record.as<events::Support>();
    const std::uint64_t ticket = step.fingerprint(support.kHasTicket, support.ticket);
    if (!ticket) return;
    scopes.client.take(ticket, step.word(support.kHasAction, support.action), step.tau_ms,
                       step.setting.limits.tickets, step.quality);
  }

  template <class S>
  static void end_client(const sessions::ClientSession& client, S& scopes) {
    const std::uint64_t unopened = scopes.visitor.unopened();
    scopes.visitor.merge(scopes.client, client.clock_offset_ms, scopes.setting.limits.tickets,
                         scopes.quality);
    // Fewer than before when an `open` turned up: unsigned, the sum comes out right all the same.
    scopes.quality.add(base::Problem::kOrphanTicket, scopes.visitor.unopened() - unopened);
  }

  static void end_visitor(const Tickets& tickets, const Setting& setting, Totals& totals) {
    tickets.for_each([&](const Ticket& ticket) { close(ticket, setting, totals); });
  }

  static void write(const Totals& totals, Output& out) {
    Sheet& site = out.site;
    write_times(kFirstResponseTime, totals.response_ms, site);
    write_times(kResolutionTime, totals.resolution_ms, site)
        .number("unresolved", totals.unresolved);
    site.rate(kFirstContactResolution, totals.first_contact);
    site.rate(kRepeatContactRate, totals.repeated);
  }

  static void partial(PartialIo& io, Totals& totals) {
    io.begin(kFirstResponseTime.id);
    walk_times(io, totals.response_ms);
    io.end();
    io.begin(kResolutionTime.id);
    walk_times(io, totals.resolution_ms);
    io.count("unresolved", totals.unresolved);
    io.end();
    io.rate(kFirstContactResolution.id, totals.first_contact);
    io.rate(kRepeatContactRate.id, totals.repeated);
  }

 private:
  static void close(const Ticket& ticket, const Setting& setting, Totals& totals) {
    if (!ticket.is_opened()) return;
    const bool once = ticket.contacts == 1 && !ticket.is_reopened;
    totals.repeated.add(!once);
    if (ticket.is_answered()) {
      add(ticket.responded_ms - ticket.opened_ms, setting, totals.response_ms);
    }
    if (ticket.is_resolved()) {
      add(ticket.resolved_ms - ticket.opened_ms, setting, totals.resolution_ms);
      totals.first_contact.add(once);
    } else {
      ++totals.unresolved;
    }
  }

  static void add(std::int64_t ms, const Setting& setting, SampleBase& sample) {
    // Times beyond the range of the exact sums, 139 years, are none.
    (void)sample.add(static_cast<double>(ms), setting);
  }

  static KpiResult& write_times(const KpiInfo& info, const SampleBase& ms, Sheet& site) {
    KpiResult& result = mean_seconds(site, info, ms);
    result.number("median", ms.quantile(0.5));
    result.number("p90", ms.quantile(0.9));
    return result;
  }

  static void walk_times(PartialIo& io, SampleBase& ms) {
    ms.partial_wholes(io, "ms");
    ms.partial_sketch(io, "sketch");
  }
};

}  // namespace insitu::kpi
