// SPDX-License-Identifier: MIT
// Text for terminals: what is safe to print, how wide it is, and numbers as people read them.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

namespace insitu::cli {

// `text` with everything replaced by U+FFFD that could move the cursor, change colours or turn the
// direction of writing: control characters, bidirectional overrides, bytes that are not UTF-8.
[[nodiscard]] std::string printable(std::string_view text);

// Columns that printable UTF-8 takes: 2 for East Asian wide characters and emoji, 0 for combining
// marks, 1 for the rest. An approximation of Unicode Standard Annex 11.
[[nodiscard]] std::size_t width(std::string_view text);

// `text` cut to at most `columns`, its last one "…" if something is missing.
[[nodiscard]] std::string cut_to(std::string_view text, std::size_t columns);

// `text` with spaces up to `columns`; longer text is left as it is.
[[nodiscard]] std::string pad_right(std::string_view text, std::size_t columns);
[[nodiscard]] std::string pad_left(std::string_view text, std::size_t columns);

// A plain number: whole ones in full, others with 2 decimals or 3 significant digits, whichever
// shows more. "no data" if it is NaN.
[[nodiscard]] std::string number_text(double value);

// A ratio as per cent with `decimals` decimals: "36 %".
[[nodiscard]] std::string percent_text(double ratio, int decimals);

// Seconds as two units at most: "420 ms", "12.3 s", "1 min 12 s", "2 h 5 min", "3 d 4 h".
[[nodiscard]] std::string duration_text(double seconds);

// The parts one after the other.
[[nodiscard]] std::string join(std::initializer_list<std::string_view> parts);

// "1 line", "2 lines".
[[nodiscard]] std::string count_text(double count, std::string_view one, std::string_view many);

}  // namespace insitu::cli
