// SPDX-License-Identifier: MIT
#include "cli/json_file.h"

#include "cli/file.h"
#include "cli/text.h"
#include "log/options_json.h"

namespace insitu::cli {
std::optional<nlohmann::json> parse_json(std::string_view text, std::string_view name,
                                         std::string& error) {
  nlohmann::json value = nlohmann::json::parse(text.begin(), text.end(), nullptr, false);
  if (!value.is_discarded()) return value;
  // The reader of options is the same parser, and knows the place of a mistake.
  const log::OptionsText wrong = log::read_options(text);
  error = join({name, ":", std::to_string(wrong.line), ":", std::to_string(wrong.column), ": ",
                wrong.error});
  return std::nullopt;
}

std::optional<nlohmann::json> read_json_file(const std::string& path, std::string& error) {
  std::string text;
  const File file = open_file(path, error);
  if (file) {
    error = read_pieces(file.get(), path, [&](std::string_view piece) { text += piece; });
  }
  if (!error.empty()) return std::nullopt;
  return parse_json(text, shown_path(path), error);
}

std::string json_line(const nlohmann::json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace insitu::cli
