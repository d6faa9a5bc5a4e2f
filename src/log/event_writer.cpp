// SPDX-License-Identifier: MIT
#include "log/event_writer.h"

#ifdef __linux__
#include <sys/mman.h>
#endif

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <iterator>
#include <limits>
#include <new>
#include <string_view>
#include <utility>

#include "base/limits.h"
#include "log/short_text.h"

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

constexpr auto kTypeNames = [] {
  std::array<std::string_view, kEventCount> names{};
  for (std::size_t i = 0; i < kEventCount; ++i) names[i] = events::kEvents[i].name;
  return names;
}();

// Event types by detail::quick_hash() of their name: index in kEvents, from 1.
constexpr auto kTypeTable = [] {
  std::array<std::uint8_t, detail::kQuickHashes> table{};
  for (std::size_t i = 0; i < kEventCount; ++i) {
    table[detail::quick_hash(kTypeNames[i])] = static_cast<std::uint8_t>(i + 1);
  }
  return table;
}();
static_assert(kEventCount + static_cast<std::size_t>(std::count(kTypeTable.begin(),
                                                                kTypeTable.end(), 0)) ==
                  detail::kQuickHashes,
              "two types have one hash: give quick_hash() other factors");

const EventInfo* find_type(std::string_view name) {
  const std::size_t found = kTypeTable[detail::quick_hash(name)];
  if (found == 0 || !same_text(name, kTypeNames[found - 1])) return nullptr;
  return &events::kEvents[found - 1];
}

// The fixed part of the longest record, and all of a record with the longest lists, as far as an
// event has them; an element takes 8 bytes at most.
constexpr auto kMaxFixedBytes = [] {
  std::size_t bytes = 0;
  for (const EventInfo& event : events::kEvents) bytes = std::max<std::size_t>(bytes, event.bytes);
  return bytes;
}();
constexpr auto kMaxRecordWords = [] {
  std::size_t words = 0;
  for (const EventInfo& event : events::kEvents) {
    std::size_t lists = 0;
    for (const FieldInfo& field : event.fields) {
      lists += field.kind == FieldKind::kInts || field.kind == FieldKind::kStrings ||
               field.kind == FieldKind::kMap;
    }
    words = std::max(words, kMaxFixedBytes / 8 + lists * kMaxListItems);
  }
  return words;
}();
// Small logs have enough of the first block.
constexpr std::size_t kFirstBlockBytes = 1 << 18;
constexpr std::size_t kBlockBytes = 1 << 21;
#ifdef __linux__
constexpr std::align_val_t kBlockAlignment{kBlockBytes};
#else
constexpr std::align_val_t kBlockAlignment{alignof(std::max_align_t)};
#endif

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
  if (line.starts_with('{')) return false;
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

EventWriter::Block EventWriter::make_block(std::size_t bytes) {
  void* block = ::operator new(bytes, kBlockAlignment);
#ifdef __linux__
  // Large pages: handing out small ones takes the kernel about as long as us to fill them.
  if (bytes >= kBlockBytes) (void)madvise(block, kBlockBytes, MADV_HUGEPAGE);
#endif
  return Block(static_cast<std::uint64_t*>(block));
}

void EventWriter::FreeBlock::operator()(std::uint64_t* block) const {
  ::operator delete(block, kBlockAlignment);
}

template <class T>
void EventWriter::store(std::size_t offset, T value) {
  std::memcpy(reinterpret_cast<std::byte*>(record_) + offset, &value, sizeof value);
}

// Words for the margin and the longest record there can be.
void EventWriter::make_room() {
  const std::size_t need = margin_words_ + kMaxRecordWords;
  if (room_ >= need) return;
  const std::size_t bytes = std::max(blocks_.empty() ? kFirstBlockBytes : kBlockBytes, need * 8);
  blocks_.push_back(make_block(bytes));
  room_ = bytes / 8;
  record_ = blocks_.back().get();
  record_words_ = 0;
}

void EventWriter::forget() {
  record_ -= margin_words_;
  room_ += margin_words_ + record_words_;
  record_words_ = 0;
}

void EventWriter::set_pool(StringPool pool) {
  pool_ = std::move(pool);
  has_client_ = false;
  has_page_ = false;
}

void EventWriter::read(std::string_view bytes, const Callback& take) {
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
      take_line(bytes.substr(0, size), bytes.size() - size, take);
    } else {
      const std::size_t room = kMaxLineBytes + 2 - std::min(carry_.size(), kMaxLineBytes + 2);
      carry_.append(bytes.substr(0, std::min(size, room)));
      // std::string ends with '\0', the parser wants to see the line break.
      carry_.push_back('\n');
      take_line(std::string_view(carry_).substr(0, carry_.size() - 1), 1, take);
      carry_.clear();
    }
    bytes.remove_prefix(size + 1);
  }
}

void EventWriter::add_problem(Problem problem, std::uint64_t line, std::uint64_t column,
                              std::string what) {
  quality_.add(problem);
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

void EventWriter::sort_notes() {
  std::stable_sort(notes_.begin(), notes_.end(),
                   [](const Note& a, const Note& b) { return a.line < b.line; });
}

void EventWriter::malformed(const char* what, std::uint64_t column) {
  // Lines come in order: those behind the first ones need no text.
  if (quality_.count(Problem::kMalformed) >= kMaxNotes) return quality_.add(Problem::kMalformed);
  add_problem(Problem::kMalformed, line_number_, column, what);
}

void EventWriter::take_line(std::string_view line, std::size_t readable, const Callback& take) {
  ++line_number_;
  if (line_number_ == 1 && line.starts_with("\xef\xbb\xbf")) line.remove_prefix(3);
  if (is_blank(line)) return;
  ++line_count_;
  if (line.size() > kMaxLineBytes) return malformed("the line is longer than 1 MiB");
  if (!line_.parse(line, readable)) return malformed(line_.error(), line_.column());

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
    if (quality_.count(Problem::kUnknownType) >= kMaxNotes) {
      return quality_.add(Problem::kUnknownType);
    }
    return add_problem(Problem::kUnknownType, line_number_, 0,
                       "no event has the type " + quote(type));
  }
  take_event(*info, take);
}

// Finds the numbers of the line's visitor and session; true if the event before had the same.
bool EventWriter::find_client() {
  const std::string_view visitor = line_[FieldSlot::kVisitor].text;
  const std::string_view session = line_[FieldSlot::kSession].text;
  // Events of one client session mostly follow one another.
  const bool is_same = same_text(visitor, visitor_text_) && same_text(session, session_text_);
  if (has_client_ && is_same) return true;
  has_client_ = true;
  visitor_text_ = visitor;
  session_text_ = session;
  visitor_ = pool_.intern(visitor);
  session_ = pool_.intern(session);
  return false;
}

// False, and counted, if the text is longer than a string record can be.
bool EventWriter::intern(std::string_view text, std::uint32_t& number) {
  if (text.size() > base::kMaxStringBytes) {
    add_problem(Problem::kOverLimit, line_number_, 0, "a text longer than 65535 bytes is left out");
    return false;
  }
  number = pool_.intern(text);
  return true;
}

void EventWriter::take_event(const EventInfo& info, const Callback& take) {
  const bool same_client = find_client();
  make_room();
  record_ += record_words_ + margin_words_;
  record_words_ = info.bytes / 8;
  // A constant size, which takes a few instructions, and never more than there is room.
  std::memset(record_, 0, kMaxFixedBytes);

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
  if (page.kind == ValueKind::kText) {
    // Mostly the page of the event before.
    if (has_client_ && has_page_ && same_text(page.text, page_text_)) {
      head.page = page_;
      head.present |= RecordHead::kHasPage;
    } else if (intern(page.text, head.page)) {
      head.present |= RecordHead::kHasPage;
      has_page_ = true;
      page_ = head.page;
      page_text_ = page.text;
    }
  }
  std::memcpy(record_, &head, offsetof(RecordHead, first));

  const auto& slots = kOwnSlots[static_cast<std::size_t>(&info - events::kEvents)];
  std::uint32_t present = head.present;
  for (std::size_t i = 0; i < info.fields.size(); ++i) {
    const LineValue& value = line_[slots[i]];
    if (value.kind == ValueKind::kAbsent) continue;
    if (write_field(info.fields[i], value)) present |= 1u << info.fields[i].bit;
  }
  store(offsetof(RecordHead, present), present);
  store(offsetof(RecordHead, size_words), static_cast<std::uint16_t>(record_words_));
  room_ -= margin_words_ + record_words_;

  take.call(take.callee, {line_[FieldSlot::kSeq].number, line_[FieldSlot::kT].number, visitor_,
                          session_, same_client, std::span(record_, record_words_), line_number_});
}

// Writes one own field that the line has; false if its value counts as absent.
bool EventWriter::write_field(const FieldInfo& field, const LineValue& value) {
  switch (field.kind) {
    case FieldKind::kNumber:
      store(field.offset, is_number(value) ? value.number : kNan);
      return true;
    case FieldKind::kInt:
    case FieldKind::kIntOrNull: {
      const bool valid = is_integer(value);
      store(field.offset, valid ? value.number : kNan);
      const bool is_null = field.kind == FieldKind::kIntOrNull && value.kind == ValueKind::kNull;
      return valid || is_null || !is_absent_when_wrong(field);
    }
    case FieldKind::kBool:
      store(field.offset, std::uint32_t{value.number != 0});
      return value.kind == ValueKind::kBool;
    case FieldKind::kString: {
      std::uint32_t number = 0;
      if (value.kind != ValueKind::kText || !intern(value.text, number)) return false;
      store(field.offset, number);
      return true;
    }
    case FieldKind::kWords:
      return write_words(field, value);
    case FieldKind::kInts:
    case FieldKind::kStrings:
    case FieldKind::kMap:
      return write_list(field, value);
  }
  return false;
}

bool EventWriter::write_words(const FieldInfo& field, const LineValue& value) {
  if (value.kind != ValueKind::kArray) return false;
  std::uint32_t bits = 0;
  for (const LineItem& item : line_.items(value)) {
    if (item.kind != ValueKind::kText) return false;
    for (std::size_t i = 0; i < field.of.size() && field.of[i] != 0; ++i) {
      if (item.text == events::kWordTexts[field.of[i] - 1]) bits |= 1u << i;
    }
  }
  store(field.offset, bits);
  return true;
}

// Appends the elements of a list to the record.
bool EventWriter::write_list(const FieldInfo& field, const LineValue& value) {
  const auto wanted = field.kind == FieldKind::kMap ? ValueKind::kObject : ValueKind::kArray;
  if (value.kind != wanted) return false;
  std::span<const LineItem> items = line_.items(value);
  if (items.size() > kMaxListItems) {
    add_problem(
        Problem::kOverLimit, line_number_, 0,
        std::string("`") + field.name + "` has more than 1000 elements, the rest is left out");
    items = items.first(kMaxListItems);
  }
  numbers_.clear();
  ids_.clear();
  for (const LineItem& item : items) {
    std::uint32_t id = 0;
    if (field.kind == FieldKind::kInts) {
      const bool is_null = item.kind == ValueKind::kNull;
      // 5.0 is no integer where integers are asked for; 4.5 shows that by itself.
      const bool is_fake =
          item.kind == ValueKind::kNumber && std::trunc(item.number) == item.number;
      numbers_.push_back(is_null ? kNan : is_number(item) && !is_fake ? item.number : kInfinity);
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
  const std::size_t bytes = numbers_.size() * sizeof(double) + ids_.size() * sizeof ids_[0];
  const std::size_t count =
      field.kind == FieldKind::kMap ? ids_.size() / 2 : numbers_.size() + ids_.size();
  std::uint64_t* tail = record_ + record_words_;
  record_words_ += align8(bytes) / 8;
  if (bytes > 0) record_[record_words_ - 1] = 0;
  if (!numbers_.empty()) std::memcpy(tail, numbers_.data(), bytes);
  if (!ids_.empty()) std::memcpy(tail, ids_.data(), bytes);
  store(field.offset, static_cast<std::uint32_t>(count));
  return true;
}

}  // namespace insitu::log
