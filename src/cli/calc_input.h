// SPDX-License-Identifier: MIT
// The arguments of a calculation: a JSON object whose members are asked for by name and checked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nlohmann/json.hpp"
#include "stats/rate_interval.h"

namespace insitu::cli {

using Json = nlohmann::json;

// Whole numbers up to this survive any JSON reader.
inline constexpr std::int64_t kMaxWhole = std::int64_t{1} << 53;

// Which numbers an argument may be.
enum class Allowed : std::uint8_t {
  kAny,          // finite
  kNotNegative,  // >= 0
  kPositive,     // > 0
  kShare,        // 0 .. 1
  kOpenShare,    // 0 .. 1 without the ends
};

// Reads members of an object. The first mistake is kept as a sentence that names the member; from
// then on what is read is some allowed value, so that a calculation needs no checks of its own: its
// answer is thrown away.
//
// A member that is null counts as absent. `fallback` is taken when it is absent.
class CalcInput {
 public:
  // `input` must outlive this. Anything but an object is a mistake.
  explicit CalcInput(const Json& input);

  double number(std::string_view name, Allowed allowed = Allowed::kAny);
  double number_or(std::string_view name, double fallback, Allowed allowed = Allowed::kAny);
  std::optional<double> maybe_number(std::string_view name, Allowed allowed = Allowed::kAny);

  // Whole numbers lower .. upper, written without fraction or exponent.
  std::int64_t whole(std::string_view name, std::int64_t lower = -kMaxWhole,
                     std::int64_t upper = kMaxWhole);
  std::int64_t whole_or(std::string_view name, std::int64_t fallback,
                        std::int64_t lower = -kMaxWhole, std::int64_t upper = kMaxWhole);
  std::optional<std::int64_t> maybe_whole(std::string_view name, std::int64_t lower = -kMaxWhole,
                                          std::int64_t upper = kMaxWhole);
  // A number of things: a whole number from 0.
  std::uint64_t count(std::string_view name);

  std::string text(std::string_view name);
  // One of `words`, which ends with a null pointer; gives its place in the list. 0 if absent.
  std::size_t word(std::string_view name, const char* const* words);

  // A list of finite numbers.
  std::vector<double> numbers(std::string_view name);
  // The same, null standing for a missing one.
  std::vector<std::optional<double>> numbers_or_null(std::string_view name);
  // Anything at all, null included; nullptr if it is absent.
  const Json* maybe(std::string_view name);
  // A list of anything; never null.
  const Json& list(std::string_view name);
  // An object; never null.
  const Json& object(std::string_view name);

  // `confidence` (0.95) and `ci_method` (adjusted_wald).
  double confidence();
  stats::CiMethod ci_method();

  // Notes a mistake, unless there is one already.
  void fail(std::string sentence);
  // `name` cannot be what it is; `wanted` says what it should be: "a number above 0".
  void reject(std::string_view name, std::string_view wanted, const Json& value);

  // Empty: no mistake so far.
  [[nodiscard]] const std::string& error() const { return error_; }
  // Members nobody asked for, in alphabetical order.
  [[nodiscard]] std::vector<std::string> unused() const;

 private:
  const Json* find(std::string_view name);
  const Json* require(std::string_view name);

  const Json& input_;
  std::vector<std::string> asked_;
  std::string error_;
};

// The value as a sentence shows it: scalars as JSON, cut if long; "this list", "this object".
[[nodiscard]] std::string shown_value(const Json& value);

// The number of a JSON integer within +-2^53; empty for anything else, 1.0 and 1e3 among them.
[[nodiscard]] std::optional<std::int64_t> as_whole(const Json& value);

}  // namespace insitu::cli
