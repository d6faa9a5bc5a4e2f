// SPDX-License-Identifier: MIT
// Reads what report/packed.h writes, by the table of tokens there. Fails the running test when
// tokens are cut or spell nothing.
#pragma once

#include <string>
#include <vector>

#include "catch_amalgamated.hpp"
#include "nlohmann/json.hpp"
#include "report/packed.h"

namespace insitu::test {

namespace detail {

class Unpacker {
 public:
  explicit Unpacker(const report::PackedWriter& packed) : tokens_(packed.tokens()) {
    texts_.emplace_back();
    for (const char c : packed.pool()) {
      if (c == '\0') {
        texts_.emplace_back();
      } else {
        texts_.back() += c;
      }
    }
  }

  nlohmann::ordered_json all() {
    nlohmann::ordered_json value = next();
    CHECK(at_ == tokens_.size());
    return value;
  }

 private:
  double token() {
    REQUIRE(at_ < tokens_.size());
    return tokens_[at_++];
  }
  std::string text() {
    const double index = token();
    REQUIRE((index >= 0 && index < static_cast<double>(texts_.size())));
    return texts_[static_cast<std::size_t>(index)];
  }
  nlohmann::ordered_json next() {
    const double kind = token();
    if (kind == 0) return nullptr;
    if (kind == 1) return false;
    if (kind == 2) return true;
    if (kind == 3) return token();
    if (kind == 4) return text();
    if (kind == 5) {
      auto list = nlohmann::ordered_json::array();
      while (at_ < tokens_.size() && tokens_[at_] != 6) list.push_back(next());
      REQUIRE(token() == 6);
      return list;
    }
    REQUIRE(kind == 7);
    auto object = nlohmann::ordered_json::object();
    for (double part = token(); part != 8; part = token()) {
      REQUIRE(part == 9);
      const std::string key = text();
      CHECK_FALSE(object.contains(key));
      object[key] = next();
    }
    return object;
  }

  const std::vector<double>& tokens_;
  std::vector<std::string> texts_;
  std::size_t at_ = 0;
};

}  // namespace detail

inline nlohmann::ordered_json unpack(const report::PackedWriter& packed) {
  return detail::Unpacker(packed).all();
}

}  // namespace insitu::test
