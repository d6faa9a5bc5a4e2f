// SPDX-License-Identifier: MIT
// How a family's totals become a partial (KPI specification 4) and come back: one list of fields,
// walked by whoever writes, checks or adds.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/flat_map.h"
#include "base/text.h"
#include "events/string_table.h"
#include "kpi/result.h"
#include "kpi/setting.h"
#include "stats/ddsketch.h"
#include "stats/moments.h"

namespace insitu::kpi {

// Walks the fields of totals, in any order; every value is a member, under its name in the
// canonical JSON, of the object that is open. What is written is an integer, a pair or an object of
// them; a 0 is left out. What is read is added to the value that is there.
//
// Reading has two passes over the same totals: the first, `storing()` false, changes nothing and
// finds every error, the second adds.
class PartialIo {
 public:
  virtual void begin(std::string_view name) = 0;
  virtual void end() = 0;
  virtual void count(std::string_view name, Count& value) = 0;
  // As count(), but of how many values there are: the sum is not below 0.
  virtual void size(std::string_view name, Count& value) = 0;
  // As count(), but of two values the smaller one counts; 0 is none.
  virtual void least(std::string_view name, Count& value) = 0;
  virtual void sum(std::string_view name, stats::FixedSum& value) = 0;
  virtual void sketch(std::string_view name, stats::DDSketch& value) = 0;

  void rate(std::string_view name, Rate& rate) {
    begin(name);
    count("x", rate.x);
    count("n", rate.n);
    end();
  }
  // {n, s1, s2}
  template <class AnyMoments>
  void moments(std::string_view name, AnyMoments& moments) {
    auto n = static_cast<Count>(moments.n());
    stats::FixedSum s1 = moments.s1();
    stats::FixedSum s2 = moments.s2();
    begin(name);
    size("n", n);
    sum("s1", s1);
    sum("s2", s2);
    end();
    if (storing()) moments = AnyMoments(static_cast<std::uint64_t>(n), s1, s2);
  }

  // A map of counts; `keys` turns keys into names and back, see below.
  template <class Keys>
  void counts(std::string_view name, base::FlatMap<Count>& map, Keys keys) {
    objects(name, map, keys,
            [](PartialIo& io, std::string_view key, Count& value) { io.count(key, value); });
  }
  // A map of anything; fields(io, name, value) walks one value, begin(name) and end() included.
  template <class Value, class Keys, class Fields>
  void objects(std::string_view name, base::FlatMap<Value>& map, Keys keys, Fields&& fields) {
    begin(name);
    if (!reading()) {
      map.for_each([&](std::uint64_t key, const Value& value) {
        fields(*this, keys.name(*this, key), const_cast<Value&>(value));
      });
    } else {
      for (std::size_t i = 0; i < members(); ++i) {
        const std::string_view member = this->member(i);
        std::uint64_t key = 0;
        if (!keys.read(*this, member, key)) {
          fail();
        } else if (storing()) {
          fields(*this, member, map[key]);
        } else {
          Value none{};
          Value* value = map.find(key);
          fields(*this, member, value ? *value : none);
        }
      }
    }
    end();
  }

  // False: totals are written.
  virtual bool reading() const = 0;
  // Reading, second pass.
  virtual bool storing() const = 0;
  // Reading: names in the object that is open.
  virtual std::size_t members() const = 0;
  virtual std::string_view member(std::size_t index) const = 0;
  // Reading: what stands there cannot be.
  virtual void fail() = 0;

  events::StringTable& table() { return table_; }
  const Setting& setting() const { return setting_; }
  // Room for one name; valid until the next.
  base::Text& name_room() { return name_; }

 protected:
  PartialIo(events::StringTable& table, const Setting& setting)
      : table_(table), setting_(setting) {}
  ~PartialIo() = default;

 private:
  events::StringTable& table_;
  const Setting& setting_;
  base::Text name_;
};

// Keys that are whole numbers within 32 bits, so that what is made of them fits 128.
struct NumberKeys {
  static std::string_view name(PartialIo& io, std::uint64_t key);
  static bool read(PartialIo& io, std::string_view name, std::uint64_t& key);
};

// Keys that are engine string ids.
struct TextKeys {
  static std::string_view name(PartialIo& io, std::uint64_t key);
  static bool read(PartialIo& io, std::string_view name, std::uint64_t& key);
};

// Two whole numbers within 32 bits as one key.
constexpr std::uint64_t pair_key(std::int64_t first, std::int64_t second) {
  return static_cast<std::uint64_t>(first) << 32 | static_cast<std::uint32_t>(second);
}

// Keys that are two whole numbers: "3,17", the first one in the upper 32 bits. From 0, or signed,
// and below 2^31.
struct PairKeys {
  char between = ',';
  bool is_signed = false;
  std::string_view name(PartialIo& io, std::uint64_t key) const;
  bool read(PartialIo& io, std::string_view name, std::uint64_t& key) const;
};

// Writes totals as an object of a Writer.
class PartialWriter final : public PartialIo {
 public:
  PartialWriter(events::StringTable& table, const Setting& setting, base::Writer& out)
      : PartialIo(table, setting), out_(out) {}

  void begin(std::string_view name) override {
    out_.key(name);
    out_.begin_object();
  }
  void end() override { out_.end_object(); }
  void count(std::string_view name, Count& value) override;
  void size(std::string_view name, Count& value) override { count(name, value); }
  void least(std::string_view name, Count& value) override { count(name, value); }
  void sum(std::string_view name, stats::FixedSum& value) override;
  void sketch(std::string_view name, stats::DDSketch& value) override;
  bool reading() const override { return false; }
  bool storing() const override { return false; }
  std::size_t members() const override { return 0; }
  std::string_view member(std::size_t) const override { return {}; }
  void fail() override {}

 private:
  base::Writer& out_;
};

// Reads a whole number as PartialIo's names have it: decimal, no plus, no leading zero, within
// 64 bits.
bool read_whole(std::string_view text, std::int64_t& value);

}  // namespace insitu::kpi
