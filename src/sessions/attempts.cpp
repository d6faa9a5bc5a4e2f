// SPDX-License-Identifier: MIT
#include "sessions/attempts.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace insitu::sessions {

using base::Problem;
using events::EventType;
using events::Record;
namespace words = events::words;

namespace {

// Number of an attempt: 0 when absent, NaN (which fits nothing) when it is no integer.
double attempt_number(const Record& record, std::uint32_t bit, double value) {
  if (!record.has(bit)) return 0;
  return Record::is_integer(value) ? value + 0.0 : NAN;
}

std::int64_t declared(const Record& record, std::uint32_t bit, double value) {
  return record.integer(bit, value) && value >= 1 ? static_cast<std::int64_t>(value) : 0;
}

}  // namespace

void Attempts::apply_other(const Record& record, std::int64_t tau_ms, const std::uint32_t* page,
                           events::BatchStrings& strings, base::Quality& quality) {
  switch (record.type()) {
    case EventType::kTaskStart:
      start(record, tau_ms, page, strings, quality);
      return;
    case EventType::kTaskEnd: {
      const auto& event = record.as<events::TaskEnd>();
      const std::uint32_t task = record.has(event.kHasTask) ? strings.known(event.task) : 0;
      Attempt* attempt = find(task, attempt_number(record, event.kHasAttempt, event.attempt));
      if (!attempt || attempt->closed) {
        quality.add(Problem::kOrphanTaskEnd);
        return;
      }
      end(*attempt, tau_ms);
      const std::uint32_t outcome =
          record.has(event.kHasOutcome) ? strings.known(event.outcome) : 0;
      attempt->outcome = outcome == words::kSuccess   ? Outcome::kSuccess
                         : outcome == words::kPartial ? Outcome::kPartial
                         : outcome == words::kAbandon ? Outcome::kAbandon
                                                      : Outcome::kFailure;
      const auto index = static_cast<std::uint32_t>(attempt - all_.data());
      open_.erase(std::find(open_.begin(), open_.end(), index));
      return;
    }
    case EventType::kError: {
      const auto& event = record.as<events::Error>();
      const std::uint32_t kind = record.has(event.kHasKind) ? strings.known(event.kind) : 0;
      if (kind != words::kUser && kind != words::kValidation) return;
      if (record.has(event.kHasTask) && !strings.text(event.task).empty()) {
        Attempt* attempt = find(strings.known(event.task),
                                attempt_number(record, event.kHasAttempt, event.attempt));
        if (attempt) ++attempt->errors;
      } else if (!open_.empty()) {
        ++all_[open_.back()].errors;
      }
      return;
    }
    case EventType::kSurvey:
      take_ease(record, strings);
      return;
    case EventType::kPageView:
      ++views_;
      // Before any attempt nobody will ask.
      if (!all_.empty() && page) last_seen_[*page] = views_;
      return;
    default:
      return;
  }
}

void Attempts::start(const Record& record, std::int64_t tau_ms, const std::uint32_t* page,
                     events::BatchStrings& strings, base::Quality& quality) {
  const auto& event = record.as<events::TaskStart>();
  const std::uint32_t task = record.has(event.kHasTask) ? strings.keep(event.task) : 0;
  const double number = attempt_number(record, event.kHasAttempt, event.attempt);
  if (!task || std::isnan(number) || find(task, number)) {
    quality.add(Problem::kBadTaskStart);
    return;
  }
  if (all_.size() >= limit_) {
    quality.add(Problem::kOverLimit);
    return;
  }
  Attempt attempt;
  attempt.task = task;
  attempt.number = number;
  attempt.start_ms = tau_ms;
  attempt.clicks = clicks_;
  attempt.pages = views_;
  attempt.has_start_page = page != nullptr;
  if (page) attempt.start_page = *page;
  attempt.opportunities = declared(record, event.kHasOpportunities, event.opportunities);
  attempt.optimal_pages = declared(record, event.kHasOptimal, event.optimal);
  attempt.spec_time_ms = declared(record, event.kHasSpecTimeMs, event.spec_time_ms);
  open_.push_back(static_cast<std::uint32_t>(all_.size()));
  all_.push_back(attempt);
  (void)keys_.insert(key(task, number));
}

void Attempts::end(Attempt& attempt, std::int64_t tau_ms) {
  attempt.closed = true;
  attempt.end_ms = tau_ms;
  attempt.clicks = clicks_ - attempt.clicks;
  const std::int64_t before = attempt.pages;
  attempt.pages = views_ - before + attempt.has_start_page;
  if (!attempt.optimal_pages) return;
  const std::int64_t* seen = last_seen_.find(attempt.start_page);
  attempt.different_pages = attempt.has_start_page && !(seen && *seen > before);
  last_seen_.for_each(
      [&](std::uint64_t, std::int64_t ordinal) { attempt.different_pages += ordinal > before; });
}

void Attempts::take_ease(const Record& record, events::BatchStrings& strings) {
  const auto& event = record.as<events::Survey>();
  if (!record.has(event.kHasInstrument) || strings.known(event.instrument) != words::kSeq ||
      !record.has(event.kHasTask)) {
    return;
  }
  Attempt* attempt =
      find(strings.known(event.task), attempt_number(record, event.kHasAttempt, event.attempt));
  const events::Numbers answers = record.numbers(event.kHasAnswers);
  if (!attempt || answers.size() != 1) return;
  const double answer = answers[0];
  if (Record::is_integer(answer) && answer >= 1 && answer <= 7) {
    attempt->ease = static_cast<std::int8_t>(answer);
  }
}

std::uint64_t Attempts::key(std::uint32_t task, double number) {
  // + 0.0: -0 is 0.
  return base::mix(std::bit_cast<std::uint64_t>(number + 0.0) ^ base::mix(task));
}

Attempt* Attempts::find(std::uint32_t task, double number) {
  if (!task) return nullptr;
  const std::uint32_t index = keys_.find(key(task, number));
  return index == base::FlatKeys::kNone ? nullptr : &all_[index];
}

void Attempts::clear() {
  all_.clear();
  keys_.clear();
  open_.clear();
  clicks_ = views_ = 0;
  last_seen_.clear();
}

void Attempts::reindex() {
  open_.clear();
  keys_.clear();
  for (std::uint32_t i = 0; i < all_.size(); ++i) {
    if (!all_[i].closed) open_.push_back(i);
    // Forged attempts may be equal; the indexes must stay those of all_.
    if (keys_.insert(key(all_[i].task, all_[i].number)) != i) {
      all_.resize(i);
      break;
    }
  }
}

}  // namespace insitu::sessions
