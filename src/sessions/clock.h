// SPDX-License-Identifier: MIT
// Corrected time: durations that survive a clock that is set, jumps or sleeps.
#pragma once

#include <cmath>
#include <cstdint>

#include "base/archive.h"
#include "base/inline.h"
#include "events/batch.h"

namespace insitu::sessions {

// Turns the events of one client session, in order, into corrected time tau (KPI
// specification 2.3).
//
// The step to an event is the difference of its monotonic times when both belong to the same page
// view and do not fall, else the difference of the wall clock, or 0 when that went back. tau starts
// at `t` of the first event; `clock_offset` is not in it (it only shifts absolute days).
// tau stops at 2^62.
class Clock {
 public:
  // Corrected time of the next event, ms. O(1).
  std::int64_t advance(const events::RecordHead& head) {
    return advance(head, (head.present & head.kHasPv) && events::Record::is_integer(head.pv));
  }
  INSITU_HOT std::int64_t advance(const events::Record& record) {
    return advance(record.head(), record.has_pv());
  }

  bool started() const { return started_; }
  std::int64_t tau_ms() const { return tau_ms_; }
  // Of the last step; 0 for the first event.
  std::int64_t delta_ms() const { return delta_ms_; }
  // True when the last step would have been negative (quality.clock_back).
  bool stepped_back() const { return stepped_back_; }

 private:
  INSITU_HOT std::int64_t advance(const events::RecordHead& head, bool has_pv) {
    const bool has_mono = (head.present & head.kHasMono) && events::Record::is_integer(head.mono);
    // NaN is like nothing, not even itself.
    const double pv = has_pv ? head.pv : NAN;
    const double mono = has_mono ? head.mono : NAN;
    const auto t = static_cast<std::int64_t>(head.t);
    stepped_back_ = false;
    delta_ms_ = 0;
    if (!started_) [[unlikely]] {
      tau_ms_ = t;
      started_ = true;
    } else {
      if (pv == pv_ && mono >= mono_) [[likely]] {
        delta_ms_ = static_cast<std::int64_t>(mono - mono_);
      } else if (t >= t_) {
        delta_ms_ = t - t_;
      } else {
        stepped_back_ = true;
      }
      // Leaping clocks could otherwise add up to more than 64 bits hold.
      if (delta_ms_ > kMaxTauMs - tau_ms_) delta_ms_ = kMaxTauMs - tau_ms_;
      tau_ms_ += delta_ms_;
    }
    t_ = t;
    pv_ = pv;
    mono_ = mono;
    return tau_ms_;
  }

  static constexpr std::int64_t kMaxTauMs = std::int64_t{1} << 62;

  std::int64_t tau_ms_ = 0;
  std::int64_t delta_ms_ = 0;
  std::int64_t t_ = 0;
  double pv_ = NAN;    // of the latest event, NaN without
  double mono_ = NAN;  // of the latest event, NaN without
  bool started_ = false;
  bool stepped_back_ = false;
};

}  // namespace insitu::sessions
