// SPDX-License-Identifier: MIT
// Reads a binary log: batches (docs/wire-format.md) one after the other.
#pragma once

#include <cstddef>
#include <span>

#include "base/status.h"
#include "events/batch.h"

namespace insitu::log {

// True if `bytes` begin with the magic of a batch. An NDJSON log never does.
[[nodiscard]] bool is_binary_log(std::span<const std::byte> bytes);

// How far a binary log could be read.
struct BinaryEnd {
  base::Status status = base::Status::kOk;
  std::size_t offset = 0;  // of the first byte that was not read; on kOk the size of the log
};

// The first batch of `log`, checked: its head is valid and all its bytes are there. On kOk `batch`
// spans it. O(1).
[[nodiscard]] base::Status first_batch(std::span<const std::byte> log,
                                       std::span<const std::byte>& batch);

// Calls visit(std::span<const std::byte> batch) for every batch, unchanged and in order. Stops at
// the first that is cut or damaged: nothing behind it can be found again. Reads nothing beyond
// `log`. O(batches), without looking at the records.
template <class Visit>
BinaryEnd for_each_batch(std::span<const std::byte> log, Visit&& visit) {
  std::size_t offset = 0;
  while (offset < log.size()) {
    std::span<const std::byte> batch;
    const base::Status status = first_batch(log.subspan(offset), batch);
    if (status != base::Status::kOk) return {status, offset};
    visit(batch);
    offset += batch.size();
  }
  return {base::Status::kOk, offset};
}

}  // namespace insitu::log
