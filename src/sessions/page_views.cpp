// SPDX-License-Identifier: MIT
#include "sessions/page_views.h"

#include <algorithm>

#include "base/sort.h"

namespace insitu::sessions {

using events::Record;
namespace words = events::words;

std::uint32_t PageViews::show(const Record& record, std::int64_t tau_ms, std::uint32_t part,
                              events::BatchStrings& strings) {
  const bool has_pv = record.has_pv();
  const auto& event = record.as<events::PageView>();
  std::uint32_t replaced = kNone;
  if (!record.has(event.kHasFrom)) {
    replaced = latest_;
  } else if (Record::is_integer(event.from)) {
    replaced = keys_.find(key(event.from, true));
  }
  // A copy: it may be the same number that is shown again.
  PageView previous;
  if (replaced != kNone) {
    set(views_[replaced], false, false);
    previous = views_[replaced];
  }
  const std::uint32_t own = find_or_add(has_pv ? record.head().pv : 0, has_pv);
  PageView& view = views_[own];
  const std::uint32_t page = strings.keep(record.page());
  navigation_.is_back = previous.seen && previous.has_previous && previous.shown_part == part &&
                        previous.previous_part == part && previous.previous_page == page &&
                        previous.page != page;
  navigation_.stayed_ms = tau_ms - previous.shown_ms;
  view.shown_ms = tau_ms;
  view.shown_part = part;
  view.has_previous = previous.seen;
  view.previous_page = previous.page;
  view.previous_part = previous.shown_part;
  set(view, true, true);
  view.seen = true;
  view.page = page;
  view.viewport_height = record.number(event.kHasVh, event.vh);
  view.document_width = record.number(event.kHasDw, event.dw);
  view.document_height = record.number(event.kHasDh, event.dh);
  latest_ = own;
  if (view.viewport_height > 0 && view.document_height > 0) {
    shown_.push_back({own, view.viewport_height, view.document_height});
  }
  return own;
}

void PageViews::change_visibility(const Record& record, std::uint32_t own,
                                  events::BatchStrings& strings) {
  const auto& event = record.as<events::Visibility>();
  const bool visible = record.has(event.kHasState) && strings.known(event.state) == words::kVisible;
  if (latest_ == kNone) {
    visible_before_ = visible;
  } else {
    const std::uint32_t target = record.has_pv() ? own : latest_;
    if (views_[target].open) set(views_[target], true, visible);
  }
}

std::uint32_t PageViews::latest_visible() const {
  std::uint32_t best = kNone;
  for (auto i = static_cast<std::uint32_t>(views_.size()); i-- > 0;) {
    if (!views_[i].visible) continue;
    if (best == kNone || views_[i].touched > views_[best].touched) best = i;
  }
  return best;
}

const std::uint32_t* PageViews::page_of(std::uint32_t own) const {
  if (own != kNone && views_[own].has_pv && views_[own].seen) return &views_[own].page;
  return latest_ == kNone ? nullptr : &views_[latest_].page;
}

void PageViews::clear() {
  views_.clear();
  shown_.clear();
  keys_.clear();
  last_ = 0;
  ordinal_ = 0;
  latest_ = kNone;
  visible_count_ = 0;
  visible_before_ = true;
  navigation_ = {};
}

std::uint32_t PageViews::find_or_add_other(double pv, bool has_pv) {
  last_ = keys_.insert(key(pv, has_pv));
  if (last_ == views_.size()) {
    PageView view;
    view.pv = pv;
    view.has_pv = has_pv;
    views_.push_back(view);
  }
  return last_;
}

void PageViews::set(PageView& view, bool open, bool visible) {
  visible_count_ += static_cast<std::uint32_t>(visible) - static_cast<std::uint32_t>(view.visible);
  view.open = open;
  view.visible = visible;
}

void PageViews::drop(std::size_t keep) {
  base::Array<std::uint32_t> order(views_.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  // What is seen stays, then what was touched last.
  base::sort(order, [this](std::uint32_t a, std::uint32_t b) {
    const bool a_stays = views_[a].visible || a == latest_;
    const bool b_stays = views_[b].visible || b == latest_;
    if (a_stays != b_stays) return a_stays;
    return views_[a].touched > views_[b].touched;
  });
  order.resize(std::min(order.size(), keep));
  base::sort(order);
  moved_.assign(views_.size(), kNone);
  base::Array<PageView> kept;
  for (const std::uint32_t i : order) {
    moved_[i] = static_cast<std::uint32_t>(kept.size());
    kept.push_back(views_[i]);
  }
  before_drop_.swap(views_);
  views_.swap(kept);
  latest_ = latest_ == kNone ? kNone : moved_[latest_];
  reindex();
}

void PageViews::reindex() {
  keys_.clear();
  visible_count_ = 0;
  for (const PageView& view : views_) {
    visible_count_ += view.visible;
    (void)keys_.insert(key(view.pv, view.has_pv));
  }
  for (ShownPage& page : shown_) {
    if (page.view >= views_.size() && before_drop_.empty()) page.view = 0;
  }
  if (views_.empty() && before_drop_.empty()) shown_.clear();
  if (latest_ != kNone && latest_ >= views_.size()) latest_ = kNone;
}

}  // namespace insitu::sessions
