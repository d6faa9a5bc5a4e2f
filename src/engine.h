// SPDX-License-Identifier: MIT
// The engine: events in, KPIs out. The only class of the core that outsiders see.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/quality.h"
#include "base/status.h"
#include "kpi/options.h"
#include "kpi/partial_io.h"
#include "report/report.h"

namespace insitu {

// Folds batches of events (docs/wire-format.md) into state, and reports KPIs from it.
//
// It is a pure function of what it is given: no clock, no randomness, no I/O. The same events give
// the same report however they are cut into batches. Memory is bounded by the limits; steady state
// allocates only when a table grows. It does not promise that events of one client session are
// reordered: that is the log reader's or the journal's work.
class Engine {
 public:
  explicit Engine(kpi::Options options, base::Limits limits = base::Limits::lab());
  ~Engine();
  Engine(Engine&&) noexcept;
  Engine& operator=(Engine&&) noexcept;

  // Folds one batch. A record that is damaged, of unknown type or without a client session is
  // dropped and counted; a batch whose head is wrong is dropped whole, counted and refused. The
  // bytes need only live during the call. O(records).
  base::Status ingest(std::span<const std::byte> batch);

  // Says that no event will come any more: closes everything open for good, so that reports need
  // no way back. ingest() gives kClosed from then on. O(state).
  void close();

  // Tells `sink` of every page view with a geometry, every click on one and what turns out about
  // it, from now on; only with the option `heat_kinds`. What is still open is told by close(). The
  // sink must outlive the engine. Not in the core of visitors' pages.
  void watch(heatmap::ClickSink* sink);

  // Visitor key of batches with local numbers (a browser's own journal). Set it before the first.
  void identify(std::string_view visitor);

  // The last batch given to ingest() with final numbers, as a batch of its own; empty when it held
  // no event. Only kept when keep_final() was set. Valid until the next call.
  std::span<const std::byte> final_batch() const;
  void keep_final(bool keep);

  // All KPIs of what has been folded, open sessions and attempts closed as of their last event.
  // Changes nothing for whoever comes after: two calls in a row are equal. While it runs the state
  // is closed in place, so an engine serves one thread at a time. O(state).
  report::Report report(bool with_heatmaps = true) const;

  // The heatmaps of one page, nullopt when no page view with a geometry was seen of it.
  std::optional<report::PageReport> page(std::string_view page) const;
  // One map of that page; without `state` of all states together.
  std::optional<report::MapReport> map(std::string_view page, report::HeatKind kind,
                                       std::optional<std::string_view> state = {}) const;

  // Writes the sections of a partial (KPI specification 4) of what has been folded, as members of
  // the object that is open: kpis, tasks, activity, heatmaps, quality. Changes nothing. O(state).
  void partial(base::Writer& out) const;
  // Walks the totals with a reader of partials, which checks or adds (kpi/partial_io.h).
  void read_partial(kpi::PartialIo& io);
  // What such a reader is made with.
  events::StringTable& strings();
  const kpi::Setting& setting() const;

  // State as bytes, for restore() on an engine of the same build with equal options and limits.
  std::vector<std::byte> save() const;
  // Replaces the state. On any error (kWrongVersion, kOtherOptions, kBadState) nothing changes.
  base::Status restore(std::span<const std::byte> bytes);

  // Adds problems that were met before the events came here, such as lines that were no events.
  void add_quality(const base::Quality& quality);

  const kpi::Options& options() const;

 private:
  struct State;
  class Fold;
  std::unique_ptr<Fold> fold_;
};

}  // namespace insitu
