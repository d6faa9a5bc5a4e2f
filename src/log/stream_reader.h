// SPDX-License-Identifier: MIT
// Reads a log in NDJSON (docs/wire-format.md) that need not fit into memory: batches come out while
// the log is still going in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "base/flat_map.h"
#include "base/quality.h"
#include "log/batch_packer.h"
#include "log/event_writer.h"
#include "log/string_pool.h"

namespace insitu::log {

// What a StreamReader holds back, and for how long.
struct StreamOptions {
  // Events of each client session that wait for others with a lower seq. At least 1.
  std::size_t window_events = 256;
  // Silence after which a client session is over, ms of log time.
  double close_after_ms = 86'400'000;
  // Client sessions open at once; beyond it the one silent longest is over. At least 1.
  std::size_t open_clients = 1'000'000;
};

// The reader. Give it the bytes with feed(), in pieces of any size, then call finish() once.
// Batches are handed to `visit` during these calls: those of NdjsonReader, but client sessions take
// turns, and one that becomes long comes in more of them.
//
// Lines are read as by NdjsonReader. Events of a client session are held back until more than
// 2 * window_events of them are held; then all but the last window_events by seq are handed on, in
// the order of seq. The rest follows, with the end record, when the client session is over:
//
// - when log time, the largest `t` so far, is more than close_after_ms past what it was at the
//   client session's last event. So a log that is grouped by visitor is read well too. A clock far
//   ahead ends what is open once and then keeps log time where it is;
// - when open_clients others had events after it;
// - at finish(), those still open in the order of their first events.
//
// An event behind that begins a new client session with the same keys. If nothing has to be dropped
// for kLate, and no client session ends before finish(), events, counts of problems and their order
// within a client session are those of NdjsonReader.
//
// An event whose seq is lower than the last one handed on is a kDuplicate if its seq has certainly
// been handed on, else it is kLate; both are dropped. Only the last kMaxGaps gaps in the seq of a
// client session are known one by one; between older ones everything counts as late.
//
// Memory is O(events held + texts in them + largest number of open client sessions), whatever the
// length of the log. Time is O(log), plus O(window_events) for an event out of order.
class StreamReader {
 public:
  // The bytes of the batch and the views of ClientInfo are valid during the call. ClientInfo has
  // the segment of the first session_start by seq among the events held when the first batch of the
  // client session is due. If there is none, the batch waits for up to window_events more; then the
  // segment is empty for good.
  using Visit = std::function<void(std::span<const std::byte> batch, const ClientInfo& client)>;

  static constexpr std::size_t kMaxGaps = 16;

  explicit StreamReader(Visit visit, const StreamOptions& options = {});

  // The next bytes of the log; they need only live during the call.
  void feed(std::string_view bytes);
  // The log is complete: takes a last line without a line break and ends all client sessions.
  void finish();

  // malformed, unknown_type, duplicate, out_of_order, over_limit and late of the log so far.
  // out_of_order also has late events, which have come after others.
  [[nodiscard]] const base::Quality& quality() const { return writer_.quality(); }
  // The first kMaxNotes problems of each kind, in the order of the log. Known after finish().
  [[nodiscard]] std::span<const Note> notes() const { return writer_.notes(); }
  // Lines so far that were not blank, and events that were not dropped.
  [[nodiscard]] std::uint64_t lines() const { return writer_.lines(); }
  [[nodiscard]] std::uint64_t events() const { return events_; }

  // What is in memory now: events, and bytes of their texts with the keys of what is open.
  [[nodiscard]] std::uint64_t held_events() const { return held_events_; }
  [[nodiscard]] std::size_t text_bytes() const { return writer_.pool().bytes(); }
  // Client sessions that are not over.
  [[nodiscard]] std::size_t open_clients() const { return open_clients_; }

 private:
  static constexpr std::uint32_t kNone = 0xffffffff;

  // An event that waits.
  struct Held {
    double seq;
    std::uint32_t record;  // first word in the client session's records
    std::uint32_t line;
  };
  // Numbers first ... end - 1 that have not been handed on, or may not have been.
  struct Gap {
    double first;
    double end;
  };
  struct SegmentIds {
    std::uint32_t key;  // numbers in the pool
    std::uint32_t value;
  };
  struct Client {
    std::uint32_t visitor = 0;  // numbers in the pool
    std::uint32_t session = 0;
    std::uint32_t before = kNone;  // neighbours in the list of open ones, by last event
    std::uint32_t after = kNone;
    double active_at = 0;       // log time of its last event, ms
    std::uint64_t ordinal = 0;  // of all client sessions of the log
    double last_seq = -1;       // of the last event that came, duplicates aside
    std::uint64_t last_line = 0;
    bool has_start = false;  // a session_start has been held
    bool is_begun = false;   // a batch has been handed on: the segment stands
    double next_seq = 0;     // one more than the last that was handed on
    std::vector<SegmentIds> segment;
    std::vector<Gap> gaps;               // ascending, all below next_seq
    std::vector<Held> held;              // ascending by seq
    std::vector<std::uint64_t> records;  // of the held ones
  };

  void take(const WrittenEvent& event);
  std::uint32_t open(std::uint32_t visitor, std::uint32_t session);
  void close(std::uint32_t index);
  void link(std::uint32_t index);
  void unlink(std::uint32_t index);
  void note_arrival(Client& client, const WrittenEvent& event);
  void drop_old(Client& client, const WrittenEvent& event);
  bool hold(Client& client, const WrittenEvent& event);
  void hand_on(Client& client, std::size_t count, bool is_complete);
  void find_segment(Client& client);
  void collect_texts();

  Visit visit_;
  StreamOptions options_;
  EventWriter writer_;
  BatchPacker packer_;
  double log_time_ = 0;
  std::uint64_t events_ = 0;
  std::uint64_t held_events_ = 0;
  std::uint64_t held_words_ = 0;
  std::size_t live_text_bytes_ = 0;  // after the last collection

  std::vector<Client> clients_;
  std::vector<std::uint32_t> free_;
  base::FlatMap<std::uint32_t> client_of_;  // visitor << 32 | session -> index
  std::uint32_t first_ = kNone;             // of the open ones: silent longest
  std::uint32_t last_ = kNone;
  std::size_t open_clients_ = 0;
  std::uint64_t opened_ = 0;
  std::vector<SegmentEntry> segment_;  // of the batch that is handed on
};

}  // namespace insitu::log
