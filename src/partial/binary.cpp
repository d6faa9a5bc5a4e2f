// SPDX-License-Identifier: MIT
#include "partial/binary.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>

#include "stats/hash64.h"

namespace insitu::partial {
namespace {

constexpr std::array<char, 4> kMagic = {'I', 'N', 'S', 'P'};
constexpr std::size_t kHeaderBytes = kMagic.size() + 1;

enum KeyTag : std::uint64_t { kKnownKey = 0, kNewKey = 1, kNumberKey = 2, kCellKey = 3 };
enum ValueTag : std::uint64_t { kObjectTag = 0, kIntegerTag = 1, kPairTag = 2, kTextTag = 3 };

constexpr std::uint64_t zigzag(std::int64_t value) {
  return static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
}
constexpr std::int64_t unzigzag(std::uint64_t code) {
  return static_cast<std::int64_t>(code >> 1 ^ (0 - (code & 1)));
}

// Keys that are numbers are short: 15 digits never leave the range.
constexpr std::size_t kMaxNumberChars = 15;

// The integer whose decimal text is `text`, if there is one.
std::optional<std::int64_t> number_of(std::string_view text) {
  if (text.empty() || text.size() > kMaxNumberChars) return std::nullopt;
  const std::string_view digits = text.substr(text.front() == '-' ? 1 : 0);
  if (digits.empty() || (digits.front() == '0' && text != "0")) return std::nullopt;
  std::int64_t value = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return text.front() == '-' ? -value : value;
}

void append_number(std::int64_t value, std::string& out) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  out.append(digits.data(), end.ptr);
}

// ---- writing

// The numbers of the keys written so far: open addressing, at most half full.
class KeyNumbers {
 public:
  static constexpr std::uint32_t kNewNumber = 0xffff'ffff;

  // The number of the key; kNewNumber, and it gets the next one, if it is new.
  std::uint32_t look_up(std::string_view key) {
    if (2 * (keys_.size() + 1) > table_.size()) grow();
    std::uint32_t& cell = cell_of(key);
    if (cell != kNewNumber) return cell;
    cell = static_cast<std::uint32_t>(keys_.size());
    keys_.push_back(key);
    return kNewNumber;
  }

 private:
  std::uint32_t& cell_of(std::string_view key) {
    const std::size_t mask = table_.size() - 1;
    std::size_t at = stats::hash64(key) & mask;
    while (table_[at] != kNewNumber && keys_[table_[at]] != key) at = (at + 1) & mask;
    return table_[at];
  }
  void grow() {
    table_.assign(std::max<std::size_t>(64, 2 * table_.size()), kNewNumber);
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      cell_of(keys_[i]) = static_cast<std::uint32_t>(i);
    }
  }

  std::vector<std::string_view> keys_;
  std::vector<std::uint32_t> table_;
};

class Encoder {
 public:
  explicit Encoder(const Tree& tree) : tree_(tree) {}

  std::vector<std::byte> run() {
    put_bytes({kMagic.data(), kMagic.size()});
    out_.push_back(std::byte{kBinaryVersion});
    put_varint(tree_.size(Tree::root()));
    put_members(Tree::root());
    return std::move(out_);
  }

 private:
  void put_bytes(std::string_view text) {
    // Not insert(): GCC 12 warns of what it makes of it.
    const std::size_t at = out_.size();
    out_.resize(at + text.size());
    std::ranges::copy(std::as_bytes(std::span(text)),
                      out_.begin() + static_cast<std::ptrdiff_t>(at));
  }

  void put_varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out_.push_back(static_cast<std::byte>(value | 0x80));
    out_.push_back(static_cast<std::byte>(value));
  }
  void put_tagged(std::uint64_t value, std::uint64_t tag) { put_varint(value << 2 | tag); }

  void put_members(Node object) {
    for (std::size_t i = 0; i < tree_.size(object); ++i) {
      const Tree::Member member = tree_.member(object, i);
      put_key(member.key);
      put_value(member.node);
    }
  }

  void put_key(std::string_view key) {
    if (const auto number = number_of(key)) return put_tagged(zigzag(*number), kNumberKey);
    const std::size_t comma = key.find(',');
    if (comma != std::string_view::npos) {
      const auto first = number_of(key.substr(0, comma));
      const auto second = number_of(key.substr(comma + 1));
      if (first && second) {
        put_tagged(zigzag(*first), kCellKey);
        return put_varint(zigzag(*second));
      }
    }
    if (key.size() <= kMaxSharedKeyBytes) {
      const std::uint32_t known = keys_.look_up(key);
      if (known != KeyNumbers::kNewNumber) return put_tagged(known, kKnownKey);
    }
    put_tagged(key.size(), kNewKey);
    put_bytes(key);
  }

  void put_value(Node node) {
    switch (tree_.kind(node)) {
      case Kind::kObject:
        put_tagged(tree_.size(node), kObjectTag);
        put_members(node);
        break;
      case Kind::kInteger:
        put_tagged(zigzag(tree_.integer(node)), kIntegerTag);
        break;
      case Kind::kPair: {
        const base::Int128 sum = tree_.sum(node);
        put_tagged(zigzag(static_cast<std::int64_t>(sum >> 32)), kPairTag);
        put_varint(static_cast<std::uint64_t>(sum & 0xffff'ffff));
        break;
      }
      case Kind::kText:
        put_tagged(tree_.text(node).size(), kTextTag);
        put_bytes(tree_.text(node));
        break;
    }
  }

  const Tree& tree_;
  KeyNumbers keys_;
  std::vector<std::byte> out_;
};

// ---- reading

class Decoder {
 public:
  Decoder(std::span<const std::byte> bytes, Tree& tree)
      : text_(reinterpret_cast<const char*>(bytes.data()), bytes.size()), tree_(tree) {}

  ParseResult run() {
    tree_.clear();
    const bool is_fine = text_.size() > kMaxInputBytes ? fail("larger than 256 MiB") : read();
    if (is_fine) return {};
    tree_.clear();
    return {error_, 0, at_ + 1};
  }

 private:
  bool fail(const char* error) {
    error_ = error;
    return false;
  }

  bool read() {
    if (text_.substr(0, kMagic.size()) != std::string_view(kMagic.data(), kMagic.size())) {
      return fail("not a binary partial");
    }
    at_ = kMagic.size();
    if (text_.size() < kHeaderBytes) return fail("the bytes end too early");
    if (static_cast<std::uint8_t>(text_[at_]) != kBinaryVersion) {
      return fail("a binary partial of another format version");
    }
    at_ = kHeaderBytes;
    std::uint64_t count = 0;
    if (!read_varint(count) || !read_members(Tree::root(), count, 1)) return false;
    if (at_ != text_.size()) return fail("something follows the partial");
    // What is left to be wrong.
    return tree_.finish() || fail("a key twice in one object, or text that is not UTF-8");
  }

  bool read_varint(std::uint64_t& value) {
    value = 0;
    for (unsigned shift = 0; shift < 63; shift += 7) {
      if (at_ == text_.size()) return fail("the bytes end too early");
      const auto byte = static_cast<std::uint8_t>(text_[at_++]);
      value |= std::uint64_t{byte & 0x7fu} << shift;
      if (byte < 0x80) return true;
    }
    // All numbers have less than 63 bits.
    return fail("a number outside its range");
  }

  bool read_bytes(std::uint64_t size, std::string_view& bytes) {
    if (size > text_.size() - at_) {
      at_ = text_.size();
      return fail("the bytes end too early");
    }
    bytes = text_.substr(at_, static_cast<std::size_t>(size));
    at_ += bytes.size();
    return true;
  }

  // At most kMaxDepth calls deep.
  bool read_members(Node object, std::uint64_t count, std::size_t depth) {
    for (; count > 0; --count) {
      if (!read_key()) return false;
      std::uint64_t code = 0;
      if (!read_varint(code)) return false;
      const std::uint64_t value = code >> 2;
      switch (code & 3) {
        case kObjectTag:
          if (depth == kMaxDepth) return fail("too many objects within objects");
          if (!read_members(tree_.add_object(object, key_), value, depth + 1)) return false;
          break;
        case kIntegerTag:
          if (!is_in_range(unzigzag(value))) return fail("a number outside its range");
          tree_.add_integer(object, key_, unzigzag(value));
          break;
        case kPairTag:
          if (!read_pair(object, unzigzag(value))) return false;
          break;
        default: {
          std::string_view text;
          if (!read_bytes(value, text)) return false;
          tree_.add_text(object, key_, text);
        }
      }
    }
    return true;
  }

  bool read_pair(Node object, std::int64_t high) {
    std::uint64_t low = 0;
    if (!read_varint(low)) return false;
    if (!is_in_range(high) || low > 0xffff'ffff) return fail("a number outside its range");
    const base::Int128 sum =
        static_cast<base::Int128>(high) * (std::int64_t{1} << 32) + static_cast<base::Int128>(low);
    if (sum <= -kSumLimit || sum >= kSumLimit) return fail("a number outside its range");
    tree_.add_sum(object, key_, sum);
    return true;
  }

  static bool is_in_range(std::int64_t value) {
    return value >= -kMaxInteger && value <= kMaxInteger;
  }

  bool read_key() {
    std::uint64_t code = 0;
    if (!read_varint(code)) return false;
    const std::uint64_t what = code >> 2;
    switch (code & 3) {
      case kKnownKey:
        if (what >= keys_.size()) return fail("a key that was not written out");
        key_ = keys_[static_cast<std::size_t>(what)];
        return true;
      case kNewKey:
        if (!read_bytes(what, key_)) return false;
        if (key_.size() <= kMaxSharedKeyBytes) keys_.push_back(key_);
        return true;
      default: {
        number_.clear();
        append_number(unzigzag(what), number_);
        if ((code & 3) == kCellKey) {
          std::uint64_t second = 0;
          if (!read_varint(second)) return false;
          number_ += ',';
          append_number(unzigzag(second), number_);
        }
        key_ = number_;
        return true;
      }
    }
  }

  std::string_view text_;
  Tree& tree_;
  std::size_t at_ = 0;
  std::vector<std::string_view> keys_;
  std::string_view key_;  // of the member that is read
  std::string number_;    // the key's text if it is numbers
  const char* error_ = "";
};

}  // namespace

std::vector<std::byte> encode(const Tree& tree) { return Encoder(tree).run(); }

ParseResult decode(std::span<const std::byte> bytes, Tree& tree) {
  return Decoder(bytes, tree).run();
}

}  // namespace insitu::partial
