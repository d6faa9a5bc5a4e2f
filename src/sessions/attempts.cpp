// SPDX-License-Identifier: MIT
#include "sessions/attempts.h"

#include <algorithm>

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

void Attempts::apply(const Record& record, std::int64_t tau_ms, events::BatchStrings& strings,
                     base::Quality& quality) {
  switch (record.type()) {
    case EventType::kTaskStart:
      start(record, tau_ms, strings, quality);
      return;
    case EventType::kTaskEnd: {
      const auto& event = record.as<events::TaskEnd>();
      const std::uint32_t task = record.has(event.kHasTask) ? strings.known(event.task) : 0;
      Attempt* attempt = find(task, attempt_number(record, event.kHasAttempt, event.attempt));
      if (!attempt || attempt->closed) {
        quality.add(Problem::kOrphanTaskEnd);
        return;
      }
      attempt->closed = true;
      attempt->end_ms = tau_ms;
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
    case EventType::kClick:
      for (const std::uint32_t index : open_) ++all_[index].clicks;
      return;
    default:
      return;
  }
}

void Attempts::start(const Record& record, std::int64_t tau_ms, events::BatchStrings& strings,
                     base::Quality& quality) {
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
  attempt.opportunities = declared(record, event.kHasOpportunities, event.opportunities);
  attempt.optimal_pages = declared(record, event.kHasOptimal, event.optimal);
  attempt.spec_time_ms = declared(record, event.kHasSpecTimeMs, event.spec_time_ms);
  open_.push_back(static_cast<std::uint32_t>(all_.size()));
  all_.push_back(attempt);
}

Attempt* Attempts::find(std::uint32_t task, double number) {
  if (!task) return nullptr;
  // Ends and errors mostly belong to a late attempt.
  for (std::size_t i = all_.size(); i-- > 0;) {
    if (all_[i].task == task && all_[i].number == number) return &all_[i];
  }
  return nullptr;
}

}  // namespace insitu::sessions
