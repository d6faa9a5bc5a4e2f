// SPDX-License-Identifier: MIT
#include "engine.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <iterator>
#include <memory>
#include <tuple>
#include <utility>

#include "base/append.h"
#include "base/archive.h"
#include "base/array.h"
#include "base/flat_map.h"
#include "base/inline.h"
#include "base/sort.h"
#include "base/text.h"
#include "events/batch.h"
#include "events/batch_strings.h"
#include "events/string_table.h"
#include "heatmap/click_maps.h"
#include "heatmap/heatmaps.h"
#include "kpi/click_verdict.h"
#include "kpi/family.h"
#include "kpi/partial_io.h"
#include "kpi/registry.gen.h"
#include "sessions/sequencer.h"
#include "sessions/session.h"

namespace insitu {

using base::Problem;
using base::Status;
using events::EventType;
using events::Record;
using events::StringTable;
using sessions::ClientSession;
using sessions::PageViews;

namespace {

constexpr std::uint32_t kStateMagic = 0x53534E49;  // "INSS"
// Rises whenever the fields of the state change.
constexpr std::uint32_t kStateVersion = 5;

// Makes a struct as new, keeping its memory if it knows how.
template <class T>
void renew(T& value) {
  if constexpr (requires { value.clear(); }) {
    value.clear();
  } else {
    value = {};
  }
}

// The structs of all families, scope by scope.
template <class... Families>
struct FamilyList {
  using Session = std::tuple<typename Families::Session...>;
  using Client = std::tuple<typename Families::Client...>;
  using Visitor = std::tuple<typename Families::Visitor...>;
  using Shared = std::tuple<typename Families::Shared...>;
  using Totals = std::tuple<typename Families::Totals...>;
  using Config = std::tuple<typename Families::Config...>;

  template <class Family>
  static constexpr std::size_t index() {
    constexpr std::array<bool, sizeof...(Families)> same{std::is_same_v<Family, Families>...};
    return static_cast<std::size_t>(std::find(same.begin(), same.end(), true) - same.begin());
  }

  static Config configure(const kpi::Options& options, StringTable& table) {
    // In braces, so that names get their ids in the order of the families.
    return Config{Families::configure(options, table)...};
  }
  template <class Scope>
  static void renew_all(Scope& scope) {
    std::apply([](auto&... each) { (renew(each), ...); }, scope);
  }

  // Whether a family asks for all types; else it asks for some by name.
  template <class Family>
  static constexpr bool kSeesAll = Family::kEvents == ~std::uint64_t{0};
  static constexpr std::uint64_t kChosen = ((kSeesAll<Families> ? 0 : Families::kEvents) | ...);

  // The functions below take `refs`, which gives the Scopes of a family by of<Family>().

  template <class Family, class Refs>
  INSITU_HOT static void event_of(const kpi::Step& step, const Refs& refs) {
    kpi::Scopes<Family> scopes = refs.template of<Family>();
    Family::event(step, scopes);
  }
  // An event as step() gives it.
  template <class StepOf, class Refs>
  INSITU_HOT static void event(events::EventType type, StepOf&& step, const Refs& refs) {
    // Most events are moves, scrolls and clicks, which hardly any family looks at.
    if (kpi::mask(type) & kChosen) chosen_event(step(), refs);
    (event_if_all<Families>(step, refs), ...);
  }
  template <class Family, class StepOf, class Refs>
  INSITU_HOT static void event_if_all(StepOf&& step, const Refs& refs) {
    if constexpr (kSeesAll<Family>) event_of<Family>(step(), refs);
  }
  template <class Refs>
  static void chosen_event(const kpi::Step& step, const Refs& refs) {
    (
        [&] {
          if (kSeesAll<Families> || !(Families::kEvents & kpi::mask(step.type))) return;
          event_of<Families>(step, refs);
        }(),
        ...);
  }
  static void page_closed(const sessions::PageView& view, const sessions::ShownPage& page,
                          const kpi::Setting& setting, Totals& totals) {
    (Families::page_closed(view, page, setting, std::get<index<Families>()>(totals)), ...);
  }
  template <class Refs>
  static void end_session(const ClientSession& session, const Refs& refs) {
    (
        [&] {
          kpi::Scopes<Families> scopes = refs.template of<Families>();
          Families::end_session(session, scopes);
        }(),
        ...);
  }
  template <class Refs>
  static void end_client(const ClientSession& session, const Refs& refs) {
    (
        [&] {
          kpi::Scopes<Families> scopes = refs.template of<Families>();
          Families::end_client(session, scopes);
        }(),
        ...);
  }
  // visitor(index) gives a Visitor&.
  template <class VisitorOf>
  static void end_shared(const Shared& shared, VisitorOf&& visitor, const kpi::Setting& setting,
                         Totals& totals) {
    (Families::end_shared(
         std::get<index<Families>()>(shared),
         [&](std::uint32_t i) -> auto& { return std::get<index<Families>()>(visitor(i)); }, setting,
         std::get<index<Families>()>(totals)),
     ...);
  }
  static void end_visitor(const Visitor& visitor, const kpi::Setting& setting, Totals& totals) {
    (Families::end_visitor(std::get<index<Families>()>(visitor), setting,
                           std::get<index<Families>()>(totals)),
     ...);
  }
  static void write(const Totals& totals, kpi::Output& out) {
    (Families::write(std::get<index<Families>()>(totals), out), ...);
  }
  static void partial(kpi::PartialIo& io, Totals& totals) {
    io.begin("kpis");
    (Families::partial(io, std::get<index<Families>()>(totals)), ...);
    io.end();
    (Families::partial_tasks(io, std::get<index<Families>()>(totals)), ...);
    io.begin("activity");
    (Families::partial_activity(io, std::get<index<Families>()>(totals)), ...);
    io.end();
  }
};

using Families = kpi::WithFamilies<FamilyList>;

// A client session together with what the families know of it.
struct Client {
  ClientSession session;
  base::Array<heatmap::MappedView> views;  // by the index of the page view
  // Of the event before: who has the time that passes, and where the pointer rests.
  std::uint32_t owner = PageViews::kNone;
  std::uint64_t moved_to = heatmap::Heatmaps::kNoCell;
  std::uint64_t moved_pv = 0;
  heatmap::RecentClicks recent_clicks;
  bool task_started = false;  // and nothing was clicked since
  Families::Session in_session;
  Families::Client in_client;

  void archive(base::Archive& a) {
    a(session, views, owner, moved_to, moved_pv, recent_clicks, task_started, in_session,
      in_client);
    const std::size_t known = session.pages.views().size();
    if (views.size() != known || (owner != PageViews::kNone && owner >= known)) a.fail();
  }
  void clear() {
    session.clear();
    views.clear();
    owner = PageViews::kNone;
    moved_to = heatmap::Heatmaps::kNoCell;
    recent_clicks.clear();
    task_started = false;
    Families::renew_all(in_session);
    Families::renew_all(in_client);
  }
};

struct Visitor {
  std::uint32_t key = 0;  // engine string id
  std::uint64_t sessions = 0;
  Families::Visitor in_visitor;

  void archive(base::Archive& a) { a(key, sessions, in_visitor); }
};

}  // namespace

// Everything that a report depends on.
struct Engine::State {
  base::Array<Client> clients;  // open
  base::FlatKeys client_keys;   // of `clients`
  base::Array<Visitor> visitors;
  base::FlatKeys visitor_keys;  // engine string ids of `visitors`
  Families::Shared shared;
  Families::Totals totals;
  heatmap::Heatmaps maps;
  heatmap::ClickMaps click_maps;
  base::Quality quality;
  std::uint64_t switches = 0;
  bool is_merged = false;  // partials have been added

  explicit State(const kpi::Setting& setting)
      : maps(setting.options, setting.limits), click_maps(setting.options, setting.limits) {}

  void archive(base::Archive& a) {
    a(clients, visitors, shared, totals, maps, click_maps, quality.counts, switches, is_merged);
    if (!a.loading()) return;
    visitor_keys.clear();
    for (const Visitor& visitor : visitors) (void)visitor_keys.insert(visitor.key);
    client_keys.clear();
    for (std::uint32_t i = 0; i < clients.size(); ++i) {
      if (client_keys.insert(clients[i].session.key) != i) a.fail();
      if (clients[i].session.visitor >= visitors.size()) a.fail();
      for (const heatmap::MappedView& view : clients[i].views) {
        if (view.exists() && !maps.knows(view)) a.fail();
      }
    }
  }
};

class Engine::Fold {
 public:
  Fold(kpi::Options options, const base::Limits& limits)
      : setting_{std::move(options), limits},
        table_(limits),
        strings_(table_, limits.batch_strings),
        config_(Families::configure(setting_.options, table_)),
        state_(setting_) {
    rules_.timeout_ms = static_cast<std::int64_t>(setting_.options.session_timeout_ms);
    rules_.idle_cap_ms = std::isnan(setting_.options.idle_cap_ms)
                             ? -1
                             : static_cast<std::int64_t>(setting_.options.idle_cap_ms);
  }

  Status ingest(std::span<const std::byte> bytes) {
    events::BatchHead head;
    std::span<const std::byte> records;
    if (is_closed_) return Status::kClosed;
    final_.clear();
    final_events_ = 0;
    const Status status = events::open_batch(bytes, head, records);
    if (status != Status::kOk) {
      state_.quality.add(Problem::kBadBatch);
      return status;
    }
    current_ = kNoClient;
    local_ = head.document > 0;
    strings_.begin(local_);
    if (local_) sequencer_.begin_batch(head);
    if (keep_final_) begin_final(records);
    Record record;
    const bool whole = events::for_each_record(
        records,
        [&](std::uint16_t type, std::span<const std::byte> each) { take(type, each, record); });
    if (!whole) state_.quality.add(Problem::kMalformed);
    strings_.clear();
    return Status::kOk;
  }

  void close() {
    if (!is_closed_) close_everything(state_);
    is_closed_ = true;
    current_ = kNoClient;
  }

  void watch(heatmap::ClickSink* sink) { state_.click_maps.watch(sink); }
  void identify(std::string_view visitor) { visitor_ = base::Text(visitor); }
  void keep_final(bool keep) { keep_final_ = keep; }

  std::span<const std::byte> final_batch() {
    if (final_events_ == 0) return {};
    auto* head = reinterpret_cast<events::BatchHead*>(final_.data());
    head->bytes = static_cast<std::uint32_t>(final_.size());
    head->records = final_events_;
    return final_;
  }

  report::Report report(bool with_heatmaps) {
    const Closed everything(*this);
    const State& closed = state_;
    report::Report report;
    report.options = &setting_.options;
    kpi::Sheet site(setting_.options);
    base::Array<std::pair<std::uint32_t, kpi::Sheet>> tasks;
    kpi::Output out{site, tasks, setting_, table_, closed.is_merged};
    Families::write(closed.totals, out);
    report.kpis = std::move(site.results());
    base::Array<std::uint32_t> ids;
    for (const auto& [id, sheet] : tasks) ids.push_back(id);
    for (const std::uint32_t id : out.by_text(std::move(ids))) {
      report.by_task.push_back({table_.text(id), std::move(out.task(id).results())});
    }
    for (const kpi::KpiResult& kpi : report.kpis) report.exact &= !kpi.is_sketch;
    if (with_heatmaps) {
      for (heatmap::PageMaps& maps : closed.maps.maps()) {
        report.heatmaps.push_back(page_report(std::move(maps)));
      }
      base::sort(report.heatmaps, [](const auto& a, const auto& b) { return a.page < b.page; });
    }
    report.quality = closed.quality;
    return report;
  }

  std::optional<report::PageReport> page(std::string_view page) {
    const Closed everything(*this);
    return closed_page(page);
  }

  std::optional<report::MapReport> map(std::string_view page, report::HeatKind kind,
                                       std::optional<std::string_view> state) {
    const Closed everything(*this);
    std::optional<report::PageReport> found = closed_page(page);
    if (!found) return std::nullopt;
    report::MapReport result;
    result.kind = kind;
    result.state = state;
    result.has_kinds = setting_.options.heat_kinds;
    result.options = &setting_.options;
    if (result.has_kinds) {
      std::optional<std::uint32_t> id;
      // A text that is not known is no state of the page.
      if (state) id = state->empty() ? StringTable::kNone : table_.find(*state);
      const bool is_known = !state || state->empty() || *id != StringTable::kNone;
      const std::uint32_t index = state_.maps.index_of(found->maps.page);
      if (is_known) result.clicks = state_.click_maps.map(index, report::click_kind(kind), id);
      if (!report::is_of_clicks(kind)) {
        // These are of the page as a whole; they have the people and the states alone.
        result.clicks.cells.clear();
        result.clicks.elements.clear();
      }
      for (const std::uint32_t each : result.clicks.states) {
        result.states.push_back(table_.text(each));
      }
      base::sort(result.states);
      base::sort(result.clicks.elements, [this](const heatmap::ElementMap& a,
                                                const heatmap::ElementMap& b) {
        const std::string_view key = table_.text(a.element);
        const std::string_view other = table_.text(b.element);
        return key != other ? key < other : table_.text(a.anchor) < table_.text(b.anchor);
      });
      for (const heatmap::ElementMap& element : result.clicks.elements) {
        result.elements.push_back({table_.text(element.element), table_.text(element.anchor)});
      }
    }
    result.page = std::move(*found);
    return result;
  }

  void partial(base::Writer& out) {
    const Closed everything(*this);
    kpi::PartialWriter writer(table_, setting_, out);
    walk(writer, state_);
  }

  // Adds what the partial holds, or only looks at it.
  void read_partial(kpi::PartialIo& io) {
    walk(io, state_);
    state_.is_merged |= io.storing();
  }
  StringTable& table() { return table_; }

  std::vector<std::byte> save() {
    std::vector<std::byte> bytes;
    base::Archive save(bytes);
    StateHead head = this->head();
    save(head);
    save(table_, state_, sequencer_, visitor_);
    std::uint64_t sum = base::checksum(bytes);
    save(sum);
    return bytes;
  }

  // Only for a new Fold: after an error the state is any.
  Status load(std::span<const std::byte> bytes) {
    if (bytes.size() < sizeof(std::uint64_t)) return Status::kBadState;
    const auto body = bytes.first(bytes.size() - sizeof(std::uint64_t));
    std::uint64_t sum = 0;
    std::memcpy(&sum, bytes.data() + body.size(), sizeof sum);
    if (sum != base::checksum(body)) return Status::kBadState;
    base::Archive load(body);
    StateHead head;
    load(head);
    if (!load.good() || head.magic != kStateMagic) return Status::kBadState;
    const StateHead expected = this->head();
    if (head.version != expected.version || head.words != expected.words) {
      return Status::kWrongVersion;
    }
    if (head.options != expected.options) return Status::kOtherOptions;
    load(table_, state_, sequencer_, visitor_);
    return load.at_end() ? Status::kOk : Status::kBadState;
  }

  void add_quality(const base::Quality& quality) { state_.quality.merge(quality); }
  const kpi::Setting& setting() const { return setting_; }
  bool keeps_final() const { return keep_final_; }

 private:
  static constexpr std::size_t kNoClient = static_cast<std::size_t>(-1);

  // While everything is closed.
  std::optional<report::PageReport> closed_page(std::string_view page) const {
    for (heatmap::PageMaps& maps : state_.maps.maps()) {
      if (table_.text(maps.page) == page) return page_report(std::move(maps));
    }
    return std::nullopt;
  }

  struct StateHead {
    std::uint32_t magic = kStateMagic;
    std::uint32_t version = kStateVersion;
    std::uint64_t words = std::size(events::kWordTexts);
    std::uint64_t options = 0;
    void archive(base::Archive& a) { a(magic, version, words, options); }
  };
  StateHead head() const {
    StateHead head;
    // Families are part of the layout: a build with others cannot read this state.
    head.options = setting_.options.fingerprint() ^ base::mix(sizeof(Families::Totals));
    return head;
  }

  // While it lives, everything in the state is closed; then the state is as before. As bytes it
  // needs half the room of a copy, and to copy is 5 KB of code.
  class Closed {
   public:
    explicit Closed(Fold& fold) : fold_(fold) {
      if (fold.is_closed_) return;
      base::Archive save(open_);
      save(fold.state_);
      sink_ = fold.state_.click_maps.sink();
      fold.state_.click_maps.watch(nullptr);
      fold.close_everything(fold.state_);
    }
    ~Closed() {
      if (fold_.is_closed_) return;
      std::destroy_at(&fold_.state_);
      std::construct_at(&fold_.state_, fold_.setting_);
      base::Archive load{std::span<const std::byte>(open_)};
      load(fold_.state_);
      fold_.state_.click_maps.watch(sink_);
    }
    Closed(const Closed&) = delete;
    Closed& operator=(const Closed&) = delete;

   private:
    Fold& fold_;
    heatmap::ClickSink* sink_ = nullptr;
    std::vector<std::byte> open_;
  };

  // Takes what lies in `bytes`; `record` is room to read an event.
  void take(std::uint16_t type, std::span<const std::byte> bytes, Record& record) {
    base::Quality& quality = state_.quality;
    if (type >= events::kFirstEventType) {
      if (!record.read(bytes)) {
        quality.add(Record::find_info(type) ? Problem::kMalformed : Problem::kUnknownType);
        return;
      }
      take_event(record);
      return;
    }
    switch (static_cast<events::ControlType>(type)) {
      case events::ControlType::kString: {
        std::uint32_t id = 0;
        std::string_view text;
        if (!events::read_string(bytes, id, text)) {
          quality.add(Problem::kMalformed);
        } else if (!strings_.define(id, text)) {
          quality.add(Problem::kOverLimit);
        } else if (keep_final_) {
          append_final(bytes);
        }
        return;
      }
      case events::ControlType::kContext: {
        events::ContextRecord context;
        if (bytes.size() < sizeof context) {
          quality.add(Problem::kMalformed);
          return;
        }
        std::memcpy(&context, bytes.data(), sizeof context);
        const std::string_view visitor = strings_.text(context.visitor);
        const std::string_view session = strings_.text(context.session);
        if (local_ || visitor.empty() || session.empty()) {
          quality.add(Problem::kMalformed);
          current_ = kNoClient;
          return;
        }
        switch_to(strings_.keep(context.visitor), session);
        if (keep_final_) append_final(bytes);
        return;
      }
      case events::ControlType::kEnd:
        if (current_ != kNoClient) close(current_);
        current_ = kNoClient;
        if (keep_final_ && final_events_) append_final(bytes);
        return;
    }
    quality.add(Problem::kUnknownType);
  }

  // Makes the client session (visitor, session) the current one, opening it when it is new.
  void switch_to(std::uint32_t visitor, std::string_view session) {
    const std::uint64_t key = base::mix(base::checksum(std::as_bytes(std::span(session))) +
                                        visitor * 0x9e3779b97f4a7c15u);
    ++state_.switches;
    std::uint32_t index = state_.client_keys.find(key);
    if (index == base::FlatKeys::kNone) {
      if (state_.clients.size() >= setting_.limits.client_sessions) {
        std::size_t oldest = 0;
        for (std::size_t i = 1; i < state_.clients.size(); ++i) {
          if (state_.clients[i].session.used < state_.clients[oldest].session.used) oldest = i;
        }
        close(oldest);
      }
      index = state_.client_keys.insert(key);
      state_.clients.push_back(std::move(spare_));
      spare_ = {};
      ClientSession& added = state_.clients[index].session;
      added.key = key;
      added.visitor_text = visitor;
      added.visitor = visitor_of(visitor);
      if (setting_.limits.session_names) added.name = table_.intern(session);
      added.attempts.set_limit(setting_.limits.attempts);
    }
    state_.clients[index].session.used = state_.switches;
    current_ = index;
  }

  std::uint32_t visitor_of(std::uint32_t key) {
    std::uint32_t index = state_.visitor_keys.find(key);
    if (index != base::FlatKeys::kNone) return index;
    if (state_.visitors.size() >= setting_.limits.visitors) {
      state_.quality.add(Problem::kOverLimit);
      return static_cast<std::uint32_t>(state_.visitors.size() - 1);
    }
    index = state_.visitor_keys.insert(key);
    state_.visitors.emplace_back().key = key;
    return index;
  }

  // Closes a client session; the last one takes its index. Its memory serves the next one.
  void close(std::size_t index) {
    base::Array<Client>& clients = state_.clients;
    close_client(state_, clients[index]);
    state_.client_keys.erase(static_cast<std::uint32_t>(index));
    spare_ = std::move(clients[index]);
    spare_.clear();
    if (index + 1 < clients.size()) clients[index] = std::move(clients.back());
    clients.resize(clients.size() - 1);
  }

  // Where the families find their numbers.
  struct Refs {
    const Fold& fold;
    State& state;
    Client& client;
    kpi::ClickVerdicts* verdicts;

    template <class Family>
    INSITU_HOT kpi::Scopes<Family> of() const {
      constexpr std::size_t i = Families::index<Family>();
      const ClientSession& session = client.session;
      return {std::get<i>(client.in_session),
              std::get<i>(client.in_client),
              std::get<i>(state.visitors[session.visitor].in_visitor),
              std::get<i>(state.shared),
              std::get<i>(state.totals),
              std::get<i>(fold.config_),
              state.quality,
              fold.setting_,
              fold.table_,
              session.visitor,
              session.visitor_text,
              verdicts};
    }
  };
  Refs refs(State& state, Client& client, kpi::ClickVerdicts* verdicts = nullptr) const {
    return {*this, state, client, verdicts};
  }

  // Tells the maps what has turned out about clicks.
  static void judge(State& state, Client& client, kpi::ClickVerdicts& verdicts) {
    for (const kpi::ClickVerdict& verdict : verdicts) {
      note(state, state.click_maps.judge(client.recent_clicks, verdict));
    }
    verdicts.clear();
  }

  void close_session(State& state, Client& client) const {
    kpi::ClickVerdicts verdicts;
    Families::end_session(client.session,
                          refs(state, client, state.click_maps.wanted() ? &verdicts : nullptr));
    judge(state, client, verdicts);
    client.recent_clicks.clear();
    ++state.visitors[client.session.visitor].sessions;
  }

  void close_client(State& state, Client& client) const {
    if (!client.session.clock.started()) return;
    close_session(state, client);
    const PageViews& pages = client.session.pages;
    for (const sessions::ShownPage& page : pages.shown()) {
      Families::page_closed(pages.view(page.view), page, setting_, state.totals);
    }
    for (heatmap::MappedView& view : client.views) note(state, state.maps.close(view));
    Families::end_client(client.session, refs(state, client));
  }

  void close_everything(State& state) const {
    for (Client& client : state.clients) close_client(state, client);
    state.clients.clear();
    Families::Visitor nobody;  // what is shared may name one that a forged state does not have
    Families::end_shared(
        state.shared,
        [&](std::uint32_t i) -> Families::Visitor& {
          return i < state.visitors.size() ? state.visitors[i].in_visitor : nobody;
        },
        setting_, state.totals);
    for (const Visitor& visitor : state.visitors) {
      if (visitor.sessions) Families::end_visitor(visitor.in_visitor, setting_, state.totals);
    }
    // What is closed is in the totals now; a walk over a partial must not meet it again.
    state.visitors.clear();
  }

  // Counts what there was no room for.
  INSITU_HOT static void note(State& state, bool had_room) {
    if (!had_room) [[unlikely]] {
      state.quality.add(Problem::kOverLimit);
    }
  }

  // All sections of a partial but its head.
  static void walk(kpi::PartialIo& io, State& state) {
    Families::partial(io, state.totals);
    state.maps.partial(io);
    io.begin("quality");
    for (std::size_t i = 0; i < base::kProblemCount; ++i) {
      auto count = static_cast<kpi::Count>(state.quality.counts[i]);
      io.count(base::name(static_cast<Problem>(i)), count);
      if (count < 0) io.fail();
      if (io.storing()) state.quality.counts[i] = static_cast<std::uint64_t>(count);
    }
    io.end();
  }

  report::PageReport page_report(heatmap::PageMaps maps) const {
    report::PageReport result;
    result.page = table_.text(maps.page);
    result.maps = std::move(maps);
    base::sort(result.maps.elements,
               [this](const heatmap::ElementGrid& a, const heatmap::ElementGrid& b) {
                 return table_.text(a.element) < table_.text(b.element);
               });
    for (const heatmap::ElementGrid& element : result.maps.elements) {
      result.elements.push_back(table_.text(element.element));
    }
    return result;
  }

  void take_event(Record& record) {
    base::Quality& quality = state_.quality;
    const events::RecordHead& head = record.head();
    if (!(head.t >= 0 && head.t <= base::kMaxTimeMs && std::floor(head.t) >= head.t) ||
        (record.type() == EventType::kPageView &&
         !(record.has(events::RecordHead::kHasPage) && strings_.is_defined(record.page())))) {
      quality.add(Problem::kMalformed);
      return;
    }
    (void)strings_.take_missed();
    if (local_) {
      const bool opens = sequencer_.opens_session(record, rules_.timeout_ms);
      if (opens) sequencer_.open_session();
      if (opens || current_ == kNoClient) enter_own_session(opens);
      sequencer_.assign(record, strings_);
    } else if (current_ == kNoClient) {
      quality.add(Problem::kMalformed);
      return;
    }
    if (keep_final_) append_final(record);
    fold_by_type(state_.clients[current_], record);
    if (strings_.take_missed()) quality.add(Problem::kBadString);
  }

  // Makes the current client session of this browser's own journal the current one.
  void enter_own_session(bool opens) {
    char digits[24];
    const std::string_view name = own_session_name(digits);
    if (opens && !state_.clients.empty()) {
      for (std::size_t i = state_.clients.size(); i-- > 0;) close(i);
    }
    switch_to(table_.intern(own_visitor()), name);
    if (keep_final_) append_context(name);
  }

  // "s1", "s2", ... written into the end of `room`.
  std::string_view own_session_name(std::span<char> room) const {
    char* at = room.data() + room.size();
    for (std::uint64_t n = sequencer_.session(); n; n /= 10) {
      *--at = static_cast<char>('0' + n % 10);
    }
    *--at = 's';
    return {at, static_cast<std::size_t>(room.data() + room.size() - at)};
  }
  std::string_view own_visitor() const {
    return visitor_.view().empty() ? "visitor" : visitor_.view();
  }

#ifdef __wasm__
  void fold_by_type(Client& client, const Record& record) { fold(client, record, record.type()); }
#else
  // Code of their own for the types that most events are of.
  void fold_by_type(Client& client, const Record& record) {
    switch (record.type()) {
      case EventType::kMove:
        return fold_one<EventType::kMove>(client, record);
      case EventType::kScroll:
        return fold_one<EventType::kScroll>(client, record);
      case EventType::kClick:
        return fold_one<EventType::kClick>(client, record);
      case EventType::kMutation:
        return fold_one<EventType::kMutation>(client, record);
      case EventType::kHeartbeat:
        return fold_one<EventType::kHeartbeat>(client, record);
      default:
        return fold_other(client, record);
    }
  }
  template <EventType kType>
  [[gnu::noinline]] void fold_one(Client& client, const Record& record) {
    fold(client, record, kType);
  }
  [[gnu::noinline]] void fold_other(Client& client, const Record& record) {
    fold(client, record, record.type());
  }
#endif

  INSITU_HOT void fold(Client& client, const Record& record, EventType type) {
    ClientSession& session = client.session;
    const bool first = !session.clock.started();
    const std::int64_t tau_ms = session.clock.advance(record);
    const std::int64_t delta_ms = session.clock.delta_ms();
    if (session.clock.stepped_back()) [[unlikely]] {
      state_.quality.add(Problem::kClockBack);
    }
    if (first || delta_ms > rules_.timeout_ms) [[unlikely]] {
      next_session(client, first, tau_ms);
    } else if (delta_ms > 0 && session.pages.any_visible()) [[likely]] {
      spend(client, record,
            rules_.idle_cap_ms < 0 ? delta_ms : std::min(delta_ms, rules_.idle_cap_ms));
    } else {
      client.moved_to = heatmap::Heatmaps::kNoCell;
    }
    session.session.last_ms = tau_ms;
    ++session.events;
    // Before the event, so that the index of its page view stays valid.
    make_room(client);
    const std::uint32_t view = session.pages.apply(record, type, tau_ms, session.part, strings_);
    if (client.views.size() < session.pages.views().size()) [[unlikely]] {
      client.views.resize(session.pages.views().size());
    }
    client.owner = session.pages.owner(view);
    const auto attempt = [&] {
      session.attempts.apply(record, tau_ms, session.pages.page_of(view), strings_, state_.quality);
    };
    switch (type) {
      case EventType::kSessionStart:
        note_offset(session, record);
        break;
      case EventType::kPageView:
        ++session.session.page_views;
        map_view(client, view);
        attempt();
        break;
      case EventType::kMove:
        note_move(client, view, record);
        break;
      case EventType::kScroll: {
        const auto& scroll = record.as<events::Scroll>();
        heatmap::MappedView* mapped = mapped_view(client, view);
        if (mapped && record.is_number(scroll.kHasY, scroll.y)) {
          note(state_, state_.maps.scroll(*mapped, scroll.y));
        }
        break;
      }
      case EventType::kClick:
        note_click(client, view, record);
        session.attempts.count_click();
        break;
      case EventType::kTaskStart:
        client.task_started = true;
        state_.click_maps.start_task();
        attempt();
        break;
      case EventType::kTaskEnd:
      case EventType::kError:
      case EventType::kSurvey:
        attempt();
        break;
      case EventType::kConversion:
      case EventType::kOrder:
        ++session.session.goals;
        break;
      default:
        break;
    }
    const auto step = [&]() INSITU_HOT_LAMBDA {
      const bool has_pv = record.has_pv();
      const std::uint64_t pv = PageViews::key(has_pv ? record.head().pv : 0, has_pv);
      return kpi::Step{record, type,   tau_ms,   session,  view,
                       pv,     has_pv, strings_, setting_, state_.quality};
    };
    const bool is_judged = state_.click_maps.wanted();
    Families::event(type, step, refs(state_, client, is_judged ? &verdicts_ : nullptr));
    if (!is_judged) return;
    judge(state_, client, verdicts_);
    state_.click_maps.forget(client.recent_clicks, tau_ms);
  }

  // Begins a session; unless it is the first, the one before is over.
  void next_session(Client& client, bool is_first, std::int64_t tau_ms) {
    ClientSession& session = client.session;
    if (!is_first) {
      close_session(state_, client);
      Families::renew_all(client.in_session);
      ++session.part;
      client.moved_to = heatmap::Heatmaps::kNoCell;
    }
    session.session = {};
    session.session.first_ms = tau_ms;
    if (session.parts.size() < setting_.limits.parts) {
      session.parts.push_back(tau_ms);
    } else {
      state_.quality.add(Problem::kOverLimit);
    }
  }

  // Time that passed until this event, while something was visible.
  INSITU_HOT void spend(Client& client, const Record& record, std::int64_t active_ms) {
    client.session.session.active_ms += active_ms;
    if (client.owner != PageViews::kNone) [[likely]] {
      heatmap::MappedView& view = client.views[client.owner];
      if (view.exists()) [[likely]] {
        note(state_, state_.maps.see(view, active_ms));
      }
    }
    if (client.moved_to == heatmap::Heatmaps::kNoCell) return;
    // Only if this event is still of the page view the pointer was over.
    if (record.has_pv() && PageViews::key(record.head().pv, true) == client.moved_pv) {
      const auto cap_ms = static_cast<std::int64_t>(setting_.options.dwell_cap_ms);
      note(state_, state_.maps.dwell(client.moved_to, std::min(active_ms, cap_ms)));
    }
    client.moved_to = heatmap::Heatmaps::kNoCell;
  }

  // Forgets the oldest page views when there are too many.
  INSITU_HOT void make_room(Client& client) {
    if (!client.session.pages.fits(setting_.limits.page_views)) [[unlikely]] {
      drop_oldest(client);
    }
  }
  void drop_oldest(Client& client) {
    PageViews& pages = client.session.pages;
    (void)pages.close_oldest(setting_.limits.page_views, [this](const sessions::PageView& gone,
                                                                const sessions::ShownPage& shown) {
      Families::page_closed(gone, shown, setting_, state_.totals);
    });
    base::Array<heatmap::MappedView> kept(pages.views().size());
    for (std::size_t i = 0; i < client.views.size(); ++i) {
      const std::uint32_t moved = pages.moved()[i];
      if (moved == PageViews::kNone) {
        note(state_, state_.maps.close(client.views[i]));
      } else {
        kept[moved] = client.views[i];
      }
    }
    client.views.swap(kept);
  }

  static void note_offset(ClientSession& session, const Record& record) {
    if (session.has_offset) return;
    session.has_offset = true;
    const auto& event = record.as<events::SessionStart>();
    if (record.integer(event.kHasClockOffset, event.clock_offset)) {
      session.clock_offset_ms = static_cast<std::int64_t>(event.clock_offset);
    }
  }

  void map_view(Client& client, std::uint32_t index) {
    const sessions::PageView& page = client.session.pages.view(index);
    if (!page.has_pv || !(page.document_width > 0 && page.document_height > 0)) return;
    heatmap::MappedView& view = client.views[index];
    note(state_, state_.maps.view(page.page, page.document_width, page.document_height,
                                  page.viewport_height, view));
    view.clicked = 0;
    if (state_.click_maps.wanted() && view.exists()) {
      heatmap::ClickMaps& maps = state_.click_maps;
      maps.view(view.page, client.session.visitor);
      if (heatmap::kHasSinks && maps.sink()) {
        maps.sink()->view(table_.text(page.page), client.session.visitor, view.width, view.height);
      }
    }
  }

  // The maps' side of an event's page view, null when it has none.
  INSITU_HOT static heatmap::MappedView* mapped_view(Client& client, std::uint32_t index) {
    if (index == PageViews::kNone || !client.views[index].exists()) return nullptr;
    return &client.views[index];
  }

  INSITU_HOT void note_click(Client& client, std::uint32_t index, const Record& record) {
    const auto& click = record.as<events::Click>();
    const double x = click.x;
    const double y = click.y;
    if (!(record.is_number(click.kHasX, x) && record.is_number(click.kHasY, y))) return;
    ++client.session.session.clicks;
    heatmap::MappedView* view = mapped_view(client, index);
    if (!view && !(heatmap::kHasSinks && state_.click_maps.sink())) return;
    if (view) note(state_, state_.maps.click(*view, x, y));
    const bool has_kinds = state_.click_maps.wanted();
    // Without its element a click has no box that anybody else asks for.
    if (!has_kinds && !(view && record.has(click.kHasElement) && record.has(click.kHasEw))) return;
    const double box[4] = {
        record.number(click.kHasEx, click.ex), record.number(click.kHasEy, click.ey),
        record.number(click.kHasEw, click.ew), record.number(click.kHasEh, click.eh)};
    // Comparisons with NaN are false.
    const bool has_element = view && box[2] > 0 && box[3] > 0 && x >= box[0] && y >= box[1] &&
                             record.has(click.kHasElement);
    const std::uint32_t element = has_element ? strings_.keep(click.element) : StringTable::kNone;
    if (element) {
      note(state_,
           state_.maps.element_click(*view, element, x - box[0], y - box[1], box[2], box[3]));
    }
    if (has_kinds) note_kind(client, index, record, element, x, y, box);
  }

  // The click for the maps by kind; `element` is 0 when it has no box.
  void note_kind(Client& client, std::uint32_t index, const Record& record, std::uint32_t element,
                 double x, double y, const double (&box)[4]) {
    const auto& event = record.as<events::Click>();
    heatmap::ClickMaps& maps = state_.click_maps;
    heatmap::MappedView* view = mapped_view(client, index);
    heatmap::MappedClick click;
    click.tau_ms = client.session.clock.tau_ms();
    click.event = client.session.events;
    click.visitor = client.session.visitor;
    click.page = heatmap::kNoPage;
    bool is_first_of_view = !view;
    if (view) {
      click.page = view->page;
      const std::uint64_t cell = state_.maps.cell(*view, x, y);
      click.in_page = cell != heatmap::Heatmaps::kNoCell;
      click.cell = click.in_page ? heatmap::Heatmaps::place_of(cell) : 0;
      if (record.has(event.kHasState)) click.state = strings_.keep(event.state);
      is_first_of_view = !view->clicked;
      view->clicked = 1;
    }
    if (element &&
        state_.maps.element_cell(x - box[0], y - box[1], box[2], box[3], click.element_cell)) {
      // Where there is no room for another element, an anchor that is not known is not kept either.
      std::uint32_t anchor = StringTable::kNone;
      if (record.has(event.kHasAnchor)) {
        anchor = maps.has_room() ? strings_.keep(event.anchor) : strings_.known(event.anchor);
      }
      const bool interactive = record.has(event.kHasInteractive) && event.interactive;
      note(state_, maps.element(click, element, anchor, interactive, box));
    }
    click.is_first = client.task_started;
    client.task_started = false;
    if (heatmap::kHasSinks && maps.sink()) {
      click.number = maps.sink()->click(seen(client, index, record, x, y, box));
    }
    note(state_, maps.click(client.recent_clicks, click, is_first_of_view));
  }

  // The click as a sink is told of it.
  heatmap::SeenClick seen(const Client& client, std::uint32_t index, const Record& record, double x,
                          double y, const double (&box)[4]) {
    const auto& event = record.as<events::Click>();
    const auto text = [&](std::uint32_t bit, std::uint32_t id) {
      return record.has(bit) ? strings_.text(id) : std::string_view();
    };
    heatmap::SeenClick seen;
    const std::uint32_t* page = client.session.pages.page_of(index);
    if (record.has(events::RecordHead::kHasPage)) {
      seen.page = strings_.text(record.page());
    } else if (page) {
      seen.page = table_.text(*page);
    }
    seen.element = text(event.kHasElement, event.element);
    seen.anchor = text(event.kHasAnchor, event.anchor);
    seen.state = text(event.kHasState, event.state);
    seen.visitor = client.session.visitor;
    seen.interactive = record.has(event.kHasInteractive) && event.interactive;
    seen.x = x;
    seen.y = y;
    std::copy(std::begin(box), std::end(box), seen.box);
    if (index != PageViews::kNone && client.views[index].exists()) {
      seen.document_width = client.views[index].width;
      seen.document_height = client.views[index].height;
    }
    return seen;
  }

  INSITU_HOT void note_move(Client& client, std::uint32_t index, const Record& record) {
    const heatmap::MappedView* view = mapped_view(client, index);
    if (!view || client.owner != index) return;
    const auto& move = record.as<events::Move>();
    const double x = move.x;
    const double y = move.y;
    if (!(record.is_number(move.kHasX, x) && record.is_number(move.kHasY, y))) return;
    client.moved_to = state_.maps.cell(*view, x, y);
    client.moved_pv = PageViews::key(record.head().pv, true);
  }

  // Starts the copy of a batch with final numbers. Its strings keep their ids; the visitor and the
  // session get two ids that the batch does not use.
  void begin_final(std::span<const std::byte> records) {
    std::uint32_t largest = events::kFirstBatchString - 1;
    (void)events::for_each_record(
        records, [&](std::uint16_t type, std::span<const std::byte> record) {
          std::uint32_t id = 0;
          std::string_view text;
          if (type == static_cast<std::uint16_t>(events::ControlType::kString) &&
              events::read_string(record, id, text) &&
              id - events::kFirstBatchString < setting_.limits.batch_strings) {
            largest = std::max(largest, id);
          }
        });
    own_visitor_id_ = largest + 1;
    final_.resize(sizeof(events::BatchHead));
    const events::BatchHead head;
    std::memcpy(final_.data(), &head, sizeof head);
    if (local_) append_string(own_visitor_id_, own_visitor());
  }

  void append_final(std::span<const std::byte> bytes) {
    base::append(final_, bytes.data(), bytes.size());
  }

  // The record with its numbers as they are now, its lists as they came.
  void append_final(const Record& record) {
    const std::size_t at = final_.size();
    append_final(record.bytes());
    // A record that is shorter than its type gets room for numbers that were absent.
    const std::size_t fixed = record.info().bytes;
    const std::size_t size = std::max(fixed, record.bytes().size());
    final_.resize(at + size);
    std::memcpy(final_.data() + at, &record.head(), fixed);
    const auto words = static_cast<std::uint16_t>(size / 8);
    std::memcpy(final_.data() + at + 2, &words, sizeof words);
    ++final_events_;
  }

  void append_string(std::uint32_t id, std::string_view text) {
    const std::size_t size = (12 + text.size() + 7) & ~std::size_t{7};
    const std::size_t at = final_.size();
    final_.resize(at + size);
    const auto type = static_cast<std::uint16_t>(events::ControlType::kString);
    const auto words = static_cast<std::uint16_t>(size / 8);
    const auto length = static_cast<std::uint32_t>(text.size());
    std::memcpy(final_.data() + at, &type, 2);
    std::memcpy(final_.data() + at + 2, &words, 2);
    std::memcpy(final_.data() + at + 4, &id, 4);
    std::memcpy(final_.data() + at + 8, &length, 4);
    std::memcpy(final_.data() + at + 12, text.data(), text.size());
  }

  void append_context(std::string_view session) {
    append_string(own_visitor_id_ + 1, session);
    events::ContextRecord context;
    context.visitor = own_visitor_id_;
    context.session = own_visitor_id_ + 1;
    context.seq = sequencer_.next_seq();
    append_final(std::as_bytes(std::span(&context, 1)));
  }

  kpi::Setting setting_;
  sessions::Rules rules_;
  StringTable table_;
  events::BatchStrings strings_;
  Families::Config config_;
  sessions::Sequencer sequencer_;
  State state_;
  Client spare_;  // a closed one, for its memory
  kpi::ClickVerdicts verdicts_;
  std::size_t current_ = kNoClient;
  bool local_ = false;
  bool keep_final_ = false;
  bool is_closed_ = false;
  base::Text visitor_;
  std::vector<std::byte> final_;
  std::uint32_t final_events_ = 0;
  std::uint32_t own_visitor_id_ = 0;
};

Engine::Engine(kpi::Options options, base::Limits limits)
    : fold_(std::make_unique<Fold>(std::move(options), limits)) {}
Engine::~Engine() = default;
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;

Status Engine::ingest(std::span<const std::byte> batch) { return fold_->ingest(batch); }
void Engine::close() { fold_->close(); }
void Engine::watch(heatmap::ClickSink* sink) { fold_->watch(sink); }
void Engine::identify(std::string_view visitor) { fold_->identify(visitor); }
std::span<const std::byte> Engine::final_batch() const { return fold_->final_batch(); }
void Engine::keep_final(bool keep) { fold_->keep_final(keep); }
report::Report Engine::report(bool with_heatmaps) const { return fold_->report(with_heatmaps); }
std::optional<report::PageReport> Engine::page(std::string_view page) const {
  return fold_->page(page);
}
std::optional<report::MapReport> Engine::map(std::string_view page, report::HeatKind kind,
                                             std::optional<std::string_view> state) const {
  return fold_->map(page, kind, state);
}
void Engine::partial(base::Writer& out) const { fold_->partial(out); }
void Engine::read_partial(kpi::PartialIo& io) { fold_->read_partial(io); }
events::StringTable& Engine::strings() { return fold_->table(); }
const kpi::Setting& Engine::setting() const { return fold_->setting(); }
std::vector<std::byte> Engine::save() const { return fold_->save(); }
Status Engine::restore(std::span<const std::byte> bytes) {
  const kpi::Setting& setting = fold_->setting();
  auto loaded = std::make_unique<Fold>(setting.options, setting.limits);
  const Status status = loaded->load(bytes);
  if (status != Status::kOk) return status;
  loaded->keep_final(fold_->keeps_final());
  fold_ = std::move(loaded);
  return status;
}
void Engine::add_quality(const base::Quality& quality) { fold_->add_quality(quality); }
const kpi::Options& Engine::options() const { return fold_->setting().options; }

}  // namespace insitu
