// SPDX-License-Identifier: MIT
#include "log/ndjson_reader.h"

#include <algorithm>
#include <limits>
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
  constexpr std::size_t kMaxWords = std::numeric_limits<std::uint32_t>::max();
  if (event.record > kMaxWords) {
    writer_.forget(event.record);
    return writer_.add_problem(Problem::kOverLimit, event.line, 0, "more than 32 GiB of events");
  }
  if (!event.same_client || clients_.empty()) {
    std::uint32_t& index = client_of_[std::uint64_t{event.visitor} << 32 | event.session];
    if (index == 0) {
      clients_.push_back({event.visitor, event.session});
      index = static_cast<std::uint32_t>(clients_.size());
    }
    last_client_ = index - 1;
  }
  constexpr std::uint64_t kMaxLine = std::numeric_limits<std::uint32_t>::max();
  entries_.push_back({event.seq, static_cast<std::uint32_t>(event.record), last_client_,
                      static_cast<std::uint32_t>(std::min(event.line, kMaxLine))});
}

void NdjsonReader::finish() {
  INSITU_ASSERT(!finished_);
  writer_.finish([this](const WrittenEvent& event) { take(event); });
  finished_ = true;

  for (const Entry& entry : entries_) ++clients_[entry.client].count;
  std::size_t first = 0;
  for (Client& client : clients_) {
    client.first = first;
    first += std::exchange(client.count, 0);
  }
  std::vector<Entry> grouped(entries_.size());
  for (const Entry& entry : entries_) {
    Client& client = clients_[entry.client];
    grouped[client.first + client.count++] = entry;
  }
  entries_ = std::move(grouped);

  std::size_t kept = 0;
  for (Client& client : clients_) {
    client.count = sort_client(std::span(entries_).subspan(client.first, client.count));
    std::copy_n(entries_.begin() + static_cast<std::ptrdiff_t>(client.first), client.count,
                entries_.begin() + static_cast<std::ptrdiff_t>(kept));
    client.first = kept;
    kept += client.count;
  }
  entries_.resize(kept);
  writer_.sort_notes();
}

// Puts the entries of one client session, in the order of the log, into the order of seq without
// duplicates. Returns how many are left, at the front.
std::size_t NdjsonReader::sort_client(std::span<Entry> entries) {
  const auto falls = [](const Entry& a, const Entry& b) { return a.seq >= b.seq; };
  if (std::adjacent_find(entries.begin(), entries.end(), falls) == entries.end()) {
    return entries.size();
  }
  std::vector<std::uint32_t> order(entries.size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return entries[a].seq < entries[b].seq;
  });

  std::vector<bool> is_duplicate(entries.size(), false);
  std::size_t first = 0;
  for (std::size_t i = 1; i < order.size(); ++i) {
    const Entry& entry = entries[order[i]];
    const Entry& before = entries[order[first]];
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
    if (before != nullptr && entries[i].seq < before->seq) {
      writer_.add_problem(Problem::kOutOfOrder, entries[i].line, 0,
                          "its seq is lower than that of line " + std::to_string(before->line));
    }
    before = &entries[i];
  }

  std::vector<Entry> sorted;
  sorted.reserve(entries.size());
  for (const std::uint32_t index : order) {
    if (!is_duplicate[index]) sorted.push_back(entries[index]);
  }
  std::copy(sorted.begin(), sorted.end(), entries.begin());
  return sorted.size();
}

void NdjsonReader::deliver(const BatchVisitor& visit) const {
  INSITU_ASSERT(finished_);
  const StringPool& pool = writer_.pool();
  BatchPacker packer;
  std::vector<SegmentEntry> segment;
  for (const Client& client : clients_) {
    const auto entries = std::span(entries_).subspan(client.first, client.count);
    segment.clear();
    const auto keep = [&](std::uint32_t key, std::uint32_t value) {
      segment.push_back({pool.text(key), pool.text(value)});
    };
    for (const Entry& entry : entries) {
      if (for_each_segment_entry(writer_.record(entry.record), keep)) break;
    }
    packer.begin({pool.text(client.visitor), pool.text(client.session), segment}, pool);
    for (const Entry& entry : entries) packer.add(writer_.record(entry.record), entry.seq, visit);
    packer.end(true, visit);
  }
}

}  // namespace insitu::log
