// SPDX-License-Identifier: MIT
// Reads a log in NDJSON (docs/wire-format.md) and hands it on as batches: events without
// duplicates, in the order of their seq, one client session after the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/flat_map.h"
#include "base/quality.h"
#include "log/batch_packer.h"
#include "log/event_writer.h"

namespace insitu::log {

// The reader. Give it the bytes with feed(), in pieces of any size, then call finish() once; from
// then on the events can be had as batches, as often as wanted.
//
// What is dropped, and what is kept of odd values, is up to EventWriter (event_writer.h).
//
// Memory is O(log): about 24 bytes and the binary record (40 ... 96 bytes) per event, and every
// different text once; texts of dropped lines are not kept. Time is O(log), plus a sort of those
// client sessions whose events are out of order.
class NdjsonReader {
 public:
  // The next bytes of the log; they need only live during the call.
  void feed(std::string_view bytes);
  // The log is complete: takes a last line without a line break, sorts, removes duplicates.
  void finish();

  // malformed, unknown_type, duplicate, out_of_order and over_limit of the whole log; complete
  // after finish().
  [[nodiscard]] const base::Quality& quality() const { return writer_.quality(); }
  // The first kMaxNotes problems of each kind, in the order of the log. Known after finish().
  [[nodiscard]] std::span<const Note> notes() const { return writer_.notes(); }
  // Lines that were not blank, and events that were kept; after finish() without duplicates.
  [[nodiscard]] std::uint64_t lines() const { return writer_.lines(); }
  [[nodiscard]] std::uint64_t events() const { return events_; }

  // Calls visit(std::span<const std::byte> batch, const ClientInfo&) for every batch of the log,
  // after finish(): client sessions in the order of their first event in the log, the events of
  // each by seq, in batches of about kBatchBytes. Each batch is complete in itself and 8-byte
  // aligned; it begins with a context record, has another one behind every gap in seq, and the last
  // one of a client session has an end record. Batches are valid during the call, the texts of
  // ClientInfo as long as the reader.
  template <class Visit>
  void for_each_batch(Visit&& visit) const {
    deliver(BatchVisitor(visit));
  }

 private:
  // What orders an event. Its record follows.
  struct Entry {
    double seq;
    Entry* next;  // of the client session: in the order of the log, after finish() by seq
    std::uint32_t line;
  };
  struct Client {
    std::uint32_t visitor;  // numbers in the pool
    std::uint32_t session;
    Entry* first = nullptr;
    Entry* last = nullptr;
    bool is_sorted = true;  // every seq is above the one before
  };

  void take(const WrittenEvent& event);
  void sort_client(Client& client);
  static std::span<const std::byte> record_of(const Entry& entry);
  void deliver(const BatchVisitor& visit) const;

  EventWriter writer_{sizeof(Entry) / sizeof(std::uint64_t)};
  bool finished_ = false;
  std::uint64_t events_ = 0;
  std::vector<Client> clients_;
  base::FlatMap<std::uint32_t> client_of_;  // visitor << 32 | session -> index + 1
  std::uint32_t last_client_ = 0;
};

}  // namespace insitu::log
