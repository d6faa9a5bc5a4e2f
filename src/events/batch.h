// SPDX-License-Identifier: MIT
// Walks a batch of untrusted bytes (docs/wire-format.md): the only pointer arithmetic of the core.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/limits.h"
#include "base/status.h"
#include "events/event.gen.h"

namespace insitu::events {

inline constexpr std::uint32_t kBatchMagic = 0x49534E49;  // "INSI"
inline constexpr std::uint16_t kBatchVersion = 1;

struct BatchHead {
  std::uint32_t magic = kBatchMagic;
  std::uint16_t version = kBatchVersion;
  std::uint16_t head_words = 4;
  std::uint32_t bytes = 0;
  std::uint32_t records = 0;
  double document = 0;  // 0: numbers are final
  double previous = 0;  // 0: a new tab
};
static_assert(sizeof(BatchHead) == 32);

enum class ControlType : std::uint16_t { kString = 1, kContext = 2, kEnd = 3 };

struct ContextRecord {
  std::uint16_t type = 2;
  std::uint16_t size_words = 3;
  std::uint32_t visitor = 0;
  double seq = 0;
  std::uint32_t session = 0;
  std::uint32_t flags = 0;
};
static_assert(sizeof(ContextRecord) == 24);

// The elements of a list of a record. They need not be aligned where they lie.
template <class T>
class List {
 public:
  explicit List(std::span<const std::byte> bytes) : bytes_(bytes) {}
  std::size_t size() const { return bytes_.size() / sizeof(T); }
  T operator[](std::size_t index) const {
    T value;
    std::memcpy(&value, bytes_.data() + index * sizeof(T), sizeof(T));
    return value;
  }

 private:
  std::span<const std::byte> bytes_;
};
using Numbers = List<double>;     // NaN is null, an infinity something that is no number
using Ids = List<std::uint32_t>;  // string ids

// One record of a batch: its fixed part as a struct, and a view of its lists.
//
// Fields beyond the record's end are absent, whatever its `present` says. It is read where it lies
// if it is whole and aligned there, so it lives as long as the batch's bytes.
class Record {
 public:
  Record() = default;
  Record(const Record& other) { *this = other; }
  Record& operator=(const Record& other);

  // Reads the record at the start of `bytes`, which must be its whole extent (see for_each_record).
  // False when it is no event this schema knows, or its lists do not fit its size.
  bool read(std::span<const std::byte> bytes);

  EventType type() const { return static_cast<EventType>(head().type); }
  const RecordHead& head() const { return *reinterpret_cast<const RecordHead*>(fixed_); }
  // The record as the struct of its type; the caller has checked type().
  template <class T>
  const T& as() const {
    static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= kMaxFixedBytes);
    return *reinterpret_cast<const T*>(fixed_);
  }
  // The same to be changed, which the bytes of the batch are not.
  template <class T>
  T& change() {
    if (fixed_ != own_) copy_fixed();
    return *reinterpret_cast<T*>(own_);
  }
  bool has(std::uint32_t bit) const { return (head().present & bit) != 0; }

  // True when a number field is there and finite.
  bool is_number(std::uint32_t bit, double value) const { return has(bit) && std::isfinite(value); }
  // A number field as a finite number; `missing` when it is absent or not finite.
  double number(std::uint32_t bit, double value, double missing = NAN) const {
    return is_number(bit, value) ? value : missing;
  }
  // True when an integer field is there and valid.
  bool integer(std::uint32_t bit, double value) const { return has(bit) && is_integer(value); }
  static bool is_integer(double value) {
    return std::floor(value) >= value && std::abs(value) <= base::kMaxInteger;
  }
  bool has_pv() const { return has_pv_; }
  // Gives the event another page-view number, or none.
  void set_pv(double pv) {
    auto& head = change<RecordHead>();
    head.pv = pv;
    head.present |= RecordHead::kHasPv;
    has_pv_ = is_integer(pv);
  }
  void clear_pv() {
    change<RecordHead>().present &= ~RecordHead::kHasPv;
    has_pv_ = false;
  }
  bool has_mono() const { return integer(RecordHead::kHasMono, head().mono); }
  std::uint32_t page() const { return has(RecordHead::kHasPage) ? head().page : 0; }

  const EventInfo& info() const { return *info_; }
  // Elements of the list field `field` (an entry of info().fields) as raw bytes; empty when absent.
  std::span<const std::byte> list(const FieldInfo& field) const;
  // Those of the list field with this bit of `present`; empty when it is absent.
  std::span<const std::byte> list(std::uint32_t bit) const;
  Numbers numbers(std::uint32_t bit) const { return Numbers(list(bit)); }
  Ids ids(std::uint32_t bit) const { return Ids(list(bit)); }
  std::span<const std::byte> bytes() const { return bytes_; }

  // The table entry of an event type, null when there is none. O(1).
  static const EventInfo* find_info(std::uint16_t type);

 private:
  static constexpr std::size_t kMaxFixedBytes = 104;
  // Makes own_ the fixed part; what is beyond the record's end is 0.
  void copy_fixed();

  const std::byte* fixed_ = own_;  // or where it lies
  const EventInfo* info_ = nullptr;
  bool has_pv_ = false;
  std::span<const std::byte> bytes_;
  alignas(8) std::byte own_[kMaxFixedBytes];
};

// Checks the head of a batch; on kOk `head` is filled and `records` spans its records.
// O(1). Reads nothing beyond `bytes`.
base::Status open_batch(std::span<const std::byte> bytes, BatchHead& head,
                        std::span<const std::byte>& records);

// Calls visit(type, record bytes) for every record, in order; false when a record's size is 0 or
// runs beyond the end (what came before has been visited).
template <class Visit>
bool for_each_record(std::span<const std::byte> records, Visit&& visit) {
  while (!records.empty()) {
    if (records.size() < 8) return false;
    std::uint16_t type = 0;
    std::uint16_t words = 0;
    std::memcpy(&type, records.data(), 2);
    std::memcpy(&words, records.data() + 2, 2);
    const std::size_t size = std::size_t{words} * 8;
    if (size == 0 || size > records.size()) return false;
    visit(type, records.first(size));
    records = records.subspan(size);
  }
  return true;
}

// Text and id of a string record; false when its length runs beyond it, its id is a word's or the
// text is not UTF-8.
bool read_string(std::span<const std::byte> record, std::uint32_t& id, std::string_view& text);

}  // namespace insitu::events
