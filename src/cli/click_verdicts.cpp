// SPDX-License-Identifier: MIT
#include "cli/click_verdicts.h"

#include <cmath>
#include <cstddef>
#include <map>
#include <utility>

namespace insitu::cli {
namespace {

using Type = JudgedEvent::Type;

// Equal for events of one page view; all without a pv are of one.
using View = std::pair<bool, double>;
View view_of(const JudgedEvent& event) { return {event.has_pv, event.has_pv ? event.pv : 0}; }

double since(const JudgedEvent& later, const JudgedEvent& earlier) {
  return static_cast<double>(later.tau_ms - earlier.tau_ms);
}

// Whether `event`, which comes later, is what the page answers to the click.
bool answers(const JudgedEvent& event, const JudgedEvent& click, const kpi::Options& options) {
  switch (event.type) {
    case Type::kMutation:
      if (since(event, click) > options.dead_ms) return false;
      break;
    case Type::kScroll:
      if (since(event, click) > options.dead_scroll_ms) return false;
      break;
    case Type::kPageView:
      if (since(event, click) > options.dead_ms) return false;
      return !event.has_from || !click.has_pv || event.from == click.pv;
    default:
      return false;
  }
  return !event.has_pv || !click.has_pv || event.pv == click.pv;
}

bool is_dead(std::span<const JudgedEvent> session, std::size_t at, const kpi::Options& options) {
  const JudgedEvent& click = session[at];
  if (click.is_exempt_from_dead || (options.dead_interactive_only && !click.is_interactive)) {
    return false;
  }
  for (std::size_t i = at + 1; i < session.size(); ++i) {
    if (since(session[i], click) > options.dead_ms) return true;
    if (answers(session[i], click, options)) return false;
  }
  return since(session.back(), click) >= options.dead_ms;
}

bool joins(const JudgedEvent& click, const JudgedEvent& before, const kpi::Options& options) {
  const double dx = std::abs(click.x - before.x);
  const double dy = std::abs(click.y - before.y);
  const double distance =
      options.rage_metric == kpi::RageMetric::kEuclid ? std::sqrt(dx * dx + dy * dy) : dx + dy;
  return distance < options.rage_px && since(click, before) < options.rage_ms;
}

}  // namespace

std::vector<ClickVerdict> judge_clicks(std::span<const JudgedEvent> session,
                                       const kpi::Options& options) {
  std::vector<ClickVerdict> verdicts(session.size());
  std::map<View, std::vector<std::size_t>> chains;  // the open chain of each page view
  std::map<View, std::size_t> latest;               // click
  for (std::size_t i = 0; i < session.size(); ++i) {
    const JudgedEvent& event = session[i];
    if (event.type == Type::kJsError) {
      const auto click = latest.find(view_of(event));
      if (click != latest.end() && since(event, session[click->second]) <= options.error_click_ms) {
        verdicts[click->second].is_error = true;
      }
    }
    if (event.type != Type::kClick) continue;
    latest[view_of(event)] = i;
    verdicts[i].is_dead = is_dead(session, i, options);
    if (event.is_exempt_from_rage) continue;
    std::vector<std::size_t>& chain = chains[view_of(event)];
    if (!chain.empty() && !joins(event, session[chain.back()], options)) chain.clear();
    chain.push_back(i);
    if (static_cast<double>(chain.size()) < options.rage_clicks) continue;
    for (const std::size_t click : chain) verdicts[click].is_rage = true;
    // What is marked need not be marked again: only the last is still looked at.
    if (static_cast<double>(chain.size()) > options.rage_clicks) {
      chain.erase(chain.begin());
    }
  }
  return verdicts;
}

}  // namespace insitu::cli
