// SPDX-License-Identifier: MIT
#include "cli/file.h"

#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "cli/text.h"

namespace insitu::cli {
namespace {

// Large enough to keep the disk busy, small enough for the cache.
constexpr std::size_t kChunkBytes = 1 << 18;
// A read that is longer shows how far it is.
constexpr std::uint64_t kProgressBytes = 64 << 20;

// Says on a terminal how much has been read.
class Progress {
 public:
  ~Progress() {
    if (shown_) std::fputs("\r\x1b[K", stderr);
  }
  void add(std::size_t bytes) {
    read_ += bytes;
    if (read_ < next_) return;
    next_ += kProgressBytes;
    if (!is_terminal_) return;
    shown_ = true;
    std::fprintf(stderr, "\rinsitu: %llu MB read",
                 static_cast<unsigned long long>(read_ / 1'000'000));
    std::fflush(stderr);
  }

 private:
  bool is_terminal_ = isatty(STDERR_FILENO) != 0;
  bool shown_ = false;
  std::uint64_t read_ = 0;
  std::uint64_t next_ = kProgressBytes;
};

}  // namespace

std::string shown_path(const std::string& path) { return path == "-" ? "standard input" : path; }

File open_file(const std::string& path, std::string& error) {
  File file(path == "-" ? stdin : std::fopen(path.c_str(), "rb"));
  if (!file) error = join({"cannot open ", shown_path(path), ": ", std::strerror(errno)});
  return file;
}

std::string read_pieces(std::FILE* file, const std::string& path,
                        const std::function<void(std::string_view)>& take) {
  std::vector<char> chunk(kChunkBytes);
  Progress progress;
  for (;;) {
    errno = 0;
    const std::size_t size = std::fread(chunk.data(), 1, chunk.size(), file);
    const int reason = errno;
    if (size > 0) take(std::string_view(chunk.data(), size));
    progress.add(size);
    if (std::ferror(file) != 0) {
      return join({"cannot read ", shown_path(path), ": ", std::strerror(reason)});
    }
    if (size < chunk.size()) return {};
  }
}

}  // namespace insitu::cli
