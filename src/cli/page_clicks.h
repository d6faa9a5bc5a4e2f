// SPDX-License-Identifier: MIT
// The clicks of one page as they stand in a log, for pictures that need their places and not a
// grid.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/args.h"
#include "engine.h"
#include "heatmap/click_maps.h"
#include "kpi/options.h"

namespace insitu::cli {

using heatmap::ClickKind;

// A click with a place. Lengths are CSS px of the document it was made in.
struct PageClick {
  double x = 0;
  double y = 0;
  double page_width = 0;      // of the document; 0 if its page view has none
  std::uint32_t visitor = 0;  // a number within the page
  std::string element;
  std::string anchor;
  bool has_box = false;  // the element's, with an area
  double ex = 0;
  double ey = 0;
  double ew = 0;
  double eh = 0;
};

// One page of a log.
struct PageClicks {
  std::vector<PageClick> clicks;  // in the order of the log
  double views = 0;               // page views with a document size
  double participants = 0;        // visitors who viewed the page
  double width = 0;               // document width that most page views have
  double height = 0;              // largest document height among those
};

// Which clicks are wanted.
struct ClickQuery {
  std::string page;
  ClickKind kind = ClickKind::kClick;
  std::optional<std::string> state;  // what was open over the page; empty: all states
};

// Takes the batches of a log, complete and in the order of seq within each client session (as
// log::NdjsonReader gives them), and finds the clicks: an engine judges them, so they are those
// that the KPIs count. First clicks: the first behind each task_start, without a task of each page
// view. Only page views with a document size count, and clicks on them. Memory is O(clicks) and
// what an engine takes.
class PageClickFinder {
 public:
  PageClickFinder(ClickQuery query, const kpi::Options& options);
  ~PageClickFinder();
  PageClickFinder(const PageClickFinder&) = delete;
  PageClickFinder& operator=(const PageClickFinder&) = delete;

  void take(std::span<const std::byte> batch);
  // All batches are given.
  [[nodiscard]] PageClicks finish();
  // What has folded the batches, closed by finish().
  [[nodiscard]] const Engine& engine() const;
  // The pages of the log that have a view, most viewed first, at most `most`.
  [[nodiscard]] std::vector<std::string> pages(std::size_t most) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace insitu::cli
