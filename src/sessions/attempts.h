// SPDX-License-Identifier: MIT
// Task attempts of one client session.
#pragma once

#include <cstdint>

#include "base/archive.h"
#include "base/array.h"
#include "base/flat_map.h"
#include "base/limits.h"
#include "base/quality.h"
#include "events/batch.h"
#include "events/batch_strings.h"

namespace insitu::sessions {

enum class Outcome : std::uint8_t { kAbandon, kSuccess, kPartial, kFailure };

// One attempt at a task. Until it ends its outcome is abandon.
struct Attempt {
  std::uint32_t task = 0;  // engine string id
  double number = 0;
  std::int64_t start_ms = 0;  // tau
  std::int64_t end_ms = 0;    // tau, once closed
  bool closed = false;
  Outcome outcome = Outcome::kAbandon;
  std::int64_t errors = 0;  // of kind user or validation
  std::int64_t clicks = 0;  // between start and end; before the end: clicks before the start
  std::int64_t pages = 0;   // seen between start and end; before the end: page views before it
  std::int64_t different_pages = 0;  // of these
  std::uint32_t start_page = 0;      // engine string id of the page at the start
  bool has_start_page = false;
  std::int8_t ease = 0;  // latest answer to the Single Ease Question about it, 0: none
  // As declared at the start, 0 when not.
  std::int64_t opportunities = 0;
  std::int64_t optimal_pages = 0;
  std::int64_t spec_time_ms = 0;
};

// Starts, ends and errors of tasks (KPI specification 5.1 "Attempts"). The attempts stay until the
// client session ends, because an error may be told after the end of its attempt.
class Attempts {
 public:
  Attempts() = default;
  explicit Attempts(std::size_t limit) : limit_(limit) {}
  void set_limit(std::size_t limit) { limit_ = limit; }

  // Takes the next event; all but task_start, task_end, error, click, page_view and survey mean
  // nothing here. `page`: engine string id of the page of the event's own page view, or of the
  // latest one, if there is any. Starts and ends that fit nothing are counted in `quality`. O(1) on
  // average; an end of an attempt with `optimal` O(different pages of the client session).
  void apply(const events::Record& record, std::int64_t tau_ms, const std::uint32_t* page,
             events::BatchStrings& strings, base::Quality& quality) {
    if (record.type() == events::EventType::kClick) {
      count_click();
    } else {
      apply_other(record, tau_ms, page, strings, quality);
    }
  }

  // All that a click means here.
  void count_click() { ++clicks_; }

  const base::Array<Attempt>& all() const { return all_; }
  bool any_open() const { return !open_.empty(); }

  void archive(base::Archive& a) {
    a(limit_, all_, clicks_, views_, last_seen_);
    if (a.loading()) reindex();
  }
  void clear();

 private:
  void apply_other(const events::Record& record, std::int64_t tau_ms, const std::uint32_t* page,
                   events::BatchStrings& strings, base::Quality& quality);
  static std::uint64_t key(std::uint32_t task, double number);
  Attempt* find(std::uint32_t task, double number);
  void start(const events::Record& record, std::int64_t tau_ms, const std::uint32_t* page,
             events::BatchStrings& strings, base::Quality& quality);
  void end(Attempt& attempt, std::int64_t tau_ms);
  void take_ease(const events::Record& record, events::BatchStrings& strings);
  void reindex();

  std::size_t limit_ = base::Limits::lab().attempts;
  base::Array<Attempt> all_;
  base::FlatKeys keys_;              // of all_, see key()
  base::Array<std::uint32_t> open_;  // indexes into all_, in order of start
  std::int64_t clicks_ = 0;          // so far
  std::int64_t views_ = 0;           // page views so far
  // Ordinal of the latest view of each page, from the first attempt on that asks for pages.
  base::FlatMap<std::int64_t> last_seen_;
};

}  // namespace insitu::sessions
