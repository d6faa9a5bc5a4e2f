// SPDX-License-Identifier: MIT
// Covers sessions/clock.h: the rules of corrected time, one by one.
#include "sessions/clock.h"

#include <cmath>

#include "catch_amalgamated.hpp"
#include "tests/helpers/records.h"

using insitu::events::RecordHead;
using insitu::sessions::Clock;

namespace {

// An event at wall time `t` with the monotonic time `mono` of page view `pv`; negative: absent.
RecordHead at(double t, double pv = -1, double mono = -1) {
  RecordHead head{};
  head.t = t;
  if (pv >= 0) {
    head.pv = pv;
    head.present |= RecordHead::kHasPv;
  }
  if (mono >= 0) {
    head.mono = mono;
    head.present |= RecordHead::kHasMono;
  }
  return head;
}

}  // namespace

TEST_CASE("clock: starts at the wall clock of the first event", "[sessions]") {
  Clock clock;
  CHECK_FALSE(clock.started());
  CHECK(clock.advance(at(5000, 0, 300)) == 5000);
  CHECK(clock.started());
  CHECK(clock.tau_ms() == 5000);
  CHECK(clock.delta_ms() == 0);
  CHECK_FALSE(clock.stepped_back());
}

TEST_CASE("clock: within a page view the monotonic clock counts, whatever the wall clock does",
          "[sessions]") {
  Clock clock;
  clock.advance(at(5000, 0, 100));
  CHECK(clock.advance(at(9'999'999, 0, 350)) == 5250);  // the wall clock was set forward
  CHECK(clock.delta_ms() == 250);
  CHECK(clock.advance(at(10, 0, 360)) == 5260);  // and back
  CHECK_FALSE(clock.stepped_back());
  CHECK(clock.advance(at(11, 0, 360)) == 5260);  // no monotonic time passed
  CHECK(clock.delta_ms() == 0);
}

TEST_CASE("clock: a monotonic clock that falls is not believed", "[sessions]") {
  Clock clock;
  clock.advance(at(5000, 0, 100));
  CHECK(clock.advance(at(5700, 0, 99)) == 5700);
  CHECK_FALSE(clock.stepped_back());
  // Nor is it when the wall clock falls too: then the step is 0 and counted.
  CHECK(clock.advance(at(5600, 0, 50)) == 5700);
  CHECK(clock.stepped_back());
}

TEST_CASE("clock: between page views the wall clock counts", "[sessions]") {
  Clock clock;
  clock.advance(at(5000, 0, 100));
  CHECK(clock.advance(at(6000, 1, 7000)) == 6000);
  CHECK(clock.advance(at(6500, 0, 7001)) == 6500);
}

TEST_CASE("clock: without pv or mono on either side the wall clock counts", "[sessions]") {
  Clock clock;
  clock.advance(at(5000, 0, 100));
  CHECK(clock.advance(at(6000, 0)) == 6000);
  CHECK(clock.advance(at(7000, 0, 150)) == 7000);
  CHECK(clock.advance(at(8000, -1, 160)) == 8000);
  CHECK(clock.advance(at(9000, -1, 170)) == 9000);
  CHECK(clock.advance(at(10'000, 0, 180)) == 10'000);
}

TEST_CASE("clock: a wall clock that goes back gives a step of 0, which is told once",
          "[sessions]") {
  Clock clock;
  clock.advance(at(5000));
  CHECK(clock.advance(at(4000)) == 5000);
  CHECK(clock.delta_ms() == 0);
  CHECK(clock.stepped_back());
  // The next step is measured from the new time.
  CHECK(clock.advance(at(4300)) == 5300);
  CHECK_FALSE(clock.stepped_back());
  CHECK(clock.advance(at(4300)) == 5300);
  CHECK_FALSE(clock.stepped_back());
}

TEST_CASE("clock: pv and mono that are no integers are absent", "[sessions]") {
  for (const double odd : {0.5, std::nan(""), 1e300}) {
    Clock clock;
    clock.advance(at(5000, 0, 100));
    RecordHead head = at(6000, 0, 150);
    head.mono = odd;
    CHECK(clock.advance(head) == 6000);
    clock.advance(at(7000, 0, 100));
    head = at(8000, 0, 150);
    head.pv = odd;
    CHECK(clock.advance(head) == 8000);
  }
}
