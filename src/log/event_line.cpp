// SPDX-License-Identifier: MIT
#include "log/event_line.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>

namespace insitu::log {
namespace {

constexpr std::uint8_t kNoSlot = 0xff;

// Open addressing over the field names, made at compile time.
constexpr std::size_t kSlotBuckets = 256;
constexpr auto kSlotTable = [] {
  std::array<std::uint8_t, kSlotBuckets> table{};
  table.fill(kNoSlot);
  for (std::size_t i = 0; i < detail::kFieldNames.count; ++i) {
    std::size_t bucket = events::hash_text(detail::kFieldNames.names[i]) % kSlotBuckets;
    while (table[bucket] != kNoSlot) bucket = (bucket + 1) % kSlotBuckets;
    table[bucket] = static_cast<std::uint8_t>(i);
  }
  return table;
}();

std::uint8_t find_slot(std::string_view name) {
  std::size_t bucket = events::hash_text(name) % kSlotBuckets;
  while (kSlotTable[bucket] != kNoSlot) {
    if (detail::kFieldNames.names[kSlotTable[bucket]] == name) return kSlotTable[bucket];
    bucket = (bucket + 1) % kSlotBuckets;
  }
  return kNoSlot;
}

// Bytes that stand for themselves inside a string: ASCII without controls, quote and backslash.
constexpr auto kPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t c = 0x20; c < 0x80; ++c) plain[c] = c != '"' && c != '\\';
  return plain;
}();

// The place of the first byte from `at` that does not stand for itself. Short texts, which are
// nearly all, take one step where there are 16 bytes to look at.
const char* skip_plain(const char* at, const char* end) {
#ifdef __SSE2__
  while (end - at >= 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    // Signed: bytes beyond ASCII are below a space too.
    const __m128i special = _mm_or_si128(_mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20)),
                                         _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')),
                                                      _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'))));
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(special));
    if (mask) return at + std::countr_zero(mask);
    at += 16;
  }
#endif
  // The line break behind the line is special.
  (void)end;
  while (kPlain[static_cast<unsigned char>(*at)]) ++at;
  return at;
}

// A field name as it stands in a line, from the opening quote to the colon, for comparing at once.
struct WrittenName {
  alignas(16) std::uint8_t bytes[16] = {1};  // with a mask of 0: begins no line
  std::uint8_t masks[16] = {};
  std::uint64_t bit = 0;  // of EventLine::present_
  std::uint8_t size = 0;
};
constexpr WrittenName written_name(std::string_view name, std::size_t slot) {
  WrittenName written;
  if (name.size() + 3 > sizeof written.bytes) return written;
  written.size = static_cast<std::uint8_t>(name.size() + 3);
  written.bit = std::uint64_t{1} << slot;
  for (std::size_t i = 0; i < written.size; ++i) {
    const char c = i == 0 || i == name.size() + 1 ? '"' : i > name.size() ? ':' : name[i - 1];
    written.bytes[i] = static_cast<std::uint8_t>(c);
    written.masks[i] = 0xff;
  }
  return written;
}
constexpr auto kWrittenNames = [] {
  std::array<WrittenName, detail::kMaxFields> names{};
  for (std::size_t i = 0; i < detail::kFieldNames.count; ++i) {
    names[i] = written_name(detail::kFieldNames.names[i], i);
  }
  return names;
}();

// True if the 16 bytes at `at` begin with the name.
bool begins_with(const char* at, const WrittenName& name) {
#ifdef __SSE2__
  const auto load = [](const void* from) {
    return _mm_loadu_si128(static_cast<const __m128i*>(from));
  };
  const __m128i bytes = _mm_and_si128(load(at), load(name.masks));
  return _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, load(name.bytes))) == 0xffff;
#else
  std::uint64_t words[3][2];
  std::memcpy(words[0], at, 16);
  std::memcpy(words[1], name.masks, 16);
  std::memcpy(words[2], name.bytes, 16);
  return (words[0][0] & words[1][0]) == words[2][0] && (words[0][1] & words[1][1]) == words[2][1];
#endif
}

// Eight digits at most.
struct Digits {
  std::uint64_t value;
  unsigned count;
};

// The digits at `at`, where eight bytes must be readable, at once (Lemire 2018): a loop would miss
// the end of every number. Little endian.
Digits read_digits(const char* at) {
  constexpr std::uint64_t kEach = 0x0101'0101'0101'0101;
  std::uint64_t bytes;
  std::memcpy(&bytes, at, sizeof bytes);
  bytes ^= kEach * '0';
  // A carry only spoils the bytes behind the first that is no digit.
  const std::uint64_t others = ((bytes + kEach * (0x80 - 10)) | bytes) & kEach * 0x80;
  const auto count = static_cast<unsigned>(std::countr_zero(others)) / 8;
  if (count == 0) return {0, 0};
  bytes <<= 64 - 8 * count;
  bytes = bytes * 10 + (bytes >> 8);
  constexpr std::uint64_t kPairs = 0x0000'00ff'0000'00ff;
  bytes = ((bytes & kPairs) * 0x000f'4240'0000'0064 +
           ((bytes >> 16) & kPairs) * 0x0000'2710'0000'0001) >>
          32;
  return {bytes, count};
}

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

constexpr int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// As many digits as always fit a double, and the powers of ten their fractions need.
constexpr std::ptrdiff_t kExactDigits = 15;
constexpr double kPowersOfTen[kExactDigits + 1] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                   1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

constexpr std::uint64_t kIntegerPowersOfTen[8] = {1,      10,      100,       1'000,
                                                  10'000, 100'000, 1'000'000, 10'000'000};

// Bytes that must be readable where a member is read the quick way: a name with its colon, two
// spaces, a number of two times and a fraction of one time eight digits, or the quote of a text.
constexpr std::ptrdiff_t kQuickBytes = 16 + 2 + 1 + 3 * 8 + 2;

// Reads a number without exponent, of up to 15 digits and 7 behind the point. Gives the place
// behind it, or null where the general way has to look: this one does not tell what is wrong.
const char* read_plain_number(const char* at, LineItem& item) {
  const bool negative = *at == '-';
  at += negative;
  const Digits whole = read_digits(at);
  if (whole.count == 0 || (whole.count > 1 && *at == '0')) return nullptr;
  at += whole.count;
  std::uint64_t value = whole.value;
  unsigned count = whole.count;
  if (count == 8) {
    const Digits rest = read_digits(at);
    if (rest.count == 8) return nullptr;
    value = value * kIntegerPowersOfTen[rest.count] + rest.value;
    count += rest.count;
    at += rest.count;
  }
  if (*at != '.') {
    const auto integer = static_cast<std::int64_t>(value);
    item.kind = ValueKind::kInteger;
    item.number = static_cast<double>(negative ? -integer : integer);
    return at;
  }
  const Digits fraction = read_digits(++at);
  if (fraction.count == 0 || fraction.count == 8 ||
      count + fraction.count > unsigned{kExactDigits}) {
    return nullptr;
  }
  value = value * kIntegerPowersOfTen[fraction.count] + fraction.value;
  item.kind = ValueKind::kNumber;
  const double number =
      static_cast<double>(static_cast<std::int64_t>(value)) / kPowersOfTen[fraction.count];
  item.number = negative ? -number : number;
  return at + fraction.count;
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto put = [&](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xc0 | code >> 6);
    put(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    put(0xe0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3f));
    put(0x80 | (code & 0x3f));
  } else {
    put(0xf0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3f));
    put(0x80 | (code >> 6 & 0x3f));
    put(0x80 | (code & 0x3f));
  }
}

double to_double(const char* begin, const char* end) {
  double value = 0;
  if (std::from_chars(begin, end, value).ec == std::errc()) return value;
  // Out of range. from_chars does not say to which side; strtod gives 0 or infinity.
  return std::strtod(std::string(begin, end).c_str(), nullptr);
}

}  // namespace

bool EventLine::fail(const char* what) {
  error_ = what;
  column_ = static_cast<std::size_t>(at_ - begin_) + 1;
  return false;
}

// Never runs beyond the line: the '\n' behind it is no white space here.
void EventLine::skip_space() {
  while (*at_ == ' ' || *at_ == '\t' || *at_ == '\r') ++at_;
}

bool EventLine::read_code_unit(std::uint32_t& unit) {
  unit = 0;
  for (int i = 0; i < 4; ++i, ++at_) {
    const int digit = hex_digit(*at_);
    if (digit < 0) return fail("\\u needs four hexadecimal digits");
    unit = unit << 4 | static_cast<std::uint32_t>(digit);
  }
  return true;
}

// at_ is behind the backslash.
bool EventLine::read_escape() {
  switch (*at_++) {
    case '"':
      text_.push_back('"');
      return true;
    case '\\':
      text_.push_back('\\');
      return true;
    case '/':
      text_.push_back('/');
      return true;
    case 'b':
      text_.push_back('\b');
      return true;
    case 'f':
      text_.push_back('\f');
      return true;
    case 'n':
      text_.push_back('\n');
      return true;
    case 'r':
      text_.push_back('\r');
      return true;
    case 't':
      text_.push_back('\t');
      return true;
    case 'u':
      break;
    default:
      --at_;
      return fail("no such escape in a string");
  }
  std::uint32_t unit = 0;
  if (!read_code_unit(unit)) return false;
  constexpr std::uint32_t kReplacement = 0xfffd;
  if (unit >= 0xdc00 && unit <= 0xdfff) unit = kReplacement;
  if (unit >= 0xd800 && unit <= 0xdbff) {
    const char* after = at_;
    std::uint32_t low = 0;
    if (at_[0] == '\\' && at_[1] == 'u') {
      at_ += 2;
      if (!read_code_unit(low)) return false;
    }
    if (low >= 0xdc00 && low <= 0xdfff) {
      unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
    } else {
      at_ = after;
      unit = kReplacement;
    }
  }
  append_utf8(text_, unit);
  return true;
}

// One character beyond ASCII; the ranges are those of RFC 3629, section 4.
bool EventLine::read_utf8() {
  const auto byte = [&](int i) { return static_cast<unsigned char>(at_[i]); };
  const auto follows = [&](int i, unsigned low = 0x80, unsigned high = 0xbf) {
    return byte(i) >= low && byte(i) <= high;
  };
  const unsigned lead = byte(0);
  std::ptrdiff_t size = 0;
  if (lead >= 0xc2 && lead <= 0xdf) {
    size = follows(1) ? 2 : 0;
  } else if (lead >= 0xe0 && lead <= 0xef) {
    const unsigned low = lead == 0xe0 ? 0xa0 : 0x80;
    const unsigned high = lead == 0xed ? 0x9f : 0xbf;
    size = follows(1, low, high) && follows(2) ? 3 : 0;
  } else if (lead >= 0xf0 && lead <= 0xf4) {
    const unsigned low = lead == 0xf0 ? 0x90 : 0x80;
    const unsigned high = lead == 0xf4 ? 0x8f : 0xbf;
    size = follows(1, low, high) && follows(2) && follows(3) ? 4 : 0;
  }
  if (size == 0) return fail("not UTF-8");
  at_ += size;
  return true;
}

// at_ is at the opening quote.
bool EventLine::read_text(std::string_view& text) {
  const char* begin = ++at_;
  for (;;) {
    at_ = skip_plain(at_, end_);
    if (*at_ == '"') {
      text = {begin, static_cast<std::size_t>(at_ - begin)};
      ++at_;
      return true;
    }
    if (*at_ == '\\') return read_escaped_text(begin, text);
    if (static_cast<unsigned char>(*at_) < 0x20) {
      return fail(at_ == end_ ? "the line ends inside a string" : "control character in a string");
    }
    if (!read_utf8()) return false;
  }
}

// The string began at `begin`; at_ is at its first backslash. No text is longer than what it was
// written with, so one line never outgrows the reserved room and views stay valid.
bool EventLine::read_escaped_text(const char* begin, std::string_view& text) {
  text_.reserve(static_cast<std::size_t>(end_ - begin_));
  const std::size_t start = text_.size();
  const char* run = begin;
  for (;;) {
    while (kPlain[static_cast<unsigned char>(*at_)]) ++at_;
    if (static_cast<unsigned char>(*at_) >= 0x80) {
      if (!read_utf8()) return false;
      continue;
    }
    if (*at_ != '"' && *at_ != '\\') {
      return fail(at_ == end_ ? "the line ends inside a string" : "control character in a string");
    }
    text_.append(run, at_);
    if (*at_++ == '"') break;
    if (!read_escape()) return false;
    run = at_;
  }
  text = std::string_view(text_).substr(start);
  return true;
}

bool EventLine::read_literal(std::string_view literal) {
  if (static_cast<std::size_t>(end_ - at_) < literal.size() ||
      std::memcmp(at_, literal.data(), literal.size()) != 0) {
    return fail("no JSON value");
  }
  at_ += literal.size();
  return true;
}

bool EventLine::read_number(LineItem& item) {
  const char* begin = at_;
  const bool negative = *at_ == '-';
  if (negative) ++at_;
  if (!is_digit(*at_)) return fail("a number needs a digit here");
  std::uint64_t digits = 0;
  const char* first = at_;
  if (*at_ == '0') {
    ++at_;
    if (is_digit(*at_)) return fail("a number must not begin with 0");
  }
  // May wrap; then the count of digits below sends the number to the slow way.
  while (is_digit(*at_)) digits = digits * 10 + static_cast<std::uint64_t>(*at_++ - '0');
  std::ptrdiff_t digit_count = at_ - first;
  std::ptrdiff_t fraction_count = 0;
  item.kind = ValueKind::kInteger;
  bool exponent = false;
  if (*at_ == '.') {
    item.kind = ValueKind::kNumber;
    const char* fraction = ++at_;
    while (is_digit(*at_)) digits = digits * 10 + static_cast<std::uint64_t>(*at_++ - '0');
    fraction_count = at_ - fraction;
    if (fraction_count == 0) return fail("a number needs a digit after its point");
    digit_count += fraction_count;
  }
  if (*at_ == 'e' || *at_ == 'E') {
    item.kind = ValueKind::kNumber;
    exponent = true;
    ++at_;
    if (*at_ == '+' || *at_ == '-') ++at_;
    if (!is_digit(*at_)) return fail("a number needs a digit in its exponent");
    while (is_digit(*at_)) ++at_;
  }
  // Both operands exact, so the quotient is the nearest double (Clinger 1990).
  if (digit_count <= kExactDigits && !exponent) {
    const double value = static_cast<double>(digits) / kPowersOfTen[fraction_count];
    item.number = negative ? -value : value;
  } else {
    item.number = to_double(begin, at_);
  }
  if (item.kind == ValueKind::kInteger && item.number == 0) item.number = 0;  // no -0
  return true;
}

bool EventLine::read_scalar(LineItem& item) {
  switch (*at_) {
    case '"':
      item.kind = ValueKind::kText;
      return read_text(item.text);
    case 't':
      item.kind = ValueKind::kBool;
      item.number = 1;
      return read_literal("true");
    case 'f':
      item.kind = ValueKind::kBool;
      item.number = 0;
      return read_literal("false");
    case 'n':
      item.kind = ValueKind::kNull;
      return read_literal("null");
    default:
      if (*at_ != '-' && !is_digit(*at_)) {
        return fail(at_ == end_ ? "the line ends where a value should be" : "no JSON value");
      }
      return read_number(item);
  }
}

// A name and its colon; at_ is then at the value.
bool EventLine::read_name(std::string_view& name) {
  if (*at_ != '"') return fail("a name in quotes should be here");
  if (!read_text(name)) return false;
  skip_space();
  if (*at_ != ':') return fail("a name must be followed by a colon");
  ++at_;
  skip_space();
  return true;
}

// The slot of the name at at_, which is then at the value; kNoSlot if nobody asked for it, or if
// there is no name and error() says so.
std::uint8_t EventLine::read_slot() {
  std::string_view name;
  if (!read_name(name)) return kNoSlot;
  const std::uint8_t slot = find_slot(name);
  if (slot == kNoSlot) return slot;
  next_slots_[type_hash_][last_slot_] = slot;
  last_slot_ = slot;
  return slot;
}

// The type has been read: expects the fields that its events had before.
void EventLine::expect_type() { type_hash_ = detail::quick_hash(values_[0].text); }

// Reads members as long as each is the one that is expected, has a number or a text without
// escapes, and no more than one space before name and value. True if at_ is then at the closing
// bracket, else at a member for the general way, which also finds out what is wrong with it.
bool EventLine::read_expected() {
  if constexpr (std::endian::native != std::endian::little) return false;
  const char* at = at_;
  std::uint64_t present = present_;
  std::uint8_t last = last_slot_;
  const std::uint8_t* next_slots = next_slots_[type_hash_].data();
  const char* const readable_end = readable_end_;
  bool is_end = false;
  while (readable_end - at >= kQuickBytes) {
    const std::uint8_t slot = next_slots[last];
    const WrittenName& written = kWrittenNames[slot];
    if (!begins_with(at, written)) break;
    const char* behind = at + written.size;
    if (*behind == ' ') ++behind;
    LineValue& value = values_[slot];
    if (*behind == '"') {
      const char* text = behind + 1;
      behind = skip_plain(text, readable_end);
      if (*behind != '"') break;
      value.kind = ValueKind::kText;
      value.number = 0;
      value.text = {text, static_cast<std::size_t>(behind - text)};
      ++behind;
      if (slot == 0) {
        expect_type();
        next_slots = next_slots_[type_hash_].data();
      }
    } else {
      behind = read_plain_number(behind, value);
      if (behind == nullptr) break;
    }
    if (*behind != ',' && *behind != '}') break;
    present |= written.bit;
    last = slot;
    at = behind;
    is_end = *behind == '}';
    if (is_end) break;
    ++at;
    if (*at == ' ') ++at;
  }
  at_ = at;
  present_ = present;
  last_slot_ = last;
  return is_end;
}

// An array or object whose content nobody asked for; at_ is at its bracket.
bool EventLine::read_nested() {
  const std::size_t kept = text_.size();
  stack_.clear();
  std::string_view name;
  LineItem ignored;
  for (;;) {
    if (*at_ == '{' || *at_ == '[') {
      const char close = *at_ == '{' ? '}' : ']';
      ++at_;
      skip_space();
      if (*at_ != close) {
        stack_.push_back(close);
        if (close == '}' && !read_name(name)) return false;
        continue;
      }
      ++at_;
    } else if (!read_scalar(ignored)) {
      return false;
    }
    for (;;) {
      if (stack_.empty()) {
        text_.resize(kept);
        return true;
      }
      skip_space();
      if (*at_ == ',') {
        ++at_;
        skip_space();
        if (stack_.back() == '}' && !read_name(name)) return false;
        break;
      }
      if (*at_ != stack_.back()) return fail("a comma or the closing bracket should be here");
      ++at_;
      stack_.pop_back();
    }
  }
}

// An array or object of a known field; at_ is at its bracket.
bool EventLine::read_list(LineValue& value) {
  const char close = *at_ == '{' ? '}' : ']';
  value.kind = close == '}' ? ValueKind::kObject : ValueKind::kArray;
  value.first_item = static_cast<std::uint32_t>(items_.size());
  ++at_;
  skip_space();
  if (*at_ == close) {
    ++at_;
    return true;
  }
  for (;;) {
    LineItem item;
    if (close == '}' && !read_name(item.key)) return false;
    if (*at_ == '{' || *at_ == '[') {
      item.kind = *at_ == '{' ? ValueKind::kObject : ValueKind::kArray;
      if (!read_nested()) return false;
    } else if (!read_scalar(item)) {
      return false;
    }
    items_.push_back(item);
    ++value.item_count;
    skip_space();
    if (*at_ == close) break;
    if (*at_ != ',') return fail("a comma or the closing bracket should be here");
    ++at_;
    skip_space();
  }
  ++at_;
  return true;
}

bool EventLine::read_value(LineValue& value) {
  value = {};
  return *at_ == '{' || *at_ == '[' ? read_list(value) : read_scalar(value);
}

bool EventLine::parse(std::string_view line, std::size_t readable) {
  begin_ = at_ = line.data();
  end_ = begin_ + line.size();
  readable_end_ = end_ + readable;
  present_ = 0;
  items_.clear();
  text_.clear();
  error_ = "";
  last_slot_ = detail::kMaxFields;
  type_hash_ = 0;

  skip_space();
  if (*at_ != '{') return fail("a line must be a JSON object");
  ++at_;
  skip_space();
  bool more = *at_ != '}';
  while (more && !read_expected()) {
    skip_space();
    const std::uint8_t slot = read_slot();
    if (*error_ != '\0') return false;
    if (slot != kNoSlot) {
      present_ |= std::uint64_t{1} << slot;
      if (!read_value(values_[slot])) return false;
      if (slot == 0 && values_[0].kind == ValueKind::kText) expect_type();
    } else if (*at_ == '{' || *at_ == '[') {
      if (!read_nested()) return false;
    } else {
      LineItem ignored;
      if (!read_scalar(ignored)) return false;
    }
    skip_space();
    more = *at_ == ',';
    if (more) {
      ++at_;
      skip_space();
    } else if (*at_ != '}') {
      return fail("a comma or the closing bracket should be here");
    }
  }
  ++at_;
  skip_space();
  if (at_ != end_) return fail("something follows the object");
  return true;
}

}  // namespace insitu::log
