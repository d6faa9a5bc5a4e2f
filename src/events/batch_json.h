// SPDX-License-Identifier: MIT
// A batch with final numbers as log lines' objects.
#pragma once

#include <cstddef>
#include <span>

#include "base/limits.h"
#include "base/status.h"
#include "base/writer.h"

namespace insitu::events {

// How many ids write_batch() lets a batch of so many bytes define: those of a browser's batch and a
// few that the copy for export adds, or as many as there is room for (a string record takes 16
// bytes).
[[nodiscard]] constexpr std::size_t max_batch_strings(std::size_t batch_bytes) {
  const std::size_t room = batch_bytes / 16;
  const std::size_t exported = base::Limits::browser().batch_strings + 16;
  return room > exported ? room : exported;
}

// Writes the events of a batch, in order, as values (event_json.h), one after the other; the caller
// surrounds them by an array or takes them as lines. Events without a context, records that are no
// events, and strings beyond max_batch_strings() are left out. Nothing is written on an error.
// O(bytes).
base::Status write_batch(std::span<const std::byte> batch, base::Writer& out);

}  // namespace insitu::events
