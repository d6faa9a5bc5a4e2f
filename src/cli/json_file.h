// SPDX-License-Identifier: MIT
// JSON files, and where in them something is wrong.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "nlohmann/json.hpp"

namespace insitu::cli {

// Parses one JSON document. On a mistake gives nothing, and `error` is "name:line:column: reason",
// line and column from 1, the column in bytes. O(size).
[[nodiscard]] std::optional<nlohmann::json> parse_json(std::string_view text, std::string_view name,
                                                       std::string& error);

// Reads the file at `path`, "-" being standard input, and parses it. On a mistake gives nothing and
// `error` says what is wrong, with the place if it is in the text.
[[nodiscard]] std::optional<nlohmann::json> read_json_file(const std::string& path,
                                                           std::string& error);

// One line of JSON; bytes that are not UTF-8 are replaced.
[[nodiscard]] std::string json_line(const nlohmann::json& value);

}  // namespace insitu::cli
