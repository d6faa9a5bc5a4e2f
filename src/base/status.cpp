// SPDX-License-Identifier: MIT
#include "base/status.h"

namespace insitu::base {

const char* message(Status status) {
  switch (status) {
    case Status::kOk:
      return "fine";
    case Status::kNotABatch:
      return "these bytes are not a batch: the magic INSI is missing or they are shorter than a "
             "head";
    case Status::kWrongVersion:
      return "made by another version of the format: use the same version of Insitu on both sides";
    case Status::kBadSize:
      return "the batch states sizes that do not fit its bytes: it was cut or damaged";
    case Status::kUnknownOption:
      return "there is no option of this name: see docs/kpi.md for the list";
    case Status::kBadOptionValue:
      return "the value is not allowed for this option: see docs/kpi.md for its range";
    case Status::kBadState:
      return "the saved state is damaged or cut: start from the log, or from nothing";
    case Status::kOtherOptions:
      return "saved under other options: restore with the options it was saved with";
    case Status::kTooLarge:
      return "larger than the limits of this build allow";
    case Status::kClosed:
      return "no event can follow: everything has been closed for a last report";
  }
  return "unknown status";
}

}  // namespace insitu::base
