// SPDX-License-Identifier: MIT
#include "cli/calc_command.h"

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <optional>
#include <utility>

#include "cli/input.h"
#include "cli/json_file.h"
#include "cli/text.h"

namespace insitu::cli {
namespace {

struct Topic {
  const char* title;
  std::span<const CalcEntry> entries;
};

std::vector<Topic> topics() {
  return {{"Rates", rate_functions()},
          {"Customers", loyalty_functions()},
          {"Tasks", task_functions()},
          {"Questionnaires", survey_functions()},
          {"Comparing and watching", comparison_functions()},
          {"Planning and targets", planning_functions()},
          {"Underlying numbers", number_functions()},
          {"Logs and partials", partial_functions()}};
}

const CalcEntry* find_entry(std::string_view name) {
  for (const Topic& topic : topics()) {
    for (const CalcEntry& entry : topic.entries) {
      if (entry.name == name) return &entry;
    }
  }
  return nullptr;
}

constexpr const char* kUsage =
    "usage: insitu calc FORMULA name=value...\n"
    "       insitu calc --cases FILE\n"
    "\n"
    "Computes one formula of the KPI specification from numbers you already have.\n"
    "\n"
    "  insitu calc task_success_rate successes=8 attempts=10\n"
    "  insitu calc time_on_task 'seconds=[55, 65, 75, 62, 45, 135]' confidence=0.9\n"
    "  insitu calc compare_proportions x1=8 n1=10 x2=3 n2=10\n"
    "\n"
    "Values are JSON; what is not JSON is text. The answer is a JSON object: `value` and `ci`, "
    "the\n"
    "interval, where there are any; null where there is no data. Rates are fractions of 1.\n"
    "\n"
    "  --cases FILE   a JSON list of {\"kpi\": FORMULA, \"input\": {name: value}}; - is standard\n"
    "                 input. Prints the list of answers, {\"error\": reason} for one that failed\n"
    "\n"
    "Exit code: 0 fine; 1 some cases failed; 2 there is no answer.\n"
    "\n"
    "Formulas and their arguments, those in brackets optional (confidence 0.95, ci_method\n"
    "adjusted_wald, wilson or clopper_pearson):\n";

constexpr std::size_t kHelpColumns = 100;

// Appends `words` in lines of at most kHelpColumns, all but the first further in.
void append_wrapped(std::string& text, std::string_view words) {
  std::string line = " ";
  while (!words.empty()) {
    const std::string_view word = words.substr(0, words.find(' '));
    words.remove_prefix(std::min(words.size(), word.size() + 1));
    if (line.size() + 1 + word.size() > kHelpColumns) {
      text += line + "\n";
      line = "     ";
    }
    line += join({" ", word});
  }
  text += line + "\n";
}

// Mistakes name the command.
int refuse(const std::string& message) { return fail("calc: " + message); }

// The object of name=value words; empty and a message if one is something else.
std::optional<Json> parse_arguments(std::span<const char* const> words, std::string& error) {
  Json input = Json::object();
  for (const std::string_view word : words) {
    const std::size_t equals = word.find('=');
    if (equals == std::string_view::npos || equals == 0 || word.starts_with('-')) {
      error = join({"arguments look like name=value, not `", word, "`"});
      return std::nullopt;
    }
    const std::string name(word.substr(0, equals));
    if (input.contains(name)) {
      error = join({"`", name, "` is given twice"});
      return std::nullopt;
    }
    const std::string_view text = word.substr(equals + 1);
    Json value = Json::parse(text.begin(), text.end(), nullptr, false);
    input[name] = value.is_discarded() ? Json(text) : std::move(value);
  }
  return input;
}

int run_one(std::string_view kpi, std::span<const char* const> words) {
  std::string error;
  const std::optional<Json> input = parse_arguments(words, error);
  if (!input) return refuse(error);
  const Calculation done = calculate(kpi, *input);
  if (!done.error.empty()) return refuse(done.error);
  if (!done.unused.empty()) {
    return refuse(join({kpi, " has no argument `", done.unused.front(), "`; it takes ",
                        find_entry(kpi)->arguments}));
  }
  return print(done.answer.dump(2, ' ', false, Json::error_handler_t::replace) + "\n", kFine);
}

int run_cases(const std::string& path) {
  std::string error;
  const std::optional<Json> cases = read_json_file(path, error);
  if (!cases) return refuse(error);
  if (!cases->is_array()) return refuse(join({path, " is not a list of cases"}));
  const CaseAnswers done = calculate_cases(*cases);
  // One line per case: long enough lists stay readable.
  std::string text = "[";
  for (std::size_t i = 0; i < done.answers.size(); ++i) {
    text += i == 0 ? "\n" : ",\n";
    text += json_line(done.answers[i]);
  }
  text += "\n]\n";
  if (done.failed > 0) {
    const auto failed = static_cast<double>(done.failed);
    (void)refuse(
        join({count_text(failed, "case", "cases"), " of ", std::to_string(done.answers.size()),
              " failed: see `error` in the answers"}));
  }
  return print(text, done.failed > 0 ? kInputHadProblems : kFine);
}

}  // namespace

Calculation calculate(std::string_view kpi, const Json& input) {
  Calculation result;
  const CalcEntry* entry = find_entry(kpi);
  if (entry == nullptr) {
    result.error = join({"there is no formula `", kpi, "`: see `insitu calc --help`"});
    return result;
  }
  CalcInput arguments(input);
  Json answer = entry->function(arguments);
  if (!arguments.error().empty()) {
    result.error = join({kpi, ": ", arguments.error()});
    return result;
  }
  result.answer = std::move(answer);
  result.unused = arguments.unused();
  return result;
}

CaseAnswers calculate_cases(const Json& cases) {
  CaseAnswers result;
  for (const Json& one : cases) {
    std::string error = "a case needs `kpi`, a text, and `input`, an object";
    if (one.is_object() && one.contains("kpi") && one["kpi"].is_string() && one.contains("input")) {
      Calculation done = calculate(one["kpi"].get_ref<const std::string&>(), one["input"]);
      error = std::move(done.error);
      if (error.empty()) {
        result.answers.push_back(std::move(done.answer));
        continue;
      }
    }
    ++result.failed;
    result.answers.push_back(Json::object({{"error", std::move(error)}}));
  }
  return result;
}

std::string calc_help() {
  std::string text = kUsage;
  for (const Topic& topic : topics()) {
    text += join({"\n", topic.title, "\n"});
    for (const CalcEntry& entry : topic.entries) {
      append_wrapped(text, join({entry.name, " ", entry.arguments}));
    }
  }
  return text;
}

int run_calc(std::span<const char* const> words) {
  if (words.empty()) return refuse("which formula? See `insitu calc --help`");
  for (const std::string_view word : words) {
    if (word == "--help" || word == "-h") return print(calc_help(), kFine);
  }
  const std::string_view first = words.front();
  if (first == "--cases") {
    if (words.size() != 2) return refuse("--cases takes one file");
    return run_cases(words[1]);
  }
  if (first.starts_with("--cases=")) {
    if (words.size() != 1) return refuse("--cases takes one file");
    return run_cases(std::string(first.substr(std::string_view("--cases=").size())));
  }
  return run_one(first, words.subspan(1));
}

}  // namespace insitu::cli
