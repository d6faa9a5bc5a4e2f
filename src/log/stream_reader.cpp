// SPDX-License-Identifier: MIT
#include "log/stream_reader.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <string>
#include <utility>

#include "base/assert.h"
#include "events/batch.h"
#include "events/record_strings.h"

namespace insitu::log {
namespace {

using base::Problem;

// Texts nobody needs any more are put up with until they take this much, bytes.
constexpr std::size_t kMaxIdleTexts = 4 << 20;

std::uint64_t key_of(std::uint32_t visitor, std::uint32_t session) {
  return std::uint64_t{visitor} << 32 | session;
}

std::size_t words_at(std::span<const std::uint64_t> records, std::size_t first) {
  events::RecordHead head;
  std::memcpy(&head, records.data() + first, sizeof head);
  return head.size_words;
}

std::uint32_t line_number(const WrittenEvent& event) {
  constexpr std::uint64_t kMaxLine = std::numeric_limits<std::uint32_t>::max();
  return static_cast<std::uint32_t>(std::min(event.line, kMaxLine));
}

}  // namespace

StreamReader::StreamReader(Visit visit, const StreamOptions& options)
    : visit_(std::move(visit)), options_(options) {
  INSITU_ASSERT(options.window_events > 0 && options.open_clients > 0);
}

void StreamReader::feed(std::string_view bytes) {
  writer_.feed(bytes, [this](const WrittenEvent& event) { take(event); });
}

void StreamReader::finish() {
  writer_.finish([this](const WrittenEvent& event) { take(event); });
  std::vector<std::uint32_t> order;
  order.reserve(open_clients_);
  for (std::uint32_t i = first_; i != kNone; i = clients_[i].after) order.push_back(i);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return clients_[a].ordinal < clients_[b].ordinal;
  });
  for (const std::uint32_t index : order) close(index);
  writer_.sort_notes();
}

void StreamReader::take(const WrittenEvent& event) {
  log_time_ = std::max(log_time_, event.t);
  while (first_ != kNone && log_time_ - clients_[first_].active_at > options_.close_after_ms) {
    close(first_);
  }
  std::uint32_t index = last_;
  if (index == kNone || clients_[index].visitor != event.visitor ||
      clients_[index].session != event.session) {
    const std::uint32_t* found = client_of_.find(key_of(event.visitor, event.session));
    index = found != nullptr ? *found : open(event.visitor, event.session);
    if (found != nullptr) {
      unlink(index);
      link(index);
    }
  }
  Client& client = clients_[index];
  client.active_at = log_time_;
  if (event.seq < client.next_seq) {
    drop_old(client, event);
  } else if (hold(client, event)) {
    const std::size_t wait = !client.is_begun && !client.has_start ? options_.window_events : 0;
    if (client.held.size() > 2 * options_.window_events + wait) {
      hand_on(client, client.held.size() - options_.window_events, false);
    }
  }
  writer_.forget();
  // Every collection is paid for by as many bytes of new texts as it looks at, up to a factor.
  if (writer_.pool().bytes() - live_text_bytes_ >
      live_text_bytes_ + 2 * held_words_ + kMaxIdleTexts) {
    collect_texts();
  }
}

// ---- open client sessions

std::uint32_t StreamReader::open(std::uint32_t visitor, std::uint32_t session) {
  if (open_clients_ >= options_.open_clients) close(first_);
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(clients_.size()));
    clients_.emplace_back();
  }
  const std::uint32_t index = free_.back();
  free_.pop_back();
  clients_[index].visitor = visitor;
  clients_[index].session = session;
  clients_[index].ordinal = opened_++;
  client_of_[key_of(visitor, session)] = index;
  link(index);
  ++open_clients_;
  return index;
}

void StreamReader::close(std::uint32_t index) {
  Client& client = clients_[index];
  hand_on(client, client.held.size(), true);
  unlink(index);
  client_of_.erase(key_of(client.visitor, client.session));
  client = {};
  free_.push_back(index);
  --open_clients_;
}

void StreamReader::link(std::uint32_t index) {
  clients_[index].before = last_;
  clients_[index].after = kNone;
  (last_ != kNone ? clients_[last_].after : first_) = index;
  last_ = index;
}

void StreamReader::unlink(std::uint32_t index) {
  const Client& client = clients_[index];
  (client.before != kNone ? clients_[client.before].after : first_) = client.after;
  (client.after != kNone ? clients_[client.after].before : last_) = client.before;
}

// ---- events

// Notes the event as the latest that came and counts it if its seq falls.
void StreamReader::note_arrival(Client& client, const WrittenEvent& event) {
  if (event.seq < client.last_seq) {
    writer_.add_problem(Problem::kOutOfOrder, event.line, 0,
                        "its seq is lower than that of line " + std::to_string(client.last_line));
  }
  client.last_seq = event.seq;
  client.last_line = event.line;
}

// Counts an event whose place in the order has been handed on.
void StreamReader::drop_old(Client& client, const WrittenEvent& event) {
  const bool may_be_new = std::any_of(client.gaps.begin(), client.gaps.end(), [&](const Gap& gap) {
    return gap.first <= event.seq && event.seq < gap.end;
  });
  if (may_be_new) {
    note_arrival(client, event);
    writer_.add_problem(Problem::kLate, event.line, 0,
                        "its seq is too far below those before it in the log");
  } else {
    writer_.add_problem(Problem::kDuplicate, event.line, 0,
                        "the same visitor, session and seq as a line before");
  }
}

// Puts the event among those that wait; false if it is there already.
bool StreamReader::hold(Client& client, const WrittenEvent& event) {
  auto place = client.held.end();
  if (!client.held.empty() && event.seq <= client.held.back().seq) {
    place = std::lower_bound(client.held.begin(), client.held.end(), event.seq,
                             [](const Held& held, double seq) { return held.seq < seq; });
    if (place->seq == event.seq) {
      writer_.add_problem(
          Problem::kDuplicate, event.line, 0,
          "the same visitor, session and seq as line " + std::to_string(place->line));
      return false;
    }
  }
  note_arrival(client, event);
  const std::span<const std::uint64_t> record = event.record;
  client.held.insert(
      place, {event.seq, static_cast<std::uint32_t>(client.records.size()), line_number(event)});
  client.records.insert(client.records.end(), record.begin(), record.end());
  held_words_ += record.size();
  ++held_events_;
  ++events_;
  if (!client.has_start) {
    client.has_start = for_each_segment_entry(std::as_bytes(record), [](auto, auto) {});
  }
  return true;
}

void StreamReader::find_segment(Client& client) {
  const auto keep = [&](std::uint32_t key, std::uint32_t value) {
    client.segment.push_back({key, value});
  };
  for (const Held& held : client.held) {
    const std::span<const std::uint64_t> records(client.records);
    const auto record = records.subspan(held.record, words_at(records, held.record));
    if (for_each_segment_entry(std::as_bytes(record), keep)) return;
  }
}

// Hands the first `count` held events on, and the end of the client session if it `is_complete`.
void StreamReader::hand_on(Client& client, std::size_t count, bool is_complete) {
  if (!std::exchange(client.is_begun, true)) find_segment(client);
  const StringPool& pool = writer_.pool();
  segment_.clear();
  for (const SegmentIds& entry : client.segment) {
    segment_.push_back({pool.text(entry.key), pool.text(entry.value)});
  }
  const std::span<const std::uint64_t> records(client.records);
  const auto record_of = [&](const Held& held) {
    return records.subspan(held.record, words_at(records, held.record));
  };
  const auto first = std::span(client.held).first(count);
  const BatchVisitor visit(visit_);
  packer_.begin({pool.text(client.visitor), pool.text(client.session), segment_}, pool);
  for (const Held& held : first) {
    packer_.add(std::as_bytes(record_of(held)), held.seq, visit);
    if (held.seq > client.next_seq) client.gaps.push_back({client.next_seq, held.seq});
    client.next_seq = held.seq + 1;
  }
  packer_.end(is_complete, visit);

  if (client.gaps.size() > kMaxGaps) {
    const std::size_t merged = client.gaps.size() - kMaxGaps;
    client.gaps[merged].first = client.gaps[0].first;
    client.gaps.erase(client.gaps.begin(),
                      client.gaps.begin() + static_cast<std::ptrdiff_t>(merged));
  }
  held_events_ -= count;
  held_words_ -= records.size();
  std::vector<std::uint64_t> rest;
  client.held.erase(client.held.begin(), client.held.begin() + static_cast<std::ptrdiff_t>(count));
  for (Held& held : client.held) {
    const std::span<const std::uint64_t> record = record_of(held);
    held.record = static_cast<std::uint32_t>(rest.size());
    rest.insert(rest.end(), record.begin(), record.end());
  }
  client.records = std::move(rest);
  held_words_ += client.records.size();
}

// ---- texts

// Keeps only the texts that are needed, under new numbers.
void StreamReader::collect_texts() {
  const StringPool& old = writer_.pool();
  StringPool pool;
  std::vector<std::uint32_t> numbers(old.size(), kNone);
  const auto renew = [&](std::uint32_t& number) {
    std::uint32_t& known = numbers[number];
    if (known == kNone) known = pool.intern(old.text(number));
    number = known;
  };
  client_of_.clear();
  events::Record record;
  for (std::uint32_t i = first_; i != kNone; i = clients_[i].after) {
    Client& client = clients_[i];
    renew(client.visitor);
    renew(client.session);
    client_of_[key_of(client.visitor, client.session)] = i;
    for (SegmentIds& entry : client.segment) {
      renew(entry.key);
      renew(entry.value);
    }
    for (const Held& held : client.held) {
      std::uint64_t* words = client.records.data() + held.record;
      const bool is_read =
          record.read(std::as_bytes(std::span(words, words_at(client.records, held.record))));
      INSITU_ASSERT(is_read);
      if (!is_read) continue;
      for_each_string_id(record, [&](std::size_t offset) {
        std::uint32_t number;
        std::byte* place = reinterpret_cast<std::byte*>(words) + offset;
        std::memcpy(&number, place, sizeof number);
        renew(number);
        std::memcpy(place, &number, sizeof number);
      });
    }
  }
  live_text_bytes_ = pool.bytes();
  writer_.set_pool(std::move(pool));
  packer_.forget_texts();
}

}  // namespace insitu::log
