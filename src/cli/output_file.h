// SPDX-License-Identifier: MIT
// A file that a command makes: whole, or not at all.
#pragma once

#include <cstdio>
#include <initializer_list>
#include <string>
#include <string_view>

#include "cli/file.h"

namespace insitu::cli {

// Where a result goes: a file of another name until commit() gives it the right one. Without
// commit() nothing is left of it. Functions that fail have printed why.
class OutputFile {
 public:
  OutputFile() = default;
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  ~OutputFile();

  // Makes the file for `path`, "-" being standard output. False and a message if that is not
  // possible, or if it is the file that `input` reads (null: none).
  [[nodiscard]] bool open(const std::string& path, std::FILE* input);

  // After the first failure the rest is not written; commit() tells.
  void write(std::string_view bytes);
  [[nodiscard]] bool good() const { return error_ == 0; }

  // Ends the output; false and a message if it is not all there.
  [[nodiscard]] bool commit();

 private:
  static bool refuse(std::initializer_list<std::string_view> message);

  std::string path_;
  std::string temporary_;
  File file_;
  int error_ = 0;
};

}  // namespace insitu::cli
