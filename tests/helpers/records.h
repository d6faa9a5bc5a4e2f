// SPDX-License-Identifier: MIT
// Records and batches byte by byte, right and wrong ones, for tests below the log reader.
#pragma once

#include <cstring>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "events/batch.h"
#include "events/batch_builder.h"
#include "events/event.gen.h"

namespace insitu::test {

using Bytes = std::vector<std::byte>;

inline Bytes bytes_of(std::span<const std::byte> bytes) { return {bytes.begin(), bytes.end()}; }

template <class T>
void put(Bytes& bytes, std::size_t offset, T value) {
  if (offset + sizeof value > bytes.size()) bytes.resize(offset + sizeof value);
  std::memcpy(bytes.data() + offset, &value, sizeof value);
}

template <class T>
T get(std::span<const std::byte> bytes, std::size_t offset) {
  T value{};
  if (offset + sizeof value <= bytes.size()) {
    std::memcpy(&value, bytes.data() + offset, sizeof value);
  }
  return value;
}

// The struct of an event type as a record of its bytes, type and size filled in.
template <class T>
Bytes record_bytes(T record) {
  record.type = static_cast<std::uint16_t>(T::kType);
  record.size_words = sizeof(T) / 8;
  return bytes_of(std::as_bytes(std::span<const T, 1>(&record, 1)));
}

// `bytes` made `size` bytes long (a multiple of 8), its size_words too: cut, or with zeros behind.
inline Bytes resized(Bytes bytes, std::size_t size) {
  bytes.resize(size);
  put(bytes, 2, static_cast<std::uint16_t>(size / 8));
  return bytes;
}

// A record that can be read, or a failed test.
template <class T>
events::Record read_record(const T& event) {
  static thread_local std::vector<Bytes> kept;  // records point into their bytes
  kept.push_back(record_bytes(event));
  events::Record record;
  if (!record.read(kept.back())) __builtin_trap();
  return record;
}

// A heartbeat, the plainest event, at `t` of page view `pv` (negative: none).
template <class T = events::Heartbeat>
T event_at(double t, double pv = -1) {
  T event{};
  event.t = t;
  if (pv >= 0) {
    event.pv = pv;
    event.present |= events::RecordHead::kHasPv;
  }
  return event;
}

// A whole batch from a head and records as they are.
inline Bytes batch_of(std::initializer_list<Bytes> records, events::BatchHead head = {}) {
  Bytes batch(sizeof head);
  for (const Bytes& record : records) batch.insert(batch.end(), record.begin(), record.end());
  head.bytes = static_cast<std::uint32_t>(batch.size());
  head.records = static_cast<std::uint32_t>(records.size());
  std::memcpy(batch.data(), &head, sizeof head);
  return batch;
}

}  // namespace insitu::test
