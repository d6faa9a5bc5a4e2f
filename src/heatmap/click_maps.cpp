// SPDX-License-Identifier: MIT
#include "heatmap/click_maps.h"

#include <algorithm>
#include <cmath>

#include "base/sort.h"

namespace insitu::heatmap {

namespace {

// What is counted, by its bits from the top: 17 of place (page and state), 3 of kind, then
//   on a page       12 of column, 32 of row
//   in an element   28 of element, 8 of column, 8 of row
//   of an element   28 of element
constexpr int kPlaceShift = 47;
constexpr int kKindShift = 44;
constexpr std::uint64_t kRest = (std::uint64_t{1} << kKindShift) - 1;
constexpr std::size_t kMaxPlaces = 1u << 17;
constexpr std::uint32_t kMaxElements = 1u << 28;
constexpr int kElementShift = 16;
// As a state: all of them together. No text has this id.
constexpr std::uint32_t kAnyState = 0xffffffff;

std::uint64_t pair(std::uint32_t high, std::uint32_t low) {
  return std::uint64_t{high} << 32 | low;
}
std::uint64_t group(std::uint32_t place, ClickKind kind) {
  return std::uint64_t{place} << kPlaceShift | static_cast<std::uint64_t>(kind) << kKindShift;
}

// Counts of one kind that lie at the same place of a page or an element.
struct Found {
  std::uint64_t rest;
  double clicks;
};

void drop(RecentClicks& recent, std::size_t count) {
  std::move(recent.begin() + count, recent.end(), recent.begin());
  recent.resize(recent.size() - count);
}

}  // namespace

ClickMaps::ClickMaps(const kpi::Options& options, const base::Limits& limits)
    : wanted_(options.heat_kinds),
      is_alone_(limits.visitors == 1),
      // The first click of a chain waits for the one that makes it an episode.
      horizon_ms_(std::max(
          {options.dead_ms, options.error_click_ms, options.rage_ms * options.rage_clicks})),
      max_cells_(limits.grid_cells),
      max_elements_(std::min<std::size_t>(limits.click_elements, kMaxElements)),
      max_places_(std::min(limits.click_places, kMaxPlaces)),
      max_recent_(limits.waiting_clicks * 2) {}

void ClickMaps::view(std::uint32_t page, std::uint32_t visitor) {
  std::int64_t& people = pages_[page];
  if (is_alone_) {
    people = 1;
  } else if (seen_.insert(base::mix(base::mix(page + 1) + visitor)) == seen_.size() - 1) {
    ++people;
  }
}

bool ClickMaps::element(MappedClick& click, std::uint32_t key, std::uint32_t anchor,
                        bool interactive, const double (&box)[4]) {
  const std::uint64_t name = pair(key, anchor);
  std::uint32_t index = names_.find(name);
  const bool is_known =
      index != base::FlatKeys::kNone && elements_.find(pair(click.page, index + 1));
  if (!is_known && !has_room()) return false;
  index = names_.insert(name);
  click.element = index + 1;
  Element& element = elements_[pair(click.page, click.element)];
  element.interactive = interactive;
  std::copy(std::begin(box), std::end(box), element.box);
  return true;
}

bool ClickMaps::click(RecentClicks& recent, const MappedClick& click, bool is_first_of_view) {
  bool had_room = add(click, ClickKind::kClick);
  if (click.is_first) had_room &= add(click, ClickKind::kFirst);
  if (is_first_of_view) had_room &= add(click, ClickKind::kFirstOfView);
  if (recent.size() >= max_recent_) {
    drop(recent, max_recent_ / 2);
    had_room = false;
  }
  recent.push_back(click);
  return had_room;
}

bool ClickMaps::judge(RecentClicks& recent, const kpi::ClickVerdict& verdict) {
  const auto find = [&](std::uint32_t event) -> MappedClick* {
    MappedClick* at =
        std::lower_bound(recent.begin(), recent.end(), event,
                         [](const MappedClick& one, std::uint32_t e) { return one.event < e; });
    return at != recent.end() && at->event == event ? at : nullptr;
  };
  MappedClick* click = find(verdict.click);
  if (!click) return true;
  using Kind = kpi::ClickVerdict::Kind;
  switch (verdict.kind) {
    case Kind::kJoins:
      click->before = verdict.before;
      return true;
    case Kind::kRage:
      return add(*click, ClickKind::kRage);
    case Kind::kDead:
      return add(*click, ClickKind::kDead);
    case Kind::kError:
      return add(*click, ClickKind::kError);
    case Kind::kFrenzy:
      break;
  }
  bool had_room = true;
  for (std::uint32_t latest = verdict.click + 1; click && click->event < latest;) {
    latest = click->event;  // links of a forged state may not lead back
    had_room &= add(*click, ClickKind::kRage);
    click = click->before ? find(click->before) : nullptr;
  }
  return had_room;
}

void ClickMaps::forget(RecentClicks& recent, std::int64_t tau_ms) const {
  std::size_t old = 0;
  while (old < recent.size() && static_cast<double>(tau_ms - recent[old].tau_ms) > horizon_ms_) {
    ++old;
  }
  if (old) drop(recent, old);
}

bool ClickMaps::add(const MappedClick& click, ClickKind kind) {
  if (kHasSinks && sink_ && kind != ClickKind::kClick) sink_->is(click.number, kind);
  if (click.page == kNoPage) return true;
  const std::uint64_t own = pair(click.page, click.state);
  if (places_.size() + 2 > max_places_ && places_.find(own) == base::FlatKeys::kNone) return false;
  const std::uint64_t here = group(places_.insert(own), kind);
  const auto count = [&](Counts& counts, std::uint64_t rest) {
    return counts.clicks.add(here | rest, 1, max_cells_);
  };
  const auto meet_at = [&](base::CountMap& people, std::uint64_t rest) {
    if (is_alone_) return;
    meet(people, here | rest, click.visitor);
    const std::uint32_t anywhere = places_.insert(pair(click.page, kAnyState));
    meet(people, group(anywhere, kind) | rest, click.visitor);
  };
  bool had_room = true;
  if (click.in_page) {
    had_room = count(on_page_, click.cell);
    if (had_room) meet_at(on_page_.people, click.cell);
  }
  if (!click.element) return had_room;
  const std::uint32_t element = elements_.keys().find(pair(click.page, click.element));
  if (element == base::FlatKeys::kNone) return false;
  const std::uint64_t cell = std::uint64_t{element} << kElementShift | click.element_cell;
  if (!count(in_elements_, cell)) return false;
  meet_at(in_elements_.people, cell);
  meet_at(of_elements_, element);
  return had_room;
}

// Counts a visitor where it has not been counted yet. 64 bits of fingerprint: among a million two
// are equal by chance once in 30 million logs.
void ClickMaps::meet(base::CountMap& people, std::uint64_t key, std::uint32_t visitor) {
  const std::uint64_t table = &people == &of_elements_ ? 3 : &people == &on_page_.people ? 1 : 2;
  const std::uint64_t name = base::mix(base::mix(key) + (std::uint64_t{visitor} << 2 | table));
  const std::size_t known = seen_.size();
  if (seen_.insert(name) == known) (void)people.add(key, 1, SIZE_MAX);
}

ClickMap ClickMaps::map(std::uint32_t page, ClickKind kind,
                        std::optional<std::uint32_t> state) const {
  ClickMap map;
  if (kind == ClickKind::kFirst && !has_tasks_) kind = ClickKind::kFirstOfView;
  if (const std::int64_t* people = pages_.find(page)) {
    map.participants = static_cast<double>(*people);
  }
  base::Array<bool> is_in(places_.size());
  for (std::uint32_t i = 0; i < places_.size(); ++i) {
    if (places_[i] >> 32 != page) continue;
    const auto own = static_cast<std::uint32_t>(places_[i]);
    if (own != kAnyState) map.states.push_back(own);
    is_in[i] = state ? own == *state : own != kAnyState;
  }
  const std::uint32_t who = places_.find(pair(page, state ? *state : kAnyState));
  const auto participants = [&](const base::CountMap& people, std::uint64_t rest) {
    if (is_alone_) return 1.0;
    const std::int64_t* count =
        who == base::FlatKeys::kNone ? nullptr : people.find(group(who, kind) | rest);
    return count ? static_cast<double>(*count) : 0;
  };
  const auto collect = [&](const base::CountMap& clicks) {
    base::Array<Found> found;
    clicks.for_each([&](std::uint64_t key, std::int64_t count) {
      const auto place = static_cast<std::uint32_t>(key >> kPlaceShift);
      if (place >= is_in.size() || !is_in[place] || !count) return;
      if (key >> kKindShift != group(place, kind) >> kKindShift) return;
      found.push_back({key & kRest, static_cast<double>(count)});
    });
    base::sort(found, [](const Found& a, const Found& b) { return a.rest < b.rest; });
    std::size_t kept = 0;
    for (const Found& each : found) {
      if (kept && found[kept - 1].rest == each.rest) {
        found[kept - 1].clicks += each.clicks;
      } else {
        found[kept++] = each;
      }
    }
    found.resize(kept);
    return found;
  };
  for (const Found& each : collect(on_page_.clicks)) {
    map.cells.push_back({static_cast<double>(each.rest >> 32),
                         static_cast<double>(each.rest & 0xffffffff), each.clicks,
                         participants(on_page_.people, each.rest)});
  }
  std::uint32_t latest = kMaxElements;
  for (const Found& each : collect(in_elements_.clicks)) {
    const auto index = static_cast<std::uint32_t>(each.rest >> kElementShift);
    if (index >= elements_.size()) continue;
    if (index != latest) {
      latest = index;
      const Element& known = elements_.at(index);
      ElementMap& element = map.elements.emplace_back();
      const auto number = static_cast<std::uint32_t>(elements_.keys()[index]);
      const std::uint64_t name = number - 1 < names_.size() ? names_[number - 1] : 0;
      element.element = static_cast<std::uint32_t>(name >> 32);
      element.anchor = static_cast<std::uint32_t>(name);
      element.interactive = known.interactive != 0;
      std::copy(std::begin(known.box), std::end(known.box), element.box);
      element.participants = participants(of_elements_, index);
    }
    ElementMap& element = map.elements.back();
    element.clicks += each.clicks;
    element.cells.push_back({static_cast<double>(each.rest >> 8 & 0xff),
                             static_cast<double>(each.rest & 0xff), each.clicks,
                             participants(in_elements_.people, each.rest)});
  }
  return map;
}

}  // namespace insitu::heatmap
