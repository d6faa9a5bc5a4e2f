// SPDX-License-Identifier: MIT
// Hostile logs: reading them never crashes, and gives the same batches however the bytes come; the
// engine takes what the reader wrote without finding fault with it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>
#include <vector>

#include "cli/fold_log.h"
#include "engine.h"
#include "log/binary_reader.h"
#include "log/ndjson_reader.h"
#include "tests/helpers/sanitizers.h"

namespace {

using insitu::base::Problem;
using insitu::log::ClientInfo;
using insitu::log::NdjsonReader;

void require(bool condition) {
  if (!condition) std::abort();
}

std::vector<std::byte> batches_of(const NdjsonReader& reader) {
  std::vector<std::byte> all;
  reader.for_each_batch([&](std::span<const std::byte> batch, const ClientInfo&) {
    all.insert(all.end(), batch.begin(), batch.end());
  });
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  NdjsonReader whole;
  whole.feed(text);
  whole.finish();
  NdjsonReader pieces;
  const std::size_t step = size > 0 ? 1 + data[0] % 97u : 1;
  for (std::size_t i = 0; i < size; i += step) pieces.feed(text.substr(i, step));
  pieces.finish();

  const std::vector<std::byte> log = batches_of(whole);
  require(batches_of(pieces) == log);
  require(pieces.quality().counts == whole.quality().counts);

  insitu::Engine engine{insitu::kpi::Options{}};
  insitu::cli::fold_log(whole, engine);
  const insitu::report::Report report = engine.report();
  for (const Problem problem : {Problem::kMalformed, Problem::kUnknownType, Problem::kOverLimit}) {
    require(report.quality.count(problem) == whole.quality().count(problem));
  }
  require(report.quality.count(Problem::kBadBatch) == 0);

  // The batches one after the other are a binary log; so may be the input itself.
  std::size_t found = 0;
  const insitu::log::BinaryEnd end = insitu::log::for_each_batch(
      log, [&](std::span<const std::byte> batch) { found += batch.size(); });
  require(end.status == insitu::base::Status::kOk && found == log.size());
  insitu::Engine other{insitu::kpi::Options{}};
  (void)insitu::log::for_each_batch(
      std::as_bytes(std::span(data, size)),
      [&](std::span<const std::byte> batch) { (void)other.ingest(batch); });
  (void)other.report();
  return 0;
}
