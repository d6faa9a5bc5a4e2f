// SPDX-License-Identifier: MIT
// One event record as the JSON object of a log line (docs/wire-format.md: binary to NDJSON).
#pragma once

#include <cstdint>
#include <string_view>

#include "base/writer.h"
#include "events/batch.h"

namespace insitu::events {

// Finds the text of a string id. Gives a view whose data() is null if the id is not defined; a view
// that is returned must live until the next call.
struct StringLookup {
  std::string_view (*find)(const void* context, std::uint32_t id);
  const void* context;

  std::string_view operator()(std::uint32_t id) const { return find(context, id); }
};

// Writes `record` as one object with the fields type, t, visitor, session, seq, page, pv, mono
// (those that are there) and then its own fields in schema order.
//
// Reading the object back gives the same record. What was there but no valid number comes out as
// null; an answer that was no number as "", since its text is not kept. Fields whose string is not
// defined are left out.
void write_event(base::Writer& out, const Record& record, const StringLookup& strings,
                 std::string_view visitor, std::string_view session, double seq);

}  // namespace insitu::events
