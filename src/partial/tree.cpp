// SPDX-License-Identifier: MIT
#include "partial/tree.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstring>

#include "base/assert.h"
#include "base/utf8.h"

namespace insitu::partial {
namespace {

// Behind a text that is parsed: the scanner stops at a 0, and prefixes are read 8 bytes at a time.
constexpr std::size_t kPadding = 8;

// About what a member takes in a text, for the first guess at how many there are.
constexpr std::size_t kBytesPerMember = 12;

constexpr std::uint64_t in_byte_order(std::uint64_t word) {
  if constexpr (std::endian::native == std::endian::little) return __builtin_bswap64(word);
  return word;
}

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Characters of a string that mean themselves and are one byte.
constexpr std::array<bool, 256> make_plain() {
  std::array<bool, 256> plain{};
  for (std::size_t c = 0x20; c < 0x80; ++c) plain[c] = c != '"' && c != '\\';
  return plain;
}
constexpr std::array<bool, 256> kPlain = make_plain();

char* write_utf8(char* out, std::uint32_t code) {
  const auto put = [&](std::uint32_t byte) { *out++ = static_cast<char>(byte); };
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
  return out;
}

}  // namespace

// ---- reading

void Tree::clear() {
  slots_.assign(1, Slot{});
  entries_.clear();
  text_.clear();
  is_bad_ = false;
}

std::size_t Tree::size(Node object) const {
  if (object == kNoNode || slots_[object].kind != Kind::kObject) return 0;
  return slots_[object].count;
}

Tree::Member Tree::member(Node object, std::size_t index) const {
  INSITU_ASSERT(index < size(object));
  const Entry& entry = entries_[slots_[object].first + index];
  return {key(entry), entry.node};
}

Node Tree::find(Node object, std::string_view wanted) const {
  std::size_t count = size(object);
  if (count == 0) return kNoNode;
  const std::uint64_t prefix = prefix_of(wanted);
  const auto is_before = [&](const Entry& entry, std::string_view text) {
    return entry.prefix != prefix ? entry.prefix < prefix : key(entry) < text;
  };
  const Entry* const begin = entries_.data() + slots_[object].first;
  const Entry* const end = begin + count;
  const Entry* const at = std::lower_bound(begin, end, wanted, is_before);
  return at != end && key(*at) == wanted ? at->node : kNoNode;
}

std::int64_t Tree::integer(Node node) const {
  if (node == kNoNode || slots_[node].kind != Kind::kInteger) return 0;
  return slots_[node].value;
}

base::Int128 Tree::sum(Node node) const {
  if (node == kNoNode || slots_[node].kind != Kind::kPair) return 0;
  const Slot& slot = slots_[node];
  return static_cast<base::Int128>(slot.value) * (std::int64_t{1} << 32) + slot.first;
}

std::string_view Tree::text(Node node) const {
  if (node == kNoNode || slots_[node].kind != Kind::kText) return {};
  return {text_.data() + slots_[node].first, slots_[node].count};
}

std::uint64_t Tree::prefix_of(std::string_view key) {
  std::uint64_t word = 0;
  if (!key.empty()) std::memcpy(&word, key.data(), std::min(key.size(), sizeof(word)));
  return in_byte_order(word);
}

int Tree::compare(const Entry& entry, const Tree& other, const Entry& others) const {
  if (entry.prefix != others.prefix) return entry.prefix < others.prefix ? -1 : 1;
  const std::uint32_t shorter = std::min(entry.key_size, others.key_size);
  if (shorter > sizeof(entry.prefix)) return key(entry).compare(other.key(others));
  // One key starts the other; what the prefix has behind its end are the 0s of either.
  return entry.key_size == others.key_size ? 0 : entry.key_size < others.key_size ? -1 : 1;
}

bool Tree::says_nothing(Node node) const {
  const Slot& slot = slots_[node];
  switch (slot.kind) {
    case Kind::kObject:
      return slot.count == 0;
    case Kind::kInteger:
      return slot.value == 0;
    case Kind::kPair:
      return slot.value == 0 && slot.first == 0;
    case Kind::kText:
      break;
  }
  return false;
}

// ---- building

// Doubles, so that adding one by one costs O(1) on average.
void Tree::make_room(Node object, std::size_t count) {
  Slot& slot = slots_[object];
  if (count <= slot.capacity) return;
  const std::size_t first = entries_.size();
  entries_.resize(first + 2 * count);
  std::copy_n(entries_.begin() + slot.first, slot.count,
              entries_.begin() + static_cast<std::ptrdiff_t>(first));
  slot.first = static_cast<std::uint32_t>(first);
  slot.capacity = static_cast<std::uint32_t>(2 * count);
}

void Tree::drop_nothings(Node object) {
  Slot& slot = slots_[object];
  const auto begin = entries_.begin() + slot.first;
  const auto end = std::remove_if(begin, begin + slot.count,
                                  [&](const Entry& entry) { return says_nothing(entry.node); });
  slot.count = static_cast<std::uint32_t>(end - begin);
}

std::uint32_t Tree::keep_text(std::string_view text) {
  const std::size_t first = text_.size();
  if (!base::is_utf8(text) || first + text.size() > kMaxTextBytes) {
    is_bad_ = true;
    return 0;
  }
  text_ += text;
  return static_cast<std::uint32_t>(first);
}

Node Tree::add(Node parent, std::string_view key, const Slot& slot) {
  INSITU_ASSERT(slots_[parent].kind == Kind::kObject);
  if (slots_.size() == kMaxSlots) is_bad_ = true;
  const std::uint32_t key_first = keep_text(key);
  // finish() will refuse all of it; until then the nodes given out must exist.
  if (is_bad_) return parent;
  make_room(parent, std::size_t{slots_[parent].count} + 1);
  const auto node = static_cast<Node>(slots_.size());
  slots_.push_back(slot);
  Slot& object = slots_[parent];
  entries_[object.first + object.count++] = {prefix_of(key), key_first,
                                             static_cast<std::uint32_t>(key.size()), node};
  return node;
}

Node Tree::add_object(Node parent, std::string_view key) {
  return add(parent, key, {.kind = Kind::kObject});
}

void Tree::add_integer(Node parent, std::string_view key, std::int64_t value) {
  if (value < -kMaxInteger || value > kMaxInteger) is_bad_ = true;
  add(parent, key, {.kind = Kind::kInteger, .value = value});
}

void Tree::add_sum(Node parent, std::string_view key, base::Int128 value) {
  if (value <= -kSumLimit || value >= kSumLimit) is_bad_ = true;
  add(parent, key,
      {.kind = Kind::kPair,
       .first = static_cast<std::uint32_t>(value & 0xffff'ffff),
       .value = static_cast<std::int64_t>(value >> 32)});
}

void Tree::add_text(Node parent, std::string_view key, std::string_view value) {
  const std::uint32_t first = keep_text(value);
  add(parent, key,
      {.kind = Kind::kText, .first = first, .count = static_cast<std::uint32_t>(value.size())});
}

bool Tree::is_too_deep() const {
  std::vector<std::uint8_t> depth(slots_.size(), 1);
  for (Node node = 0; node < slots_.size(); ++node) {
    for (std::size_t i = 0; i < size(node); ++i) {
      const Node child = member(node, i).node;
      depth[child] = static_cast<std::uint8_t>(depth[node] + 1);
      if (kind(child) == Kind::kObject && depth[child] > kMaxDepth) return true;
    }
  }
  return false;
}

bool Tree::finish() {
  bool is_fine = !is_bad_ && !is_too_deep();
  // Members come after their object, so backwards the innermost objects are first.
  for (std::size_t i = slots_.size(); i-- > 0 && is_fine;) {
    const Slot& slot = slots_[i];
    if (slot.kind != Kind::kObject) continue;
    const auto begin = entries_.begin() + slot.first;
    const auto end = begin + slot.count;
    const auto is_before = [&](const Entry& a, const Entry& b) { return compare(a, *this, b) < 0; };
    const auto is_not_before = [&](const Entry& a, const Entry& b) { return !is_before(a, b); };
    // Mostly they are in order as they come.
    if (std::adjacent_find(begin, end, is_not_before) != end) {
      std::sort(begin, end, is_before);
      is_fine = std::adjacent_find(begin, end, is_not_before) == end;
    }
    drop_nothings(static_cast<Node>(i));
  }
  if (!is_fine) clear();
  return is_fine;
}

// ---- JSON

namespace detail {

// One pass over a copy of the text, which the tree keeps: keys and strings are places in it, and
// escapes are decoded where they stand, as they only get shorter.
class TreeParser {
 public:
  TreeParser(std::string_view json, Tree& tree) : json_(json), tree_(tree) {
    tree_.clear();
    tree_.text_.reserve(json.size() + kPadding);
    tree_.text_.append(json);
    tree_.text_.append(kPadding, '\0');
    tree_.slots_.reserve(json.size() / kBytesPerMember);
    tree_.entries_.reserve(json.size() / kBytesPerMember);
    at_ = tree_.text_.data();
    end_ = at_ + json.size();
  }

  ParseResult run() {
    if (!read_document()) {
      tree_.clear();
      return place_error();
    }
    return {};
  }

 private:
  struct OpenObject {
    Node node = kNoNode;
    std::size_t first = 0;  // of its members in pending_
  };

  bool fail(const char* error, const char* at) {
    error_ = at == end_ ? "the text ends too early" : error;
    error_at_ = static_cast<std::size_t>(at - tree_.text_.data());
    return false;
  }
  bool fail(const char* error) { return fail(error, at_); }

  ParseResult place_error() const {
    const std::string_view before = json_.substr(0, error_at_);
    const std::size_t line_break = before.rfind('\n');
    ParseResult result;
    result.error = error_;
    result.line = 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
    result.column = error_at_ - (line_break == std::string_view::npos ? 0 : line_break + 1) + 1;
    return result;
  }

  void skip_space() {
    while (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t') ++at_;
  }

  std::uint32_t place(const char* at) const {
    return static_cast<std::uint32_t>(at - tree_.text_.data());
  }

  bool read_document() {
    skip_space();
    if (*at_ != '{') return fail("a partial is an object, {...}");
    open(Tree::root());
    for (;;) {
      // Behind a { or a comma.
      skip_space();
      const bool is_member = *at_ == '"';
      if (!is_member && !(*at_ == '}' && is_opened_)) {
        return fail(is_opened_ ? "expected a key or }" : "expected a key");
      }
      if (is_member) {
        is_opened_ = false;
        if (!read_member()) return false;
        if (is_opened_) continue;
      }
      for (skip_space(); *at_ == '}'; skip_space()) {
        ++at_;
        if (!close()) return false;
        if (depth_ > 0) continue;
        skip_space();
        return at_ == end_ || fail("something follows the object");
      }
      if (*at_ != ',') return fail("expected a comma or }");
      ++at_;
    }
  }

  void open(Node node) {
    ++at_;
    open_[depth_++] = {node, pending_.size()};
    is_opened_ = true;
  }

  bool close() {
    is_opened_ = false;
    const OpenObject object = open_[--depth_];
    const auto begin = pending_.begin() + static_cast<std::ptrdiff_t>(object.first);
    const auto is_before = [this](const Tree::Entry& a, const Tree::Entry& b) {
      return tree_.compare(a, tree_, b) < 0;
    };
    const auto is_not_before = [&](const Tree::Entry& a, const Tree::Entry& b) {
      return !is_before(a, b);
    };
    if (std::adjacent_find(begin, pending_.end(), is_not_before) != pending_.end()) {
      std::sort(begin, pending_.end(), is_before);
      const auto equal = std::adjacent_find(begin, pending_.end(), is_not_before);
      if (equal != pending_.end()) {
        const std::uint32_t second = std::max(equal->key_first, std::next(equal)->key_first);
        return fail("this key was there before", tree_.text_.data() + second);
      }
    }
    Tree::Slot& slot = tree_.slots_[object.node];
    slot.first = static_cast<std::uint32_t>(tree_.entries_.size());
    for (auto entry = begin; entry != pending_.end(); ++entry) {
      if (!tree_.says_nothing(entry->node)) tree_.entries_.push_back(*entry);
    }
    slot.count = slot.capacity = static_cast<std::uint32_t>(tree_.entries_.size() - slot.first);
    pending_.resize(object.first);
    return true;
  }

  bool read_member() {
    Tree::Entry entry;
    if (!read_string(entry.key_first, entry.key_size)) return false;
    entry.prefix = prefix_at(entry.key_first, entry.key_size);
    entry.node = static_cast<Node>(tree_.slots_.size());
    skip_space();
    if (*at_ != ':') return fail("expected a colon");
    ++at_;
    skip_space();
    pending_.push_back(entry);
    Tree::Slot slot;
    if (*at_ == '{') {
      if (depth_ == kMaxDepth) return fail("too many objects within objects");
      tree_.slots_.push_back(slot);
      open(entry.node);
      return true;
    }
    if (*at_ == '-' || is_digit(*at_)) {
      slot.kind = Kind::kInteger;
      if (!read_integer(slot.value)) return false;
    } else if (*at_ == '[') {
      slot.kind = Kind::kPair;
      if (!read_pair(slot)) return false;
    } else if (*at_ == '"') {
      slot.kind = Kind::kText;
      if (!read_string(slot.first, slot.count)) return false;
    } else {
      return fail("expected an object, a whole number, a pair [a,b] or a string");
    }
    tree_.slots_.push_back(slot);
    return true;
  }

  // prefix_of() for text with kPadding bytes behind it.
  std::uint64_t prefix_at(std::uint32_t first, std::uint32_t size) const {
    std::uint64_t word = 0;
    std::memcpy(&word, tree_.text_.data() + first, sizeof(word));
    const std::uint64_t prefix = in_byte_order(word);
    if (size >= sizeof(word)) return prefix;
    return size == 0 ? 0 : prefix & ~std::uint64_t{0} << (64 - 8 * size);
  }

  bool read_integer(std::int64_t& value) {
    const char* const start = at_;
    const bool is_negative = *at_ == '-';
    if (is_negative) ++at_;
    if (!is_digit(*at_)) return fail("expected a digit");
    if (*at_ == '0' && is_digit(at_[1])) return fail("a number does not start with 0");
    std::int64_t digits = 0;
    for (; is_digit(*at_); ++at_) {
      digits = digits * 10 + (*at_ - '0');
      if (digits > kMaxInteger) return fail("a number outside -2^53 ... 2^53", start);
    }
    if (*at_ == '.' || *at_ == 'e' || *at_ == 'E') return fail("not a whole number", start);
    if (is_negative && digits == 0) return fail("-0 is not a whole number", start);
    value = is_negative ? -digits : digits;
    return true;
  }

  bool read_pair(Tree::Slot& slot) {
    const char* const start = at_;
    ++at_;
    skip_space();
    if (!read_integer(slot.value)) return false;
    skip_space();
    if (*at_ != ',') return fail("expected a comma: a pair is [a,b]");
    ++at_;
    skip_space();
    std::int64_t low = 0;
    if (!read_integer(low)) return false;
    skip_space();
    if (*at_ != ']') return fail("expected ]: a pair is [a,b]");
    ++at_;
    if (low < 0 || low > 0xffff'ffff) {
      return fail("the second number of a pair is 0 ... 4294967295", start);
    }
    slot.first = static_cast<std::uint32_t>(low);
    // Just these are left of what two good numbers can make.
    const bool is_outside =
        slot.value == kMaxInteger || (slot.value == -kMaxInteger && slot.first == 0);
    return !is_outside || fail("a sum outside -2^85 ... 2^85", start);
  }

  bool read_string(std::uint32_t& first, std::uint32_t& size) {
    char* const begin = ++at_;
    while (kPlain[static_cast<unsigned char>(*at_)]) ++at_;
    char* out = at_;
    while (*at_ != '"') {
      if (*at_ == '\\') {
        if (!read_escape(out)) return false;
        continue;
      }
      if (static_cast<unsigned char>(*at_) < 0x20) return fail("a control character in a string");
      const std::size_t bytes = base::utf8_size({at_, static_cast<std::size_t>(end_ - at_)});
      if (bytes == 0) return fail("not UTF-8");
      std::memmove(out, at_, bytes);
      out += bytes;
      at_ += bytes;
    }
    ++at_;
    first = place(begin);
    size = static_cast<std::uint32_t>(out - begin);
    return true;
  }

  bool read_escape(char*& out) {
    constexpr std::string_view kNames = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    const char* const start = at_++;
    if (*at_ != 'u') {
      const std::size_t which = kNames.find(*at_);
      if (which == std::string_view::npos) return fail("no such escape");
      ++at_;
      *out++ = kMeanings[which];
      return true;
    }
    ++at_;
    std::uint32_t code = 0;
    if (!read_hex(code)) return false;
    if (code >= 0xd800 && code < 0xe000) {
      std::uint32_t low = 0;
      const bool is_high = code < 0xdc00 && at_[0] == '\\' && at_[1] == 'u';
      if (!is_high) return fail("half of a surrogate pair", start);
      at_ += 2;
      if (!read_hex(low)) return false;
      if (low < 0xdc00 || low > 0xdfff) return fail("half of a surrogate pair", start);
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    }
    out = write_utf8(out, code);
    return true;
  }

  bool read_hex(std::uint32_t& code) {
    for (int i = 0; i < 4; ++i, ++at_) {
      const char c = *at_;
      if (is_digit(c)) {
        code = code << 4 | static_cast<std::uint32_t>(c - '0');
      } else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) {
        code = code << 4 | static_cast<std::uint32_t>((c | 0x20) - 'a' + 10);
      } else {
        return fail("\\u needs four hexadecimal digits");
      }
    }
    return true;
  }

  std::string_view json_;
  Tree& tree_;
  char* at_ = nullptr;
  const char* end_ = nullptr;
  std::vector<Tree::Entry> pending_;  // members of the open objects, the innermost last
  std::array<OpenObject, kMaxDepth> open_;
  std::size_t depth_ = 0;
  bool is_opened_ = false;  // the last thing read was a {
  const char* error_ = "";
  std::size_t error_at_ = 0;
};

}  // namespace detail

ParseResult parse(std::string_view json, Tree& tree) {
  if (json.size() > kMaxInputBytes) {
    tree.clear();
    return {"larger than 256 MiB", 1, 1};
  }
  return detail::TreeParser(json, tree).run();
}

namespace {

void write_string(std::string_view text, std::string& out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20) {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
      continue;
    }
    out += '\\';
    switch (c) {
      case '\b':
        out += 'b';
        break;
      case '\f':
        out += 'f';
        break;
      case '\n':
        out += 'n';
        break;
      case '\r':
        out += 'r';
        break;
      case '\t':
        out += 't';
        break;
      default:
        out += "u00";
        out += kDigits[byte >> 4];
        out += kDigits[byte & 0xf];
    }
  }
  out += '"';
}

void write_integer(std::int64_t value, std::string& out) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  out.append(digits.data(), end.ptr);
}

// As deep as the tree: at most kMaxDepth.
void write_value(const Tree& tree, Node node, std::string& out) {
  switch (tree.kind(node)) {
    case Kind::kObject:
      out += '{';
      for (std::size_t i = 0; i < tree.size(node); ++i) {
        const Tree::Member member = tree.member(node, i);
        if (i > 0) out += ',';
        write_string(member.key, out);
        out += ':';
        write_value(tree, member.node, out);
      }
      out += '}';
      break;
    case Kind::kInteger:
      write_integer(tree.integer(node), out);
      break;
    case Kind::kPair: {
      const base::Int128 sum = tree.sum(node);
      out += '[';
      write_integer(static_cast<std::int64_t>(sum >> 32), out);
      out += ',';
      write_integer(static_cast<std::int64_t>(sum & 0xffff'ffff), out);
      out += ']';
      break;
    }
    case Kind::kText:
      write_string(tree.text(node), out);
      break;
  }
}

}  // namespace

std::string canonical(const Tree& tree) {
  std::string out;
  write_value(tree, Tree::root(), out);
  return out;
}

}  // namespace insitu::partial
