// SPDX-License-Identifier: MIT
// Forged states: whatever restore() takes can be used, and nothing crashes.
//
// The input is a list of edits to a real saved state, so that it reaches all of the loader in every
// version of the layout; the checksum is made right again, or nothing would get in. An edit is 4
// bytes: what to do, where (2 bytes), and a value.
//
// A forged state may hold bools that are neither 0 nor 1 and sums beyond their range: that gives
// wrong numbers and no harm, so unlike in other programs the sanitizer only prints these, once
// each.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/archive.h"
#include "engine.h"
#include "log/ndjson_reader.h"
#include "report/json.h"
#include "tests/helpers/random_log.h"
#include "tests/helpers/random_ndjson.h"

namespace {

using insitu::Engine;
using insitu::base::Limits;
using insitu::base::Status;
using State = std::vector<std::byte>;

void require(bool condition) {
  if (!condition) std::abort();
}

std::vector<insitu::test::Bytes> batches(std::uint64_t seed) {
  insitu::test::Random random(seed);
  const auto journal = insitu::test::random_journal(random, 40);
  return insitu::test::batches_of_journal(journal, [] { return false; });
}

insitu::kpi::Options with_maps() {
  insitu::kpi::Options options;
  options.heat_kinds = true;
  return options;
}

State state_of_journal() {
  Engine engine(with_maps(), Limits::browser());
  for (const auto& batch : batches(1)) (void)engine.ingest(batch);
  return engine.save();
}

// With every type of event, and client sessions that are not over.
State state_of_log() {
  insitu::test::Random random(2);
  insitu::log::NdjsonReader reader;
  reader.feed(insitu::test::joined(
      insitu::test::random_ndjson(random, {.lines = 300, .visitors = 1, .groups = 1})));
  reader.finish();
  Engine engine(with_maps(), Limits::browser());
  reader.for_each_batch([&](std::span<const std::byte> batch, const insitu::log::ClientInfo&) {
    State open = insitu::test::bytes_of(batch);
    if (open.size() > 8) open.resize(open.size() - 8);  // without the end record
    insitu::test::put(open, 8, static_cast<std::uint32_t>(open.size()));
    (void)engine.ingest(open);
  });
  return engine.save();
}

template <class T>
void overwrite(State& state, std::size_t at, T value) {
  if (at + sizeof value <= state.size()) std::memcpy(state.data() + at, &value, sizeof value);
}

void edit(State& state, const std::uint8_t* edit) {
  const std::size_t place = edit[1] * 256u + edit[2];
  const std::size_t at = place < state.size() ? place : place % (state.size() + 1);
  const auto value = static_cast<std::byte>(edit[3]);
  const auto position = state.begin() + static_cast<std::ptrdiff_t>(at);
  switch (edit[0] % 7) {
    case 0:
      return overwrite(state, at, value);
    case 1:
      return overwrite(state, at / 4 * 4, std::uint32_t{edit[3]});
    case 2:
      return overwrite(state, at / 8 * 8, std::uint64_t{0} - edit[3]);
    case 3:
      return overwrite(state, at / 8 * 8, std::uint64_t{edit[3]} << 56);
    case 4:
      state.insert(position, 1 + edit[3] % 64u, value);
      return;
    case 5:
      state.erase(position, position + static_cast<std::ptrdiff_t>(std::min<std::size_t>(
                                           1 + edit[3] % 64u, state.size() - at)));
      return;
    default:
      state.resize(at);
  }
}

void use(Engine& engine) {
  insitu::report::JsonWriter out;
  insitu::report::write_report(engine.report(), out);
  (void)out.take();
  (void)engine.page("/");
  for (std::size_t kind = 0; kind < std::size(insitu::report::kHeatKindNames); ++kind) {
    const auto map = engine.map("/", static_cast<insitu::report::HeatKind>(kind), std::nullopt);
    if (map) insitu::report::write_map(*map, out);
    (void)out.take();
  }
  out.begin_object();
  engine.partial(out);
  out.end_object();
  (void)out.take();
  for (const auto& batch : batches(3)) require(engine.ingest(batch) == Status::kOk);
  insitu::report::write_report(engine.report(), out);
  (void)out.take();
  Engine back(with_maps(), Limits::browser());
  require(back.restore(engine.save()) == Status::kOk);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const State kStates[] = {state_of_journal(), state_of_log()};
  if (size == 0) return 0;
  State state = kStates[data[0] % std::size(kStates)];
  state.resize(state.size() - sizeof(std::uint64_t));
  for (std::size_t i = 1; i + 4 <= size; i += 4) edit(state, data + i);
  const std::uint64_t sum = insitu::base::checksum(state);
  state.resize(state.size() + sizeof sum);
  std::memcpy(state.data() + state.size() - sizeof sum, &sum, sizeof sum);

  Engine engine(with_maps(), Limits::browser());
  if (engine.restore(state) == Status::kOk) use(engine);
  // An engine that refused goes on as before.
  if (size < 5) use(engine);
  return 0;
}
