// SPDX-License-Identifier: MIT
// A partial as a tree: the sums a browser hands out, and what comes of adding those of many.
//
// The JSON value behind it is made of objects, integers within +-2^53, sums |S| < 2^85 written as
// the pair [floor(S / 2^32), S mod 2^32], and strings. A 0, a [0,0] and an object without members
// say the same as nothing at all; a finished tree does not hold them, so that equal partials have
// equal trees and one canonical text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/int128.h"

namespace insitu::partial {

namespace detail {
class TreeParser;
class TreeMerger;
}  // namespace detail

// Integers are within +-kMaxInteger, both ends included; sums are within +-kSumLimit, both ends
// left out.
inline constexpr std::int64_t kMaxInteger = std::int64_t{1} << 53;
inline constexpr base::Int128 kSumLimit = base::Int128{1} << 85;
// Objects within objects, the root counted.
inline constexpr std::size_t kMaxDepth = 16;
// Size of a text or of bytes that are read.
inline constexpr std::size_t kMaxInputBytes = std::size_t{256} << 20;

enum class Kind : std::uint8_t { kObject, kInteger, kPair, kText };

// A value of one tree. Stays valid until the tree is cleared, parsed into or assigned to, or a
// merge makes the value vanish.
using Node = std::uint32_t;
// No value. Every query takes it and finds nothing in it.
inline constexpr Node kNoNode = 0xffff'ffff;

// Either built (add_..., then finish()) or read by parse() or decode(). Queries and merges need a
// finished tree; a new one is finished and is the empty object. A finished tree can be added to,
// and finished again. The tree owns all its text. One that was moved from must be assigned to or
// cleared before it is used again.
class Tree {
 public:
  struct Member {
    std::string_view key;  // UTF-8; valid until the tree changes
    Node node = kNoNode;
  };

  Tree() { clear(); }

  // Makes it the empty object again. Keeps its memory for the next use.
  void clear();

  // ---- reading

  [[nodiscard]] static constexpr Node root() { return 0; }
  // Of a node other than kNoNode.
  // Nodes have numbers below this one.
  [[nodiscard]] std::size_t nodes() const { return slots_.size(); }
  [[nodiscard]] Kind kind(Node node) const { return slots_[node].kind; }
  // True if it says nothing: no members, "{}".
  [[nodiscard]] bool is_empty() const { return slots_[root()].count == 0; }

  // Number of members of an object; 0 of anything else.
  [[nodiscard]] std::size_t size(Node object) const;
  // Member `index` < size(object), in the order of the bytes of the keys. O(1).
  [[nodiscard]] Member member(Node object, std::size_t index) const;
  // The member of an object; kNoNode if there is none or `object` is not one. O(log size).
  [[nodiscard]] Node find(Node object, std::string_view key) const;

  // The value if `node` is of that kind; else 0 or "", what absence stands for. O(1).
  [[nodiscard]] std::int64_t integer(Node node) const;
  [[nodiscard]] base::Int128 sum(Node node) const;
  [[nodiscard]] std::string_view text(Node node) const;  // valid until the tree changes

  // ---- building

  // Add a member to an object that was added before (or the root), in any order. O(1) on average.
  // What goes wrong is kept for finish(): a number out of range, a key or text that is not UTF-8.
  Node add_object(Node parent, std::string_view key);
  void add_integer(Node parent, std::string_view key, std::int64_t value);
  void add_sum(Node parent, std::string_view key, base::Int128 value);
  void add_text(Node parent, std::string_view key, std::string_view value);

  // Sorts the members and takes out those that say nothing. False if an add_ went wrong, a key is
  // twice in an object, or there are more than kMaxDepth levels; the tree is empty then.
  // O(size log size).
  [[nodiscard]] bool finish();

 private:
  friend class detail::TreeParser;
  friend class detail::TreeMerger;

  // The first 8 bytes of the key come along as a number in the order of the bytes: most keys are
  // short, and comparing them then needs no look at the text.
  struct Entry {
    std::uint64_t prefix = 0;
    std::uint32_t key_first = 0;
    std::uint32_t key_size = 0;
    Node node = kNoNode;
  };
  // `first` and `count` are a range of entries_ (kObject) or of text_ (kText); of a pair, `value`
  // and `first` are its two numbers. The slot of a member comes after that of its object.
  struct Slot {
    Kind kind = Kind::kObject;
    std::uint32_t first = 0;
    std::uint32_t count = 0;
    std::uint32_t capacity = 0;  // entries the range of an object has room for
    std::int64_t value = 0;
  };

  // More would not fit the 32-bit places above: a range that grows leaves at most three times its
  // size behind.
  static constexpr std::size_t kMaxSlots = std::size_t{1} << 29;
  static constexpr std::size_t kMaxTextBytes = 0xffff'0000;

  [[nodiscard]] static std::uint64_t prefix_of(std::string_view key);
  [[nodiscard]] std::string_view key(const Entry& entry) const {
    return {text_.data() + entry.key_first, entry.key_size};
  }
  // Order of two keys by their bytes: negative, 0 or positive.
  [[nodiscard]] int compare(const Entry& entry, const Tree& other, const Entry& others) const;
  [[nodiscard]] bool says_nothing(Node node) const;
  void make_room(Node object, std::size_t count);
  void drop_nothings(Node object);
  Node add(Node parent, std::string_view key, const Slot& slot);
  std::uint32_t keep_text(std::string_view text);
  [[nodiscard]] bool is_too_deep() const;

  std::vector<Slot> slots_;
  std::vector<Entry> entries_;
  std::string text_;
  bool is_bad_ = false;  // something could not be added
};

// What was wrong with a text or bytes, or nothing.
struct ParseResult {
  std::string error;       // empty: fine
  std::size_t line = 0;    // of the error, from 1; 0 if bytes were read
  std::size_t column = 0;  // in bytes, from 1; if bytes were read, the place in them from 1

  [[nodiscard]] bool ok() const { return error.empty(); }
};

// Reads one JSON text (RFC 8259) of the shape above into `tree`, whatever it held. Members may come
// in any order and white space anywhere; refused are other values, numbers with a fraction, an
// exponent or as -0, values out of range, keys given twice, text that is not UTF-8, more than
// kMaxDepth levels, and more than kMaxInputBytes. After an error the tree is empty. `json` need not
// outlive the call. O(size), with O(m log m) for m members of an object in another order.
[[nodiscard]] ParseResult parse(std::string_view json, Tree& tree);

// The one text of the tree: no white space, members in the order of the bytes of their keys,
// strings escaped as in RFC 8785, nothing that says nothing (except the root). O(size).
[[nodiscard]] std::string canonical(const Tree& tree);

}  // namespace insitu::partial
