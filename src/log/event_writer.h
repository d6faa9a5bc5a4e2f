// SPDX-License-Identifier: MIT
// From the bytes of an NDJSON log (docs/wire-format.md) to event records: what all readers of such
// logs have in common.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

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

// Where and why a line or a part of it was not taken.
struct Note {
  base::Problem problem;
  std::uint64_t line;    // from 1
  std::uint64_t column;  // byte of the line, from 1; 0: the whole line is meant
  std::string what;      // a phrase in English; may quote bytes of the line
};

// An event whose record has just been written.
struct WrittenEvent {
  double seq;
  double t;               // ms
  std::uint32_t visitor;  // numbers in the pool
  std::uint32_t session;
  bool same_client;                 // visitor and session are those of the event before
  std::span<std::uint64_t> record;  // of the last event; stays where it is
  std::uint64_t line;               // from 1
};

// Writes the events of a log as records of the wire layout, with numbers of a StringPool where the
// format has string ids, in the order of the log.
//
// What is dropped, and what is kept of odd values, is section "Reading" of the KPI specification:
// lines that are no event are counted and dropped; own fields of the wrong type are absent, or NaN
// if they are numbers (docs/wire-format.md). A byte order mark at the start of the log is skipped.
// O(bytes). Memory is that of the records, of pool() and of one line.
class EventWriter {
 public:
  // In front of every record are `margin_words` words for the caller's own use.
  explicit EventWriter(std::size_t margin_words = 0) : margin_words_(margin_words) {}

  // Reads the next bytes of the log and calls take(const WrittenEvent&) for every event they
  // complete. Records stay until the writer goes. `take` may call forget(), once, add_problem()
  // and set_pool().
  template <class Take>
  void feed(std::string_view bytes, Take&& take) {
    using Callee = std::remove_reference_t<Take>;
    read(bytes,
         {[](void* callee, const WrittenEvent& event) { (*static_cast<Callee*>(callee))(event); },
          const_cast<void*>(static_cast<const void*>(&take))});
  }
  // The log is complete: takes a last line without a line break.
  template <class Take>
  void finish(Take&& take) {
    if (!carry_.empty()) feed("\n", take);
  }

  // Takes the record of the last event away again, with its margin.
  void forget();

  // The texts of the records.
  [[nodiscard]] const StringPool& pool() const { return pool_; }
  // Another pool for the events to come. The records there are have been changed by the caller to
  // have its numbers.
  void set_pool(StringPool pool);

  // malformed, unknown_type and over_limit are counted here, the rest by the readers.
  [[nodiscard]] const base::Quality& quality() const { return quality_; }
  // Counts a problem of a line, and keeps it if it is among the first kMaxNotes of its kind. They
  // need not be counted in the order of the lines.
  void add_problem(base::Problem problem, std::uint64_t line, std::uint64_t column,
                   std::string what);
  // The problems that were kept; sort_notes() puts them in the order of the log.
  [[nodiscard]] std::span<const Note> notes() const { return notes_; }
  void sort_notes();

  // Lines so far that were not blank.
  [[nodiscard]] std::uint64_t lines() const { return line_count_; }

 private:
  struct Callback {
    void (*call)(void* callee, const WrittenEvent& event);
    void* callee;
  };

  struct FreeBlock {
    void operator()(std::uint64_t* block) const;
  };
  using Block = std::unique_ptr<std::uint64_t, FreeBlock>;

  static Block make_block(std::size_t bytes);
  void read(std::string_view bytes, const Callback& take);
  void take_line(std::string_view line, std::size_t readable, const Callback& take);
  void take_event(const events::EventInfo& info, const Callback& take);
  bool write_field(const events::FieldInfo& field, const LineValue& value);
  bool write_words(const events::FieldInfo& field, const LineValue& value);
  bool write_list(const events::FieldInfo& field, const LineValue& value);
  bool intern(std::string_view text, std::uint32_t& number);
  bool find_client();
  void malformed(const char* what, std::uint64_t column = 0);
  void make_room();

  template <class T>
  void store(std::size_t offset, T value);

  EventLine line_;
  std::string carry_;  // the beginning of a line whose end has not been fed yet
  std::uint64_t line_number_ = 0;
  std::uint64_t line_count_ = 0;

  StringPool pool_;
  // Records are in blocks that never move; the last one has the current record.
  std::vector<Block> blocks_;
  std::size_t margin_words_;
  std::size_t room_ = 0;             // words left in the last block
  std::uint64_t* record_ = nullptr;  // the current record
  std::size_t record_words_ = 0;     // so far
  std::vector<double> numbers_;      // elements of the list that is being written
  std::vector<std::uint32_t> ids_;   // the same of a list of texts
  bool has_client_ = false;          // the four below are of the event before
  std::uint32_t visitor_ = 0;
  std::uint32_t session_ = 0;
  std::string visitor_text_;
  std::string session_text_;
  bool has_page_ = false;
  std::uint32_t page_ = 0;
  std::string page_text_;

  base::Quality quality_;
  std::vector<Note> notes_;
};

}  // namespace insitu::log
