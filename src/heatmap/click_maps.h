// SPDX-License-Identifier: MIT
// Maps of clicks by what they were (first, rage, dead, error), by what was open over the page, and
// by who: what overlays and pictures are drawn from. Only kept with the option `heat_kinds`.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/archive.h"
#include "base/array.h"
#include "base/count_map.h"
#include "base/flat_map.h"
#include "base/limits.h"
#include "kpi/click_verdict.h"
#include "kpi/options.h"

namespace insitu::heatmap {

// kFirst: the first click behind each task_start; kFirstOfView: of each page view.
enum class ClickKind : std::uint8_t { kClick, kFirst, kRage, kDead, kError, kFirstOfView };

// One cell, how many clicks it got and from how many participants (visitors).
struct CountedCell {
  double column = 0;
  double row = 0;
  double clicks = 0;
  double participants = 0;
};

// The clicks of one kind on one element: cells of element_grid x element_grid over its box.
struct ElementMap {
  std::uint32_t element = 0;  // engine string id of its key
  std::uint32_t anchor = 0;   // of its fingerprint, kNone when no click had one
  bool interactive = false;   // as of its latest click
  double box[4] = {};         // left, top, width, height as of its latest click, CSS px of the page
  double clicks = 0;
  double participants = 0;
  base::Array<CountedCell> cells;
};

// The clicks of one kind on one page. Cells are in ascending order (column, then row), elements in
// no particular order; states are engine string ids, kNone (0) when nothing was open.
struct ClickMap {
  double participants = 0;  // who had a page view of it
  base::Array<CountedCell> cells;
  base::Array<ElementMap> elements;
  base::Array<std::uint32_t> states;
};

// A click with all that maps need. Pages are those of Heatmaps. Saved as bytes, so without gaps.
struct MappedClick {
  std::int64_t tau_ms = 0;
  std::uint64_t cell = 0;   // column << 32 | row
  std::uint32_t event = 0;  // its ordinal in the client session
  std::uint32_t visitor = 0;
  std::uint32_t page = 0;
  std::uint32_t state = 0;         // engine string id, 0 when nothing was open
  std::uint32_t element = 0;       // as ClickMaps number it, 0 when it has no box
  std::uint32_t before = 0;        // the click before it in its chain, once that is told
  std::uint32_t number = 0;        // that a ClickSink knows it by
  std::uint16_t element_cell = 0;  // column << 8 | row
  bool in_page = false;            // `cell` is one
  bool is_first = false;
};
// A MappedClick::page without a geometry: the click is in no map, but a sink hears of it.
inline constexpr std::uint32_t kNoPage = 0xffffffff;

// Clicks of a client session whose verdicts may still come, in order.
using RecentClicks = base::Array<MappedClick>;

// A click as it came. Texts live as long as the call that gives them.
struct SeenClick {
  std::string_view page;
  std::string_view element;  // empty: not told
  std::string_view anchor;
  std::string_view state;
  std::uint32_t visitor = 0;  // index
  bool interactive = false;
  double x = 0;  // CSS px of the document, as the box
  double y = 0;
  double box[4] = {};         // left, top, width, height; NaN: not told
  double document_width = 0;  // 0 without a geometry
  double document_height = 0;
};

// Whoever wants clicks where they were, not only their cells. Not in the core of visitors' pages.
#if defined(__wasm__) && !defined(INSITU_LAB)
inline constexpr bool kHasSinks = false;
#else
inline constexpr bool kHasSinks = true;
#endif
class ClickSink {
 public:
  virtual ~ClickSink() = default;
  // A page view with a geometry; the size is the document's, CSS px.
  virtual void view(std::string_view page, std::uint32_t visitor, double width, double height) = 0;
  // A click with a position, also on a page view without a geometry; gives a number to know it by.
  virtual std::uint32_t click(const SeenClick& click) = 0;
  // The click of that number is of this kind too (kClick is not told). At once or later.
  virtual void is(std::uint32_t number, ClickKind kind) = 0;
};

// All numbers are counts, so that the order of events of different visitors means nothing. False
// from a function: there was no room (base/limits.h), and what did not fit is in no map.
class ClickMaps {
 public:
  ClickMaps(const kpi::Options& options, const base::Limits& limits);

  bool wanted() const { return wanted_; }
  // Tells `sink` of kinds from now on; it must outlive the maps. Null: nobody.
  void watch(ClickSink* sink) { sink_ = sink; }
  ClickSink* sink() const { return sink_; }

  // A visitor sees a page.
  void view(std::uint32_t page, std::uint32_t visitor);
  // Gives a click its element and notes what that is like now; before click(). One key with two
  // anchors is two elements: what a list held at one place at different times.
  bool element(MappedClick& click, std::uint32_t key, std::uint32_t anchor, bool interactive,
               const double (&box)[4]);
  // Whether there is room for another element, and so a reason to keep its texts.
  bool has_room() const { return elements_.size() < max_elements_; }
  // O(1) on average, as judge().
  bool click(RecentClicks& recent, const MappedClick& click, bool is_first_of_view);
  // First clicks are those of tasks from now on.
  void start_task() { has_tasks_ = true; }
  // Verdicts about clicks that are no longer known are ignored.
  bool judge(RecentClicks& recent, const kpi::ClickVerdict& verdict);
  // Forgets clicks that nothing can be told about any more.
  void forget(RecentClicks& recent, std::int64_t tau_ms) const;

  // The map of a page; kFirst is kFirstOfView when there was no task. Without `state` of all states
  // together. O(all counts).
  ClickMap map(std::uint32_t page, ClickKind kind, std::optional<std::uint32_t> state) const;

  void archive(base::Archive& a) {
    a(has_tasks_, places_, pages_, names_, elements_, on_page_.clicks, on_page_.people,
      in_elements_.clicks, in_elements_.people, of_elements_, seen_);
  }

 private:
  struct Element {
    double box[4] = {};
    std::uint64_t interactive = 0;  // not 0: it is
  };
  // Keys are in click_maps.cpp.
  struct Counts {
    base::CountMap clicks;
    base::CountMap people;
  };

  bool add(const MappedClick& click, ClickKind kind);
  void meet(base::CountMap& people, std::uint64_t key, std::uint32_t visitor);

  bool wanted_;
  bool has_tasks_ = false;
  ClickSink* sink_ = nullptr;
  bool is_alone_;  // there is one visitor: who clicked needs no counting
  double horizon_ms_;
  std::size_t max_cells_;
  std::size_t max_elements_;
  std::size_t max_places_;
  std::size_t max_recent_;
  base::FlatKeys places_;              // page << 32 | state
  base::FlatMap<std::int64_t> pages_;  // page -> participants
  base::FlatKeys names_;               // engine string ids: element key << 32 | anchor
  base::FlatMap<Element> elements_;    // page << 32 | number, which is the index of its name + 1
  Counts on_page_;
  Counts in_elements_;
  base::CountMap of_elements_;  // participants
  base::FlatKeys seen_;         // who has been counted where
};

}  // namespace insitu::heatmap
