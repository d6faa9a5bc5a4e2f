// SPDX-License-Identifier: MIT
// insitu heatmap: a page of a log as a picture or a table.
#pragma once

#include <span>

namespace insitu::cli {

// `words` are the arguments behind "heatmap". Writes the picture, or the table to standard output;
// problems go to standard error. Gives the exit code. O(log + pixels) time, O(log) memory.
[[nodiscard]] int run_heatmap(std::span<const char* const> words);

}  // namespace insitu::cli
