// SPDX-License-Identifier: MIT
// Counts of what was wrong with the input: nothing is dropped without a number here.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace insitu::base {

// One counter per reason. The first ten are those of the KPI specification.
enum class Problem : std::uint8_t {
  kMalformed,       // not an event: dropped
  kUnknownType,     // an event of a type this build does not know: dropped
  kDuplicate,       // same visitor, session and seq as an earlier one: dropped
  kOutOfOrder,      // neighbours in arrival order whose seq falls: sorted
  kClockBack,       // the clock went back: the step counts as 0 ms
  kBadTaskStart,    // a start without a task name, or of an attempt that has begun: ignored
  kOrphanTaskEnd,   // an end without a start, or a second end: ignored
  kInvalidAnswers,  // answers outside the scale or of the wrong number: dropped
  kDuplicateOrder,  // an order id that was there before: ignored
  kOrphanTicket,    // a ticket that was never opened: left out
  kBadBatch,        // a batch that could not be read at all: dropped whole
  kBadString,       // a record names a string that its batch does not define: read as absent
  kOverLimit,       // beyond a capacity of base/limits.h: left out of the KPI that needs the room
  kLate,            // after the window of a streaming read had closed: dropped
};
inline constexpr std::size_t kProblemCount = 14;

// JSON key of a counter, as in `quality` of the report.
const char* name(Problem problem);

struct Quality {
  std::array<std::uint64_t, kProblemCount> counts{};

  void add(Problem problem, std::uint64_t n = 1) { counts[static_cast<std::size_t>(problem)] += n; }
  std::uint64_t count(Problem problem) const { return counts[static_cast<std::size_t>(problem)]; }
  void merge(const Quality& other) {
    for (std::size_t i = 0; i < kProblemCount; ++i) counts[i] += other.counts[i];
  }
};

}  // namespace insitu::base
