// SPDX-License-Identifier: MIT
#include "cli/page_clicks.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <set>
#include <utility>

#include "base/limits.h"
#include "cli/click_verdicts.h"
#include "events/batch.h"
#include "events/batch_strings.h"
#include "events/string_table.h"
#include "sessions/clock.h"

namespace insitu::cli {
namespace {

using events::Record;

// The exempt bits of a click, in the order of the schema.
constexpr std::uint32_t kExemptRage = 1;
constexpr std::uint32_t kExemptDead = 2;

// Texts of fields that a schema may not have yet.
template <class Click>
std::string_view state_of(const Record& record, const Click& click, events::BatchStrings& strings) {
  if constexpr (requires { click.state; }) {
    if (record.has(click.kHasState)) return strings.text(click.state);
  }
  return {};
}
template <class Click>
std::string_view anchor_of(const Record& record, const Click& click,
                           events::BatchStrings& strings) {
  if constexpr (requires { click.anchor; }) {
    if (record.has(click.kHasAnchor)) return strings.text(click.anchor);
  }
  return {};
}

}  // namespace

struct PageClickFinder::State {
  struct Size {
    double width = 0;
    double height = 0;
  };
  // A click that is of the page and waits for its verdict.
  struct Candidate {
    std::size_t event;
    PageClick click;
  };
  struct Client {
    sessions::Clock clock;
    std::map<double, Size> views;  // by pv, of the page's
    std::set<double> clicked;      // page views that had a click
    bool has_task_waiting = false;
    std::vector<JudgedEvent> session;
    std::vector<Candidate> candidates;  // of `session`
  };

  State(ClickQuery wanted, const kpi::Options& given)
      : query(std::move(wanted)),
        options(given),
        limits(base::Limits::lab()),
        table(limits),
        strings(table, limits.batch_strings) {}

  bool judges() const {
    return query.kind == ClickKind::kRage || query.kind == ClickKind::kDead ||
           query.kind == ClickKind::kError;
  }

  void take_record(std::span<const std::byte> bytes) {
    Record record;
    if (!client || !record.read(bytes)) return;
    const std::int64_t tau_ms = client->clock.advance(record);
    const bool is_pause =
        static_cast<double>(client->clock.delta_ms()) > options.session_timeout_ms;
    if (judges() && is_pause) judge(*client);
    const events::RecordHead& head = record.head();
    const std::string_view page =
        record.has(events::RecordHead::kHasPage) ? strings.text(head.page) : std::string_view{};
    JudgedEvent event;
    event.tau_ms = tau_ms;
    event.has_pv = record.has_pv();
    event.pv = head.pv;
    switch (record.type()) {
      case events::EventType::kPageView:
        take_view(record, page);
        event.type = JudgedEvent::Type::kPageView;
        event.has_from =
            record.integer(events::PageView::kHasFrom, record.as<events::PageView>().from);
        event.from = record.as<events::PageView>().from;
        break;
      case events::EventType::kClick:
        take_click(record, page, event);
        break;
      case events::EventType::kTaskStart:
        has_tasks = true;
        client->has_task_waiting = true;
        break;
      case events::EventType::kMutation:
        event.type = JudgedEvent::Type::kMutation;
        break;
      case events::EventType::kScroll:
        event.type = JudgedEvent::Type::kScroll;
        break;
      case events::EventType::kError: {
        const auto& error = record.as<events::Error>();
        if (record.has(error.kHasKind) && strings.text(error.kind) == "js") {
          event.type = JudgedEvent::Type::kJsError;
        }
        break;
      }
      default:
        break;
    }
    if (judges()) client->session.push_back(event);
  }

  void take_view(const Record& record, std::string_view page) {
    const auto& view = record.as<events::PageView>();
    const double width = record.number(view.kHasDw, view.dw);
    const double height = record.number(view.kHasDh, view.dh);
    if (!(width > 0 && height > 0)) return;
    ++viewed[std::string(page)];
    if (page != query.page) return;
    if (record.has_pv()) client->views[record.head().pv] = {width, height};
    ++found.views;
    viewers.insert(visitor);
    Size& seen = sizes[width];
    ++seen.width;  // page views of this width
    seen.height = std::max(seen.height, height);
  }

  void take_click(const Record& record, std::string_view page, JudgedEvent& event) {
    const auto& click = record.as<events::Click>();
    PageClick place;
    place.x = record.number(click.kHasX, click.x);
    place.y = record.number(click.kHasY, click.y);
    if (std::isnan(place.x) || std::isnan(place.y)) return;
    const std::uint32_t exempt = record.has(click.kHasExempt) ? click.exempt : 0;
    event.type = JudgedEvent::Type::kClick;
    event.x = place.x;
    event.y = place.y;
    event.is_interactive = record.has(click.kHasInteractive) && click.interactive != 0;
    event.is_exempt_from_rage = (exempt & kExemptRage) != 0;
    event.is_exempt_from_dead = (exempt & kExemptDead) != 0;
    const bool is_first_of_view =
        !record.has_pv() || client->clicked.insert(record.head().pv).second;
    const bool is_first_of_task = std::exchange(client->has_task_waiting, false);
    if (page != query.page) return;
    if (query.state && state_of(record, click, strings) != *query.state) return;
    place.visitor = visitor;
    const auto view = client->views.find(record.head().pv);
    if (record.has_pv() && view != client->views.end()) place.page_width = view->second.width;
    if (record.has(click.kHasElement)) place.element = strings.text(click.element);
    place.anchor = anchor_of(record, click, strings);
    place.ex = record.number(click.kHasEx, click.ex);
    place.ey = record.number(click.kHasEy, click.ey);
    place.ew = record.number(click.kHasEw, click.ew);
    place.eh = record.number(click.kHasEh, click.eh);
    place.has_box = place.ew > 0 && place.eh > 0 && place.ex + place.ey < INFINITY;
    if (judges()) {
      client->candidates.push_back({client->session.size(), std::move(place)});
    } else if (query.kind == ClickKind::kAll) {
      found.clicks.push_back(std::move(place));
    } else {
      // Whether the log has tasks shows at its end.
      if (is_first_of_task) firsts_of_tasks.push_back(place);
      if (is_first_of_view) firsts_of_views.push_back(std::move(place));
    }
  }

  // The session is over.
  void judge(Client& of) {
    if (!of.candidates.empty()) {
      const std::vector<ClickVerdict> verdicts = judge_clicks(of.session, options);
      for (Candidate& candidate : of.candidates) {
        const ClickVerdict& verdict = verdicts[candidate.event];
        const bool is_wanted = query.kind == ClickKind::kRage   ? verdict.is_rage
                               : query.kind == ClickKind::kDead ? verdict.is_dead
                                                                : verdict.is_error;
        if (is_wanted) found.clicks.push_back(std::move(candidate.click));
      }
    }
    of.session.clear();
    of.candidates.clear();
  }

  ClickQuery query;
  kpi::Options options;
  base::Limits limits;
  events::StringTable table;
  events::BatchStrings strings;
  std::map<std::pair<std::string, std::string>, Client> clients;
  std::map<std::string, std::uint32_t, std::less<>> visitors;
  Client* client = nullptr;
  std::uint32_t visitor = 0;
  bool has_tasks = false;
  std::map<std::string, double> viewed;  // page views by page
  std::map<double, Size> sizes;          // by document width: page views, greatest height
  std::set<std::uint32_t> viewers;
  std::vector<PageClick> firsts_of_tasks;
  std::vector<PageClick> firsts_of_views;
  PageClicks found;
};

PageClickFinder::PageClickFinder(ClickQuery query, const kpi::Options& options)
    : state_(std::make_unique<State>(std::move(query), options)) {}
PageClickFinder::~PageClickFinder() = default;

void PageClickFinder::take(std::span<const std::byte> batch) {
  State& s = *state_;
  events::BatchHead head;
  std::span<const std::byte> records;
  if (events::open_batch(batch, head, records) != base::Status::kOk) return;
  s.strings.clear();
  s.client = nullptr;
  (void)events::for_each_record(records, [&](std::uint16_t type, std::span<const std::byte> bytes) {
    if (type >= events::kFirstEventType) return s.take_record(bytes);
    if (type == static_cast<std::uint16_t>(events::ControlType::kString)) {
      std::uint32_t id = 0;
      std::string_view text;
      if (events::read_string(bytes, id, text)) (void)s.strings.define(id, text);
    }
    if (type != static_cast<std::uint16_t>(events::ControlType::kContext)) return;
    events::ContextRecord context;
    if (bytes.size() < sizeof context) return;
    std::memcpy(&context, bytes.data(), sizeof context);
    const std::string visitor(s.strings.text(context.visitor));
    s.client = &s.clients[{visitor, std::string(s.strings.text(context.session))}];
    s.visitor = s.visitors.try_emplace(visitor, static_cast<std::uint32_t>(s.visitors.size()))
                    .first->second;
  });
}

PageClicks PageClickFinder::finish() {
  State& s = *state_;
  for (auto& [name, client] : s.clients) s.judge(client);
  if (s.query.kind == ClickKind::kFirst) {
    s.found.clicks = std::move(s.has_tasks ? s.firsts_of_tasks : s.firsts_of_views);
  }
  s.found.participants = static_cast<double>(s.viewers.size());
  double most = 0;
  for (const auto& [width, seen] : s.sizes) {
    if (seen.width < most) continue;
    most = seen.width;
    s.found.width = width;
    s.found.height = seen.height;
  }
  return std::move(s.found);
}

std::vector<std::string> PageClickFinder::pages(std::size_t most) const {
  std::vector<std::pair<double, std::string>> all;
  for (const auto& [page, views] : state_->viewed) all.emplace_back(-views, page);
  std::sort(all.begin(), all.end());
  if (all.size() > most) all.resize(most);
  std::vector<std::string> names;
  for (auto& [views, page] : all) names.push_back(std::move(page));
  return names;
}

}  // namespace insitu::cli
