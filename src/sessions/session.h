// SPDX-License-Identifier: MIT
// One client session while it is open, and the sessions it falls into.
#pragma once

#include <cstdint>

#include "base/archive.h"
#include "sessions/attempts.h"
#include "sessions/clock.h"
#include "sessions/page_views.h"

namespace insitu::sessions {

// When a client session falls into sessions, and how long silence still counts as activity.
struct Rules {
  std::int64_t timeout_ms = 1'800'000;
  std::int64_t idle_cap_ms = 30'000;  // negative: no cap
};

// One session ("visit"): what lies between two pauses longer than the timeout (specification 2.4).
struct Session {
  std::int64_t first_ms = 0;  // tau
  std::int64_t last_ms = 0;   // tau
  std::int64_t active_ms = 0;
  std::uint64_t page_views = 0;
  std::uint64_t clicks = 0;  // with a position
  std::uint64_t goals = 0;   // conversion and order events

  std::int64_t duration_ms() const { return last_ms - first_ms; }
};

// One event stream: of one tab, or of all tabs that share a journal.
struct ClientSession {
  std::uint32_t visitor = 0;  // index of the visitor
  std::uint64_t key = 0;      // of (visitor, session)
  Clock clock;
  PageViews pages;
  Attempts attempts;
  Session session;  // the open one
  bool has_offset = false;
  double clock_offset_ms = 0;  // of the first session_start
  std::uint64_t used = 0;      // ordinal of the latest switch to it

  void archive(base::Archive& a) {
    a(visitor, key, clock, pages, attempts, session, has_offset, clock_offset_ms, used);
  }
};

}  // namespace insitu::sessions
