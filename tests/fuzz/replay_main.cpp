// SPDX-License-Identifier: MIT
// main() for fuzz targets in builds without libFuzzer: feeds every file of the folders and files
// on the command line to the target, and the empty input first. Fails when a path is missing or a
// folder is empty, so that a corpus cannot get lost unnoticed.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

bool replay(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    std::fprintf(stderr, "cannot read %s\n", file.c_str());
    return false;
  }
  const std::vector<char> bytes{std::istreambuf_iterator<char>(in), {}};
  // An exact-size heap copy, so that the address sanitizer sees the first byte read too far.
  const std::vector<std::uint8_t> input(bytes.begin(), bytes.end());
  LLVMFuzzerTestOneInput(input.data(), input.size());
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  LLVMFuzzerTestOneInput(nullptr, 0);
  std::size_t count = 1;
  for (int i = 1; i < argc; ++i) {
    const std::filesystem::path path = argv[i];
    std::error_code error;
    if (!std::filesystem::is_directory(path, error)) {
      if (!replay(path)) return 1;
      ++count;
      continue;
    }
    const std::size_t before = count;
    for (const auto& entry : std::filesystem::directory_iterator(path)) {
      if (!entry.is_regular_file()) continue;
      if (!replay(entry.path())) return 1;
      ++count;
    }
    if (count == before) {
      std::fprintf(stderr, "no corpus file in %s\n", path.c_str());
      return 1;
    }
  }
  std::printf("%zu inputs replayed\n", count);
  return 0;
}
