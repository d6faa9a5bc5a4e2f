// SPDX-License-Identifier: MIT
#include "cli/json_file.h"

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>

#include "cli/text.h"
#include "log/options_json.h"

namespace insitu::cli {
namespace {

constexpr std::size_t kChunkBytes = 1 << 16;

// A path as messages name it.
std::string shown(const std::string& path) { return path == "-" ? "standard input" : path; }

bool read_all(const std::string& path, std::string& text, std::string& error) {
  std::FILE* file = path == "-" ? stdin : std::fopen(path.c_str(), "rb");
  if (file == nullptr) {
    error = join({"cannot open ", shown(path), ": ", std::strerror(errno)});
    return false;
  }
  std::size_t size = 0;
  do {
    const std::size_t before = text.size();
    text.resize(before + kChunkBytes);
    size = std::fread(text.data() + before, 1, kChunkBytes, file);
    text.resize(before + size);
  } while (size == kChunkBytes);
  if (std::ferror(file) != 0)
    error = join({"cannot read ", shown(path), ": ", std::strerror(errno)});
  if (file != stdin) std::fclose(file);
  return error.empty();
}

}  // namespace

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
  if (!read_all(path, text, error)) return std::nullopt;
  return parse_json(text, shown(path), error);
}

std::string json_line(const nlohmann::json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace insitu::cli
