// SPDX-License-Identifier: MIT
#include "log/ndjson_reader.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <utility>

#include "base/assert.h"
#include "base/limits.h"
#include "events/batch.h"
#include "events/batch_builder.h"
#include "events/record_strings.h"

namespace insitu::log {
namespace {

using base::Problem;
using events::EventInfo;
using events::EventType;
using events::FieldInfo;
using events::FieldKind;
using events::RecordHead;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Slots of the own fields of all events, in the order of the tables.
constexpr std::size_t kEventCount = std::size(events::kEvents);
constexpr std::size_t kMaxOwnFields = 16;
constexpr auto kOwnSlots = [] {
  std::array<std::array<FieldSlot, kMaxOwnFields>, kEventCount> slots{};
  for (std::size_t i = 0; i < kEventCount; ++i) {
    const auto fields = events::kEvents[i].fields;
    for (std::size_t k = 0; k < fields.size(); ++k) slots[i][k] = slot_of(fields[k].name);
  }
  return slots;
}();

// Event types by name: open addressing, made at compile time.
constexpr std::size_t kTypeBuckets = 128;
static_assert(kEventCount * 2 <= kTypeBuckets, "the table of types is too full to be quick");
constexpr auto kTypeTable = [] {
  std::array<std::uint8_t, kTypeBuckets> table{};
  for (std::size_t i = 0; i < kEventCount; ++i) {
    std::size_t bucket = events::hash_text(events::kEvents[i].name) % kTypeBuckets;
    while (table[bucket] != 0) bucket = (bucket + 1) % kTypeBuckets;
    table[bucket] = static_cast<std::uint8_t>(i + 1);
  }
  return table;
}();

const EventInfo* find_type(std::string_view name) {
  std::size_t bucket = events::hash_text(name) % kTypeBuckets;
  while (kTypeTable[bucket] != 0) {
    const EventInfo& info = events::kEvents[kTypeTable[bucket] - 1];
    if (name == info.name) return &info;
    bucket = (bucket + 1) % kTypeBuckets;
  }
  return nullptr;
}

bool is_number(const LineItem& item) {
  return (item.kind == ValueKind::kInteger || item.kind == ValueKind::kNumber) &&
         std::isfinite(item.number);
}

// Written as a JSON integer, and one that a double holds.
bool is_integer(const LineItem& item) {
  return item.kind == ValueKind::kInteger && std::abs(item.number) <= base::kMaxInteger;
}

// Of these integers the specification says that a wrong type counts as absent. Of the others a
// wrong value makes the event useless where the field is needed, so it is kept as NaN.
bool is_absent_when_wrong(const FieldInfo& field) {
  return field.kind == FieldKind::kIntOrNull || std::string_view(field.name) == "clock_offset";
}

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t\r\v\f") == std::string_view::npos;
}

constexpr std::size_t align8(std::size_t bytes) { return (bytes + 7) / 8 * 8; }

std::string quote(std::string_view text) {
  constexpr std::size_t kMaxQuoted = 40;
  std::string quoted = "\"";
  quoted += text.substr(0, kMaxQuoted);
  quoted += text.size() > kMaxQuoted ? "...\"" : "\"";
  return quoted;
}

}  // namespace

bool has_segment(std::span<const SegmentEntry> segment, std::string_view key,
                 std::string_view value) {
  return std::any_of(segment.begin(), segment.end(), [&](const SegmentEntry& entry) {
    return entry.key == key && entry.value == value;
  });
}

NdjsonReader::NdjsonReader() = default;

template <class T>
void NdjsonReader::store(std::size_t record, std::size_t offset, T value) {
  std::memcpy(reinterpret_cast<std::byte*>(records_.data() + record) + offset, &value,
              sizeof value);
}

void NdjsonReader::feed(std::string_view bytes) {
  INSITU_ASSERT(!finished_);
  while (!bytes.empty()) {
    const auto* line_end = static_cast<const char*>(std::memchr(bytes.data(), '\n', bytes.size()));
    if (line_end == nullptr) {
      // Two bytes more than a line may have are enough to know that it is too long.
      const std::size_t room = kMaxLineBytes + 2 - std::min(carry_.size(), kMaxLineBytes + 2);
      carry_.append(bytes.substr(0, room));
      return;
    }
    const auto size = static_cast<std::size_t>(line_end - bytes.data());
    if (carry_.empty()) {
      take_line(bytes.substr(0, size));
    } else {
      const std::size_t room = kMaxLineBytes + 2 - std::min(carry_.size(), kMaxLineBytes + 2);
      carry_.append(bytes.substr(0, std::min(size, room)));
      // std::string ends with '\0', the parser wants to see the line break.
      carry_.push_back('\n');
      take_line(std::string_view(carry_).substr(0, carry_.size() - 1));
      carry_.clear();
    }
    bytes.remove_prefix(size + 1);
  }
}

void NdjsonReader::note(Problem problem, std::uint64_t line, std::uint64_t column,
                        std::string what) {
  // Duplicates are found client by client: keep those that come first in the log.
  std::size_t count = 0;
  Note* last = nullptr;
  for (Note& each : notes_) {
    if (each.problem != problem) continue;
    ++count;
    if (last == nullptr || each.line > last->line) last = &each;
  }
  Note added{problem, line, column, std::move(what)};
  if (count < kMaxNotes) {
    notes_.push_back(std::move(added));
  } else if (line < last->line) {
    *last = std::move(added);
  }
}

void NdjsonReader::malformed(const char* what, std::uint64_t column) {
  quality_.add(Problem::kMalformed);
  if (quality_.count(Problem::kMalformed) <= kMaxNotes) {
    note(Problem::kMalformed, line_number_, column, what);
  }
}

void NdjsonReader::take_line(std::string_view line) {
  ++line_number_;
  if (line_number_ == 1 && line.starts_with("\xef\xbb\xbf")) line.remove_prefix(3);
  if (is_blank(line)) return;
  ++line_count_;
  if (line.size() > kMaxLineBytes) return malformed("the line is longer than 1 MiB");
  if (!line_.parse(line)) return malformed(line_.error(), line_.column());

  const auto is_key = [&](FieldSlot slot) {
    const LineValue& value = line_[slot];
    return value.kind == ValueKind::kText && !value.text.empty() &&
           value.text.size() <= base::kMaxStringBytes;
  };
  const auto is_between = [&](FieldSlot slot, double upper) {
    const LineValue& value = line_[slot];
    return is_integer(value) && value.number >= 0 && value.number <= upper;
  };
  if (!is_key(FieldSlot::kType)) return malformed("`type` must be a text that is not empty");
  if (!is_key(FieldSlot::kVisitor)) return malformed("`visitor` must be a text that is not empty");
  if (!is_key(FieldSlot::kSession)) return malformed("`session` must be a text that is not empty");
  if (!is_between(FieldSlot::kT, base::kMaxTimeMs)) {
    return malformed("`t` must be an integer, 0 to 8.64e15, without fraction or exponent");
  }
  if (!is_between(FieldSlot::kSeq, base::kMaxInteger)) {
    return malformed("`seq` must be an integer, 0 to 2^53, without fraction or exponent");
  }
  const std::string_view type = line_[FieldSlot::kType].text;
  const EventInfo* info = find_type(type);
  if (info != nullptr && info->type == EventType::kPageView) {
    const LineValue& page = line_[FieldSlot::kPage];
    if (page.kind != ValueKind::kText || page.text.size() > base::kMaxStringBytes) {
      return malformed("a page_view must have `page`, a text");
    }
  }
  if (info == nullptr) {
    quality_.add(Problem::kUnknownType);
    if (quality_.count(Problem::kUnknownType) <= kMaxNotes) {
      note(Problem::kUnknownType, line_number_, 0, "no event has the type " + quote(type));
    }
    return;
  }
  take_event(*info);
}

// Looks the client session of the line up, and makes it if it is new.
std::uint32_t NdjsonReader::find_client() {
  const std::string_view visitor = line_[FieldSlot::kVisitor].text;
  const std::string_view session = line_[FieldSlot::kSession].text;
  // Events of one client session mostly follow one another.
  if (!clients_.empty() && visitor == last_visitor_ && session == last_session_) {
    return last_client_;
  }
  last_visitor_ = visitor;
  last_session_ = session;
  const std::uint32_t visitor_number = pool_.intern(visitor);
  const std::uint32_t session_number = pool_.intern(session);
  std::uint32_t& index = client_of_[std::uint64_t{visitor_number} << 32 | session_number];
  if (index == 0) {
    clients_.push_back({visitor_number, session_number});
    index = static_cast<std::uint32_t>(clients_.size());
  }
  last_client_ = index - 1;
  return last_client_;
}

// False, and counted, if the text is longer than a string record can be.
bool NdjsonReader::intern(std::string_view text, std::uint32_t& number) {
  if (text.size() > base::kMaxStringBytes) {
    quality_.add(Problem::kOverLimit);
    note(Problem::kOverLimit, line_number_, 0, "a text longer than 65535 bytes is left out");
    return false;
  }
  number = pool_.intern(text);
  return true;
}

void NdjsonReader::take_event(const EventInfo& info) {
  const std::size_t record = records_.size();
  constexpr std::size_t kMaxWords = std::numeric_limits<std::uint32_t>::max();
  if (record > kMaxWords) {
    quality_.add(Problem::kOverLimit);
    return note(Problem::kOverLimit, line_number_, 0, "more than 32 GiB of events");
  }
  const std::uint32_t client = find_client();
  records_.resize(record + info.bytes / 8, 0);

  RecordHead head{};
  head.type = static_cast<std::uint16_t>(info.type);
  head.t = line_[FieldSlot::kT].number;
  if (const LineValue& pv = line_[FieldSlot::kPv]; is_integer(pv)) {
    head.pv = pv.number;
    head.present |= RecordHead::kHasPv;
  }
  if (const LineValue& mono = line_[FieldSlot::kMono]; is_integer(mono)) {
    head.mono = mono.number;
    head.present |= RecordHead::kHasMono;
  }
  const LineValue& page = line_[FieldSlot::kPage];
  if (page.kind == ValueKind::kText && intern(page.text, head.page)) {
    head.present |= RecordHead::kHasPage;
  }
  std::memcpy(records_.data() + record, &head, offsetof(RecordHead, first));

  const auto& slots = kOwnSlots[static_cast<std::size_t>(&info - events::kEvents)];
  std::uint32_t present = head.present;
  for (std::size_t i = 0; i < info.fields.size(); ++i) {
    const LineValue& value = line_[slots[i]];
    if (value.kind == ValueKind::kAbsent) continue;
    if (write_field(record, info.fields[i], value)) present |= 1u << info.fields[i].bit;
  }
  store(record, offsetof(RecordHead, present), present);
  store(record, offsetof(RecordHead, size_words),
        static_cast<std::uint16_t>(records_.size() - record));

  constexpr std::uint64_t kMaxLine = std::numeric_limits<std::uint32_t>::max();
  entries_.push_back({line_[FieldSlot::kSeq].number, static_cast<std::uint32_t>(record), client,
                      static_cast<std::uint32_t>(std::min(line_number_, kMaxLine))});
}

// Writes one own field that the line has; false if its value counts as absent.
bool NdjsonReader::write_field(std::size_t record, const FieldInfo& field, const LineValue& value) {
  switch (field.kind) {
    case FieldKind::kNumber:
      store(record, field.offset, is_number(value) ? value.number : kNan);
      return true;
    case FieldKind::kInt:
    case FieldKind::kIntOrNull: {
      const bool valid = is_integer(value);
      store(record, field.offset, valid ? value.number : kNan);
      const bool is_null = field.kind == FieldKind::kIntOrNull && value.kind == ValueKind::kNull;
      return valid || is_null || !is_absent_when_wrong(field);
    }
    case FieldKind::kBool:
      store(record, field.offset, std::uint32_t{value.number != 0});
      return value.kind == ValueKind::kBool;
    case FieldKind::kString: {
      std::uint32_t number = 0;
      if (value.kind != ValueKind::kText || !intern(value.text, number)) return false;
      store(record, field.offset, number);
      return true;
    }
    case FieldKind::kWords:
      return write_words(record, field, value);
    case FieldKind::kInts:
    case FieldKind::kStrings:
    case FieldKind::kMap:
      return write_list(record, field, value);
  }
  return false;
}

bool NdjsonReader::write_words(std::size_t record, const FieldInfo& field, const LineValue& value) {
  if (value.kind != ValueKind::kArray) return false;
  std::uint32_t bits = 0;
  for (const LineItem& item : line_.items(value)) {
    if (item.kind != ValueKind::kText) return false;
    for (std::size_t i = 0; i < field.of.size() && field.of[i] != 0; ++i) {
      if (item.text == events::kWordTexts[field.of[i] - 1]) bits |= 1u << i;
    }
  }
  store(record, field.offset, bits);
  return true;
}

// Appends the elements of a list to the record, which is the last one of records_.
bool NdjsonReader::write_list(std::size_t record, const FieldInfo& field, const LineValue& value) {
  const auto wanted = field.kind == FieldKind::kMap ? ValueKind::kObject : ValueKind::kArray;
  if (value.kind != wanted) return false;
  std::span<const LineItem> items = line_.items(value);
  if (items.size() > kMaxListItems) {
    quality_.add(Problem::kOverLimit);
    note(Problem::kOverLimit, line_number_, 0,
         std::string("`") + field.name + "` has more than 1000 elements, the rest is left out");
    items = items.first(kMaxListItems);
  }
  numbers_.clear();
  ids_.clear();
  for (const LineItem& item : items) {
    std::uint32_t id = 0;
    if (field.kind == FieldKind::kInts) {
      const bool is_null = item.kind == ValueKind::kNull;
      numbers_.push_back(is_null ? kNan : is_number(item) ? item.number : kInfinity);
    } else if (item.kind != ValueKind::kText || !intern(item.text, id)) {
      continue;
    } else if (field.kind == FieldKind::kStrings) {
      ids_.push_back(id);
    } else {
      std::uint32_t key = 0;
      if (!intern(item.key, key)) continue;
      std::size_t entry = 0;
      while (entry < ids_.size() && ids_[entry] != key) entry += 2;
      if (entry == ids_.size()) ids_.insert(ids_.end(), {key, id});
      ids_[entry + 1] = id;
    }
  }
  const std::size_t tail = records_.size();
  const std::size_t bytes = numbers_.size() * sizeof(double) + ids_.size() * sizeof ids_[0];
  const std::size_t count =
      field.kind == FieldKind::kMap ? ids_.size() / 2 : numbers_.size() + ids_.size();
  records_.resize(tail + align8(bytes) / 8, 0);
  if (!numbers_.empty()) std::memcpy(records_.data() + tail, numbers_.data(), bytes);
  if (!ids_.empty()) std::memcpy(records_.data() + tail, ids_.data(), bytes);
  store(record, field.offset, static_cast<std::uint32_t>(count));
  return true;
}

void NdjsonReader::finish() {
  INSITU_ASSERT(!finished_);
  if (!carry_.empty()) feed("\n");
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
  std::stable_sort(notes_.begin(), notes_.end(),
                   [](const Note& a, const Note& b) { return a.line < b.line; });
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
    quality_.add(Problem::kDuplicate);
    note(Problem::kDuplicate, entry.line, 0,
         "the same visitor, session and seq as line " + std::to_string(before.line));
  }

  const Entry* before = nullptr;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (is_duplicate[i]) continue;
    if (before != nullptr && entries[i].seq < before->seq) {
      quality_.add(Problem::kOutOfOrder);
      note(Problem::kOutOfOrder, entries[i].line, 0,
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

std::span<const std::byte> NdjsonReader::record_of(const Entry& entry) const {
  RecordHead head;
  std::memcpy(&head, records_.data() + entry.record, sizeof head);
  return std::as_bytes(std::span(records_).subspan(entry.record, head.size_words));
}

// The segment of a client session: that of its first session_start.
void NdjsonReader::collect_segment(std::span<const Entry> entries,
                                   std::vector<SegmentEntry>& segment) const {
  segment.clear();
  events::Record record;
  for (const Entry& entry : entries) {
    if (!record.read(record_of(entry)) || record.type() != EventType::kSessionStart) continue;
    for (const FieldInfo& field : record.info().fields) {
      if (field.kind != FieldKind::kMap) continue;
      const std::span<const std::byte> list = record.list(field);
      for (std::size_t i = 0; i < list.size(); i += 8) {
        std::uint32_t pair[2];
        std::memcpy(pair, list.data() + i, sizeof pair);
        segment.push_back({pool_.text(pair[0]), pool_.text(pair[1])});
      }
    }
    return;
  }
}

void NdjsonReader::deliver(Deliver visit, void* callee) const {
  INSITU_ASSERT(finished_);
  constexpr std::size_t kContextBytes = 24;
  events::BatchBuilder builder;
  // Ids in the current batch by number in the pool, so that a text is looked up once per batch.
  struct BatchId {
    std::uint32_t batch = 0;
    std::uint32_t id = 0;
  };
  std::vector<BatchId> ids(pool_.size());
  std::uint32_t batch = 1;
  std::vector<SegmentEntry> segment;
  std::vector<std::byte> scratch;
  events::Record record;

  for (const Client& client : clients_) {
    const auto entries = std::span(entries_).subspan(client.first, client.count);
    collect_segment(entries, segment);
    const ClientInfo info{pool_.text(client.visitor), pool_.text(client.session), segment};
    builder.clear();
    ++batch;
    bool is_empty = true;
    double next_seq = 0;
    for (const Entry& entry : entries) {
      const bool is_read = record.read(record_of(entry));
      INSITU_ASSERT(is_read);
      if (!is_read) continue;
      const std::span<const std::byte> bytes = record.bytes();
      scratch.assign(bytes.begin(), bytes.end());
      const auto number_at = [&](std::size_t offset) {
        std::uint32_t number;
        std::memcpy(&number, bytes.data() + offset, sizeof number);
        return number;
      };
      std::size_t need = bytes.size() + kContextBytes;
      for_each_string_id(record, [&](std::size_t offset) {
        const std::uint32_t number = number_at(offset);
        if (ids[number].batch != batch) need += align8(12 + pool_.text(number).size());
      });
      if (!is_empty && builder.bytes() + need > kBatchBytes) {
        visit(callee, builder.finish(), info);
        builder.clear();
        ++batch;
        is_empty = true;
      }
      if (is_empty || entry.seq != next_seq) builder.context(info.visitor, info.session, entry.seq);
      is_empty = false;
      next_seq = entry.seq + 1;
      for_each_string_id(record, [&](std::size_t offset) {
        const std::uint32_t number = number_at(offset);
        if (ids[number].batch != batch) ids[number] = {batch, builder.string(pool_.text(number))};
        std::memcpy(scratch.data() + offset, &ids[number].id, sizeof(std::uint32_t));
      });
      builder.append(scratch);
    }
    builder.end();
    visit(callee, builder.finish(), info);
  }
}

}  // namespace insitu::log
