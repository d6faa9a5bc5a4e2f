// SPDX-License-Identifier: MIT
// The System Usability Scale: score of one person, and what a score means among other products.
//
// Based on: J. Brooke. SUS: a "quick and dirty" usability scale. 1996 (score); J. Sauro, J. R.
// Lewis. Quantifying the User Experience, 2nd ed., 2016 (percentiles and grades, from about 500
// studies of other products: orientation, not a target).
#pragma once

#include <optional>
#include <span>

namespace insitu::stats {

// Score 0 .. 100 of one person's ten answers 1 .. 5, in the order of the questionnaire; odd items
// are worded positively, even ones negatively. A missing answer is NaN: it counts as 3 with
// `neutral_missing`, else there is no score. Empty also unless there are exactly ten items, each a
// whole number from 1 to 5.
[[nodiscard]] std::optional<double> sus_score(std::span<const double> items, bool neutral_missing);

// Share of products, in per cent 0 .. 100, whose mean score is lower: linear between the points of
// the table. Scores outside 0 .. 100 count as the nearer end.
[[nodiscard]] double sus_percentile(double score);

// Grade of a mean score that is not rounded: "A+", "A", "A-" ... "D", "F". Never null; "F" for NaN.
[[nodiscard]] const char* sus_grade(double score);

}  // namespace insitu::stats
