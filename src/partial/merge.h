// SPDX-License-Identifier: MIT
// Adds partials up. In whatever order and grouping, the sum has the same canonical text.
#pragma once

#include <string>

#include "partial/tree.h"

namespace insitu::partial {

enum class MergeError {
  kNone,
  kMismatch,  // another version, options or segment; or two values that cannot be added
  kRange,     // a sum would leave its range (kMaxInteger, kSumLimit)
  kTooLarge,  // more members or text than a tree can hold
};

struct MergeStatus {
  MergeError error = MergeError::kNone;
  // Where, as a JSON pointer (RFC 6901): "/kpis/sessions/n". Empty for kNone and kTooLarge.
  std::string path;

  [[nodiscard]] bool ok() const { return error == MergeError::kNone; }
};

// Adds `other` to `into`, both finished: integers and sums are added, objects member by member; of
// two `spec_time_ms_min` the smaller one stays; texts must be equal. `version`, `options` and
// `segment` at the root must be equal too, or absent in both; the empty tree is neutral and goes
// with any. After an error `into` is as before. `other` may be `into`.
//
// O(m log k) for m members added to k, plus the members behind the first new one in each object
// that gets new members.
[[nodiscard]] MergeStatus merge(Tree& into, const Tree& other);

}  // namespace insitu::partial
