// SPDX-License-Identifier: MIT
#include "log/binary_reader.h"

#include <cstdint>
#include <cstring>

namespace insitu::log {

bool is_binary_log(std::span<const std::byte> bytes) {
  std::uint32_t magic = 0;
  if (bytes.size() < sizeof magic) return false;
  std::memcpy(&magic, bytes.data(), sizeof magic);
  return magic == events::kBatchMagic;
}

base::Status first_batch(std::span<const std::byte> log, std::span<const std::byte>& batch) {
  events::BatchHead head;
  std::span<const std::byte> records;
  const base::Status status = events::open_batch(log, head, records);
  if (status == base::Status::kOk) batch = log.first(head.bytes);
  return status;
}

}  // namespace insitu::log
