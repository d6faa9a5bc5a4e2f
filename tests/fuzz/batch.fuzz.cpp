// SPDX-License-Identifier: MIT
// Hostile batches, one after the other: no bytes crash the engine, a report changes nothing, a
// restored engine says the same and has the same maps, the batches it hands out can be written and
// folded again, and its partial can be read and added.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine.h"
#include "events/batch_json.h"
#include "log/binary_reader.h"
#include "partial/partial.h"
#include "report/json.h"
#include "report/packed.h"
#include "tests/helpers/sanitizers.h"

namespace {

using insitu::Engine;
using insitu::base::Limits;
using insitu::base::Status;

void require(bool condition) {
  if (!condition) std::abort();
}

std::string report_text(const Engine& engine) {
  insitu::report::JsonWriter out;
  insitu::report::write_report(engine.report(), out);
  return out.take();
}

// Every map of the page that the corpus is about.
std::string maps_text(const Engine& engine) {
  std::string all;
  for (std::size_t kind = 0; kind < std::size(insitu::report::kHeatKindNames); ++kind) {
    for (const bool is_any : {true, false}) {
      const auto map = engine.map("/", static_cast<insitu::report::HeatKind>(kind),
                                  is_any ? std::nullopt : std::optional<std::string_view>(""));
      if (!map) continue;
      insitu::report::JsonWriter out;
      insitu::report::write_map(*map, out);
      all += out.take();
    }
  }
  return all;
}

// The concrete type, because the core has no RTTI and the sanitizer asks for it behind a base
// class.
template <class Writer>
void write_events(std::span<const std::byte> batch, Writer out) {
  out.begin_array();
  require(insitu::events::write_batch(batch, out) == Status::kOk);
  out.end_array();
}

std::string partial_text(const Engine& engine) { return canonical(insitu::partial::make(engine)); }

// Whatever was folded, the partial is one: it can be read, and an engine takes it.
void check_partial(const std::string& text, const Limits& limits) {
  insitu::partial::Tree tree;
  require(insitu::partial::parse(text, tree).ok() && canonical(tree) == text);
  Engine sum(insitu::kpi::Options{}, limits);
  require(insitu::partial::add(tree, sum).empty());
  (void)report_text(sum);
  if (limits.strings >= Limits::lab().strings) require(partial_text(sum) == text);
}

void fold(std::span<const std::byte> log, const Limits& limits, bool has_maps) {
  insitu::kpi::Options options;
  options.heat_kinds = has_maps;
  Engine engine(options, limits);
  Engine again(options, limits);
  engine.identify("somebody");
  engine.keep_final(true);
  const auto take = [&](std::span<const std::byte> batch) {
    (void)engine.ingest(batch);
    const auto final_batch = engine.final_batch();
    if (final_batch.empty()) return;
    write_events(final_batch, insitu::report::JsonWriter());
    write_events(final_batch, insitu::report::PackedWriter());
    require(again.ingest(final_batch) == Status::kOk);
  };
  const auto end = insitu::log::for_each_batch(log, take);
  take(log.subspan(end.offset));  // what is no whole batch is offered too

  const std::string report = report_text(engine);
  require(report_text(engine) == report);
  (void)report_text(again);
  insitu::report::PackedWriter packed;
  insitu::report::write_report(engine.report(), packed);
  (void)engine.page("/");
  const std::string maps = maps_text(engine);
  const std::string partial = partial_text(engine);
  check_partial(partial, limits);

  const std::vector<std::byte> state = engine.save();
  Engine back(options, limits);
  require(back.restore(state) == Status::kOk);
  require(report_text(back) == report);
  require(maps_text(back) == maps);
  require(partial_text(back) == partial);
  // Both go on the same.
  (void)engine.ingest(log);
  (void)back.ingest(log);
  require(report_text(back) == report_text(engine));
  require(maps_text(back) == maps_text(engine));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::byte> log(reinterpret_cast<const std::byte*>(data), size);
  Limits lab = Limits::lab();
  lab.batch_strings = 1 << 12;  // one far string id would otherwise cost 100 MB
  Limits tiny = Limits::browser();
  tiny.strings = 3;
  tiny.page_views = 4;
  tiny.attempts = 2;
  tiny.samples = 1;
  tiny.grid_cells = 2;
  fold(log, Limits::browser(), true);
  fold(log, lab, false);
  fold(log, tiny, true);
  return 0;
}
