// SPDX-License-Identifier: MIT
// Every capacity of the core in one place, with its reason and the memory it costs.
#pragma once

#include <cstddef>
#include <cstdint>

namespace insitu::base {

// What a build may hold. What goes beyond a limit is counted (Problem::kOverLimit), never an error.
struct Limits {
  // Different strings that KPIs keep: routes, tasks, goals, visitor keys. One more reads "(other)".
  std::size_t strings;
  // Their bytes together.
  std::size_t string_bytes;
  // String records one batch may define.
  std::size_t batch_strings;
  // Page views a client session remembers; beyond it the oldest ended one is closed early.
  std::size_t page_views;
  // Task attempts a client session remembers; beyond it new ones are ignored.
  std::size_t attempts;
  // Client sessions open at once; beyond it the one silent for longest is closed.
  std::size_t client_sessions;
  // Different visitors; beyond it new ones are folded into the last.
  std::size_t visitors;
  // Different tasks with numbers of their own; beyond it new ones are folded into "(other)".
  std::size_t tasks;
  // Task times kept as values (exact median and deviation); beyond it sums and a sketch stand in.
  std::size_t samples;
  // Cells of all heatmap grids together: clicks, dwell, elements each.
  std::size_t grid_cells;
  // Elements with maps of their clicks, and pages with what was open over them.
  std::size_t click_elements;
  std::size_t click_places;
  // Bands (of scroll reach and attention) of all pages together.
  std::size_t bands;
  // Clicks that wait for a reaction of the page at once.
  std::size_t waiting_clicks;
  // Fields of forms that a session remembers.
  std::size_t fields;
  // Orders, refunds and disputes remembered by their id.
  std::size_t orders;
  // Support tickets of one visitor.
  std::size_t tickets;
  // Active days of one visitor; beyond it the oldest are forgotten.
  std::size_t days;
  // Sessions ("visits") of one client session.
  std::size_t parts;
  // Keep the names of client sessions: they order sessions that began in the same millisecond.
  bool session_names;

  // One browser, one visitor, fixed memory: about 0.9 MB when every table is full.
  static constexpr Limits browser() {
    return {.strings = 1024,  // 8 KB of offsets
            .string_bytes = 64 << 10,
            .batch_strings = 1024,  // 16 KB while a batch is read
            .page_views = 256,      // 30 KB
            .attempts = 256,        // 28 KB
            .client_sessions = 2,   // a browser writes one at a time
            .visitors = 1,
            .tasks = 24,            // 12 KB each once a sketch holds its times
            .samples = 256,         // 2 KB per task
            .grid_cells = 1536,     // 48 KB of hash table, 250 KB while a report is written
            .click_elements = 384,  // 25 KB; their cells are grid_cells again, twice
            .click_places = 64,
            .bands = 4096,  // 96 KB
            .waiting_clicks = 64,
            .fields = 256,  // 20 KB
            .orders = 512,  // 48 KB
            .tickets = 64,  // 5 KB
            .days = 1024,   // 4 KB
            .parts = 512,   // 4 KB
            .session_names = false};
  }
  // A log on a desk or a server: as much as there is, but sizes stay in 32 bits.
  static constexpr Limits lab() {
    return {.strings = 1u << 28,
            .string_bytes = std::size_t{1} << 31,
            .batch_strings = 1u << 22,
            .page_views = 1u << 24,
            .attempts = 1u << 24,
            .client_sessions = 1u << 24,
            .visitors = 1u << 28,
            .tasks = 1u << 28,
            .samples = 1u << 28,
            .grid_cells = 1u << 28,
            .click_elements = 1u << 28,
            .click_places = 1u << 17,
            .bands = 1u << 24,
            .waiting_clicks = 1024,
            .fields = 1u << 20,
            .orders = 1u << 28,
            .tickets = 1u << 20,
            .days = 1u << 20,
            .parts = 1u << 24,
            .session_names = true};
  }
};

// Longest text of one string record, bytes. What is longer is malformed.
inline constexpr std::size_t kMaxStringBytes = 65'535;

// Times and page-view numbers are JSON integers that survive a double.
inline constexpr double kMaxInteger = 9007199254740991.0;
// Largest valid `t`, ms: the range of an ECMAScript Date.
inline constexpr double kMaxTimeMs = 8.64e15;

}  // namespace insitu::base
