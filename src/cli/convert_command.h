// SPDX-License-Identifier: MIT
// `insitu convert`: logs from lines to batches and back.
#pragma once

#include <span>

namespace insitu::cli {

// Text of `insitu convert --help`.
extern const char* const kConvertHelp;

// Converts as `words`, the arguments behind "convert", say, and returns the exit code: kFine,
// kInputHadProblems (the output is complete, but parts of the input are not in it) or kUnusable
// (there is no output). Messages go to standard error.
//
// From lines to batches the events are those of log::NdjsonReader, in its order, with memory
// O(log). From batches to lines (events::write_batch) they are those of the batches, in their
// order, with memory O(largest batch). There and back gives the same lines, but for the order and
// what EventWriter drops. A file appears under its name when it is complete, not before; one that
// was there is replaced.
[[nodiscard]] int run_convert(std::span<const char* const> words);

}  // namespace insitu::cli
