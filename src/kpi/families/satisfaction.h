// SPDX-License-Identifier: MIT
// What visitors say when asked: questionnaires and feedback.
#pragma once

#include <cstdint>
#include <cstring>

#include "base/flat_map.h"
#include "kpi/family.h"
#include "kpi/rating.h"
#include "stats/csat.h"
#include "stats/nps.h"
#include "stats/sus.h"

namespace insitu::kpi {

inline constexpr const char* kSeqOptions[] = {"confidence"};
inline constexpr KpiInfo kSeq{
    .id = "seq",
    .unit = "1–7",
    .better = "higher",
    .options = kSeqOptions,
    .title = INSITU_TEXT("Single Ease Question"),
    .family = INSITU_TEXT("satisfaction"),
    .role = INSITU_TEXT("driver"),
    .stage = INSITU_TEXT("all"),
    .scope = INSITU_TEXT("task"),
    .formula = INSITU_TEXT("mean of answers 1…7 (7 = very easy)."),
    .inputs = INSITU_TEXT("survey seq"),
    .edge_cases = INSITU_TEXT(
        "answers outside the scale, not whole or not of the right number are dropped and counted"),
    .merge = INSITU_TEXT("HIST"),
    .interval = INSITU_TEXT("mean-t in [1,7]"),
    .source = INSITU_TEXT("Sauro & Dumas 2009")};

inline constexpr const char* kSusOptions[] = {"sus_missing", "confidence"};
inline constexpr KpiInfo kSus{
    .id = "sus",
    .unit = "0–100",
    .better = "higher",
    .options = kSusOptions,
    .title = INSITU_TEXT("System Usability Scale"),
    .family = INSITU_TEXT("satisfaction"),
    .role = INSITU_TEXT("outcome"),
    .stage = INSITU_TEXT("all"),
    .scope = INSITU_TEXT("site"),
    .formula = INSITU_TEXT(
        "Per person 2.5·(Σ odd (v−1) + Σ even (5−v)), 10 items 1…5; value = mean. `percentile` and "
        "`grade` of the unrounded mean among other products, from published tables."),
    .inputs = INSITU_TEXT("survey sus"),
    .edge_cases = INSITU_TEXT("not 10 items, item outside 1…5 → dropped; a missing item (null) "
                              "too, unless `sus_missing: neutral` (= 3)"),
    .merge = INSITU_TEXT("HIST of the 41 possible scores"),
    .interval = INSITU_TEXT("mean-t in [0,100]"),
    .source = INSITU_TEXT("Brooke 1996; Sauro & Lewis 2016 (tables); Lewis & Sauro 2018")};

inline constexpr const char* kUmuxLiteOptions[] = {"umux_mode", "confidence"};
inline constexpr KpiInfo kUmuxLite{
    .id = "umux_lite",
    .unit = "0–100",
    .better = "higher",
    .options = kUmuxLiteOptions,
    .title = INSITU_TEXT("UMUX-Lite"),
    .family = INSITU_TEXT("satisfaction"),
    .role = INSITU_TEXT("outcome"),
    .stage = INSITU_TEXT("all"),
    .scope = INSITU_TEXT("site"),
    .formula =
        INSITU_TEXT("Per person (a + b − 2)·100/12, items 1…7 (capabilities meet my requirements; "
                    "easy to use); value = mean. `umux_mode: regressed` → 0.65·v + 22.9."),
    .inputs = INSITU_TEXT("survey umux_lite"),
    .edge_cases = INSITU_TEXT(
        "answers outside the scale, not whole or not of the right number are dropped and counted"),
    .merge = INSITU_TEXT("HIST"),
    .interval = INSITU_TEXT("mean-t in [0,100]"),
    .source =
        INSITU_TEXT("Lewis, Utesch & Maher 2013; raw form recommended by Lewis & Sauro later")};

inline constexpr const char* kAsqOptions[] = {"confidence"};
inline constexpr KpiInfo kAsq{
    .id = "asq",
    .unit = "1–7",
    .better = "lower",
    .options = kAsqOptions,
    .title = INSITU_TEXT("After-Scenario Questionnaire"),
    .family = INSITU_TEXT("satisfaction"),
    .role = INSITU_TEXT("driver"),
    .stage = INSITU_TEXT("all"),
    .scope = INSITU_TEXT("task"),
    .formula = INSITU_TEXT("mean over people of the mean of 3 items (1 = strongly agree)."),
    .inputs = INSITU_TEXT("survey asq"),
    .edge_cases = INSITU_TEXT(
        "answers outside the scale, not whole or not of the right number are dropped and counted"),
    .merge = INSITU_TEXT("HIST of item sums"),
    .interval = INSITU_TEXT("mean-t in [1,7]"),
    .source = INSITU_TEXT("Lewis 1991")};

inline constexpr const char* kNasaTlxRawOptions[] = {"confidence"};
inline constexpr KpiInfo kNasaTlxRaw{
    .id = "nasa_tlx_raw",
    .unit = "0–100",
    .better = "lower",
    .options = kNasaTlxRawOptions,
    .title = INSITU_TEXT("NASA-TLX, raw"),
    .family = INSITU_TEXT("satisfaction"),
    .role = INSITU_TEXT("driver"),
    .stage = INSITU_TEXT("all"),
    .scope = INSITU_TEXT("task"),
    .formula = INSITU_TEXT("mean over people of the mean of 6 subscales 0…100."),
    .inputs = INSITU_TEXT("survey nasa_tlx"),
    .edge_cases = INSITU_TEXT(
        "answers outside the scale, not whole or not of the right number are dropped and counted"),
    .merge = INSITU_TEXT("HIST of item sums"),
    .interval = INSITU_TEXT("mean-t in [0,100]"),
    .source = INSITU_TEXT("Hart & Staveland 1988; Hart 2006")};

inline constexpr const char* kCsatOptions[] = {"csat_mode", "confidence", "ci_method"};
inline constexpr KpiInfo kCsat{
    .id = "csat",
    .unit = "0–100",
    .better = "higher",
    .options = kCsatOptions,
    .title = INSITU_TEXT("Customer satisfaction"),
    .family = INSITU_TEXT("satisfaction"),
    .role = INSITU_TEXT("outcome"),
    .stage = INSITU_TEXT("support"),
    .scope = INSITU_TEXT("answer"),
    .formula = INSITU_TEXT(
        "`top_box` (default): 100·satisfied/answers; satisfied: 4(a−lo) ≥ 3(hi−lo), i.e. 4–5 of "
        "1–5, 6–7 of 1–7, 8–10 of 1–10. `mean_percent` (star ratings): mean of 100(a−lo)/(hi−lo)."),
    .inputs = INSITU_TEXT("survey csat, scale 1–5 unless given"),
    .edge_cases = INSITU_TEXT(
        "answers outside the scale, not whole or not of the right number are dropped and counted"),
    .merge = INSITU_TEXT("HIST per scale"),
    .interval = INSITU_TEXT("rate·100; mean_percent: mean-t"),
    .source = INSITU_TEXT("field usage")};

inline constexpr KpiInfo kCustomerServiceSatisfaction{
    .id = "customer_service_satisfaction",
    .unit = "0–100",
    .better = "higher",
    .options = kCsatOptions,
    .title = INSITU_TEXT("Customer service satisfaction"),
    .family = INSITU_TEXT("satisfaction"),
    .role = INSITU_TEXT("outcome"),
    .stage = INSITU_TEXT("support"),
    .scope = INSITU_TEXT("answer"),
    .formula = INSITU_TEXT("csat over instrument `css`."),
    .inputs = INSITU_TEXT("survey css"),
    .edge_cases = INSITU_TEXT(
        "answers outside the scale, not whole or not of the right number are dropped and counted"),
    .merge = INSITU_TEXT("HIST"),
    .interval = INSITU_TEXT("as csat"),
    .source = INSITU_TEXT("field usage")};

inline constexpr const char* kNpsOptions[] = {"nps_min", "confidence"};
inline constexpr KpiInfo kNps{
    .id = "nps",
    .unit = "−100…100",
    .better = "higher",
    .options = kNpsOptions,
    .title = INSITU_TEXT("Net Promoter Score"),
    .family = INSITU_TEXT("satisfaction"),
    .role = INSITU_TEXT("outcome"),
    .stage = INSITU_TEXT("retention"),
    .scope = INSITU_TEXT("answer"),
    .formula = INSITU_TEXT("100·(P − D)/n, promoters 9–10, passives 7–8, detractors ≤ 6. Scale "
                           "0–10 (Reichheld); for 1–10, `nps_min: 1` drops answers 0."),
    .inputs = INSITU_TEXT("survey nps"),
    .edge_cases = INSITU_TEXT(
        "answers outside the scale, not whole or not of the right number are dropped and counted"),
    .merge = INSITU_TEXT("HIST"),
    .interval = INSITU_TEXT("adjusted Wald: n' = n+3, p = (P+¾)/n', d = (D+¾)/n', 100·(p−d ± "
                            "z√((p+d−(p−d)²)/n')), cut to ±100; value itself unadjusted"),
    .source = INSITU_TEXT("Reichheld 2003; Rocks 2016; Lewis & Sauro 2021")};

inline constexpr const char* kCesOptions[] = {"ces_scale_max", "confidence"};
inline constexpr KpiInfo kCes{
    .id = "ces",
    .unit = "1–7",
    .better = "higher",
    .options = kCesOptions,
    .title = INSITU_TEXT("Customer effort score"),
    .family = INSITU_TEXT("satisfaction"),
    .role = INSITU_TEXT("driver"),
    .stage = INSITU_TEXT("support"),
    .scope = INSITU_TEXT("answer"),
    .formula =
        INSITU_TEXT("mean of 1 + (m−1)(a−lo)/(hi−lo), m = `ces_scale_max` (7); higher = easier. "
                    "Takes 5- and 7-point answers together; m = 5 shows the 5-point scale."),
    .inputs = INSITU_TEXT("survey ces, 1–7 unless given"),
    .edge_cases = INSITU_TEXT(
        "answers outside the scale, not whole or not of the right number are dropped and counted"),
    .merge = INSITU_TEXT("HIST per scale"),
    .interval = INSITU_TEXT("mean-t in [1,m]"),
    .source = INSITU_TEXT("Dixon et al. 2010 (CES 2.0)")};

inline constexpr const char* kFeedbackSentimentOptions[] = {"confidence"};
inline constexpr KpiInfo kFeedbackSentiment{
    .id = "feedback_sentiment",
    .unit = "−1…1",
    .better = "higher",
    .options = kFeedbackSentimentOptions,
    .title = INSITU_TEXT("Feedback sentiment, topics"),
    .family = INSITU_TEXT("satisfaction"),
    .role = INSITU_TEXT("driver"),
    .stage = INSITU_TEXT("all"),
    .scope = INSITU_TEXT("answer"),
    .formula = INSITU_TEXT(
        "mean of `sentiment`; `negative_share` = share < 0; `topics` = answers naming each topic. "
        "The score comes from the site or from the built-in scorer: (pos − neg)/(pos + neg) over "
        "words of two lists, 0 if none; text never leaves the browser."),
    .inputs = INSITU_TEXT("survey feedback"),
    .edge_cases = INSITU_TEXT("a sentiment outside −1…1 or none: dropped and counted; topics count "
                              "all the same, each once per answer"),
    .merge = INSITU_TEXT("COUNT, MOMENTS"),
    .interval = INSITU_TEXT("mean-t in [−1,1]"),
    .source = INSITU_TEXT("field usage")};

// A survey counts whole wherever its client session lies: a pause does not matter.
struct Satisfaction : FamilyBase {
  static constexpr const KpiInfo* kKpis[] = {
      &kSeq, &kSus, &kUmuxLite,         &kAsq, &kNasaTlxRaw, &kCsat, &kCustomerServiceSatisfaction,
      &kNps, &kCes, &kFeedbackSentiment};

  // A topic that feedback names.
  struct Topic {
    Count answers = 0;
    std::uint64_t latest = 0;  // number of the feedback that named it last
  };

  struct Totals {
    Histogram seq;
    Histogram sus;           // of score / 2.5
    Histogram umux_lite;     // of the sum of both items - 2
    Histogram asq;           // of the sum of the items
    Histogram nasa_tlx_raw;  // of the sum of the items
    Histogram nps;
    ScaledHistogram csat;
    ScaledHistogram service;
    ScaledHistogram ces;
    Sample<kReals> sentiment;
    Count negative = 0;
    std::uint64_t feedbacks = 0;
    base::FlatMap<Topic> topics;  // by engine string id

    void archive(base::Archive& a) {
      a(seq, sus, umux_lite, asq, nasa_tlx_raw, nps, csat, service, ces, sentiment, negative,
        feedbacks, topics);
      if (!topics.within(kMaxText)) a.fail();
    }
  };

  static constexpr std::uint64_t kEvents = mask(events::EventType::kSurvey);

  template <class S>
  static void event(const Step& step, S& scopes) {
    if (!take(step, scopes.totals)) step.quality.add(base::Problem::kInvalidAnswers);
  }

  static void write(const Totals& totals, Output& out) {
    Sheet& site = out.site;
    const Options& options = out.options();
    write_mean(kSeq, totals.seq, 1, 7, {1, 7}, site);
    KpiResult& sus = write_mean(kSus, totals.sus, 0, 40, {0, 100}, site);
    const bool has_sus = sus.n > 0;
    sus.number("percentile", has_sus ? stats::sus_percentile(sus.value) : kNoData);
    sus.text("grade", has_sus ? stats::sus_grade(sus.value) : nullptr);
    const bool regressed = options.umux_mode == UmuxMode::kRegressed;
    Worths umux;
    add_worths(totals.umux_lite, 0, 12, regressed ? Worth{22.9, 87.9} : Worth{0, 100}, umux);
    mean_of_worths(site, kUmuxLite, umux, 0, 100);
    write_mean(kAsq, totals.asq, 3, 21, {1, 7}, site);
    write_mean(kNasaTlxRaw, totals.nasa_tlx_raw, 0, 600, {0, 100}, site);
    write_csat(kCsat, totals.csat, site);
    write_csat(kCustomerServiceSatisfaction, totals.service, site);
    write_nps(totals.nps, site);
    write_scaled_mean(kCes, totals.ces, {1, options.ces_scale_max}, site);
    write_sentiment(totals, out);
  }

  static void partial(PartialIo& io, Totals& totals) {
    walk_histogram(io, kSeq.id, totals.seq);
    walk_histogram(io, kSus.id, totals.sus);
    walk_histogram(io, kUmuxLite.id, totals.umux_lite);
    walk_histogram(io, kAsq.id, totals.asq);
    walk_histogram(io, kNasaTlxRaw.id, totals.nasa_tlx_raw);
    walk_histogram(io, kCsat.id, totals.csat);
    walk_histogram(io, kCustomerServiceSatisfaction.id, totals.service);
    walk_histogram(io, kNps.id, totals.nps);
    walk_histogram(io, kCes.id, totals.ces);
    io.begin(kFeedbackSentiment.id);
    totals.sentiment.partial_reals(io, "real");
    io.count("negative", totals.negative);
    io.objects("topics", totals.topics, TextKeys{},
               [](PartialIo& part, std::string_view name, Topic& topic) {
                 part.count(name, topic.answers);
               });
    io.end();
  }

 private:
  // False when the answers are invalid; of an instrument nobody knows they are not.
  static bool take(const Step& step, Totals& totals) {
    namespace words = events::words;
    const events::Record& record = step.record;
    const auto& survey = record.as<events::Survey>();
    const std::size_t limit = step.setting.limits.samples;
    std::int64_t sum = 0;
    Rating rating;
    switch (step.word(survey.kHasInstrument, survey.instrument)) {
      case words::kCsat:
        return take_scaled(step, 1, 5, totals.csat);
      case words::kCss:
        return take_scaled(step, 1, 5, totals.service);
      case words::kCes:
        return take_scaled(step, 1, 7, totals.ces);
      case words::kNps:
        if (!read_rating(record, 0, 10, rating)) return false;
        // An answer below `nps_min` is valid on its own scale, it only does not count.
        if (static_cast<double>(rating.answer) >= step.setting.options.nps_min) {
          count_answer(totals.nps, rating.answer, limit, step.quality);
        }
        return true;
      case words::kSeq:
        if (!read_rating(record, 1, 7, rating)) return false;
        count_answer(totals.seq, rating.answer, limit, step.quality);
        return true;
      case words::kSus:
        return take_sus(step, totals.sus);
      case words::kUmuxLite:
        if (!read_item_sum(record, 2, 1, 7, sum)) return false;
        count_answer(totals.umux_lite, sum - 2, limit, step.quality);
        return true;
      case words::kAsq:
        if (!read_item_sum(record, 3, 1, 7, sum)) return false;
        count_answer(totals.asq, sum, limit, step.quality);
        return true;
      case words::kNasaTlx:
        if (!read_item_sum(record, 6, 0, 100, sum)) return false;
        count_answer(totals.nasa_tlx_raw, sum, limit, step.quality);
        return true;
      case words::kFeedback:
        return take_feedback(step, totals);
      default:
        return true;
    }
  }

  static bool take_scaled(const Step& step, std::int64_t lowest, std::int64_t highest,
                          ScaledHistogram& histogram) {
    Rating rating;
    return read_rating(step.record, lowest, highest, rating) &&
           count_rating(histogram, rating, step.setting.limits.samples, step.quality);
  }

  static bool take_sus(const Step& step, Histogram& histogram) {
    double items[kMaxItems];
    const std::size_t count = read_items(step.record, items);
    if (count > kMaxItems) return false;
    const bool neutral = step.setting.options.sus_missing == SusMissing::kNeutral;
    const auto score = stats::sus_score({items, count}, neutral);
    if (!score) return false;
    // Scores are multiples of 2.5.
    count_answer(histogram, static_cast<std::int64_t>(*score / 2.5), step.setting.limits.samples,
                 step.quality);
    return true;
  }

  static bool take_feedback(const Step& step, Totals& totals) {
    const auto& survey = step.record.as<events::Survey>();
    take_topics(step, totals);
    const double sentiment = step.record.number(survey.kHasSentiment, survey.sentiment);
    if (!(sentiment >= -1 && sentiment <= 1)) return false;
    totals.negative += sentiment < 0;
    (void)totals.sentiment.add(sentiment, step.setting);  // at most 1: always in range
    return true;
  }

  // Topics count whatever the sentiment, each once per answer.
  static void take_topics(const Step& step, Totals& totals) {
    constexpr const events::FieldInfo& kTopics = events::kSurveyFields[7];
    static_assert(kTopics.kind == events::FieldKind::kStrings);
    ++totals.feedbacks;
    const std::span<const std::byte> list = step.record.list(kTopics);
    for (std::size_t at = 0; at + 4 <= list.size(); at += 4) {
      std::uint32_t id = 0;
      std::memcpy(&id, list.data() + at, 4);
      const std::uint32_t name = step.strings.keep(id);
      if (name == events::StringTable::kNone) continue;
      Topic& topic = totals.topics[name];
      topic.answers += topic.latest != totals.feedbacks;
      topic.latest = totals.feedbacks;
    }
  }

  // The mean of a scale whose ends are worth `worth`, which also bounds it.
  static KpiResult& write_mean(const KpiInfo& info, const Histogram& histogram, double lowest,
                               double highest, Worth worth, Sheet& site) {
    Worths worths;
    add_worths(histogram, lowest, highest, worth, worths);
    return mean_of_worths(site, info, worths, worth.at_lowest, worth.at_highest);
  }
  static void write_scaled_mean(const KpiInfo& info, const ScaledHistogram& histogram, Worth worth,
                                Sheet& site) {
    Worths worths;
    add_worths(histogram, worth, worths);
    mean_of_worths(site, info, worths, worth.at_lowest, worth.at_highest);
  }

  static void write_csat(const KpiInfo& info, const ScaledHistogram& histogram, Sheet& site) {
    if (site.options().csat_mode == CsatMode::kMeanPercent) {
      return write_scaled_mean(info, histogram, {0, 100}, site);
    }
    Rate satisfied;
    histogram.scales.for_each([&](std::uint64_t scale, const Histogram& answers) {
      answers.for_each([&](std::uint64_t answer, Count count) {
        satisfied.n += count;
        if (stats::is_satisfied(static_cast<std::int64_t>(answer),
                                static_cast<std::int32_t>(scale >> 32),
                                static_cast<std::int32_t>(scale))) {
          satisfied.x += count;
        }
      });
    });
    KpiResult& result = site.rate(info, satisfied);
    result.value *= 100;
    result.interval.lower *= 100;
    result.interval.upper *= 100;
  }

  static void write_nps(const Histogram& histogram, Sheet& site) {
    Count promoters = 0;
    Count passives = 0;
    Count detractors = 0;
    histogram.for_each([&](std::uint64_t key, Count count) {
      const auto answer = static_cast<std::int64_t>(key);
      (answer >= 9 ? promoters : answer >= 7 ? passives : detractors) += count;
    });
    KpiResult& result = site.add(kNps);
    result.n = static_cast<double>(promoters + passives + detractors);
    result.has_interval = true;
    // Only a partial that takes away more than there was has less than none.
    if (promoters >= 0 && passives >= 0 && detractors >= 0) {
      if (const auto score = stats::net_promoter_score(
              static_cast<std::uint64_t>(promoters), static_cast<std::uint64_t>(passives),
              static_cast<std::uint64_t>(detractors), site.options().confidence)) {
        result.value = score->value;
        result.set_interval(score->ci);
      }
    }
    result.number("promoters", promoters);
    result.number("passives", passives);
    result.number("detractors", detractors);
  }

  static void write_sentiment(const Totals& totals, Output& out) {
    KpiResult& result = out.site.mean(kFeedbackSentiment, totals.sentiment.summary(), -1, 1);
    result.is_sketch = !totals.sentiment.is_exact();
    result.number("negative_share", ratio(static_cast<double>(totals.negative), result.n));
    base::Array<std::uint32_t> names;
    totals.topics.for_each([&](std::uint64_t name, const Topic& topic) {
      if (topic.answers) names.push_back(static_cast<std::uint32_t>(name));
    });
    result.begin_object("topics");
    for (const std::uint32_t name : out.by_text(names)) {
      result.number(out.table.text(name), totals.topics.find(name)->answers);
    }
    result.end();
  }
};

}  // namespace insitu::kpi
