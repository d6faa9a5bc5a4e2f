// SPDX-License-Identifier: MIT
// How fast the engine is natively:
//
//   insitu_bench               the table, and exit code 1 when it is over tests/bench/budgets.json
//   insitu_bench brief         the same without its longest rows
//   insitu_bench fold FILE     ns per event of a binary log, as one number
#include "engine.h"

#include <malloc.h>
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "events/batch_builder.h"
#include "events/batch_json.h"
#include "log/binary_reader.h"
#include "log/ndjson_reader.h"
#include "nlohmann/json.hpp"
#include "partial/merge.h"
#include "partial/partial.h"
#include "report/json.h"
#include "tests/helpers/random.h"
#include "tests/helpers/records.h"

namespace {

using insitu::Engine;
using insitu::base::Limits;
using insitu::test::Bytes;
using insitu::test::event_at;
namespace events = insitu::events;

constexpr std::size_t kBatchBytes = 32 << 10;  // of the shell
constexpr int kEventsOfASession = 1000;

// How the events of a visit follow each other. Their shares are the same: half moves and scrolls, a
// quarter clicks, a page view every 40 events, the rest mixed.
enum class Order {
  kDrawn,  // each on its own, anywhere on the page: nothing can be foreseen
  kActed  // as people act: the pointer travels, the page scrolls on, clicks on buttons are answered
};

// Every kEventsOfASession events another visitor.
class Visits {
 public:
  explicit Visits(std::size_t count, Order order = Order::kDrawn) : order_(order) { make(count); }
  // Instead of those there are, the batches of the next `count` events.
  void make(std::size_t count) {
    batches_.clear();
    for (const std::size_t end = made_ + count; made_ < end;) {
      if (made_ % kEventsOfASession == 0 || builder_.bytes() > kBatchBytes) begin_batch();
      add();
      ++made_;
      if (made_ % kEventsOfASession == 0) builder_.end();
    }
    close_batch();
  }
  const std::vector<Bytes>& batches() const { return batches_; }

 private:
  void close_batch() {
    if (builder_.records() > 0) batches_.push_back(insitu::test::bytes_of(builder_.finish()));
    builder_.clear();
  }
  void begin_batch() {
    close_batch();
    const std::size_t visitor = made_ / kEventsOfASession;
    if (made_ % kEventsOfASession == 0) pv_ = -1;
    builder_.context("visitor" + std::to_string(visitor), "s",
                     static_cast<double>(made_ % kEventsOfASession));
  }
  template <class Event>
  Event next() {
    t_ += static_cast<double>(random_.below(600));
    auto event = event_at<Event>(t_, pv_);
    event.mono = t_ - shown_;
    event.page = page_id();
    event.present |= events::RecordHead::kHasMono | events::RecordHead::kHasPage;
    return event;
  }
  std::uint32_t page_id() {
    static constexpr const char* kPages[] = {"/", "/product", "/cart", "/checkout", "/thanks"};
    return builder_.string(kPages[static_cast<std::size_t>(std::max(0.0, pv_)) % 5]);
  }
  void add() {
    if (made_ % 40 == 0) {
      ++pv_;
      shown_ = t_;
      auto view = next<events::PageView>();
      view.vw = view.dw = 1280;
      view.vh = 720;
      view.dh = 3200;
      view.present |= view.kHasVw | view.kHasVh | view.kHasDw | view.kHasDh;
      return builder_.add(view);
    }
    if (order_ == Order::kActed) {
      if (!left_) begin_act();
      --left_;
    } else {
      act_ = random_.uniform();
    }
    const double u = act_;
    if (u < 0.3) {
      auto move = next<events::Move>();
      point();
      move.x = x_;
      move.y = y_;
      move.present |= move.kHasX | move.kHasY;
      return builder_.add(move);
    }
    if (u < 0.5) {
      auto scroll = next<events::Scroll>();
      scroll.y = scrolled_to();
      scroll.present |= scroll.kHasY;
      return builder_.add(scroll);
    }
    if (u < 0.75) {
      auto click = next<events::Click>();
      const auto button = random_.below(kButtons);
      click.x = order_ == Order::kActed ? 40 + 40 * static_cast<double>(button)
                                        : random_.uniform() * 1280;
      click.y = order_ == Order::kActed
                    ? 60 + 100 * static_cast<double>(button) + random_.uniform() * 20
                    : random_.uniform() * 3200;
      click.element = builder_.string("button" + std::to_string(button));
      click.present |= click.kHasX | click.kHasY | click.kHasElement;
      // The page answers three clicks of five.
      if (order_ == Order::kActed && random_.uniform() < 0.6) {
        act_ = 0.8;
        left_ = 1;
      }
      return builder_.add(click);
    }
    if (u < 0.9) return builder_.add(next<events::Mutation>());
    if (u < 0.95) return builder_.add(next<events::Heartbeat>());
    if (u < 0.97) {
      auto error = next<events::Error>();
      error.kind = events::words::kJs;
      error.present |= error.kHasKind;
      return builder_.add(error);
    }
    const auto attempt = static_cast<double>(made_ / 2);
    if (u < 0.985) {
      auto start = next<events::TaskStart>();
      start.task = builder_.string("buy");
      start.attempt = attempt_ = attempt;
      start.present |= start.kHasTask | start.kHasAttempt;
      return builder_.add(start);
    }
    auto end = next<events::TaskEnd>();
    end.task = builder_.string("buy");
    end.attempt = attempt_;
    end.outcome = events::words::kSuccess;
    end.present |= end.kHasTask | end.kHasAttempt | end.kHasOutcome;
    builder_.add(end);
  }

  // What comes next, and how many events of it: shares of events by the length of their runs.
  void begin_act() {
    constexpr double kMoves = 12;
    constexpr double kScrolls = 8;
    const double weights[] = {0.3 / kMoves, 0.2 / kScrolls, 0.25, 0.05, 0.02, 0.015, 0.015};
    constexpr double kActs[] = {0, 0.3, 0.5, 0.9, 0.95, 0.97, 0.985};
    double sum = 0;
    for (const double weight : weights) sum += weight;
    double u = random_.uniform() * sum;
    std::size_t i = 0;
    while (i + 1 < std::size(weights) && u >= weights[i]) u -= weights[i++];
    act_ = kActs[i];
    left_ = i == 0 ? 6 + random_.below(13) : i == 1 ? 4 + random_.below(9) : 1;
    dx_ = random_.uniform() * 60 - 30;
    dy_ = random_.uniform() * 60 - 30;
    down_ = random_.uniform() < 0.8;
  }
  void point() {
    if (order_ == Order::kActed) {
      x_ = std::clamp(x_ + dx_ + random_.uniform() * 4, 0.0, 1280.0);
      y_ = std::clamp(y_ + dy_ + random_.uniform() * 4, 0.0, 3200.0);
    } else {
      x_ = random_.uniform() * 1280;
      y_ = random_.uniform() * 3200;
    }
  }
  double scrolled_to() {
    if (order_ == Order::kDrawn) return random_.uniform() * 2480;
    top_ = std::clamp(top_ + (down_ ? 120.0 : -120.0), 0.0, 2480.0);
    return top_;
  }

  static constexpr std::uint32_t kButtons = 30;

  Order order_;
  double act_ = 0;
  std::uint64_t left_ = 0;
  double dx_ = 0;
  double dy_ = 0;
  double x_ = 640;
  double y_ = 400;
  double top_ = 0;
  bool down_ = true;
  insitu::test::Random random_{1};
  events::BatchBuilder builder_;
  std::vector<Bytes> batches_;
  std::size_t made_ = 0;
  double t_ = 1'767'225'600'000;
  double shown_ = t_;
  double pv_ = -1;
  double attempt_ = 0;
};

// Time of the processor, so that others on the machine show less.
double seconds_of(auto&& work) {
  const auto now = [] {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
  };
  const double start = now();
  work();
  return now() - start;
}

// The least of several runs, for at least half a second: what the machine can do undisturbed.
double best(auto&& work) {
  double least = 1e9;
  double total = 0;
  for (int i = 0; i < 5 || total < 0.5; ++i) {
    const double seconds = seconds_of(work);
    least = std::min(least, seconds);
    total += seconds;
  }
  return least;
}

Engine fold(const std::vector<Bytes>& batches, const Limits& limits = Limits::lab()) {
  Engine engine(insitu::kpi::Options{}, limits);
  for (const Bytes& batch : batches) (void)engine.ingest(batch);
  return engine;
}

std::size_t count_events(const std::vector<Bytes>& batches) {
  std::size_t count = 0;
  for (const Bytes& batch : batches) {
    (void)events::for_each_record(std::span(batch).subspan(sizeof(events::BatchHead)),
                                  [&](std::uint16_t type, std::span<const std::byte>) {
                                    count += type >= events::kFirstEventType;
                                  });
  }
  return count;
}

std::string lines_of(const std::vector<Bytes>& batches) {
  std::string log;
  for (const Bytes& batch : batches) {
    insitu::report::JsonWriter json;
    json.begin_array();
    (void)events::write_batch(batch, json);
    json.end_array();
    for (const auto& event : nlohmann::ordered_json::parse(json.take())) log += event.dump() + "\n";
  }
  return log;
}

std::string report_text(const Engine& engine) {
  insitu::report::JsonWriter out;
  insitu::report::write_report(engine.report(), out);
  return out.take();
}

const char* name_of(Order order) { return order == Order::kActed ? "fold, acted" : "fold, drawn"; }

// Ten million events into one engine, a million made at a time; gives M events/s.
double fold_ten_million(Order order) {
  constexpr std::size_t kChunk = 1'000'000;
  constexpr int kChunks = 10;
  Visits visits(kChunk, order);
  Engine engine(insitu::kpi::Options{}, Limits::lab());
  double seconds = 0;
  for (int i = 0; i < kChunks; ++i) {
    if (i > 0) visits.make(kChunk);
    seconds += seconds_of([&] {
      for (const Bytes& batch : visits.batches()) (void)engine.ingest(batch);
    });
  }
  const double count = static_cast<double>(kChunk) * kChunks;
  std::printf("%-14s%16.0f%14.1f%14.1f\n", name_of(order), count, seconds * 1e9 / count,
              count / seconds / 1e6);
  return count / seconds / 1e6;
}

// Bytes of the heap that `made` holds, by what it takes when it is made.
double heap_of(auto&& make) {
  const auto before = mallinfo2();
  const auto made = make();
  const auto after = mallinfo2();
  return static_cast<double>(after.uordblks + after.hblkhd) -
         static_cast<double>(before.uordblks + before.hblkhd);
}

// What an engine holds for visitors whose client sessions are over or open, and for page views.
void print_memory() {
  constexpr int kVisitors = 10'000;
  constexpr int kViews = 200;
  const auto fold_visitors = [](int visitors, int views, bool ends) {
    Engine engine(insitu::kpi::Options{}, Limits::lab());
    events::BatchBuilder builder;
    for (int v = 0; v < visitors; ++v) {
      builder.clear();
      builder.context("visitor" + std::to_string(v), "s", 0);
      for (int i = 0; i < views; ++i) {
        auto view = event_at<events::PageView>(1'767'225'600'000 + i * 1000.0, i);
        view.page = builder.string("/");
        view.vw = view.dw = 1280;
        view.vh = 720;
        view.dh = 3200;
        view.present |=
            view.kHasVw | view.kHasVh | view.kHasDw | view.kHasDh | events::RecordHead::kHasPage;
        builder.add(view);
      }
      if (ends) builder.end();
      (void)engine.ingest(builder.finish());
    }
    return engine;
  };
  const double over = heap_of([&] { return fold_visitors(kVisitors, 1, true); });
  const double open = heap_of([&] { return fold_visitors(kVisitors, 1, false); });
  const double few = heap_of([&] { return fold_visitors(100, 1, false); });
  const double many = heap_of([&] { return fold_visitors(100, 1 + kViews, false); });
  std::printf("memory: visitor %.0f bytes, with an open client session %.0f, each page view %.0f\n",
              over / kVisitors, open / kVisitors, (many - few) / (100.0 * kViews));
}

// 10,000 partials of small logs parsed, checked and merged; seconds.
double merge_partials() {
  constexpr int kPartials = 10'000;
  std::vector<std::string> texts;
  for (int i = 0; i < 100; ++i) {
    const Visits visits(static_cast<std::size_t>(60 + i));
    texts.push_back(
        insitu::partial::canonical(insitu::partial::make(fold(visits.batches(), Limits::lab()))));
  }
  std::size_t bytes = 0;
  insitu::partial::Tree sum;
  const double seconds = seconds_of([&] {
    Engine engine{insitu::kpi::Options{}};
    insitu::partial::Tree tree;
    for (int i = 0; i < kPartials; ++i) {
      const std::string& text = texts[static_cast<std::size_t>(i) % texts.size()];
      bytes += text.size();
      if (!insitu::partial::parse(text, tree).ok() ||
          !insitu::partial::check(tree, engine).empty() ||
          !insitu::partial::merge(sum, tree).ok()) {
        std::fprintf(stderr, "error: a partial was refused\n");
      }
    }
  });
  std::printf("merge of %d partials, s%29.2f (%.1f kB each)\n", kPartials, seconds,
              static_cast<double>(bytes) / kPartials / 1000);
  return seconds;
}

int fold_file(const char* path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  std::vector<Bytes> batches;
  const auto end = insitu::log::for_each_batch(
      std::as_bytes(std::span(text)),
      [&](std::span<const std::byte> batch) { batches.push_back(insitu::test::bytes_of(batch)); });
  if (end.status != insitu::base::Status::kOk || batches.empty()) {
    std::fprintf(stderr, "%s is no binary log\n", path);
    return 1;
  }
  const double seconds = best([&] { (void)fold(batches, Limits::browser()); });
  std::printf("%.3f\n", seconds * 1e9 / static_cast<double>(count_events(batches)));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::string_view(argv[1]) == "fold") return fold_file(argv[2]);
  const bool is_brief = argc == 2 && std::string_view(argv[1]) == "brief";
  std::ifstream file(INSITU_FIXTURES "/../bench/budgets.json");
  const auto budgets = nlohmann::json::parse(file, nullptr, /*allow_exceptions=*/false);
  if (budgets.is_discarded() || !budgets.contains("speed")) {
    std::fprintf(stderr, "no budgets in tests/bench/budgets.json\n");
    return 1;
  }
  int over = 0;
  const auto check = [&](bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "error: over budget: %s\n", what);
    over = 1;
  };

  std::printf("native%24s%14s%14s\n", "events", "ns/event", "M events/s");
  double slowest = 1e9;
  for (const Order order : {Order::kActed, Order::kDrawn}) {
    for (const std::size_t size : {1'000u, 10'000u, 100'000u, 1'000'000u}) {
      if (is_brief && size > 100'000) break;
      const Visits visits(size, order);
      const double seconds = best([&] { (void)fold(visits.batches()); });
      const auto count = static_cast<double>(size);
      std::printf("%-14s%16zu%14.1f%14.1f\n", name_of(order), size, seconds * 1e9 / count,
                  count / seconds / 1e6);
      // The smallest is mostly the making of an engine.
      if (size >= 10'000) slowest = std::min(slowest, count / seconds / 1e6);
    }
    if (!is_brief) slowest = std::min(slowest, fold_ten_million(order));
  }
  check(slowest >= budgets["speed"]["fold_million_events_per_s"], "folding");

  const Visits visits(10'000);
  const Engine engine = fold(visits.batches());
  const double report = best([&] { (void)engine.report(); });
  const double text = best([&] { (void)report_text(engine); });
  std::printf("report of 10,000 events, ms%25.3f (as JSON text %.3f)\n", report * 1e3, text * 1e3);
  check(report * 1e3 <= budgets["speed"]["report_of_10000_events_ms"], "report");

  const std::vector<std::byte> state = engine.save();
  const double save = best([&] { (void)engine.save(); });
  Engine back{insitu::kpi::Options{}};
  const double restore = best([&] { (void)back.restore(state); });
  std::printf("save, restore of it, ms%20.3f%9.3f (%zu bytes)\n", save * 1e3, restore * 1e3,
              state.size());

  const std::string log = lines_of(Visits(100'000).batches());
  const double read = best([&] {
    insitu::log::NdjsonReader reader;
    reader.feed(log);
    reader.finish();
  });
  const double read_mb_per_s = static_cast<double>(log.size()) / read / 1e6;
  std::printf("NDJSON reader, MB/s%32.0f\n", read_mb_per_s);
  check(read_mb_per_s >= budgets["speed"]["read_mb_per_s"], "reading");
  check(merge_partials() <= budgets["speed"]["merge_of_10000_partials_s"], "merging");
  print_memory();
  return over;
}
