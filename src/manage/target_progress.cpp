// SPDX-License-Identifier: MIT
#include "manage/target_progress.h"

#include <algorithm>

namespace insitu::manage {
namespace {

// A target is met when only rounding is missing.
constexpr double kMetFrom = 1 - 1e-12;

double elapsed_share(double start, double by, double now) {
  if (by <= start) return now >= by ? 1 : 0;
  return std::clamp((now - start) / (by - start), 0.0, 1.0);
}

}  // namespace

TargetProgress target_progress(const Target& target, std::optional<double> current, double now) {
  if (!current || !target.baseline) return {};
  const double change = *current - *target.baseline;
  const double gain = target.direction == Direction::kUp ? change : -change;
  TargetProgress result;
  double progress = gain > 0 ? 1 : 0;
  if (target.change && *target.change != 0) progress = gain / *target.change;
  result.progress = progress;
  if (target.by) result.elapsed = elapsed_share(target.start, *target.by, now);
  if (progress >= kMetFrom) {
    result.status = TargetStatus::kMet;
  } else if (!target.by) {
    result.status = TargetStatus::kOpen;
  } else if (now >= *target.by) {
    result.status = TargetStatus::kMissed;
  } else {
    result.status = progress >= *result.elapsed ? TargetStatus::kOnTrack : TargetStatus::kBehind;
  }
  return result;
}

const char* name(TargetStatus status) {
  switch (status) {
    case TargetStatus::kNoData:
      return "no_data";
    case TargetStatus::kMet:
      return "met";
    case TargetStatus::kOpen:
      return "open";
    case TargetStatus::kMissed:
      return "missed";
    case TargetStatus::kOnTrack:
      return "on_track";
    case TargetStatus::kBehind:
      return "behind";
  }
  return "";
}

}  // namespace insitu::manage
