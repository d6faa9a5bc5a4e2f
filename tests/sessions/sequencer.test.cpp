// SPDX-License-Identifier: MIT
// Covers sessions/sequencer.h: final numbers of a journal that several tabs write.
#include "sessions/sequencer.h"

#include <cmath>
#include <span>
#include <vector>

#include "base/archive.h"
#include "base/limits.h"
#include "catch_amalgamated.hpp"
#include "tests/helpers/records.h"

using insitu::sessions::Sequencer;
using insitu::test::event_at;
using insitu::test::read_record;
namespace events = insitu::events;

namespace {

constexpr std::int64_t kTimeoutMs = 1'800'000;
constexpr double kFromNewTab = NAN;
constexpr double kUnset = -2;  // -1 is a value of `from`
constexpr std::uint32_t kBuyTask = 256;
constexpr std::uint32_t kFindTask = 257;

// Gives records to a sequencer as the engine does.
struct Journal {
  events::StringTable table{insitu::base::Limits::lab()};
  events::BatchStrings strings{table, 100};
  Sequencer sequencer;

  Journal() {
    strings.define(kBuyTask, "buy");
    strings.define(kFindTask, "find");
  }

  // The batches that follow are written by this document.
  void batch(double document, double previous = 0) {
    events::BatchHead head;
    head.document = document;
    head.previous = previous;
    sequencer.begin_batch(head);
  }
  template <class Event>
  events::Record take(const Event& event) {
    events::Record record = read_record(event);
    if (sequencer.opens_session(record, kTimeoutMs)) sequencer.open_session();
    sequencer.assign(record, strings);
    return record;
  }
  events::Record view(double t, double local, double from) {
    auto event = event_at<events::PageView>(t, local);
    if (from != kUnset) {
      event.from = from;
      event.present |= event.kHasFrom;
    }
    return take(event);
  }
  double view_pv(double t, double local, double from) { return view(t, local, from).head().pv; }
  // `from` of a page view after assign().
  double final_from(double t, double local, double from) {
    return view(t, local, from).as<events::PageView>().from;
  }
  // Final pv of an event of page view `local`, -1: none.
  double pv(double t, double local) {
    const events::Record record = take(event_at(t, local));
    return record.has_pv() ? record.head().pv : -1;
  }
  template <class Event>
  double attempt(std::uint32_t task, double local = kUnset) {
    auto event = event_at<Event>(0);
    event.task = task;
    event.present |= event.kHasTask;
    if (local != kUnset) {
      event.attempt = local;
      event.present |= event.kHasAttempt;
    }
    const events::Record record = take(event);
    CHECK(record.has(Event::kHasAttempt));
    return record.as<Event>().attempt;
  }
  double start(std::uint32_t task, double local) { return attempt<events::TaskStart>(task, local); }
  double end(std::uint32_t task, double local = kUnset) {
    return attempt<events::TaskEnd>(task, local);
  }
};

}  // namespace

TEST_CASE("sequencer: the very first event opens the first client session", "[sessions]") {
  Journal journal;
  CHECK(journal.sequencer.session() == 0);
  journal.batch(11);
  CHECK(journal.sequencer.opens_session(read_record(event_at(5)), kTimeoutMs));
  journal.take(event_at(5));
  CHECK(journal.sequencer.session() == 1);
  CHECK(journal.sequencer.next_seq() == 1);
  journal.take(event_at(6));
  CHECK(journal.sequencer.session() == 1);
  CHECK(journal.sequencer.next_seq() == 2);
}

TEST_CASE("sequencer: page views of one document count up", "[sessions]") {
  Journal journal;
  journal.batch(11);
  CHECK(journal.view_pv(0, 0, kFromNewTab) == 0);
  CHECK(journal.pv(1, 0) == 0);
  CHECK(journal.final_from(2, 1, 0) == 0);
  CHECK(journal.pv(3, 1) == 1);
  CHECK(journal.pv(4, 0) == 0);   // a late event of the page view before
  CHECK(journal.pv(5, 2) == -1);  // not shown yet
  CHECK(journal.pv(6, -3) == -1);
  const events::Record plain = journal.take(event_at(7));
  CHECK_FALSE(plain.has_pv());
}

TEST_CASE("sequencer: two tabs that take turns share one count", "[sessions]") {
  Journal journal;
  journal.batch(11);
  CHECK(journal.view_pv(0, 0, kFromNewTab) == 0);
  journal.batch(22);
  const events::Record other = journal.view(1, 0, kFromNewTab);
  CHECK(other.head().pv == 1);
  CHECK(std::isnan(other.as<events::PageView>().from));
  CHECK(other.has(events::PageView::kHasFrom));
  journal.batch(11);
  CHECK(journal.pv(2, 0) == 0);
  const events::Record next = journal.view(3, 1, 0);
  CHECK(next.head().pv == 2);
  CHECK(next.as<events::PageView>().from == 0);
  journal.batch(22);
  CHECK(journal.pv(4, 0) == 1);
  CHECK(journal.final_from(5, 1, 0) == 1);
  CHECK(journal.pv(6, 1) == 3);
  CHECK(journal.sequencer.session() == 1);
  CHECK(journal.sequencer.next_seq() == 7);
}

TEST_CASE("sequencer: a reload or navigation replaces the last page view of the previous document",
          "[sessions]") {
  Journal journal;
  journal.batch(11);
  journal.view(0, 0, kFromNewTab);
  journal.view(1, 1, 0);
  journal.batch(22);
  journal.view(2, 0, kFromNewTab);
  journal.batch(33, 11);
  CHECK(journal.final_from(3, 0, -1) == 1);
  CHECK(journal.pv(4, 0) == 3);
}

TEST_CASE("sequencer: from of a document nobody knows is a new tab", "[sessions]") {
  Journal journal;
  journal.batch(22, 11);
  CHECK(std::isnan(journal.final_from(0, 0, -1)));
  journal.batch(33);
  CHECK(std::isnan(journal.final_from(1, 0, -1)));  // no previous one
  CHECK(std::isnan(journal.final_from(2, 1, 9)));
  // A document that has shown no page view.
  journal.batch(44);
  journal.take(event_at(3));
  journal.batch(55, 44);
  CHECK(std::isnan(journal.final_from(4, 0, -1)));
}

TEST_CASE("sequencer: an absent from stays absent", "[sessions]") {
  Journal journal;
  journal.batch(11);
  journal.view(0, 0, kFromNewTab);
  CHECK_FALSE(journal.view(1, 1, kUnset).has(events::PageView::kHasFrom));
}

TEST_CASE("sequencer: attempts of a task count over all tabs, each tab finds its own",
          "[sessions]") {
  Journal journal;
  journal.batch(11);
  CHECK(journal.start(kBuyTask, 0) == 0);
  CHECK(journal.start(kFindTask, 0) == 0);  // every task counts for itself
  journal.batch(22);
  CHECK(journal.start(kBuyTask, 0) == 1);
  journal.batch(11);
  CHECK(journal.start(kBuyTask, 1) == 2);
  CHECK(journal.end(kBuyTask, 0) == 0);
  CHECK(journal.end(kBuyTask, 1) == 2);
  journal.batch(22);
  CHECK(journal.end(kBuyTask, 0) == 1);
  CHECK(journal.attempt<events::Error>(kBuyTask, 0) == 1);
  CHECK(journal.attempt<events::Survey>(kBuyTask, 0) == 1);
}

TEST_CASE("sequencer: attempts go on over a reload of their tab", "[sessions]") {
  Journal journal;
  journal.batch(11);
  CHECK(journal.start(kBuyTask, 0) == 0);
  journal.batch(33);
  CHECK(journal.start(kBuyTask, 0) == 1);
  journal.batch(22, 11);
  CHECK(journal.end(kBuyTask, 0) == 0);
}

TEST_CASE(
    "sequencer: an end without a number is of the tab's latest attempt, one without a start "
    "stays without",
    "[sessions]") {
  Journal journal;
  journal.batch(11);
  CHECK(journal.end(kBuyTask, 0) == -1);
  journal.start(kBuyTask, 0);
  journal.start(kBuyTask, 1);
  CHECK(journal.end(kBuyTask) == 1);
  CHECK(journal.end(kBuyTask, 5) == -1);
  journal.batch(22);
  CHECK(journal.end(kBuyTask) == -1);
}

TEST_CASE("sequencer: a second start of the same attempt keeps its number", "[sessions]") {
  Journal journal;
  journal.batch(11);
  CHECK(journal.start(kBuyTask, 0) == 0);
  CHECK(journal.start(kBuyTask, 0) == 0);
  CHECK(journal.start(kBuyTask, 1) == 1);
}

TEST_CASE("sequencer: events without a task or with an undefined one are left alone",
          "[sessions]") {
  Journal journal;
  journal.batch(11);
  auto error = event_at<events::Error>(0);
  error.kind = events::words::kUser;
  error.present |= error.kHasKind;
  CHECK_FALSE(journal.take(error).has(events::Error::kHasAttempt));
  error.task = 999;
  error.present |= error.kHasTask;
  CHECK_FALSE(journal.take(error).has(events::Error::kHasAttempt));
}

TEST_CASE("sequencer: a document opened after a long pause opens a new client session",
          "[sessions]") {
  Journal journal;
  journal.batch(11);
  journal.view(0, 0, kFromNewTab);
  journal.start(kBuyTask, 0);
  journal.take(event_at(1000));

  // Exactly the timeout is no pause yet, and only the first page view of a document counts.
  journal.batch(22, 11);
  journal.view(1000 + kTimeoutMs, 0, -1);
  CHECK(journal.sequencer.session() == 1);
  journal.view(1001 + 2 * kTimeoutMs, 1, 0);
  journal.take(event_at(1002 + 3 * kTimeoutMs, 0));
  CHECK(journal.sequencer.session() == 1);

  journal.batch(33, 22);
  const events::Record opened = journal.view(1003 + 4 * kTimeoutMs, 0, -1);
  CHECK(journal.sequencer.session() == 2);
  CHECK(opened.head().pv == 0);
  CHECK(journal.sequencer.next_seq() == 1);
  // What it replaced was of the session before.
  CHECK(std::isnan(opened.as<events::PageView>().from));
  // Attempts are new too.
  CHECK(journal.end(kBuyTask, 0) == -1);
  CHECK(journal.start(kBuyTask, 0) == 0);
}

TEST_CASE("sequencer: after a new client session an old document's page view is no more",
          "[sessions]") {
  Journal journal;
  journal.batch(11);
  journal.view(0, 0, kFromNewTab);
  journal.batch(22);
  journal.view(1 + kTimeoutMs, 0, kFromNewTab);
  REQUIRE(journal.sequencer.session() == 2);
  journal.batch(11);
  CHECK(journal.pv(2 + kTimeoutMs, 0) == -1);
  // Its next page view is a new one, in no known tab.
  const events::Record next = journal.view(3 + kTimeoutMs, 1, 0);
  CHECK(next.head().pv == 1);
  CHECK(std::isnan(next.as<events::PageView>().from));
  CHECK(journal.pv(4 + kTimeoutMs, 1) == 1);
}

TEST_CASE("sequencer: the document silent for longest is forgotten first", "[sessions]") {
  Journal journal;
  for (int document = 1; document <= 64; ++document) {
    journal.batch(document);
    journal.view(document, 0, kFromNewTab);
  }
  journal.batch(1);  // heard of again
  CHECK(journal.pv(100, 0) == 0);
  journal.batch(65);
  journal.view(101, 0, kFromNewTab);
  journal.batch(1);
  CHECK(journal.pv(102, 0) == 0);
  journal.batch(3);
  CHECK(journal.pv(103, 0) == 2);
  journal.batch(2);  // forgotten
  CHECK(journal.pv(104, 0) == -1);
}

TEST_CASE("sequencer: a document's latest page views are remembered", "[sessions]") {
  Journal journal;
  journal.batch(11);
  journal.view(0, 0, kFromNewTab);
  for (int local = 1; local < 1000; ++local) journal.view(local, local, local - 1);
  CHECK(journal.pv(1000, 999) == 999);
  CHECK(journal.pv(1001, 998) == 998);
  CHECK(journal.pv(1002, 0) == -1);
}

TEST_CASE("sequencer: page views that skip numbers still count up by one", "[sessions]") {
  Journal journal;
  journal.batch(11);
  CHECK(journal.view_pv(0, 0, kFromNewTab) == 0);
  CHECK(journal.view_pv(1, 7, 0) == 1);
  CHECK(journal.pv(2, 7) == 1);
  CHECK(journal.view_pv(3, 8, 7) == 2);
  CHECK(journal.pv(4, 7) == 1);
}

TEST_CASE("sequencer: comes back from an archive and goes on the same", "[sessions]") {
  Journal journal;
  journal.batch(11);
  journal.view(0, 0, kFromNewTab);
  journal.start(kBuyTask, 0);
  std::vector<std::byte> bytes;
  insitu::base::Archive save(bytes);
  save(journal.sequencer);
  Journal back;
  back.strings.keep(kBuyTask);
  insitu::base::Archive load{std::span<const std::byte>(bytes)};
  load(back.sequencer);
  REQUIRE(load.at_end());
  CHECK(back.sequencer.session() == 1);
  CHECK(back.sequencer.next_seq() == 2);
  back.batch(22, 11);
  CHECK(back.final_from(5, 0, -1) == 0);
  CHECK(back.end(kBuyTask, 0) == 0);
  CHECK(back.start(kBuyTask, 1) == 1);
}
