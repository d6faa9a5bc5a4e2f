// SPDX-License-Identifier: MIT
// Gives the events of a shared journal their final numbers: pv, from, attempt, seq, client session.
#pragma once

#include <cstdint>

#include "base/archive.h"
#include "base/array.h"
#include "events/batch.h"
#include "events/batch_strings.h"

namespace insitu::sessions {

// A tab numbers its page views and attempts by itself and knows nothing of other tabs
// (docs/wire-format.md, "Local and final numbers"). The sequencer turns these local numbers into
// those of the one stream, in the order in which the journal is folded.
//
// A new client session begins with a page view that opens a document after a pause longer than the
// timeout; what belonged to documents from before it then has no page view any more. Memory is
// bounded: the documents and attempts that were silent for longest are forgotten first.
class Sequencer {
 public:
  // The document whose records come next (head of a batch). O(documents).
  void begin_batch(const events::BatchHead& head);

  // True when `record` opens a new client session; call assign() afterwards either way. Also true
  // for the very first record.
  bool opens_session(const events::Record& record, std::int64_t timeout_ms) const;

  // Starts the next client session: numbers count from 0 again.
  void open_session();

  // Writes the final pv, from and attempt into `record` and takes the next seq for it.
  void assign(events::Record& record, events::BatchStrings& strings);

  // Number of the current client session, 1, 2, ...; 0 before the first.
  std::uint64_t session() const { return session_; }
  // seq that the next record will get.
  double next_seq() const { return next_seq_; }

  void archive(base::Archive& a) {
    a(documents_, attempts_, tasks_, session_, ordinal_, next_tab_, next_seq_, next_pv_, last_t_);
    if (a.loading()) current_ = kNone;
  }

 private:
  static constexpr std::uint32_t kNone = 0xffffffff;
  static constexpr std::size_t kMaxDocuments = 64;  // open tabs of one site
  static constexpr std::size_t kMaxViews = 32;      // page views of one document that still speak
  static constexpr std::size_t kMaxAttempts = 128;

  struct Document {
    double key = 0;
    std::uint32_t tab = 0;
    std::uint64_t used = 0;
    double first_local = 0;     // local pv of views[0]
    base::Array<double> views;  // final pv of consecutive local ones
    double last_pv = -1;        // final pv of its latest page view, -1 when there is none
    void archive(base::Archive& a) { a(key, tab, used, first_local, views, last_pv); }
  };
  struct LocalAttempt {
    std::uint32_t tab = 0;
    std::uint32_t task = 0;
    double local = 0;
    double number = 0;
  };
  struct TaskCount {
    std::uint32_t task = 0;
    double next = 0;
  };

  Document* find(double key);
  const double* final_pv(const Document& document, double local) const;
  double new_attempt(std::uint32_t tab, std::uint32_t task, double local);
  double find_attempt(std::uint32_t tab, std::uint32_t task, bool has_local, double local) const;
  // Where an event says which attempt it is about.
  struct AttemptField {
    std::uint32_t task;  // batch string id, 0: absent
    double& attempt;
    std::uint32_t attempt_bit;
  };
  template <class Event>
  static AttemptField field_of(events::Record& record);
  void place_attempt(events::Record& record, AttemptField field, events::BatchStrings& strings);

  base::Array<Document> documents_;
  base::Array<LocalAttempt> attempts_;  // oldest first
  base::Array<TaskCount> tasks_;
  std::uint64_t session_ = 0;
  std::uint64_t ordinal_ = 0;
  std::uint32_t next_tab_ = 1;
  double next_seq_ = 0;
  double next_pv_ = 0;
  double last_t_ = 0;
  std::uint32_t current_ = kNone;  // of the batch, index into documents_
  double previous_key_ = 0;        // of the batch
};

}  // namespace insitu::sessions
