// SPDX-License-Identifier: MIT
// The interface of a KPI family. A family is one file in kpi/families/, a struct of static
// functions that the engine calls while it folds; the list of families is made from the folder.
//
// A family keeps its numbers in four plain structs, one per scope, and sees no other family:
//   Totals   all that has been closed; integers, so that any order of adding gives the same
//   Visitor  one visitor, over all client sessions
//   Client   one client session (a pause does not end it)
//   Session  one session ("visit")
// Each has archive(). The engine makes, copies, saves and restores them. A report is made from a
// copy in which everything open has been closed, so asking for one changes nothing.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

#include "base/archive.h"
#include "base/array.h"
#include "base/limits.h"
#include "base/quality.h"
#include "events/batch.h"
#include "events/batch_strings.h"
#include "kpi/options.h"
#include "kpi/result.h"
#include "sessions/session.h"

namespace insitu::kpi {

// Names from the options as engine string ids, so that events are compared by number.
struct ConfiguredNames {
  base::Array<std::uint32_t> conversion_goals;
};

// What stays the same during a fold.
struct Setting {
  Options options;
  base::Limits limits;
  ConfiguredNames names;
};

// One event and what the state machines know about it; they have taken it already.
struct Step {
  const events::Record& record;
  events::EventType type;
  std::int64_t tau_ms;
  const sessions::ClientSession& client;
  std::uint32_t page_view;  // index into client.pages, PageViews::kNone without one
  events::BatchStrings& strings;
  const Setting& setting;
  base::Quality& quality;

  // Goal the event reaches, as engine string id; kNone when it reaches none.
  std::uint32_t goal() const {
    if (type == events::EventType::kOrder) return events::words::kOrder;
    if (type != events::EventType::kConversion) return events::StringTable::kNone;
    const auto& event = record.as<events::Conversion>();
    return record.has(event.kHasGoal) ? strings.known(event.goal) : events::StringTable::kNone;
  }
};

// A family's numbers of every scope the event lies in.
template <class Family>
struct Scopes {
  typename Family::Session& session;
  typename Family::Client& client;
  typename Family::Visitor& visitor;
  typename Family::Totals& totals;
  base::Quality& quality;
};

// Where families write their results.
struct Output {
  // KPIs of everything, and of one task each.
  Sheet& site;
  base::Array<std::pair<std::uint32_t, Sheet>>& tasks;  // by engine string id
  const Setting& setting;
  bool& exact;  // set to false when a value comes from a sketch

  Sheet& task(std::uint32_t id);
};

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
  using Totals = Nothing;
  // Event types that event() wants to see.
  static constexpr std::uint64_t kEvents = kNoEvents;
  // An event, in order. Called only for types in kEvents.
  template <class S>
  static void event(const Step&, S) {}
  // A page view can get no more scrolling; called once per `page_view` event with a geometry.
  template <class T>
  static void page_closed(const sessions::PageView&, const sessions::ShownPage&, const Setting&,
                          T&) {}
  template <class S>
  static void end_session(const sessions::Session&, const Setting&, S) {}
  template <class C, class T>
  static void end_client(const sessions::ClientSession&, const Setting&, C&, T&) {}
  template <class V, class T>
  static void end_visitor(const V&, const Setting&, T&) {}
  // Writes the family's KPIs, in the order of kKpis. Never changes anything.
  template <class T>
  static void write(const T&, Output&) {}
};

static_assert(events::kEventTypeLimit <= 64, "event types are held as bits of 64");

}  // namespace insitu::kpi
