// SPDX-License-Identifier: MIT
// The interface of a KPI family. A family is one file in kpi/families/, a struct of static
// functions that the engine calls while it folds; the list of families is made from the folder.
//
// A family keeps its numbers in plain structs, one per scope, and sees no other family:
//   Totals   all that has been closed; integers, so that any order of adding gives the same. What
//            of it is mergeable is walked by partial(), and is all that write() may use
//   Shared   what is known over all visitors and is not sums yet, such as orders by their id
//   Visitor  one visitor, over all client sessions
//   Client   one client session (a pause does not end it)
//   Session  one session ("visit")
//   Config   made of the options once; never changes
// Each has archive() unless it is plain bytes, and may have clear() to be used again without
// freeing its memory. The engine makes, copies, saves and restores them. A report is made from a
// copy in which everything open has been closed, so asking for one changes nothing.
//
// Times of events are corrected times without `clock_offset`, which is only known when the client
// session ends: what needs days, or compares visitors' client sessions, waits for end_client().
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

#include "base/archive.h"
#include "base/array.h"
#include "base/flat_map.h"
#include "base/limits.h"
#include "base/quality.h"
#include "events/batch.h"
#include "events/batch_strings.h"
#include "kpi/click_verdict.h"
#include "kpi/options.h"
#include "kpi/partial_io.h"
#include "kpi/result.h"
#include "kpi/sample.h"
#include "kpi/setting.h"
#include "sessions/session.h"

namespace insitu::kpi {

// One event and what the state machines know about it; they have taken it already.
struct Step {
  const events::Record& record;
  events::EventType type;
  std::int64_t tau_ms;  // without clock_offset
  const sessions::ClientSession& client;
  std::uint32_t page_view;  // index into client.pages, PageViews::kNone without one
  std::uint64_t pv;         // equal for events of one page view; all without a pv are of one
  bool has_pv;
  events::BatchStrings& strings;
  const Setting& setting;
  base::Quality& quality;

  // Goal the event reaches, as engine string id; kNone when it reaches none or nobody asks for it.
  std::uint32_t goal() const {
    if (type == events::EventType::kOrder) return events::words::kOrder;
    if (type != events::EventType::kConversion) return events::StringTable::kNone;
    const auto& event = record.as<events::Conversion>();
    return record.has(event.kHasGoal) ? strings.known(event.goal) : events::StringTable::kNone;
  }
  // Well-known or kept text of a field as engine string id, kNone when it is absent or unknown.
  std::uint32_t word(std::uint32_t bit, std::uint32_t id) const {
    return record.has(bit) ? strings.known(id) : events::StringTable::kNone;
  }
  // Fingerprint of the text of a field, 0 when it is absent or empty. Names that are compared but
  // never shown (orders, tickets, fields of forms) are held as these 64 bits; among a million of
  // them two are equal by chance once in 30 million logs.
  std::uint64_t fingerprint(std::uint32_t bit, std::uint32_t id) const;
};

// Where a session stands among all of a log (KPI specification 2.4): by the time of its first
// event, then visitor, client session, part; and an event in it.
struct Place {
  std::int64_t first_ms = 0;  // corrected, clock_offset included
  std::uint32_t visitor = 0;  // engine string ids
  std::uint32_t session = 0;  // kNone where names are not kept (base/limits.h)
  std::uint32_t part = 0;
  std::uint32_t event = 0;  // ordinal in the client session

  bool before(const Place& other, const events::StringTable& table) const;
};

// A family's numbers of every scope that something lies in.
template <class Family>
struct Scopes {
  typename Family::Session& session;
  typename Family::Client& client;
  typename Family::Visitor& visitor;
  typename Family::Shared& shared;
  typename Family::Totals& totals;
  const typename Family::Config& config;
  base::Quality& quality;
  const Setting& setting;
  const events::StringTable& table;
  std::uint32_t visitor_index;  // of Family::Visitor
  std::uint32_t visitor_text;   // engine string id
  ClickVerdicts* verdicts;      // where what turns out about clicks is told; null: nobody asks
};

// Where families write their results.
struct Output {
  // KPIs of everything, and of one task each.
  Sheet& site;
  base::Array<std::pair<std::uint32_t, Sheet>>& tasks;  // by engine string id
  const Setting& setting;
  const events::StringTable& table;
  bool is_merged;  // totals were read from partials

  Sheet& task(std::uint32_t id);
  const Options& options() const { return setting.options; }
  // Engine string ids in the order of the bytes of their texts.
  base::Array<std::uint32_t> by_text(base::Array<std::uint32_t> ids) const;
};

// The largest engine string id, where these are keys.
inline constexpr std::uint64_t kMaxText = 0xffffffff;

struct Nothing {};

constexpr std::uint64_t mask(events::EventType type) {
  return std::uint64_t{1} << static_cast<unsigned>(type);
}
inline constexpr std::uint64_t kNoEvents = 0;

// Defaults for what a family does not need. A family inherits and hides what it does.
struct FamilyBase {
  using Session = Nothing;
  using Client = Nothing;
  using Visitor = Nothing;
  using Shared = Nothing;
  using Totals = Nothing;
  using Config = Nothing;
  // Names of the options as engine string ids, so that events are compared by number.
  static Nothing configure(const Options&, events::StringTable&) { return {}; }
  // Event types that event() wants to see.
  static constexpr std::uint64_t kEvents = kNoEvents;
  // An event, in order. Called only for types in kEvents.
  template <class S>
  static void event(const Step&, S&) {}
  // A page view can get no more scrolling; called once per `page_view` event with a geometry.
  template <class T>
  static void page_closed(const sessions::PageView&, const sessions::ShownPage&, const Setting&,
                          T&) {}
  // A session is over; its part number is client.part, its first and last event client.session.
  template <class S>
  static void end_session(const sessions::ClientSession&, S&) {}
  // A client session is over, all its sessions are. client.clock_offset_ms is final.
  template <class S>
  static void end_client(const sessions::ClientSession&, S&) {}
  // All client sessions are over, visitors are not: what is shared goes to its visitors.
  // visitor(index) gives a Visitor&.
  template <class Sh, class VisitorOf, class T>
  static void end_shared(const Sh&, VisitorOf&&, const Setting&, T&) {}
  // A visitor's client sessions are over; there was at least one session.
  template <class V, class T>
  static void end_visitor(const V&, const Setting&, T&) {}
  // Writes the family's KPIs, in the order of kKpis. Never changes anything.
  template <class T>
  static void write(const T&, Output&) {}
  // Walks the totals as members of `kpis`, `tasks` and `activity` of a partial.
  template <class T>
  static void partial(PartialIo&, T&) {}
  template <class T>
  static void partial_tasks(PartialIo&, T&) {}
  template <class T>
  static void partial_activity(PartialIo&, T&) {}
};

static_assert(events::kEventTypeLimit <= 64, "event types are held as bits of 64");

}  // namespace insitu::kpi
