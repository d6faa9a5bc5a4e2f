// SPDX-License-Identifier: MIT
#include "cli/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "cli/input.h"
#include "cli/text.h"

namespace insitu::cli {
namespace {

std::string reason() { return std::strerror(errno); }

}  // namespace

OutputFile::~OutputFile() {
  if (!temporary_.empty()) (void)std::remove(temporary_.c_str());
}

bool OutputFile::open(const std::string& path, std::FILE* input) {
  path_ = path;
  if (path == "-") {
    file_.reset(stdout);
    return true;
  }
  struct stat there = {};
  if (::stat(path.c_str(), &there) == 0) {
    if (!S_ISREG(there.st_mode)) {
      return refuse({path, " is not a file; - stands for standard output"});
    }
    struct stat read = {};
    if (input && ::fstat(::fileno(input), &read) == 0 && read.st_dev == there.st_dev &&
        read.st_ino == there.st_ino) {
      return refuse({path, " is the input: give the output another name"});
    }
    // A link stays a link to the new content.
    const std::unique_ptr<char, void (*)(void*)> real(::realpath(path.c_str(), nullptr), std::free);
    if (real) path_ = real.get();
  }
  const std::string name = join({path_, ".", std::to_string(::getpid()), ".tmp"});
  const int descriptor = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor < 0) return refuse({"cannot write ", path, ": ", reason()});
  temporary_ = name;
  file_.reset(::fdopen(descriptor, "wb"));
  if (file_) return true;
  (void)::close(descriptor);
  return refuse({"cannot write ", path, ": ", reason()});
}

void OutputFile::write(std::string_view bytes) {
  if (error_ != 0 || bytes.empty()) return;
  errno = 0;
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size()) error_ = errno;
}

bool OutputFile::commit() {
  errno = 0;
  if (error_ == 0 && std::fflush(file_.get()) != 0) error_ = errno;
  if (error_ == 0 && !temporary_.empty()) {
    if (std::fclose(file_.release()) != 0 || std::rename(temporary_.c_str(), path_.c_str()) != 0) {
      error_ = errno;
    } else {
      temporary_.clear();
    }
  }
  if (error_ == 0) return true;
  return refuse(
      {"cannot write ", path_ == "-" ? "standard output" : path_, ": ", std::strerror(error_)});
}

bool OutputFile::refuse(std::initializer_list<std::string_view> message) {
  fail(join(message));
  return false;
}

}  // namespace insitu::cli
