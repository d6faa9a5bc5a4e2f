// SPDX-License-Identifier: MIT
// One client session while it is open, and the sessions it falls into.
#pragma once

#include <cstdint>

#include "base/archive.h"
#include "base/array.h"
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
  std::uint32_t visitor = 0;       // index of the visitor
  std::uint32_t visitor_text = 0;  // engine string id of its key
  std::uint32_t name = 0;          // engine string id of its own key, kNone where that is not kept
  std::uint64_t key = 0;           // of (visitor, session)
  std::uint64_t used = 0;          // ordinal of the latest switch to it
  Clock clock;
  PageViews pages;
  Attempts attempts;
  Session session;           // the open one
  std::uint32_t part = 0;    // its number, from 0
  std::uint32_t events = 0;  // so far
  // First corrected time of each session, the open one included, without the offset.
  base::Array<std::int64_t> parts;
  // Of the first session_start, ms to add to every time; final when the client session ends.
  bool has_offset = false;
  std::int64_t clock_offset_ms = 0;

  void clear() {
    visitor = visitor_text = name = part = events = 0;
    key = used = 0;
    clock = {};
    pages.clear();
    attempts.clear();
    session = {};
    parts.clear();
    has_offset = false;
    clock_offset_ms = 0;
  }

  void archive(base::Archive& a) {
    a(visitor, visitor_text, name, key, used, clock, pages, attempts, session, part, events, parts,
      has_offset, clock_offset_ms);
  }
};

}  // namespace insitu::sessions
