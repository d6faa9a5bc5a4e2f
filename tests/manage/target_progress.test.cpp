// SPDX-License-Identifier: MIT
// Covers manage/target_progress.h. Its vectors run in tests/cli/calc.test.cpp.
#include "manage/target_progress.h"

#include <string>

#include "catch_amalgamated.hpp"

using insitu::manage::Direction;
using insitu::manage::Target;
using insitu::manage::target_progress;
using insitu::manage::TargetStatus;

namespace {

// From 10 up by 4, between the times 100 and 200.
Target raise() {
  Target target;
  target.baseline = 10;
  target.change = 4;
  target.start = 100;
  target.by = 200;
  return target;
}

}  // namespace

TEST_CASE("progress is the share of the change, elapsed the share of the time", "[manage]") {
  const auto half = target_progress(raise(), 12, 125);
  CHECK(half.progress == 0.5);
  CHECK(half.elapsed == 0.25);
  CHECK(half.status == TargetStatus::kOnTrack);
  CHECK(target_progress(raise(), 12, 150).status == TargetStatus::kOnTrack);
  CHECK(target_progress(raise(), 12, 151).status == TargetStatus::kBehind);
  CHECK(target_progress(raise(), 12, 0).elapsed == 0);
  CHECK(target_progress(raise(), 12, 900).elapsed == 1);
  CHECK(target_progress(raise(), 9, 125).progress == -0.25);
}

TEST_CASE("downward targets count downward", "[manage]") {
  Target reduce = raise();
  reduce.direction = Direction::kDown;
  CHECK(target_progress(reduce, 8, 125).progress == 0.5);
  CHECK(target_progress(reduce, 12, 125).progress == -0.5);
}

TEST_CASE("a target is met whatever the date, and missed from its date on", "[manage]") {
  CHECK(target_progress(raise(), 14, 900).status == TargetStatus::kMet);
  CHECK(target_progress(raise(), 15, 0).status == TargetStatus::kMet);
  CHECK(target_progress(raise(), 13, 200).status == TargetStatus::kMissed);
  CHECK(target_progress(raise(), 13, 199).status == TargetStatus::kBehind);
  // 0.1 + 0.2 is a little more than 0.3, 0.3 - 0.2 a little less than 0.1.
  Target small = raise();
  small.baseline = 0.2;
  small.change = 0.1;
  CHECK(target_progress(small, 0.3, 150).status == TargetStatus::kMet);
}

TEST_CASE("without a date a target is open until it is met", "[manage]") {
  Target open = raise();
  open.by.reset();
  const auto half = target_progress(open, 12, 1e12);
  CHECK(half.status == TargetStatus::kOpen);
  CHECK_FALSE(half.elapsed);
  CHECK(target_progress(open, 14, 0).status == TargetStatus::kMet);
}

TEST_CASE("without a size any gain meets a target", "[manage]") {
  for (const std::optional<double> none : {std::optional<double>(), std::optional<double>(0)}) {
    Target any = raise();
    any.change = none;
    CHECK(target_progress(any, 10.001, 150).status == TargetStatus::kMet);
    CHECK(target_progress(any, 10, 150).progress == 0);
    CHECK(target_progress(any, 9, 150).status == TargetStatus::kBehind);
  }
}

TEST_CASE("without a value or a baseline there is nothing to say", "[manage]") {
  Target blind = raise();
  blind.baseline.reset();
  for (const auto& nothing :
       {target_progress(raise(), std::nullopt, 150), target_progress(blind, 12, 150)}) {
    CHECK(nothing.status == TargetStatus::kNoData);
    CHECK_FALSE(nothing.progress);
    CHECK_FALSE(nothing.elapsed);
  }
}

TEST_CASE("a target that ends when it begins is over from then on", "[manage]") {
  Target instant = raise();
  instant.by = instant.start;
  CHECK(target_progress(instant, 12, 99).elapsed == 0);
  CHECK(target_progress(instant, 12, 100).elapsed == 1);
  CHECK(target_progress(instant, 12, 100).status == TargetStatus::kMissed);
}

TEST_CASE("every status has the name that files use", "[manage]") {
  using insitu::manage::name;
  CHECK(name(TargetStatus::kNoData) == std::string("no_data"));
  CHECK(name(TargetStatus::kMet) == std::string("met"));
  CHECK(name(TargetStatus::kOpen) == std::string("open"));
  CHECK(name(TargetStatus::kMissed) == std::string("missed"));
  CHECK(name(TargetStatus::kOnTrack) == std::string("on_track"));
  CHECK(name(TargetStatus::kBehind) == std::string("behind"));
}
