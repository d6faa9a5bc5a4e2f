// SPDX-License-Identifier: MIT
// Covers base/array.h against std::vector, with elements that are bytes and elements that own.
#include "base/array.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "catch_amalgamated.hpp"
#include "tests/helpers/random.h"

using insitu::base::Array;
using insitu::base::Text;

namespace {

// Plain, but not all zeros when new.
struct Plain {
  int value = 7;
};

// Counts how many there are: every one made must be destroyed once.
struct Counted {
  static inline int alive = 0;
  explicit Counted(std::uint64_t number = 7) : number_(new std::uint64_t(number)) { ++alive; }
  Counted(const Counted& other) : number_(new std::uint64_t(*other.number_)) { ++alive; }
  Counted(Counted&& other) noexcept : number_(std::exchange(other.number_, nullptr)) { ++alive; }
  Counted& operator=(Counted other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Counted() {
    delete number_;
    --alive;
  }
  std::uint64_t number() const { return *number_; }

 private:
  std::uint64_t* number_;
};

std::uint64_t number(std::uint64_t value) { return value; }
std::uint64_t number(const Counted& value) { return value.number(); }

// The same random operations on both kinds of list.
template <class T>
void check_against_vector(std::uint64_t seed) {
  insitu::test::Random random(seed);
  Array<T> array;
  std::vector<std::uint64_t> expected;
  for (std::uint64_t step = 0; step < 3000; ++step) {
    switch (random.below(9)) {
      case 0:
        array.emplace_back() = T(step);
        expected.push_back(step);
        break;
      case 1: {
        const T value(step);
        array.push_back(value);
        expected.push_back(step);
        break;
      }
      case 2:
        array.push_back(T(step));
        expected.push_back(step);
        break;
      case 3:
        if (expected.empty()) break;
        {
          const std::size_t at = random.below(expected.size());
          array.erase(array.begin() + at);
          expected.erase(expected.begin() + static_cast<std::ptrdiff_t>(at));
        }
        break;
      case 4: {
        const std::size_t size = random.below(expected.size() + 1);
        array.resize(size);
        expected.resize(size);
        break;
      }
      case 5: {
        const std::vector<T> more(random.below(20), T(step));
        array.append(more.data(), more.size());
        expected.insert(expected.end(), more.size(), step);
        break;
      }
      case 6: {
        Array<T> copy = array;
        Array<T> other;
        other.push_back(T(1));
        other = copy;
        array = std::move(other);
        break;
      }
      case 7:
        array.reserve(random.below(100));
        break;
      default:
        if (random.below(30) == 0) {
          array.clear();
          expected.clear();
        }
    }
    REQUIRE(array.size() == expected.size());
  }
  for (std::size_t i = 0; i < expected.size(); ++i) REQUIRE(number(array[i]) == expected[i]);
}

}  // namespace

TEST_CASE("array: an empty one has nothing", "[base]") {
  Array<int> array;
  CHECK(array.empty());
  CHECK(array.size() == 0);
  CHECK(array.begin() == array.end());
  array.clear();
  array.resize(0);
  array.append(nullptr, 0);
  CHECK(array == Array<int>{});
}

TEST_CASE("array: new elements are as their type makes them", "[base]") {
  Array<int> zeros(3);
  CHECK(zeros == Array<int>{0, 0, 0});
  zeros[1] = 5;
  zeros.resize(1);
  zeros.resize(3);  // what was there is gone
  CHECK(zeros == Array<int>{0, 0, 0});
  Array<Plain> sevens(2);
  CHECK(sevens[1].value == 7);
  sevens.resize(4);
  CHECK(sevens[3].value == 7);
  CHECK(sevens.emplace_back().value == 7);
}

TEST_CASE("array: first, last and assigned elements", "[base]") {
  Array<int> array{1, 2, 3};
  CHECK(array.front() == 1);
  CHECK(array.back() == 3);
  CHECK(array.at(2) == 3);
  array.assign(2, 9);
  CHECK(array == Array<int>{9, 9});
  array.swap(array);
  Array<int> other{4};
  array.swap(other);
  CHECK(array == Array<int>{4});
  CHECK(other == Array<int>{9, 9});
}

TEST_CASE("array: is compared by its elements", "[base]") {
  CHECK(Array<int>{1, 2} == Array<int>{1, 2});
  CHECK_FALSE(Array<int>{1, 2} == Array<int>{1, 3});
  CHECK_FALSE(Array<int>{1, 2} == Array<int>{1});
}

TEST_CASE("array: random operations do what std::vector does", "[base]") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    INFO("seed " << seed);
    check_against_vector<std::uint64_t>(seed);
    check_against_vector<Counted>(seed);
    REQUIRE(Counted::alive == 0);
  }
}

TEST_CASE("array: lists of lists own what they hold", "[base]") {
  Array<Array<Text>> lists;
  for (int i = 0; i < 50; ++i) {
    lists.emplace_back();
    for (int j = 0; j < i; ++j) lists.back().push_back(Text("text " + std::to_string(j)));
  }
  Array<Array<Text>> copy = lists;
  lists.erase(lists.begin());
  lists.clear();
  REQUIRE(copy.size() == 50);
  CHECK(copy[49][48].view() == "text 48");
  CHECK(copy[0].empty());
}
