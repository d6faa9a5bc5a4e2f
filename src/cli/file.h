// SPDX-License-Identifier: MIT
// Files that are read, and how messages name them.
#pragma once

#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace insitu::cli {

// Closes what was opened, and leaves the standard streams alone.
struct CloseFile {
  void operator()(std::FILE* file) const {
    if (file != stdin && file != stdout) std::fclose(file);
  }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

// A path as messages name it: "-" is standard input.
[[nodiscard]] std::string shown_path(const std::string& path);

// Opens a path for reading, "-" being standard input. Null if that is not possible, and `error`
// says why, with the path.
[[nodiscard]] File open_file(const std::string& path, std::string& error);

// Calls take(piece) for what is left in `file`, in pieces of a size that suits disk and cache.
// Gives
// "" or why it could not be read, with the path. On a terminal a long read shows how far it is.
[[nodiscard]] std::string read_pieces(std::FILE* file, const std::string& path,
                                      const std::function<void(std::string_view)>& take);

}  // namespace insitu::cli
