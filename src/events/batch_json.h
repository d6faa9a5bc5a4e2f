// SPDX-License-Identifier: MIT
// A batch with final numbers as log lines' objects.
#pragma once

#include <cstddef>
#include <span>

#include "base/status.h"
#include "base/writer.h"

namespace insitu::events {

// Writes the events of a batch, in order, as values (event_json.h), one after the other; the caller
// surrounds them by an array or takes them as lines. Events without a context, and records that are
// no events, are left out. Nothing is written on an error. O(bytes).
base::Status write_batch(std::span<const std::byte> batch, base::Writer& out);

}  // namespace insitu::events
