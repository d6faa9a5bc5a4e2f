// SPDX-License-Identifier: MIT
// Covers sessions/page_views.h: tabs, what is seen, scrolling, and forgetting old page views.
#include "sessions/page_views.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "base/archive.h"
#include "base/limits.h"
#include "catch_amalgamated.hpp"
#include "tests/helpers/random.h"
#include "tests/helpers/records.h"

using insitu::sessions::PageView;
using insitu::sessions::PageViews;
using insitu::sessions::ShownPage;
using insitu::test::event_at;
using insitu::test::read_record;
namespace events = insitu::events;

namespace {

constexpr double kPrevious = -1;  // of `from`: the page view before it in the stream
constexpr double kNewTab = NAN;   // of `from`: a new tab

// Page views with the strings they need.
struct Site {
  events::StringTable table{insitu::base::Limits::lab()};
  events::BatchStrings strings{table, 100};
  PageViews pages;
  std::uint32_t own = PageViews::kNone;  // of the latest event
  std::int64_t tau_ms = 0;
  std::uint32_t part = 0;

  Site() {
    strings.define(256, "/one");
    strings.define(257, "/two");
  }

  std::uint32_t view(double pv, double from = kPrevious, double vh = 0, double dh = 0,
                     std::uint32_t page = 256) {
    auto event = event_at<events::PageView>(0, pv);
    event.page = page;
    event.present |= events::RecordHead::kHasPage;
    if (from != kPrevious) {
      event.from = from;
      event.present |= event.kHasFrom;
    }
    if (vh > 0) {
      event.vh = vh;
      event.present |= event.kHasVh;
    }
    if (dh > 0) {
      event.dh = dh;
      event.present |= event.kHasDh;
    }
    return own = pages.apply(read_record(event), tau_ms, part, strings);
  }
  std::uint32_t visibility(double pv, std::uint32_t state) {
    auto event = event_at<events::Visibility>(0, pv);
    event.state = state;
    event.present |= event.kHasState;
    return own = pages.apply(read_record(event), tau_ms, part, strings);
  }
  std::uint32_t show(double pv) { return visibility(pv, events::words::kVisible); }
  std::uint32_t hide(double pv) { return visibility(pv, events::words::kHidden); }
  std::uint32_t scroll(double pv, double y) {
    auto event = event_at<events::Scroll>(0, pv);
    event.y = y;
    event.present |= event.kHasY;
    return own = pages.apply(read_record(event), tau_ms, part, strings);
  }
  std::uint32_t beat(double pv) {
    return own = pages.apply(read_record(event_at(0, pv)), tau_ms, part, strings);
  }

  // As the engine does it: the index of the latest event moves along.
  template <class Visit>
  void close_oldest(std::size_t limit, Visit&& visit) {
    if (pages.close_oldest(limit, visit) && own != PageViews::kNone) own = pages.moved()[own];
  }

  // pv of the page view that time now belongs to, -1: none.
  double owner() const {
    const std::uint32_t index = pages.owner(own);
    return index == PageViews::kNone ? -1 : pages.view(index).pv;
  }
};

constexpr double kNoPv = -1;

}  // namespace

TEST_CASE("page views: before the first one the client session is visible unless hidden",
          "[sessions]") {
  Site site;
  CHECK(site.pages.any_visible());
  CHECK(site.owner() == -1);
  site.beat(kNoPv);
  CHECK(site.pages.any_visible());
  site.hide(kNoPv);
  CHECK_FALSE(site.pages.any_visible());
  site.show(5);
  CHECK(site.pages.any_visible());
  site.hide(kNoPv);
  site.view(0);  // ends that state
  CHECK(site.pages.any_visible());
  CHECK(site.owner() == 0);
}

TEST_CASE("page views: a page view replaces the one before it in the stream", "[sessions]") {
  Site site;
  const std::uint32_t first = site.view(0);
  const std::uint32_t second = site.view(1);
  CHECK_FALSE(site.pages.view(first).open);
  CHECK_FALSE(site.pages.view(first).visible);
  CHECK(site.pages.view(second).visible);
  CHECK(site.owner() == 1);
  site.hide(1);
  CHECK_FALSE(site.pages.any_visible());
}

TEST_CASE("page views: in a new tab it replaces none, and time belongs to the one last heard of",
          "[sessions]") {
  Site site;
  site.view(0);
  site.view(1, kNewTab);
  CHECK(site.pages.view(0).open);
  CHECK(site.owner() == 1);
  site.beat(0);
  CHECK(site.owner() == 0);
  site.hide(0);
  CHECK(site.owner() == 1);
  site.hide(1);
  CHECK(site.owner() == -1);
  CHECK_FALSE(site.pages.any_visible());
}

TEST_CASE("page views: from names the one that is replaced; an unknown number none", "[sessions]") {
  Site site;
  site.view(0);
  site.view(1, kNewTab);
  site.view(2, 0);
  CHECK_FALSE(site.pages.view(0).open);
  CHECK(site.pages.view(1).open);
  site.view(3, 77);
  CHECK(site.pages.view(1).open);
  CHECK(site.pages.view(2).open);
}

TEST_CASE("page views: visibility of an ended one, or one never shown, means nothing",
          "[sessions]") {
  Site site;
  site.view(0);
  site.view(1);
  site.show(0);
  CHECK_FALSE(site.pages.view(0).visible);
  site.hide(1);
  site.show(9);
  CHECK_FALSE(site.pages.any_visible());
}

TEST_CASE("page views: visibility without pv is of the latest page view", "[sessions]") {
  Site site;
  site.view(0);
  site.view(1, kNewTab);
  site.hide(kNoPv);
  CHECK(site.pages.view(0).visible);
  CHECK_FALSE(site.pages.view(1).visible);
  site.show(kNoPv);
  CHECK(site.pages.view(1).visible);
}

TEST_CASE("page views: an ended page view that is shown again is visible again", "[sessions]") {
  Site site;
  site.view(0);
  site.view(1);
  const std::uint32_t again = site.view(0);
  CHECK(again == 0);
  CHECK(site.pages.view(0).visible);
  CHECK_FALSE(site.pages.view(1).open);
}

TEST_CASE("page views: events find their own page view by its number", "[sessions]") {
  Site site;
  CHECK(site.beat(kNoPv) == PageViews::kNone);
  const std::uint32_t five = site.beat(5);  // before its page_view
  CHECK_FALSE(site.pages.view(five).seen);
  CHECK(site.view(5) == five);
  CHECK(site.pages.view(five).seen);
  CHECK(site.beat(5) == five);
  CHECK(site.pages.views().size() == 1);
  // 0 and -0 are one number.
  CHECK(site.view(0) == site.beat(-0.0));
}

TEST_CASE("page views: page views without a number share one entry", "[sessions]") {
  Site site;
  const std::uint32_t first = site.view(kNoPv);
  CHECK(site.view(kNoPv) == first);
  CHECK_FALSE(site.pages.view(first).has_pv);
  CHECK(site.beat(kNoPv) == first);
  CHECK(site.view(0) != first);
}

TEST_CASE("page views: geometry and route are those of the latest page view of that number",
          "[sessions]") {
  Site site;
  const std::uint32_t index = site.view(0, kPrevious, 700, 3000);
  CHECK(site.pages.view(index).viewport_height == 700);
  CHECK(site.pages.view(index).document_height == 3000);
  CHECK(std::isnan(site.pages.view(index).document_width));
  CHECK(site.table.text(site.pages.view(index).page) == "/one");
  site.view(0, kPrevious, 0, 0, 257);
  CHECK(std::isnan(site.pages.view(index).viewport_height));
  CHECK(site.table.text(site.pages.view(index).page) == "/two");
}

TEST_CASE("page views: each page_view event with a geometry is a row of scroll depth",
          "[sessions]") {
  Site site;
  site.view(0, kPrevious, 700, 3000);
  site.view(1, kPrevious, 700);
  site.view(2, kPrevious, 0, 3000);
  site.view(0, kPrevious, 600, 2000);
  REQUIRE(site.pages.shown().size() == 2);
  CHECK(site.pages.shown()[0].viewport_height == 700);
  CHECK(site.pages.shown()[1].document_height == 2000);
  CHECK(site.pages.shown()[1].view == site.pages.shown()[0].view);
}

TEST_CASE(
    "page views: the deepest scroll is kept, even from before the page view and after its end",
    "[sessions]") {
  Site site;
  const std::uint32_t index = site.scroll(0, 50);
  site.view(0);
  CHECK(site.pages.view(index).deepest_scroll == 50);
  site.scroll(0, 20);
  CHECK(site.pages.view(index).deepest_scroll == 50);
  site.view(1);
  site.scroll(0, 90);
  site.scroll(0, NAN);
  CHECK(site.pages.view(index).deepest_scroll == 90);
  CHECK(std::isnan(site.pages.view(site.beat(1)).deepest_scroll));
}

TEST_CASE("page views: within the limit none is closed", "[sessions]") {
  Site site;
  for (int i = 0; i < 8; ++i) site.view(i, kPrevious, 1, 1);
  int closed = 0;
  site.close_oldest(8, [&](const PageView&, const ShownPage&) { ++closed; });
  CHECK(closed == 0);
  CHECK(site.pages.views().size() == 8);
}

TEST_CASE("page views: beyond the limit the oldest are closed, what is seen stays", "[sessions]") {
  Site site;
  site.view(0, kPrevious, 10, 100);
  site.scroll(0, 30);
  for (int i = 1; i < 9; ++i) site.view(i, kNewTab, 10, 100 + i);
  // 0 and 8 stay visible, the others are hidden in order.
  for (int i = 1; i < 8; ++i) site.hide(i);
  std::vector<double> closed;
  double deepest = 0;
  site.close_oldest(8, [&](const PageView& view, const ShownPage& page) {
    closed.push_back(view.pv);
    CHECK(page.document_height == 100 + view.pv);
    if (view.pv == 0) deepest = view.deepest_scroll;
  });
  CHECK(closed == std::vector<double>{1, 2, 3, 4, 5});
  CHECK(deepest == 0);
  CHECK(site.pages.views().size() == 4);
  CHECK(site.pages.shown().size() == 4);
  for (const ShownPage& page : site.pages.shown()) {
    CHECK(page.document_height == 100 + site.pages.view(page.view).pv);
  }
  // Those that stayed go on as before.
  CHECK(site.pages.any_visible());
  CHECK(site.owner() == 8);
  const std::uint32_t zero = site.beat(0);
  CHECK(site.pages.view(zero).pv == 0);
  CHECK(site.pages.view(zero).deepest_scroll == 30);
  CHECK(site.owner() == 0);
  site.hide(8);
  site.hide(0);
  CHECK_FALSE(site.pages.any_visible());
}

TEST_CASE("page views: a small limit gives the same rows of scroll depth as none", "[sessions]") {
  // One tab: a page view that has been replaced gets no more events, as in a browser.
  insitu::test::Random random(1);
  Site bounded;
  Site unbounded;
  std::vector<std::pair<double, double>> rows;  // (viewport bottom, document height)
  const auto visit = [&](const PageView& view, const ShownPage& page) {
    rows.emplace_back(std::isnan(view.deepest_scroll) ? 0 : view.deepest_scroll,
                      page.document_height);
  };
  for (int i = 0; i < 300; ++i) {
    const double dh = 1000 + static_cast<double>(random.below(500));
    for (Site* site : {&bounded, &unbounded}) site->view(i, kPrevious, 700, dh);
    for (std::uint64_t n = random.below(3); n > 0; --n) {
      const auto y = static_cast<double>(random.below(900));
      for (Site* site : {&bounded, &unbounded}) site->scroll(i, y);
    }
    if (random.below(4) == 0) {
      for (Site* site : {&bounded, &unbounded}) site->hide(i);
    }
    bounded.close_oldest(6, visit);
    REQUIRE(bounded.pages.views().size() <= 6);
    REQUIRE(bounded.pages.any_visible() == unbounded.pages.any_visible());
    REQUIRE(bounded.owner() == unbounded.owner());
  }
  for (const ShownPage& page : bounded.pages.shown()) visit(bounded.pages.view(page.view), page);
  std::vector<std::pair<double, double>> expected;
  for (const ShownPage& page : unbounded.pages.shown()) {
    const PageView& view = unbounded.pages.view(page.view);
    expected.emplace_back(std::isnan(view.deepest_scroll) ? 0 : view.deepest_scroll,
                          page.document_height);
  }
  std::sort(rows.begin(), rows.end());
  std::sort(expected.begin(), expected.end());
  CHECK(rows == expected);
}

TEST_CASE("page views: come back from an archive and go on the same", "[sessions]") {
  Site site;
  site.view(0, kPrevious, 10, 100);
  site.view(1, kNewTab, 10, 100);
  site.scroll(1, 40);
  site.beat(kNoPv);
  site.hide(1);
  std::vector<std::byte> bytes;
  insitu::base::Archive save(bytes);
  save(site.pages);
  Site back;
  insitu::base::Archive load{std::span<const std::byte>(bytes)};
  load(back.pages);
  REQUIRE(load.at_end());
  back.own = site.own;
  for (Site* each : {&site, &back}) {
    CHECK(each->owner() == 0);
    each->show(1);
    CHECK(each->owner() == 1);
    each->view(2);  // replaces 1, the latest
    CHECK(each->pages.view(0).visible);
    CHECK_FALSE(each->pages.view(1).open);
    CHECK(each->pages.view(1).deepest_scroll == 40);
    CHECK(each->pages.shown().size() == 2);
  }
}

TEST_CASE("page views: back to the page before the last one is a quick way back", "[sessions]") {
  constexpr std::uint32_t kOne = 256;
  constexpr std::uint32_t kTwo = 257;
  const auto go = [](Site& site, std::int64_t tau_ms, double pv, std::uint32_t page,
                     double from = kPrevious) {
    site.tau_ms = tau_ms;
    site.view(pv, from, 0, 0, page);
    return site.pages.navigation();
  };
  Site site;
  CHECK_FALSE(go(site, 0, 0, kOne).is_back);
  CHECK_FALSE(go(site, 1000, 1, kTwo).is_back);
  const auto back = go(site, 1700, 2, kOne);
  CHECK(back.is_back);
  CHECK(back.stayed_ms == 700);
  // Triples may overlap.
  CHECK(go(site, 1900, 3, kTwo).is_back);
  // The same page three times is no way back.
  CHECK_FALSE(go(site, 2000, 4, kTwo).is_back);
  CHECK_FALSE(go(site, 2100, 5, kTwo).is_back);

  // A page view of another tab between does not matter, a new tab has no way back.
  Site tabs;
  go(tabs, 0, 0, kOne);
  go(tabs, 10, 1, kTwo);
  CHECK_FALSE(go(tabs, 20, 2, kOne, kNewTab).is_back);
  CHECK(go(tabs, 30, 3, kOne, 1).is_back);
  CHECK(tabs.pages.navigation().stayed_ms == 20);

  // All three must be of one session.
  for (int changed = 0; changed < 3; ++changed) {
    Site parts;
    const auto part_of = [&](int view) { return view >= changed ? 1u : 0u; };
    parts.part = part_of(0);
    go(parts, 0, 0, kOne);
    parts.part = part_of(1);
    go(parts, 10, 1, kTwo);
    parts.part = part_of(2);
    INFO("session changes before view " << changed);
    CHECK(go(parts, 20, 2, kOne).is_back == (changed == 0));
  }
}

TEST_CASE("page views: an event is on the page of its own page view, else of the latest",
          "[sessions]") {
  Site site;
  CHECK(site.pages.page_of(site.beat(kNoPv)) == nullptr);
  CHECK(site.pages.page_of(site.beat(3)) == nullptr);
  const std::uint32_t first = site.view(0);
  const std::uint32_t second = site.view(1, kNewTab, 0, 0, 257);
  const auto text = [&](std::uint32_t own) {
    const std::uint32_t* page = site.pages.page_of(own);
    return page ? std::string(site.table.text(*page)) : "none";
  };
  CHECK(text(first) == "/one");
  CHECK(text(second) == "/two");
  CHECK(text(site.beat(kNoPv)) == "/two");
  CHECK(text(site.beat(3)) == "/two");  // never shown
}
