// SPDX-License-Identifier: MIT
// What a call of the core says about its input.
#pragma once

#include <cstdint>

namespace insitu::base {

// Values are part of the boundary to JS: never renumber.
enum class Status : std::uint32_t {
  kOk = 0,
  kNotABatch = 1,       // too short, or the magic is missing
  kWrongVersion = 2,    // a batch or saved state of another format version
  kBadSize = 3,         // the sizes a batch states do not fit together
  kUnknownOption = 4,   // no option has this name
  kBadOptionValue = 5,  // the option exists, the value is outside its range or of the wrong kind
  kBadState = 6,        // saved bytes are damaged or cut
  kOtherOptions = 7,    // saved under other options: its numbers would not fit
  kTooLarge = 8,        // more than the limits allow (base/limits.h)
  kClosed = 9,          // events for an engine that has been closed for good
};

// A sentence in English that says what was wrong and what to do. Never null.
const char* message(Status status);

}  // namespace insitu::base
