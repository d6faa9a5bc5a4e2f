// SPDX-License-Identifier: MIT
// How visitors get on with forms; what they type is never known.
#pragma once

#include <cstdint>

#include "base/flat_map.h"
#include "kpi/family.h"

namespace insitu::kpi {

inline constexpr const char* kFormAbandonmentRateOptions[] = {"session_timeout_ms", "confidence",
                                                              "ci_method"};
inline constexpr KpiInfo kFormAbandonmentRate{
    .id = "form_abandonment_rate",
    .unit = "ratio",
    .better = "lower",
    .options = kFormAbandonmentRateOptions,
    .title = INSITU_TEXT("Form abandonment"),
    .family = INSITU_TEXT("conversion"),
    .role = INSITU_TEXT("driver"),
    .stage = INSITU_TEXT("purchase"),
    .scope = INSITU_TEXT("session × form"),
    .formula = INSITU_TEXT("started = ≥ 1 `input`; submitted = `submit` after the first input, "
                           "same session. x = started − submitted, n = started."),
    .inputs = INSITU_TEXT("form"),
    .edge_cases = INSITU_TEXT("focus alone is no start"),
    .merge = INSITU_TEXT("COUNT"),
    .interval = INSITU_TEXT("rate x/n"),
    .source = INSITU_TEXT("field usage (form analytics)")};

inline constexpr const char* kFormRefillRateOptions[] = {"session_timeout_ms", "confidence",
                                                         "ci_method"};
inline constexpr KpiInfo kFormRefillRate{
    .id = "form_refill_rate",
    .unit = "ratio",
    .better = "lower",
    .options = kFormRefillRateOptions,
    .title = INSITU_TEXT("Field refill"),
    .family = INSITU_TEXT("conversion"),
    .role = INSITU_TEXT("driver"),
    .stage = INSITU_TEXT("purchase"),
    .scope = INSITU_TEXT("field"),
    .formula =
        INSITU_TEXT("x = fields with ≥ 2 input episodes, n = fields with ≥ 1. An input episode is "
                    "the first `input` after a focus (or after a blur, or at the start)."),
    .inputs = INSITU_TEXT("form"),
    .edge_cases = INSITU_TEXT("–"),
    .merge = INSITU_TEXT("COUNT"),
    .interval = INSITU_TEXT("rate x/n"),
    .source = INSITU_TEXT("Contentsquare (refill)")};

inline constexpr const char* kFormHesitationTimeOptions[] = {"session_timeout_ms", "sketch_alpha"};
inline constexpr KpiInfo kFormHesitationTime{
    .id = "form_hesitation_time",
    .unit = "s",
    .better = "lower",
    .options = kFormHesitationTimeOptions,
    .title = INSITU_TEXT("Form hesitation"),
    .family = INSITU_TEXT("conversion"),
    .role = INSITU_TEXT("driver"),
    .stage = INSITU_TEXT("purchase"),
    .scope = INSITU_TEXT("field"),
    .formula = INSITU_TEXT("Per session, form, field: first focus episode with an input: τ_first "
                           "input − τ_focus. Mean; also `median`."),
    .inputs = INSITU_TEXT("form"),
    .edge_cases = INSITU_TEXT("input without focus gives no time; blur ends the episode"),
    .merge = INSITU_TEXT("COUNT ms, SKETCH"),
    .interval = INSITU_TEXT("none"),
    .source = INSITU_TEXT("Contentsquare (hesitation time)")};

struct Forms : FamilyBase {
  static constexpr const KpiInfo* kKpis[] = {&kFormAbandonmentRate, &kFormRefillRate,
                                             &kFormHesitationTime};

  // A form of a session, or a field of it.
  struct Entry {
    bool is_form = false;
    bool submitted = false;       // forms: after the first input
    bool has_focus = false;       // fields: since the last blur
    bool filled = false;          // fields: input since the last focus or blur
    bool has_hesitation = false;  // fields
    std::uint8_t episodes = 0;    // with input; up to 2
    std::int64_t focus_ms = 0;
    std::int64_t hesitation_ms = 0;  // of the first episode with focus and input
  };
  struct Session {
    base::FlatMap<Entry> entries;  // by fingerprint

    void archive(base::Archive& a) { a(entries); }
    void clear() { entries.clear(); }
  };
  struct Totals {
    Rate abandoned;
    Rate refilled;
    Sample<kWholes | kSketch | kIsMs> hesitation_ms;

    void archive(base::Archive& a) { a(abandoned, refilled, hesitation_ms); }
  };

  static constexpr std::uint64_t kEvents = mask(events::EventType::kForm);

  template <class S>
  static void event(const Step& step, S& scopes) {
    take(step, scopes.session.entries);
  }

  template <class S>
  static void end_session(const sessions::ClientSession&, S& scopes) {
    scopes.session.entries.for_each([&](std::uint64_t, const Entry& entry) {
      count(entry, scopes.setting, scopes.totals, scopes.quality);
    });
  }

  static void write(const Totals& totals, Output& out) {
    out.site.rate(kFormAbandonmentRate, totals.abandoned);
    out.site.rate(kFormRefillRate, totals.refilled);
    const SampleBase& times = totals.hesitation_ms;
    KpiResult& result = out.site.add(kFormHesitationTime);
    result.n = static_cast<double>(times.count());
    result.value = ratio(times.whole_sum(), result.n) / 1000;
    result.number("median", times.quantile(0.5));
    result.is_sketch = !times.is_exact();
  }

  static void partial(PartialIo& io, Totals& totals) {
    io.rate(kFormAbandonmentRate.id, totals.abandoned);
    io.rate(kFormRefillRate.id, totals.refilled);
    io.begin(kFormHesitationTime.id);
    totals.hesitation_ms.partial_count(io, "n");
    totals.hesitation_ms.partial_whole_sum(io, "ms");
    totals.hesitation_ms.partial_sketch(io, "sketch");
    io.end();
  }

 private:
  static void take(const Step& step, base::FlatMap<Entry>& entries) {
    const auto& event = step.record.as<events::Form>();
    const std::uint64_t form = step.fingerprint(event.kHasForm, event.form);
    if (!form) return;
    const std::uint32_t action = step.word(event.kHasAction, event.action);
    const bool input = action == events::words::kInput;
    if (input) {
      if (Entry* entry = find_or_make(entries, form, step)) {
        entry->is_form = true;
      }
    } else if (action == events::words::kSubmit) {
      if (Entry* entry = entries.find(form)) entry->submitted = true;
    }
    const std::uint64_t field = step.fingerprint(event.kHasField, event.field);
    if (!field) return;
    const std::uint64_t key = base::mix(form + field * 0x9e3779b97f4a7c15u);
    if (action == events::words::kBlur) {
      if (Entry* entry = entries.find(key)) {
        entry->has_focus = false;
        entry->filled = false;
      }
    } else if (input || action == events::words::kFocus) {
      Entry* entry = find_or_make(entries, key, step);
      if (!entry) return;
      if (input) {
        fill(*entry, step.tau_ms);
      } else {
        entry->has_focus = true;
        entry->filled = false;
        entry->focus_ms = step.tau_ms;
      }
    }
  }

  static void fill(Entry& field, std::int64_t tau_ms) {
    if (field.filled) return;
    field.filled = true;
    if (field.episodes < 2) ++field.episodes;
    if (field.has_focus && !field.has_hesitation) {
      field.has_hesitation = true;
      field.hesitation_ms = tau_ms - field.focus_ms;
    }
  }

  static Entry* find_or_make(base::FlatMap<Entry>& entries, std::uint64_t key, const Step& step) {
    Entry* entry = entries.find(key);
    if (!entry && entries.size() >= step.setting.limits.fields) {
      step.quality.add(base::Problem::kOverLimit);
      return nullptr;
    }
    return entry ? entry : &entries[key];
  }

  static void count(const Entry& entry, const Setting& setting, Totals& totals,
                    base::Quality& quality) {
    if (entry.is_form) totals.abandoned.add(!entry.submitted);
    if (!entry.episodes) return;
    totals.refilled.add(entry.episodes == 2);
    if (entry.has_hesitation &&
        !totals.hesitation_ms.add(static_cast<double>(entry.hesitation_ms), setting)) {
      quality.add(base::Problem::kOverLimit);
    }
  }
};

}  // namespace insitu::kpi
