// SPDX-License-Identifier: MIT
#include "sessions/sequencer.h"

#include <cmath>

namespace insitu::sessions {

using events::EventType;
using events::Record;
using events::RecordHead;

void Sequencer::begin_batch(const events::BatchHead& head) {
  previous_key_ = head.previous;
  ++ordinal_;
  Document* document = find(head.document);
  if (!document) {
    if (documents_.size() >= kMaxDocuments) {
      std::size_t oldest = 0;
      for (std::size_t i = 1; i < documents_.size(); ++i) {
        if (documents_[i].used < documents_[oldest].used) oldest = i;
      }
      documents_.erase(&documents_[oldest]);
    }
    const Document* previous = head.previous > 0 ? find(head.previous) : nullptr;
    Document added;
    added.key = head.document;
    added.tab = previous ? previous->tab : next_tab_++;
    documents_.push_back(added);
    document = &documents_.back();
  }
  document->used = ordinal_;
  current_ = static_cast<std::uint32_t>(document - documents_.data());
}

bool Sequencer::opens_session(const Record& record, std::int64_t timeout_ms) const {
  if (session_ == 0) return true;
  // Only a document's first page view: a pause alone does not end a page view or a task.
  return record.type() == EventType::kPageView && record.has_pv() && record.head().pv == 0 &&
         record.head().t - last_t_ > static_cast<double>(timeout_ms);
}

void Sequencer::open_session() {
  ++session_;
  next_seq_ = 0;
  next_pv_ = 0;
  attempts_.clear();
  tasks_.clear();
  for (Document& document : documents_) {
    document.views.clear();
    document.first_local = 0;
    document.last_pv = -1;
  }
}

void Sequencer::assign(Record& record, events::BatchStrings& strings) {
  const RecordHead& head = record.change<RecordHead>();
  Document& document = documents_[current_];
  const bool has_pv = record.has_pv();
  if (record.type() == EventType::kPageView) {
    auto& event = record.change<events::PageView>();
    if (record.has(event.kHasFrom) && Record::is_integer(event.from)) {
      const double* replaced = nullptr;
      if (event.from >= 0) {
        replaced = final_pv(document, event.from);
      } else if (previous_key_ > 0) {
        const Document* previous = find(previous_key_);
        if (previous && previous->last_pv >= 0) replaced = &previous->last_pv;
      }
      event.from = replaced ? *replaced : NAN;  // a page view nobody knows any more: a new tab
    }
    const double local = has_pv ? head.pv : 0;
    // Local numbers count up by one; anything else starts the list anew.
    if (document.views.empty() ||
        local != document.first_local + static_cast<double>(document.views.size())) {
      document.views.clear();
      document.first_local = local;
    } else if (document.views.size() >= kMaxViews) {
      document.views.erase(document.views.begin());
      ++document.first_local;
    }
    document.views.push_back(next_pv_);
    document.last_pv = next_pv_;
    record.set_pv(next_pv_++);
  } else if (has_pv) {
    const double* known = final_pv(document, head.pv);
    if (known) {
      record.set_pv(*known);
    } else {
      record.clear_pv();
    }
  }
  switch (record.type()) {
    case EventType::kTaskStart:
      place_attempt(record, field_of<events::TaskStart>(record), strings);
      break;
    case EventType::kTaskEnd:
      place_attempt(record, field_of<events::TaskEnd>(record), strings);
      break;
    case EventType::kError:
      place_attempt(record, field_of<events::Error>(record), strings);
      break;
    case EventType::kSurvey:
      place_attempt(record, field_of<events::Survey>(record), strings);
      break;
    default:
      break;
  }
  last_t_ = head.t;
  ++next_seq_;
}

Sequencer::Document* Sequencer::find(double key) {
  for (Document& document : documents_) {
    if (document.key == key) return &document;
  }
  return nullptr;
}

const double* Sequencer::final_pv(const Document& document, double local) const {
  const double index = local - document.first_local;
  if (!(index >= 0 && index < static_cast<double>(document.views.size()))) return nullptr;
  return &document.views[static_cast<std::size_t>(index)];
}

template <class Event>
Sequencer::AttemptField Sequencer::field_of(Record& record) {
  auto& event = record.change<Event>();
  return {record.has(Event::kHasTask) ? event.task : 0, event.attempt, Event::kHasAttempt};
}

void Sequencer::place_attempt(Record& record, AttemptField field, events::BatchStrings& strings) {
  const std::uint32_t task = field.task ? strings.keep(field.task) : 0;
  if (!task) return;
  const bool starts = record.type() == EventType::kTaskStart;
  const bool has_local = record.integer(field.attempt_bit, field.attempt);
  const double local = has_local ? field.attempt : 0;
  const std::uint32_t tab = documents_[current_].tab;
  double number = find_attempt(tab, task, has_local || starts, local);
  if (number < 0 && starts) number = new_attempt(tab, task, local);
  // -1 belongs to no attempt: an end or error without a start stays one.
  field.attempt = number;
  record.change<RecordHead>().present |= field.attempt_bit;
}

double Sequencer::new_attempt(std::uint32_t tab, std::uint32_t task, double local) {
  if (attempts_.size() >= kMaxAttempts) attempts_.erase(attempts_.begin());
  TaskCount* count = nullptr;
  for (TaskCount& each : tasks_) {
    if (each.task == task) count = &each;
  }
  if (!count) {
    tasks_.push_back({task, 0});
    count = &tasks_.back();
  }
  attempts_.push_back({tab, task, local, count->next});
  return count->next++;
}

double Sequencer::find_attempt(std::uint32_t tab, std::uint32_t task, bool has_local,
                               double local) const {
  for (std::size_t i = attempts_.size(); i-- > 0;) {
    const LocalAttempt& attempt = attempts_[i];
    if (attempt.tab == tab && attempt.task == task && (!has_local || attempt.local == local)) {
      return attempt.number;
    }
  }
  return -1;
}

}  // namespace insitu::sessions
