// SPDX-License-Identifier: MIT
// Covers log/binary_reader.h: batches one after the other, cut and damaged.
#include "log/binary_reader.h"

#include <cstring>
#include <vector>

#include "catch_amalgamated.hpp"
#include "events/batch_builder.h"

using insitu::base::Status;
using insitu::events::BatchBuilder;
using insitu::log::for_each_batch;
using insitu::log::is_binary_log;

namespace {

std::vector<std::byte> batch_of(int events) {
  BatchBuilder builder;
  builder.context("v", "s", 0);
  for (int i = 0; i < events; ++i) builder.add(insitu::events::Heartbeat{});
  const auto bytes = builder.finish();
  return {bytes.begin(), bytes.end()};
}

std::vector<std::byte> join(const std::vector<std::byte>& a, const std::vector<std::byte>& b) {
  std::vector<std::byte> both = a;
  both.insert(both.end(), b.begin(), b.end());
  return both;
}

std::vector<std::size_t> sizes_of(std::span<const std::byte> log, insitu::log::BinaryEnd& end) {
  std::vector<std::size_t> sizes;
  end =
      for_each_batch(log, [&](std::span<const std::byte> batch) { sizes.push_back(batch.size()); });
  return sizes;
}

}  // namespace

TEST_CASE("binary log: is told by its magic", "[log]") {
  CHECK(is_binary_log(batch_of(1)));
  CHECK_FALSE(is_binary_log(std::as_bytes(std::span("{\"type\":1}"))));
  CHECK_FALSE(is_binary_log(std::as_bytes(std::span("IN", 2))));
  CHECK_FALSE(is_binary_log({}));
}

TEST_CASE("binary log: gives its batches unchanged and in order", "[log]") {
  const auto first = batch_of(1);
  const auto second = batch_of(5);
  insitu::log::BinaryEnd end;
  CHECK(sizes_of(join(first, second), end) == std::vector{first.size(), second.size()});
  CHECK(end.status == Status::kOk);
  CHECK(end.offset == first.size() + second.size());
  CHECK(sizes_of({}, end).empty());
  CHECK(end.status == Status::kOk);
}

TEST_CASE("binary log: a cut anywhere keeps the whole batches before it", "[log]") {
  const auto first = batch_of(2);
  const auto log = join(first, batch_of(3));
  for (std::size_t size = 0; size < log.size(); ++size) {
    const std::vector<std::byte> cut(log.begin(), log.begin() + static_cast<std::ptrdiff_t>(size));
    insitu::log::BinaryEnd end;
    const auto sizes = sizes_of(cut, end);
    CHECK(sizes.size() == (size >= first.size() ? 1u : 0u));
    const bool is_clean = size == 0 || size == first.size();
    CHECK((end.status == Status::kOk) == is_clean);
    CHECK(end.offset == (size >= first.size() ? first.size() : 0));
  }
}

TEST_CASE("binary log: a size that does not fit stops the reading", "[log]") {
  for (const std::uint32_t size : {0u, 8u, 24u, 33u, 0xffff'fff8u}) {
    auto log = batch_of(1);
    std::memcpy(log.data() + 8, &size, sizeof size);
    insitu::log::BinaryEnd end;
    CHECK(sizes_of(log, end).empty());
    CHECK(end.status == Status::kBadSize);
  }
}
