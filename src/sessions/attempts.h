// SPDX-License-Identifier: MIT
// Task attempts of one client session.
#pragma once

#include <cstdint>

#include "base/archive.h"
#include "base/array.h"
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
  std::uint64_t errors = 0;  // of kind user or validation
  std::uint64_t clicks = 0;  // between start and end
  // As declared at the start, 0 when not.
  std::int64_t opportunities = 0;
  std::int64_t optimal_pages = 0;
  std::int64_t spec_time_ms = 0;
};

// Starts, ends and errors of tasks (KPI specification 5.1 "Attempts"). The attempts stay until the
// client session ends, because an error may be told after the end of its attempt.
class Attempts {
 public:
  explicit Attempts(std::size_t limit = base::Limits::lab().attempts) : limit_(limit) {}
  void set_limit(std::size_t limit) { limit_ = limit; }

  // Takes the next event; all but task_start, task_end, error and click mean nothing here. Starts
  // and ends that fit nothing are counted in `quality`. O(attempts of the same task).
  void apply(const events::Record& record, std::int64_t tau_ms, events::BatchStrings& strings,
             base::Quality& quality);

  const base::Array<Attempt>& all() const { return all_; }

  void archive(base::Archive& a) {
    a(limit_, all_);
    if (!a.loading()) return;
    open_.clear();
    for (std::uint32_t i = 0; i < all_.size(); ++i) {
      if (!all_[i].closed) open_.push_back(i);
    }
  }

 private:
  Attempt* find(std::uint32_t task, double number);
  void start(const events::Record& record, std::int64_t tau_ms, events::BatchStrings& strings,
             base::Quality& quality);

  std::size_t limit_;
  base::Array<Attempt> all_;
  base::Array<std::uint32_t> open_;  // indexes into all_, in order of start
};

}  // namespace insitu::sessions
