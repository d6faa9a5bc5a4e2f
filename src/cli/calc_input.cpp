// SPDX-License-Identifier: MIT
#include "cli/calc_input.h"

#include <algorithm>
#include <utility>

#include "base/float.h"
#include "cli/text.h"

namespace insitu::cli {
namespace {

// Longer values are cut in messages.
constexpr std::size_t kShownColumns = 40;

bool is_allowed(double value, Allowed allowed) {
  switch (allowed) {
    case Allowed::kAny:
      return true;
    case Allowed::kNotNegative:
      return value >= 0;
    case Allowed::kPositive:
      return value > 0;
    case Allowed::kShare:
      return value >= 0 && value <= 1;
    case Allowed::kOpenShare:
      return value > 0 && value < 1;
  }
  return false;
}

const char* allowed_words(Allowed allowed) {
  switch (allowed) {
    case Allowed::kAny:
      return "a number";
    case Allowed::kNotNegative:
      return "a number from 0";
    case Allowed::kPositive:
      return "a number above 0";
    case Allowed::kShare:
      return "a number from 0 to 1";
    case Allowed::kOpenShare:
      return "a number between 0 and 1";
  }
  return "";
}

// Goes with every `allowed`.
constexpr double kHarmless = 0.5;

std::string whole_words(std::int64_t lower, std::int64_t upper) {
  if (lower == -kMaxWhole && upper == kMaxWhole) return "a whole number";
  if (upper == kMaxWhole) return join({"a whole number from ", std::to_string(lower)});
  return join({"a whole number from ", std::to_string(lower), " to ", std::to_string(upper)});
}

}  // namespace

std::string shown_value(const Json& value) {
  if (value.is_array()) return "this list";
  if (value.is_object()) return "this object";
  return cut_to(value.dump(-1, ' ', false, Json::error_handler_t::replace), kShownColumns);
}

std::optional<std::int64_t> as_whole(const Json& value) {
  if (!value.is_number_integer()) return std::nullopt;
  // Compared before the conversion: beyond 2^63 it would wrap.
  if (value.is_number_unsigned() &&
      value.get<std::uint64_t>() > static_cast<std::uint64_t>(kMaxWhole)) {
    return std::nullopt;
  }
  const auto number = value.get<std::int64_t>();
  if (number < -kMaxWhole || number > kMaxWhole) return std::nullopt;
  return number;
}

CalcInput::CalcInput(const Json& input) : input_(input) {
  if (!input.is_object()) fail("the input must be an object of arguments");
}

const Json* CalcInput::find(std::string_view name) {
  asked_.emplace_back(name);
  if (!input_.is_object()) return nullptr;
  const auto found = input_.find(name);
  return found == input_.end() || found->is_null() ? nullptr : &*found;
}

const Json* CalcInput::maybe(std::string_view name) {
  asked_.emplace_back(name);
  if (!input_.is_object()) return nullptr;
  const auto found = input_.find(name);
  return found == input_.end() ? nullptr : &*found;
}

const Json* CalcInput::require(std::string_view name) {
  const Json* value = find(name);
  if (value == nullptr) fail(join({"`", name, "` is missing"}));
  return value;
}

void CalcInput::fail(std::string sentence) {
  if (error_.empty()) error_ = std::move(sentence);
}

void CalcInput::reject(std::string_view name, std::string_view wanted, const Json& value) {
  fail(join({"`", name, "` must be ", wanted, ", not ", shown_value(value)}));
}

std::optional<double> CalcInput::maybe_number(std::string_view name, Allowed allowed) {
  const Json* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_number() && base::is_finite(value->get<double>()) &&
      is_allowed(value->get<double>(), allowed)) {
    return value->get<double>();
  }
  reject(name, allowed_words(allowed), *value);
  return kHarmless;
}

double CalcInput::number(std::string_view name, Allowed allowed) {
  if (require(name) == nullptr) return kHarmless;
  return *maybe_number(name, allowed);
}

double CalcInput::number_or(std::string_view name, double fallback, Allowed allowed) {
  return maybe_number(name, allowed).value_or(fallback);
}

std::optional<std::int64_t> CalcInput::maybe_whole(std::string_view name, std::int64_t lower,
                                                   std::int64_t upper) {
  const Json* value = find(name);
  if (value == nullptr) return std::nullopt;
  const std::optional<std::int64_t> number = as_whole(*value);
  if (number && *number >= lower && *number <= upper) return number;
  reject(name, whole_words(lower, upper), *value);
  return lower;
}

std::int64_t CalcInput::whole(std::string_view name, std::int64_t lower, std::int64_t upper) {
  if (require(name) == nullptr) return lower;
  return *maybe_whole(name, lower, upper);
}

std::int64_t CalcInput::whole_or(std::string_view name, std::int64_t fallback, std::int64_t lower,
                                 std::int64_t upper) {
  return maybe_whole(name, lower, upper).value_or(fallback);
}

std::uint64_t CalcInput::count(std::string_view name) {
  return static_cast<std::uint64_t>(whole(name, 0));
}

std::string CalcInput::text(std::string_view name) {
  const Json* value = require(name);
  if (value == nullptr) return {};
  if (value->is_string()) return value->get<std::string>();
  reject(name, "text (in JSON, with quotes)", *value);
  return {};
}

std::size_t CalcInput::word(std::string_view name, const char* const* words) {
  const Json* value = find(name);
  if (value == nullptr) return 0;
  std::string wanted;
  for (std::size_t i = 0; words[i] != nullptr; ++i) {
    if (*value == words[i]) return i;
    if (i > 0) wanted += words[i + 1] == nullptr ? " or " : ", ";
    wanted += words[i];
  }
  reject(name, wanted, *value);
  return 0;
}

const Json& CalcInput::list(std::string_view name) {
  static const Json kEmpty = Json::array();
  const Json* value = require(name);
  if (value != nullptr && value->is_array()) return *value;
  if (value != nullptr) reject(name, "a list", *value);
  return kEmpty;
}

const Json& CalcInput::object(std::string_view name) {
  static const Json kEmpty = Json::object();
  const Json* value = require(name);
  if (value != nullptr && value->is_object()) return *value;
  if (value != nullptr) reject(name, "an object", *value);
  return kEmpty;
}

std::vector<std::optional<double>> CalcInput::numbers_or_null(std::string_view name) {
  std::vector<std::optional<double>> out;
  const Json& values = list(name);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Json& value = values[i];
    if (value.is_null()) {
      out.emplace_back();
    } else if (value.is_number() && base::is_finite(value.get<double>())) {
      out.emplace_back(value.get<double>());
    } else {
      reject(join({name, "[", std::to_string(i), "]"}), "a number", value);
    }
  }
  return out;
}

std::vector<double> CalcInput::numbers(std::string_view name) {
  std::vector<double> out;
  const std::vector<std::optional<double>> values = numbers_or_null(name);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!values[i]) reject(join({name, "[", std::to_string(i), "]"}), "a number", nullptr);
    out.push_back(values[i].value_or(kHarmless));
  }
  return out;
}

double CalcInput::confidence() { return number_or("confidence", 0.95, Allowed::kOpenShare); }

stats::CiMethod CalcInput::ci_method() {
  static constexpr const char* kNames[] = {"adjusted_wald", "wilson", "clopper_pearson", nullptr};
  static constexpr stats::CiMethod kMethods[] = {
      stats::CiMethod::kAdjustedWald, stats::CiMethod::kWilson, stats::CiMethod::kClopperPearson};
  return kMethods[word("ci_method", kNames)];
}

std::vector<std::string> CalcInput::unused() const {
  std::vector<std::string> out;
  if (!input_.is_object()) return out;
  for (const auto& [name, value] : input_.items()) {
    if (std::find(asked_.begin(), asked_.end(), name) == asked_.end()) out.push_back(name);
  }
  return out;
}

}  // namespace insitu::cli
