// SPDX-License-Identifier: MIT
#include "log/ndjson_reader.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <new>
#include <numeric>
#include <string>
#include <utility>

#include "base/assert.h"

namespace insitu::log {

using base::Problem;

void NdjsonReader::feed(std::string_view bytes) {
  INSITU_ASSERT(!finished_);
  writer_.feed(bytes, [this](const WrittenEvent& event) { take(event); });
}

void NdjsonReader::take(const WrittenEvent& event) {
  if (!event.same_client || clients_.empty()) {
    std::uint32_t& index = client_of_[std::uint64_t{event.visitor} << 32 | event.session];
    if (index == 0) {
      clients_.push_back({event.visitor, event.session});
      index = static_cast<std::uint32_t>(clients_.size());
    }
    last_client_ = index - 1;
  }
  constexpr std::uint64_t kMaxLine = std::numeric_limits<std::uint32_t>::max();
  auto* entry = new (event.record.data() - sizeof(Entry) / sizeof(std::uint64_t))
      Entry{event.seq, nullptr, static_cast<std::uint32_t>(std::min(event.line, kMaxLine))};
  Client& client = clients_[last_client_];
  if (client.last == nullptr) {
    client.first = entry;
  } else {
    client.is_sorted = client.is_sorted && client.last->seq < event.seq;
    client.last->next = entry;
  }
  client.last = entry;
  ++events_;
}

void NdjsonReader::finish() {
  INSITU_ASSERT(!finished_);
  writer_.finish([this](const WrittenEvent& event) { take(event); });
  finished_ = true;
  for (Client& client : clients_) {
    if (!client.is_sorted) sort_client(client);
  }
  writer_.sort_notes();
}

// Puts the entries of a client session, in the order of the log, into the order of seq without
// duplicates.
void NdjsonReader::sort_client(Client& client) {
  std::vector<Entry*> entries;
  for (Entry* entry = client.first; entry != nullptr; entry = entry->next) entries.push_back(entry);
  std::vector<std::uint32_t> order(entries.size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return entries[a]->seq < entries[b]->seq;
  });

  std::vector<bool> is_duplicate(entries.size(), false);
  std::size_t first = 0;
  for (std::size_t i = 1; i < order.size(); ++i) {
    const Entry& entry = *entries[order[i]];
    const Entry& before = *entries[order[first]];
    if (entry.seq != before.seq) {
      first = i;
      continue;
    }
    is_duplicate[order[i]] = true;
    writer_.add_problem(Problem::kDuplicate, entry.line, 0,
                        "the same visitor, session and seq as line " + std::to_string(before.line));
  }

  const Entry* before = nullptr;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (is_duplicate[i]) continue;
    if (before != nullptr && entries[i]->seq < before->seq) {
      writer_.add_problem(Problem::kOutOfOrder, entries[i]->line, 0,
                          "its seq is lower than that of line " + std::to_string(before->line));
    }
    before = entries[i];
  }

  Entry** next = &client.first;
  for (const std::uint32_t index : order) {
    if (is_duplicate[index]) {
      --events_;
      continue;
    }
    *next = client.last = entries[index];
    next = &client.last->next;
  }
  *next = nullptr;
  client.is_sorted = true;
}

std::span<const std::byte> NdjsonReader::record_of(const Entry& entry) {
  const auto* bytes = reinterpret_cast<const std::byte*>(&entry + 1);
  events::RecordHead head;
  std::memcpy(&head, bytes, sizeof head);
  return {bytes, std::size_t{head.size_words} * sizeof(std::uint64_t)};
}

void NdjsonReader::deliver(const BatchVisitor& visit) const {
  INSITU_ASSERT(finished_);
  const StringPool& pool = writer_.pool();
  BatchPacker packer;
  std::vector<SegmentEntry> segment;
  for (const Client& client : clients_) {
    segment.clear();
    const auto keep = [&](std::uint32_t key, std::uint32_t value) {
      segment.push_back({pool.text(key), pool.text(value)});
    };
    for (const Entry* entry = client.first; entry != nullptr; entry = entry->next) {
      if (for_each_segment_entry(record_of(*entry), keep)) break;
    }
    packer.begin({pool.text(client.visitor), pool.text(client.session), segment}, pool);
    for (const Entry* entry = client.first; entry != nullptr; entry = entry->next) {
      packer.add(record_of(*entry), entry->seq, visit);
    }
    packer.end(true, visit);
  }
}

}  // namespace insitu::log
