// SPDX-License-Identifier: MIT
// The events of batches as JSON objects, for tests that compare logs.
#pragma once

#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "catch_amalgamated.hpp"
#include "events/batch.h"
#include "events/event_json.h"
#include "log/ndjson_reader.h"
#include "nlohmann/json.hpp"
#include "report/json.h"

namespace insitu::test {

// What a batch holds: events as the text of their objects, and what surrounds them.
struct BatchContent {
  std::vector<std::string> events;
  std::vector<std::string> contexts;  // "visitor/session/seq"
  int ends = 0;
};

// Takes a batch apart and fails the running test if anything in it does not fit the format.
inline BatchContent read_batch(std::span<const std::byte> bytes) {
  BatchContent content;
  events::BatchHead head;
  std::span<const std::byte> records;
  REQUIRE(events::open_batch(bytes, head, records) == base::Status::kOk);
  REQUIRE(head.bytes == bytes.size());
  std::map<std::uint32_t, std::string> texts;
  for (std::uint32_t i = 0; i < std::size(events::kWordTexts); ++i) {
    texts[i + 1] = events::kWordTexts[i];
  }
  const events::StringLookup lookup{
      [](const void* context, std::uint32_t id) {
        const auto& known = *static_cast<const std::map<std::uint32_t, std::string>*>(context);
        const auto found = known.find(id);
        return found == known.end() ? std::string_view() : std::string_view(found->second);
      },
      &texts};
  std::string visitor;
  std::string session;
  double seq = 0;
  std::uint32_t count = 0;
  const bool whole =
      events::for_each_record(records, [&](std::uint16_t type, std::span<const std::byte> record) {
        ++count;
        if (type == 1) {
          std::uint32_t id = 0;
          std::string_view text;
          REQUIRE(events::read_string(record, id, text));
          REQUIRE_FALSE(texts.contains(id));
          texts[id] = text;
        } else if (type == 2) {
          events::ContextRecord context;
          REQUIRE(record.size() == sizeof context);
          std::memcpy(&context, record.data(), sizeof context);
          visitor = texts.at(context.visitor);
          session = texts.at(context.session);
          seq = context.seq;
          content.contexts.push_back(visitor + "/" + session + "/" +
                                     std::to_string(static_cast<long long>(seq)));
        } else if (type == 3) {
          ++content.ends;
        } else {
          events::Record event;
          REQUIRE(event.read(record));
          report::JsonWriter json;
          events::write_event(json, event, lookup, visitor, session, seq++);
          content.events.push_back(json.take());
        }
      });
  REQUIRE(whole);
  REQUIRE(count == head.records);
  return content;
}

// All events of a log after its finish(), in the order of delivery.
inline std::vector<std::string> events_of(const log::NdjsonReader& reader) {
  std::vector<std::string> events;
  reader.for_each_batch([&](std::span<const std::byte> batch, const log::ClientInfo&) {
    for (std::string& event : read_batch(batch).events) events.push_back(std::move(event));
  });
  return events;
}

}  // namespace insitu::test
