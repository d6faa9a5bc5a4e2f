// SPDX-License-Identifier: MIT
#include "engine.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <iterator>
#include <tuple>
#include <utility>

#include "base/append.h"
#include "base/archive.h"
#include "base/array.h"
#include "base/flat_map.h"
#include "base/sort.h"
#include "base/text.h"
#include "events/batch.h"
#include "events/batch_strings.h"
#include "events/string_table.h"
#include "heatmap/click_grid.h"
#include "kpi/family.h"
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
constexpr std::uint32_t kStateVersion = 2;

// The structs of all families, scope by scope.
template <class... Families>
struct FamilyList {
  using Session = std::tuple<typename Families::Session...>;
  using Client = std::tuple<typename Families::Client...>;
  using Visitor = std::tuple<typename Families::Visitor...>;
  using Totals = std::tuple<typename Families::Totals...>;

  struct Refs {
    Session& session;
    Client& client;
    Visitor& visitor;
    Totals& totals;
    base::Quality& quality;

    template <class Family>
    kpi::Scopes<Family> of() const {
      constexpr std::size_t i = index<Family>();
      return {std::get<i>(session), std::get<i>(client), std::get<i>(visitor), std::get<i>(totals),
              quality};
    }
  };

  template <class Family>
  static constexpr std::size_t index() {
    constexpr std::array<bool, sizeof...(Families)> same{std::is_same_v<Family, Families>...};
    return static_cast<std::size_t>(std::find(same.begin(), same.end(), true) - same.begin());
  }

  static void event(const kpi::Step& step, Refs refs) {
    const std::uint64_t type = kpi::mask(step.type);
    ((Families::kEvents & type ? Families::event(step, refs.template of<Families>()) : void()),
     ...);
  }
  static void page_closed(const sessions::PageView& view, const sessions::ShownPage& page,
                          const kpi::Setting& setting, Totals& totals) {
    (Families::page_closed(view, page, setting, std::get<index<Families>()>(totals)), ...);
  }
  static void end_session(const sessions::Session& session, const kpi::Setting& setting,
                          Refs refs) {
    (Families::end_session(session, setting, refs.template of<Families>()), ...);
  }
  static void end_client(const ClientSession& session, const kpi::Setting& setting, Client& client,
                         Totals& totals) {
    (Families::end_client(session, setting, std::get<index<Families>()>(client),
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
};

using Families = kpi::WithFamilies<FamilyList>;

// A client session together with what the families know of it.
struct Client {
  ClientSession session;
  Families::Session in_session;
  Families::Client in_client;

  void archive(base::Archive& a) { a(session, in_session, in_client); }
};

struct Visitor {
  std::uint32_t key = 0;  // engine string id
  std::uint64_t sessions = 0;
  Families::Visitor in_visitor;

  void archive(base::Archive& a) { a(key, sessions, in_visitor); }
};

}  // namespace

// Everything that a report depends on. Copyable: a report closes a copy.
struct Engine::State {
  base::Array<Client> clients;  // open
  base::Array<Visitor> visitors;
  base::FlatKeys visitor_keys;  // engine string ids of `visitors`
  Families::Totals totals;
  base::Quality quality;
  std::uint64_t switches = 0;

  void archive(base::Archive& a) {
    a(clients, visitors, totals, quality.counts, switches);
    if (a.loading()) {
      visitor_keys.clear();
      for (const Visitor& visitor : visitors) (void)visitor_keys.insert(visitor.key);
    }
  }

  Families::Refs refs(Client& client) {
    return {client.in_session, client.in_client, visitors[client.session.visitor].in_visitor,
            totals, quality};
  }

  void close_session(Client& client, const kpi::Setting& setting) {
    Families::end_session(client.session.session, setting, refs(client));
    ++visitors[client.session.visitor].sessions;
  }

  void close_client(Client& client, const kpi::Setting& setting) {
    if (!client.session.clock.started()) return;
    close_session(client, setting);
    const PageViews& pages = client.session.pages;
    for (const sessions::ShownPage& page : pages.shown()) {
      Families::page_closed(pages.view(page.view), page, setting, totals);
    }
    Families::end_client(client.session, setting, client.in_client, totals);
  }

  void close_everything(const kpi::Setting& setting) {
    for (Client& client : clients) close_client(client, setting);
    clients.clear();
    for (const Visitor& visitor : visitors) {
      if (visitor.sessions) Families::end_visitor(visitor.in_visitor, setting, totals);
    }
  }
};

class Engine::Fold {
 public:
  Fold(kpi::Options options, const base::Limits& limits)
      : setting_{std::move(options), limits, {}},
        table_(limits),
        strings_(table_, limits.batch_strings),
        grids_(setting_.options.heat_cols, setting_.options.heat_row_px, limits.grid_cells) {
    base::for_each_item(setting_.options.conversion_goals.view(), [this](std::string_view goal) {
      setting_.names.conversion_goals.push_back(table_.intern(goal));
    });
    rules_.timeout_ms = static_cast<std::int64_t>(setting_.options.session_timeout_ms);
    rules_.idle_cap_ms = std::isnan(setting_.options.idle_cap_ms)
                             ? -1
                             : static_cast<std::int64_t>(setting_.options.idle_cap_ms);
  }

  Status ingest(std::span<const std::byte> bytes) {
    events::BatchHead head;
    std::span<const std::byte> records;
    final_.clear();
    final_events_ = 0;
    const Status status = events::open_batch(bytes, head, records);
    if (status != Status::kOk) {
      state_.quality.add(Problem::kBadBatch);
      return status;
    }
    strings_.clear();
    current_ = kNoClient;
    local_ = head.document > 0;
    if (local_) sequencer_.begin_batch(head);
    if (keep_final_) begin_final(records);
    const bool whole = events::for_each_record(
        records,
        [this](std::uint16_t type, std::span<const std::byte> record) { take(type, record); });
    if (!whole) state_.quality.add(Problem::kMalformed);
    strings_.clear();
    return Status::kOk;
  }

  void identify(std::string_view visitor) { visitor_ = base::Text(visitor); }
  void keep_final(bool keep) { keep_final_ = keep; }

  std::span<const std::byte> final_batch() {
    if (final_events_ == 0) return {};
    auto* head = reinterpret_cast<events::BatchHead*>(final_.data());
    head->bytes = static_cast<std::uint32_t>(final_.size());
    head->records = final_events_;
    return final_;
  }

  report::Report report(bool with_heatmaps) const {
    State closed = state_;
    closed.close_everything(setting_);
    report::Report report;
    report.options = &setting_.options;
    kpi::Sheet site(setting_.options);
    base::Array<std::pair<std::uint32_t, kpi::Sheet>> tasks;
    kpi::Output out{site, tasks, setting_, report.exact};
    Families::write(closed.totals, out);
    report.kpis = std::move(site.results());
    base::Array<std::uint32_t> ids;
    for (const auto& [id, sheet] : tasks) ids.push_back(id);
    for (const std::uint32_t id : by_text(std::move(ids))) {
      report.by_task.push_back({table_.text(id), std::move(out.task(id).results())});
    }
    if (with_heatmaps) {
      base::Array<std::uint32_t> pages;
      grids_.for_each_page([&](std::uint32_t page) { pages.push_back(page); });
      for (const std::uint32_t page : by_text(std::move(pages))) {
        report.heatmaps.push_back({table_.text(page), grids_.grid(page)});
      }
    }
    report.quality = state_.quality;
    return report;
  }

  std::optional<report::PageGrid> click_grid(std::string_view page) const {
    const std::uint32_t id = table_.find(page);
    report::PageGrid result{table_.text(id), grids_.grid(id)};
    if (!id || result.grid.columns == 0) return std::nullopt;
    return result;
  }

  std::vector<std::byte> save() {
    std::vector<std::byte> bytes;
    base::Archive save(bytes);
    StateHead head = this->head();
    save(head);
    save(table_, state_, grids_, sequencer_, visitor_);
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
    load(table_, state_, grids_, sequencer_, visitor_);
    if (!load.at_end()) return Status::kBadState;
    for (const Client& client : state_.clients) {
      if (client.session.visitor >= state_.visitors.size()) return Status::kBadState;
    }
    return Status::kOk;
  }

  void add_quality(const base::Quality& quality) { state_.quality.merge(quality); }
  const kpi::Setting& setting() const { return setting_; }
  bool keeps_final() const { return keep_final_; }

 private:
  static constexpr std::size_t kNoClient = static_cast<std::size_t>(-1);

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

  void take(std::uint16_t type, std::span<const std::byte> bytes) {
    base::Quality& quality = state_.quality;
    if (type >= events::kFirstEventType) {
      Record record;
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
    // Few are open at a time, and the wanted one is nearly always the last.
    for (std::size_t i = state_.clients.size(); i-- > 0;) {
      if (state_.clients[i].session.key != key) continue;
      state_.clients[i].session.used = state_.switches;
      current_ = i;
      return;
    }
    if (state_.clients.size() >= setting_.limits.client_sessions) {
      std::size_t oldest = 0;
      for (std::size_t i = 1; i < state_.clients.size(); ++i) {
        if (state_.clients[i].session.used < state_.clients[oldest].session.used) oldest = i;
      }
      close(oldest);
    }
    Client client;
    client.session.key = key;
    client.session.used = state_.switches;
    client.session.visitor = visitor_of(visitor);
    client.session.attempts.set_limit(setting_.limits.attempts);
    state_.clients.push_back(std::move(client));
    current_ = state_.clients.size() - 1;
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

  void close(std::size_t index) {
    state_.close_client(state_.clients[index], setting_);
    state_.clients.erase(&state_.clients[index]);
  }

  void take_event(Record& record) {
    base::Quality& quality = state_.quality;
    const events::RecordHead& head = record.head();
    if (!(head.t >= 0 && head.t <= base::kMaxTimeMs && std::trunc(head.t) == head.t) ||
        (record.type() == EventType::kPageView && strings_.text(record.page()).empty() &&
         !record.has(events::RecordHead::kHasPage))) {
      quality.add(Problem::kMalformed);
      return;
    }
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
    fold(state_.clients[current_], record);
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

  void fold(Client& client, const Record& record) {
    ClientSession& session = client.session;
    const bool first = !session.clock.started();
    const std::int64_t tau_ms = session.clock.advance(record.head());
    const std::int64_t delta_ms = session.clock.delta_ms();
    if (session.clock.stepped_back()) state_.quality.add(Problem::kClockBack);
    if (first) {
      session.session.first_ms = tau_ms;
    } else if (delta_ms > rules_.timeout_ms) {
      state_.close_session(client, setting_);
      session.session = {};
      session.session.first_ms = tau_ms;
      client.in_session = {};
    } else if (session.pages.any_visible()) {
      session.session.active_ms +=
          rules_.idle_cap_ms < 0 ? delta_ms : std::min(delta_ms, rules_.idle_cap_ms);
    }
    session.session.last_ms = tau_ms;
    // Before the event, so that the index of its page view stays valid.
    session.pages.close_oldest(
        setting_.limits.page_views,
        [this](const sessions::PageView& gone, const sessions::ShownPage& shown) {
          Families::page_closed(gone, shown, setting_, state_.totals);
        });
    const std::uint32_t view = session.pages.apply(record, strings_);
    const EventType type = record.type();
    switch (type) {
      case EventType::kSessionStart:
        note_offset(session, record);
        break;
      case EventType::kPageView: {
        ++session.session.page_views;
        const sessions::PageView& page = session.pages.view(view);
        if (page.has_pv && has_document(page)) {
          grids_.view(page.page, page.document_width, page.document_height);
        }
        break;
      }
      case EventType::kClick:
        note_click(session, view, record);
        break;
      case EventType::kConversion:
      case EventType::kOrder:
        ++session.session.goals;
        break;
      default:
        break;
    }
    session.attempts.apply(record, tau_ms, strings_, state_.quality);
    Families::event({record, type, tau_ms, session, view, strings_, setting_, state_.quality},
                    state_.refs(client));
  }

  static void note_offset(ClientSession& session, const Record& record) {
    if (session.has_offset) return;
    session.has_offset = true;
    const auto& event = record.as<events::SessionStart>();
    if (record.integer(event.kHasClockOffset, event.clock_offset)) {
      session.clock_offset_ms = event.clock_offset;
    }
  }

  static bool has_document(const sessions::PageView& page) {
    return page.document_width > 0 && page.document_height > 0;
  }

  void note_click(ClientSession& session, std::uint32_t view, const Record& record) {
    const auto& click = record.as<events::Click>();
    const double x = record.number(click.kHasX, click.x);
    const double y = record.number(click.kHasY, click.y);
    if (std::isnan(x) || std::isnan(y)) return;
    ++session.session.clicks;
    if (view == PageViews::kNone) return;
    const sessions::PageView& page = session.pages.view(view);
    if (!page.has_pv || !page.seen || !has_document(page)) return;
    if (!grids_.click(page.page, page.document_width, page.document_height, x, y)) {
      state_.quality.add(Problem::kOverLimit);
    }
  }

  // String ids in the order of the bytes of their texts.
  base::Array<std::uint32_t> by_text(base::Array<std::uint32_t> ids) const {
    base::sort(
        ids, [this](std::uint32_t a, std::uint32_t b) { return table_.text(a) < table_.text(b); });
    return ids;
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
  heatmap::ClickGrids grids_;
  sessions::Sequencer sequencer_;
  State state_;
  std::size_t current_ = kNoClient;
  bool local_ = false;
  bool keep_final_ = false;
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
void Engine::identify(std::string_view visitor) { fold_->identify(visitor); }
std::span<const std::byte> Engine::final_batch() const { return fold_->final_batch(); }
void Engine::keep_final(bool keep) { fold_->keep_final(keep); }
report::Report Engine::report(bool with_heatmaps) const { return fold_->report(with_heatmaps); }
std::optional<report::PageGrid> Engine::click_grid(std::string_view page) const {
  return fold_->click_grid(page);
}
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
