// SPDX-License-Identifier: MIT
#include "cli/page_clicks.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "base/limits.h"

namespace insitu::cli {

struct PageClickFinder::State final : heatmap::ClickSink {
  State(ClickQuery wanted, kpi::Options options)
      : query(std::move(wanted)), engine(with_kinds(std::move(options)), base::Limits::lab()) {
    engine.watch(this);
  }
  static kpi::Options with_kinds(kpi::Options options) {
    options.heat_kinds = true;
    return options;
  }

  void view(std::string_view page, std::uint32_t visitor, double width, double height) override {
    ++viewed[std::string(page)];
    if (page != query.page) return;
    ++found.views;
    viewers.insert(visitor);
    Size& seen = sizes[width];
    ++seen.views;
    seen.height = std::max(seen.height, height);
  }

  std::uint32_t click(const heatmap::SeenClick& seen) override {
    constexpr std::uint32_t kNotAsked = 0;
    if (seen.page != query.page || (query.state && seen.state != *query.state)) return kNotAsked;
    PageClick click;
    click.x = seen.x;
    click.y = seen.y;
    click.page_width = seen.document_width;
    click.visitor = seen.visitor;
    click.element = seen.element;
    click.anchor = seen.anchor;
    click.ex = seen.box[0];
    click.ey = seen.box[1];
    click.ew = seen.box[2];
    click.eh = seen.box[3];
    click.has_box = click.ew > 0 && click.eh > 0 && std::isfinite(click.ex + click.ey);
    clicks.push_back({std::move(click), query.kind == ClickKind::kClick, false});
    return static_cast<std::uint32_t>(clicks.size());
  }

  void is(std::uint32_t number, ClickKind kind) override {
    has_tasks |= kind == ClickKind::kFirst;
    if (number == 0) return;
    if (kind == query.kind) clicks[number - 1].is_wanted = true;
    if (kind == ClickKind::kFirstOfView) clicks[number - 1].is_first_of_view = true;
  }

  struct Size {
    std::size_t views = 0;
    double height = 0;
  };
  struct Candidate {
    PageClick click;
    bool is_wanted = false;
    bool is_first_of_view = false;
  };

  ClickQuery query;
  Engine engine;
  std::map<std::string, double> viewed;  // page views by page
  std::map<double, Size> sizes;          // by document width
  std::set<std::uint32_t> viewers;
  bool has_tasks = false;  // and clicks behind their starts, on whatever page
  std::vector<Candidate> clicks;
  PageClicks found;
};

PageClickFinder::PageClickFinder(ClickQuery query, const kpi::Options& options)
    : state_(std::make_unique<State>(std::move(query), options)) {}
PageClickFinder::~PageClickFinder() = default;

void PageClickFinder::take(std::span<const std::byte> batch) { (void)state_->engine.ingest(batch); }

PageClicks PageClickFinder::finish() {
  State& s = *state_;
  s.engine.close();
  const bool of_views = s.query.kind == ClickKind::kFirst && !s.has_tasks;
  for (State::Candidate& each : s.clicks) {
    if (of_views ? each.is_first_of_view : each.is_wanted)
      s.found.clicks.push_back(std::move(each.click));
  }
  s.found.participants = static_cast<double>(s.viewers.size());
  std::size_t most = 0;
  for (const auto& [width, seen] : s.sizes) {
    if (seen.views < most) continue;
    most = seen.views;
    s.found.width = width;
    s.found.height = seen.height;
  }
  return std::move(s.found);
}

const Engine& PageClickFinder::engine() const { return state_->engine; }

std::vector<std::string> PageClickFinder::pages(std::size_t most) const {
  std::vector<std::pair<double, std::string>> all;
  for (const auto& [page, views] : state_->viewed) all.emplace_back(-views, page);
  std::sort(all.begin(), all.end());
  if (all.size() > most) all.resize(most);
  std::vector<std::string> names;
  names.reserve(all.size());
  for (auto& [views, page] : all) names.push_back(std::move(page));
  return names;
}

}  // namespace insitu::cli
