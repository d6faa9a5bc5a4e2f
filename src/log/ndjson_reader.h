// SPDX-License-Identifier: MIT
// Reads a log in NDJSON (docs/wire-format.md) and hands it on as batches: events without
// duplicates, in the order of their seq, one client session after the other.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/flat_map.h"
#include "base/quality.h"
#include "events/event.gen.h"
#include "log/event_line.h"
#include "log/string_pool.h"

namespace insitu::log {

// Longest line that is read, bytes without the line break. A longer one is malformed.
inline constexpr std::size_t kMaxLineBytes = std::size_t{1} << 20;
// Longest list (answers, topics, segment) that is read; what comes after is left out and counted in
// Problem::kOverLimit. No instrument has more than ten answers.
inline constexpr std::size_t kMaxListItems = 1000;
// How many problems of each kind are kept with their place.
inline constexpr std::size_t kMaxNotes = 10;
// A batch is closed before it outgrows this, bytes. One event with long texts may still do so.
inline constexpr std::size_t kBatchBytes = 64 << 10;

// Where and why a line or a part of it was not taken.
struct Note {
  base::Problem problem;
  std::uint64_t line;    // from 1
  std::uint64_t column;  // byte of the line, from 1; 0: the whole line is meant
  std::string what;      // a phrase in English; may quote bytes of the line
};

// One entry of session_start.segment.
struct SegmentEntry {
  std::string_view key;
  std::string_view value;
};

// The client session a batch belongs to. Views are valid as long as the reader.
struct ClientInfo {
  std::string_view visitor;
  std::string_view session;
  // Of its first session_start in the order of seq; empty without one.
  std::span<const SegmentEntry> segment;
};

// True if `segment` has the entry `key` = `value`.
[[nodiscard]] bool has_segment(std::span<const SegmentEntry> segment, std::string_view key,
                               std::string_view value);

// The reader. Give it the bytes with feed(), in pieces of any size, then call finish() once; from
// then on the events can be had as batches, as often as wanted.
//
// What is dropped, and what is kept of odd values, is section "Reading" of the KPI specification:
// lines that are no event are counted and dropped; own fields of the wrong type are absent, or NaN
// if they are numbers (docs/wire-format.md). A byte order mark at the start of the log is skipped.
//
// Memory is O(log): about 24 bytes and the binary record (40 ... 96 bytes) per event, and every
// different text once; texts of dropped lines are not kept. Time is O(log), plus a sort of those
// client sessions whose events are out of order.
class NdjsonReader {
 public:
  NdjsonReader();

  // The next bytes of the log; they need only live during the call.
  void feed(std::string_view bytes);
  // The log is complete: takes a last line without a line break, sorts, removes duplicates.
  void finish();

  // malformed, unknown_type, duplicate, out_of_order and over_limit of the whole log; complete
  // after finish().
  [[nodiscard]] const base::Quality& quality() const { return quality_; }
  // The first kMaxNotes problems of each kind, in the order of the log. Known after finish().
  [[nodiscard]] std::span<const Note> notes() const { return notes_; }
  // Lines that were not blank, and events that were kept; after finish() without duplicates.
  [[nodiscard]] std::uint64_t lines() const { return line_count_; }
  [[nodiscard]] std::uint64_t events() const { return entries_.size(); }

  // Calls visit(std::span<const std::byte> batch, const ClientInfo&) for every batch of the log,
  // after finish(): client sessions in the order of their first event in the log, the events of
  // each by seq, in batches of about kBatchBytes. Each batch is complete in itself and 8-byte
  // aligned; it begins with a context record, has another one behind every gap in seq, and the last
  // one of a client session has an end record. Batches are valid during the call.
  template <class Visit>
  void for_each_batch(Visit&& visit) const {
    using Callee = std::remove_reference_t<Visit>;
    deliver([](void* callee, std::span<const std::byte> batch,
               const ClientInfo& client) { (*static_cast<Callee*>(callee))(batch, client); },
            const_cast<void*>(static_cast<const void*>(&visit)));
  }

 private:
  using Deliver = void (*)(void* callee, std::span<const std::byte> batch, const ClientInfo&);

  // An event: where its record is, and what orders it.
  struct Entry {
    double seq;
    std::uint32_t record;  // first word in records_
    std::uint32_t client;
    std::uint32_t line;
  };
  struct Client {
    std::uint32_t visitor;  // numbers in pool_
    std::uint32_t session;
    std::size_t first = 0;  // its entries, after finish()
    std::size_t count = 0;
  };

  void take_line(std::string_view line);
  void take_event(const events::EventInfo& info);
  bool write_field(std::size_t record, const events::FieldInfo& field, const LineValue& value);
  bool write_words(std::size_t record, const events::FieldInfo& field, const LineValue& value);
  bool write_list(std::size_t record, const events::FieldInfo& field, const LineValue& value);
  bool intern(std::string_view text, std::uint32_t& number);
  std::uint32_t find_client();
  std::size_t sort_client(std::span<Entry> entries);
  void note(base::Problem problem, std::uint64_t line, std::uint64_t column, std::string what);
  void malformed(const char* what, std::uint64_t column = 0);
  std::span<const std::byte> record_of(const Entry& entry) const;
  void collect_segment(std::span<const Entry> entries, std::vector<SegmentEntry>& segment) const;
  void deliver(Deliver visit, void* callee) const;

  template <class T>
  void store(std::size_t record, std::size_t offset, T value);

  EventLine line_;
  std::string carry_;  // the beginning of a line whose end has not been fed yet
  bool finished_ = false;
  std::uint64_t line_number_ = 0;
  std::uint64_t line_count_ = 0;

  StringPool pool_;
  std::vector<std::uint64_t> records_;  // wire layout, string ids are numbers in pool_
  std::vector<double> numbers_;         // elements of the list that is being written
  std::vector<std::uint32_t> ids_;      // the same of a list of texts
  std::vector<Entry> entries_;
  std::vector<Client> clients_;
  base::FlatMap<std::uint32_t> client_of_;  // visitor << 32 | session -> index + 1
  std::uint32_t last_client_ = 0;
  std::string last_visitor_;
  std::string last_session_;

  base::Quality quality_;
  std::vector<Note> notes_;
};

}  // namespace insitu::log
