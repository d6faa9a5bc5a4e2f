// SPDX-License-Identifier: MIT
// The page views of one client session, over all its tabs: which are open, which are seen.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

#include "base/archive.h"
#include "base/array.h"
#include "base/flat_map.h"
#include "base/inline.h"
#include "events/batch.h"
#include "events/batch_strings.h"

namespace insitu::sessions {

// What is known of one page-view number.
struct PageView {
  double pv = 0;
  bool has_pv = false;        // false: the one entry for events without pv
  bool seen = false;          // it had a `page_view` event
  bool open = false;          // not replaced yet
  bool visible = false;       // open and not hidden
  std::uint64_t touched = 0;  // ordinal of its latest event
  std::uint32_t page = 0;     // engine string id of the route
  // CSS px as the latest `page_view` gave them, NaN when absent.
  double viewport_height = NAN;
  double document_width = NAN;
  double document_height = NAN;
  double deepest_scroll = NAN;  // largest top of the viewport so far
  // The latest `page_view`: when, in which session, and the page view it replaced.
  std::int64_t shown_ms = 0;
  std::uint32_t shown_part = 0;
  bool has_previous = false;
  std::uint32_t previous_page = 0;
  std::uint32_t previous_part = 0;
};

// How the latest `page_view` event was reached.
struct Navigation {
  // From the page that was before the one before, in one session (KPI specification 5.2, quick
  // backs).
  bool is_back = false;
  std::int64_t stayed_ms = 0;  // on the page between
};

// One `page_view` event with a usable geometry: a row of scroll_depth when its page view is closed.
struct ShownPage {
  std::uint32_t view = 0;  // index of its PageView
  double viewport_height = 0;
  double document_height = 0;
};

// Visibility and history of the tabs of one client session (KPI specification 2.5, 2.6).
class PageViews {
 public:
  static constexpr std::uint32_t kNone = 0xffffffff;

  // Takes the next event and gives the index of its own page view, kNone for events without pv
  // (`page_view` events always have one). Indexes stay valid until close_oldest(). The event lies
  // at `tau_ms` in session number `part`. O(1) on average.
  std::uint32_t apply(const events::Record& record, std::int64_t tau_ms, std::uint32_t part,
                      events::BatchStrings& strings) {
    return apply(record, record.type(), tau_ms, part, strings);
  }
  // The same where `type` is known to be the record's.
  INSITU_HOT std::uint32_t apply(const events::Record& record, events::EventType type,
                                 std::int64_t tau_ms, std::uint32_t part,
                                 events::BatchStrings& strings) {
    using events::EventType;
    ++ordinal_;
    const bool has_pv = record.has_pv();
    const double pv = has_pv ? record.head().pv : 0;
    std::uint32_t own = kNone;
    if (type == EventType::kPageView) [[unlikely]] {
      own = show(record, tau_ms, part, strings);
    } else if (has_pv || type == EventType::kScroll) [[likely]] {
      own = find_or_add(pv, has_pv);
    } else {
      own = keys_.find(key(0, false));
    }
    if (type == EventType::kVisibility) [[unlikely]] {
      change_visibility(record, own, strings);
    } else if (type == EventType::kScroll) {
      const auto& event = record.as<events::Scroll>();
      double& deepest = views_[own].deepest_scroll;
      if (record.is_number(event.kHasY, event.y) && !(deepest >= event.y)) deepest = event.y;
    }
    if (own == kNone) [[unlikely]] {
      return kNone;
    }
    views_[own].touched = ordinal_;
    return own;
  }
  const Navigation& navigation() const { return navigation_; }

  // True when time after the latest event counts as active: at least one page view is visible.
  bool any_visible() const { return latest_ == kNone ? visible_before_ : visible_count_ > 0; }
  // The visible page view with the latest event, kNone when there is none. `own` is what apply()
  // gave for the latest event. O(1) unless that is hidden or has no page view, else O(page views).
  INSITU_HOT std::uint32_t owner(std::uint32_t own) const {
    if (visible_count_ == 0) return kNone;
    if (own != kNone && views_[own].visible) [[likely]] {
      return own;
    }
    return latest_visible();
  }
  // The page of the page view `own` of an event, or else of the latest `page_view`; null before it.
  const std::uint32_t* page_of(std::uint32_t own) const;

  const base::Array<PageView>& views() const { return views_; }
  const PageView& view(std::uint32_t index) const { return views_[index]; }
  const base::Array<ShownPage>& shown() const { return shown_; }

  // Whether there are at most `limit` page views and `page_view` events.
  bool fits(std::size_t limit) const { return views_.size() <= limit && shown_.size() <= limit; }
  // When there are more than `limit` page views or `page_view` events: forgets the older half of
  // the page views, those that are seen last, and the older `page_view` events of the rest until
  // half are left, calling visit(view, shown page) for each `page_view` event that goes. Index i
  // becomes moved(i) then. O(page views).
  template <class Visit>
  bool close_oldest(std::size_t limit, Visit&& visit) {
    if (fits(limit)) return false;
    drop(limit / 2);
    base::Array<ShownPage> kept;
    // One number may have been shown many times, so what is kept is bounded too.
    std::size_t staying = 0;
    for (const ShownPage& page : shown_) staying += moved_[page.view] != kNone;
    for (const ShownPage& page : shown_) {
      const std::uint32_t moved = moved_[page.view];
      if (moved == kNone || staying > limit / 2) {
        visit(before_drop_[page.view], page);
        staying -= moved != kNone;
      } else {
        kept.push_back(page);
        kept.back().view = moved;
      }
    }
    shown_.swap(kept);
    before_drop_.clear();
    return true;
  }
  // After close_oldest() gave true: new indexes of the old ones, kNone for what was forgotten.
  const base::Array<std::uint32_t>& moved() const { return moved_; }

  void archive(base::Archive& a) {
    a(views_, shown_, ordinal_, latest_, visible_count_, visible_before_);
    if (a.loading()) reindex();
  }
  void clear();

  // A number for a pv: equal for equal ones, and one for all events without.
  static std::uint64_t key(double pv, bool has_pv) {
    // No pv is NaN; + 0.0: -0 is 0.
    return std::bit_cast<std::uint64_t>(has_pv ? pv + 0.0 : NAN);
  }

 private:
  // Takes a `page_view`, a `visibility` event.
  std::uint32_t show(const events::Record& record, std::int64_t tau_ms, std::uint32_t part,
                     events::BatchStrings& strings);
  void change_visibility(const events::Record& record, std::uint32_t own,
                         events::BatchStrings& strings);
  INSITU_HOT std::uint32_t find_or_add(double pv, bool has_pv) {
    // Most events are of the same page view as the event before.
    const bool is_last =
        last_ < views_.size() && views_[last_].pv == pv && views_[last_].has_pv == has_pv;
    if (is_last) [[likely]] {
      return last_;
    }
    return find_or_add_other(pv, has_pv);
  }
  std::uint32_t find_or_add_other(double pv, bool has_pv);
  std::uint32_t latest_visible() const;
  void set(PageView& view, bool open, bool visible);
  void drop(std::size_t keep);
  void reindex();

  base::Array<PageView> views_;
  base::Array<ShownPage> shown_;
  base::FlatKeys keys_;     // of views_, see key()
  std::uint32_t last_ = 0;  // what find_or_add() gave last
  std::uint64_t ordinal_ = 0;
  std::uint32_t latest_ = kNone;  // of the latest `page_view`
  std::uint32_t visible_count_ = 0;
  bool visible_before_ = true;  // before the first `page_view`
  Navigation navigation_;
  // Only used while closing.
  base::Array<PageView> before_drop_;
  base::Array<std::uint32_t> moved_;
};

}  // namespace insitu::sessions
