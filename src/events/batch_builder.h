// SPDX-License-Identifier: MIT
// Writes batches of the wire format (docs/wire-format.md): for the log reader, the tests and tools.
// The visitor's browser writes its batches in TypeScript.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/array.h"
#include "base/limits.h"
#include "events/batch.h"
#include "events/event.gen.h"
#include "events/record_strings.h"

namespace insitu::events {

// Builds one batch after the other; clear() begins the next one and keeps the memory.
//
// String ids belong to the current batch: those from before clear() mean nothing any more. How
// large a batch may grow is the caller's choice (bytes()); beyond 4 GiB is a programming error.
// Does not check that event records are sensible, only that they fit the format.
class BatchBuilder {
 public:
  // `document` and `previous` go into the head: 0, or the random key (1 ... 2^53) of the document
  // that wrote the records and of the one before it in its tab; then numbers are local.
  explicit BatchBuilder(double document = 0, double previous = 0);

  // The id of `text` in this batch. Defines it with a string record on first use; well-known words
  // have their fixed id and need none. Returns 0, which is no string, if `text` is longer than
  // base::kMaxStringBytes. O(length) on average.
  std::uint32_t string(std::string_view text);

  // The records that follow belong to this client session and count their seq up from `seq`.
  // Both keys at most base::kMaxStringBytes long.
  void context(std::string_view visitor, std::string_view session, double seq);

  // The client session of the last context is complete.
  void end();

  // Takes over a finished event record: head, fixed part and lists, `size_words` filled in, its
  // string ids already of this batch. Gives its bytes in the batch, where ids may still be
  // corrected until the next call.
  std::span<std::byte> append(std::span<const std::byte> record);

  // Appends a generated struct of an event type without lists. `type` and `size_words` are filled
  // in here, the rest is the caller's: `present`, numbers, string ids.
  template <class T>
  void add(T record) {
    static_assert(
        [] {
          for (const EventInfo& event : kEvents) {
            if (event.type != T::kType) continue;
            for (const FieldInfo& field : event.fields) {
              if (list_item_bytes(field.kind) != 0) return false;
            }
          }
          return true;
        }(),
        "records with lists are put together by the caller and go through append()");
    record.type = static_cast<std::uint16_t>(T::kType);
    record.size_words = sizeof(T) / 8;
    append(std::as_bytes(std::span<const T, 1>(&record, 1)));
  }

  // Bytes of the batch so far, head included.
  [[nodiscard]] std::size_t bytes() const { return words_.size() * 8; }
  // Records so far, string records included.
  [[nodiscard]] std::uint32_t records() const { return records_; }

  // The batch, complete and 8-byte aligned. Valid until the next call that changes the builder;
  // building may go on after it.
  [[nodiscard]] std::span<const std::byte> finish();

  // Begins an empty batch with the same `document` and `previous`.
  void clear();

 private:
  struct Entry {
    std::uint64_t hash;
    std::uint32_t word;    // where its string record begins in words_
    std::uint32_t length;  // bytes of text
  };

  // Room for a record of `words` words; returns where it begins. The words are 0.
  std::size_t grow(std::size_t words);
  std::string_view text_of(const Entry& entry) const;
  void rehash(std::size_t buckets);

  double document_;
  double previous_;
  std::uint32_t records_ = 0;
  base::Array<std::uint64_t> words_;    // the batch, 8-byte aligned
  std::vector<Entry> entries_;          // entry i has id kFirstBatchString + i
  std::vector<std::uint32_t> buckets_;  // index of an entry + 1; 0: empty; size a power of two
};

}  // namespace insitu::events
