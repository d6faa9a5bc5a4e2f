// SPDX-License-Identifier: MIT
// The Single Usability Metric: completion, time, satisfaction and errors of a task in one number.
//
// Based on: J. Sauro, E. Kindlund. A method to standardize usability metrics into a single score.
// CHI 2005, here with the logarithms of times.
#pragma once

#include <optional>

namespace insitu::stats {

// The components of a task, each 0 .. 1 and more is better; empty without data.
struct UsabilityParts {
  std::optional<double> completion;    // attempts that succeeded / attempts
  std::optional<double> time;          // share_below(ln of the acceptable time - mean ln, sd ln)
  std::optional<double> satisfaction;  // share_below(mean - what counts as satisfied, sd)
  std::optional<double> errors;        // 1 - errors / opportunities, not below 0
};

struct SingleUsability {
  UsabilityParts parts;         // always shown with the value, which hides which of them is bad
  std::optional<double> value;  // 0 .. 100: mean of the parts that exist, times 100
  int components = 0;           // how many exist, 0 .. 4
};

// Share of a normal population whose values lie less than `difference` above their mean:
// Phi(difference / sd). With sd = 0 it is 1, 1/2 or 0 as the difference is above, at or below 0.
[[nodiscard]] double share_below(double difference, double sd);

// Combines the parts. No value without any.
[[nodiscard]] SingleUsability single_usability(const UsabilityParts& parts);

}  // namespace insitu::stats
