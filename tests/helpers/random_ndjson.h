// SPDX-License-Identifier: MIT
// Seeded random logs of all event types, with what real logs have too: pauses, tabs, clocks that
// are off, lines twice, lines out of order, lines that are no events, and odd values and texts
// anywhere.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "tests/helpers/random.h"

namespace insitu::test {

struct LogShape {
  std::size_t lines = 100;
  std::size_t visitors = 6;
  // Visitors share ids of orders and tickets only within their group.
  std::size_t groups = 3;
};

struct LogLine {
  std::string text;
  std::size_t group = 0;  // of its visitor
  bool is_event = true;   // else it is dropped when it is read
};

inline std::string joined(const std::vector<LogLine>& lines) {
  std::string text;
  for (const LogLine& line : lines) text.append(line.text).append("\n");
  return text;
}

namespace detail {

class NdjsonMaker {
 public:
  NdjsonMaker(Random& random, const LogShape& shape) : random_(random), shape_(shape) {}

  std::vector<LogLine> make() {
    while (out_.size() < shape_.lines) {
      if (clients_.empty() || chance(0.06)) open_client();
      if (chance(0.2)) client_ = random_.below(clients_.size());
      step();
    }
    // Neighbours that changed places.
    for (std::size_t i = 1; i < out_.size(); ++i) {
      if (chance(0.02)) std::swap(out_[i - 1], out_[i]);
    }
    return std::move(out_);
  }

 private:
  using Words = std::initializer_list<std::string_view>;
  static constexpr std::int64_t kDayMs = 86'400'000;
  static constexpr std::int64_t kMaxMs = 8'640'000'000'000'000;

  struct Tab {
    std::int64_t pv;
    std::int64_t shown_ms;
    std::string page;  // JSON text
  };
  struct Client {
    std::size_t visitor = 0;
    std::string session;
    std::int64_t t_ms = 0;
    std::int64_t seq = 0;
    std::int64_t views = 0;
    std::int64_t attempts = 0;
    std::vector<Tab> tabs;
    std::size_t tab = 0;
  };

  bool chance(double share) { return random_.uniform() < share; }
  std::int64_t whole(std::int64_t first, std::int64_t last) {
    return first +
           static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(last - first + 1)));
  }
  std::string_view pick(Words words) { return words.begin()[random_.below(words.size())]; }

  // A value of a kind or size that the field does not have, as JSON. Never a text with something in
  // it: that could be an id that two groups share.
  std::string_view odd() {
    return pick({"null", "-1", "0", "1e999", "-1e300", "1.5", "5e-324", "-0.0", "\"\"", "[]", "{}",
                 "true", "[null,[1],{}]", "9007199254740993", "9007199254740991",
                 "-9007199254740991", "4503599627370496"});
  }
  // A text as JSON: mostly one of the words, seldom a nasty one.
  std::string text(Words words) {
    if (chance(0.96)) return "\"" + std::string(pick(words)) + "\"";
    return "\"" +
           std::string(pick({"\\u0000", "\\u001f", "a\\\"b\\\\c", "(other)", "__proto__", "007",
                             "-0", "3,4", "\\ud83d\\ude00", "\xd0\xba\xd0\xbb\xd1\x8e\xd1\x87",
                             "a/b~c", " ", "<script>", "success", "zero", "n", "\xef\xbf\xbf"})) +
           "\"";
  }
  void field(std::string_view name, std::string_view json) {
    line_.append(",\"").append(name).append("\":").append(chance(0.985) ? json : odd());
  }
  void field(std::string_view name, std::int64_t value) { field(name, std::to_string(value)); }
  // A number that partials add up: never so large that a few of them leave the range of sums.
  void amount(std::string_view name, std::int64_t value, double odd_share = 0.015) {
    line_.append(",\"").append(name).append("\":");
    line_.append(chance(odd_share) ? pick({"null", "-1", "0", "0.5", "1.5", "2.25", "5e-324",
                                           "1e999", "\"\"", "1e9"})
                                   : std::to_string(value));
  }
  void coordinate(std::string_view name, std::int64_t largest) {
    field(name, std::to_string(whole(0, largest)) + (chance(0.3) ? ".25" : ""));
  }
  void id(std::string_view name, std::int64_t ids) {
    const std::size_t group = clients_[client_].visitor % shape_.groups;
    field(name, "\"" + std::to_string(group) + "-" + std::to_string(whole(1, ids)) + "\"");
  }

  void open_client() {
    Client client;
    client.visitor = random_.below(shape_.visitors);
    client.session = "s" + std::to_string(clients_.size());
    client.t_ms = 1'767'225'600'000 + whole(0, 100) * kDayMs + whole(0, kDayMs);
    if (chance(0.01)) client.t_ms = chance(0.5) ? 0 : kMaxMs;
    clients_.push_back(std::move(client));
    client_ = clients_.size() - 1;
    if (chance(0.7)) put_start();
    if (chance(0.9)) put_view(true);
  }

  // Begins an event of the client session; finish() ends it.
  void begin(std::string_view type) {
    Client& client = clients_[client_];
    client.t_ms = std::min(client.t_ms, kMaxMs);
    is_event_ = chance(0.995);
    line_ = "{\"type\":\"";
    line_.append(type).append("\",\"t\":");
    line_ +=
        is_event_ ? std::to_string(client.t_ms) : std::string(pick({"1.5", "\"9\"", "-1", "1e3"}));
    line_ += ",\"visitor\":\"v" + std::to_string(client.visitor) + "\",\"session\":\"" +
             client.session + "\",\"seq\":" + std::to_string(client.seq++);
    if (type == "page_view" || client.tabs.empty() || chance(0.02)) return;
    const Tab& tab = client.tabs[client.tab];
    line_ += ",\"page\":" + tab.page;
    field("pv", tab.pv);
    if (chance(0.7)) field("mono", client.t_ms - tab.shown_ms);
  }
  void finish() {
    line_ += "}";
    out_.push_back({line_, clients_[client_].visitor % shape_.groups, is_event_});
    if (chance(0.02)) out_.push_back(out_[random_.below(out_.size())]);
  }

  void put_start() {
    begin("session_start");
    if (chance(0.8)) {
      field("segment", "{\"device\":" + text({"mobile", "desktop"}) +
                           ",\"customer\":" + text({"new", "known"}) + "}");
    }
    if (chance(0.5)) field("variant", text({"A", "B"}));
    if (chance(0.5)) field("clock_offset", whole(-2, 2) * whole(0, kDayMs));
    finish();
  }

  void put_view(bool is_new_tab) {
    Client& client = clients_[client_];
    const std::string page =
        text({"/", "/product", "/product", "/cart", "/checkout", "/thanks", "/help"});
    begin("page_view");
    field("pv", client.views);
    line_ += ",\"page\":" + page;
    if (chance(0.9)) {
      field("vw", 1280);
      field("vh", whole(300, 900));
      field("dw", whole(300, 1300));
      field("dh", whole(100, 5000));
    }
    if (is_new_tab || client.tabs.empty()) {
      if (chance(0.7)) field("from", "null");
      client.tabs.push_back({});
      client.tab = client.tabs.size() - 1;
    } else if (chance(0.7)) {
      field("from", chance(0.9) ? client.tabs[client.tab].pv : whole(0, 5));
    }
    client.tabs[client.tab] = {client.views++, client.t_ms, page};
    finish();
  }

  void put_click() {
    begin("click");
    coordinate("x", 1300);
    coordinate("y", 3000);
    if (chance(0.6)) {
      field("element", text({"#buy", "#search", "nav>a:2"}));
      field("ex", whole(0, 300));
      field("ey", whole(0, 300));
      field("ew", whole(0, 900));
      field("eh", whole(0, 900));
    }
    if (chance(0.5)) field("interactive", pick({"true", "false"}));
    if (chance(0.2)) {
      field("exempt", pick({"[\"rage\"]", "[\"dead\"]", "[\"dead\",\"rage\",\"?\"]", "[]", "[1]"}));
    }
    finish();
  }

  // Several clicks at one place, close together.
  void put_rage() {
    const std::int64_t clicks = whole(2, 5);
    for (std::int64_t i = 0; i < clicks; ++i) {
      begin("click");
      field("x", 100 + whole(0, 9));
      field("y", 100);
      finish();
      clients_[client_].t_ms += whole(0, 400);
    }
  }

  void put_task(bool is_start) {
    Client& client = clients_[client_];
    begin(is_start ? "task_start" : "task_end");
    field("task", text({"buy", "find", "return"}));
    if (chance(0.9)) {
      field("attempt", is_start && chance(0.8) ? client.attempts++ : whole(0, 3));
    }
    if (!is_start) {
      field("outcome",
            text({"success", "success", "success", "partial", "failure", "abandon", "?"}));
    } else {
      if (chance(0.5)) amount("opportunities", whole(0, 9));
      if (chance(0.5)) field("optimal", whole(0, 4));
      if (chance(0.5)) field("spec_time_ms", whole(1000, 60'000));
    }
    finish();
  }

  void put_survey() {
    struct Instrument {
      std::string_view name;
      std::int64_t answers, min, max;
    };
    static constexpr std::array<Instrument, 10> kInstruments{{{"csat", 1, 1, 5},
                                                              {"css", 1, 1, 7},
                                                              {"nps", 1, 0, 10},
                                                              {"ces", 1, 1, 7},
                                                              {"seq", 1, 1, 7},
                                                              {"sus", 10, 1, 5},
                                                              {"umux_lite", 2, 1, 7},
                                                              {"asq", 3, 1, 7},
                                                              {"nasa_tlx", 6, 0, 100},
                                                              {"feedback", 0, 0, 0}}};
    const Instrument& instrument = kInstruments[random_.below(kInstruments.size())];
    begin("survey");
    field("instrument", "\"" + std::string(instrument.name) + "\"");
    std::string answers = "[";
    const std::int64_t count = instrument.answers + (chance(0.05) ? whole(-1, 2) : 0);
    for (std::int64_t i = 0; i < count; ++i) {
      if (i > 0) answers += ",";
      answers += chance(0.97) ? std::to_string(whole(instrument.min, instrument.max))
                              : std::string(pick({"null", "-1", "2.5", "101", "1e999", "\"3\""}));
    }
    if (count > 0) field("answers", answers + "]");
    if (chance(0.5)) {
      field("scale_min", instrument.min);
      field("scale_max", instrument.max);
    }
    if (chance(0.5)) {
      field("task", text({"buy", "find"}));
      field("attempt", whole(0, 2));
    }
    if (instrument.name == "feedback") {
      field("sentiment", pick({"-1", "-0.5", "0", "0.25", "1", "2"}));
      field("topics", pick({"[\"price\"]", "[\"price\",\"speed\",\"price\"]", "[]", "[\"\"]"}));
    }
    finish();
  }

  void put_money() {
    const std::string_view type = pick({"order", "order", "order", "refund", "dispute"});
    begin(type);
    if (chance(0.97)) id("order", 6);
    if (type != "dispute") amount("value", whole(0, 20'000), 0.4);
    if (type == "order") {
      field("currency", "\"EUR\"");
      field("category", text({"shoes", "books", "gifts"}));
    }
    finish();
  }

  void put_word(std::string_view type, std::string_view name, Words words) {
    begin(type);
    field(name, text(words));
    finish();
  }

  void put_support() {
    begin("support");
    id("ticket", 4);
    field("action", text({"open", "open", "contact", "response", "response", "resolve", "resolve",
                          "reopen"}));
    finish();
  }

  void put_form() {
    begin("form");
    field("form", text({"address", "payment"}));
    if (chance(0.9)) field("field", text({"name", "street", "city"}));
    field("action", text({"focus", "input", "input", "blur", "submit"}));
    finish();
  }

  void put_vital() {
    begin("vital");
    field("name", text({"LCP", "INP", "CLS", "FCP", "TTFB"}));
    field("value", chance(0.7) ? std::to_string(whole(0, 5000)) : "0.125");
    finish();
  }

  void put_moves() {
    const std::int64_t moves = whole(1, 4);
    for (std::int64_t i = 0; i < moves; ++i) {
      begin("move");
      coordinate("x", 1300);
      coordinate("y", 3000);
      finish();
      clients_[client_].t_ms += whole(0, 300);
    }
  }

  void put_error() {
    begin("error");
    field("kind", text({"js", "http", "user", "validation"}));
    if (chance(0.5)) {
      field("task", text({"buy", "find"}));
      field("attempt", whole(0, 2));
    }
    finish();
  }

  void put_junk() {
    const std::size_t group = clients_[client_].visitor % shape_.groups;
    out_.push_back({std::string(pick({"{", "null", "[]", "{}", "{\"type\":\"click\"}", "\xff\xfe",
                                      "{\"type\":\"click\",\"t\":1,\"visitor\":\"\",\"session\":"
                                      "\"s\",\"seq\":0}",
                                      "{\"type\":\"later\",\"t\":1,\"visitor\":\"v\",\"session\":"
                                      "\"s\",\"seq\":0}"})),
                    group, false});
  }

  void pass_time() {
    Client& client = clients_[client_];
    const double u = random_.uniform();
    if (u < 0.04) {
      client.t_ms += 1'800'000 + whole(-1, 3'000'000);
    } else if (u < 0.06) {
      client.t_ms += whole(0, 40) * kDayMs;
    } else if (u < 0.08) {
      client.t_ms = std::max<std::int64_t>(0, client.t_ms - whole(0, 100'000));
    } else {
      client.t_ms += whole(0, chance(0.5) ? 500 : 40'000);
    }
  }

  void step() {
    pass_time();
    Client& client = clients_[client_];
    if (!client.tabs.empty() && chance(0.2)) client.tab = random_.below(client.tabs.size());
    switch (random_.below(32)) {
      case 0:
        return put_start();
      case 1:
        return put_view(client.tabs.size() < 4);
      case 2:
      case 3:
      case 4:
      case 5:
        return put_view(false);
      case 6:
        return put_word("visibility", "state", {"visible", "hidden"});
      case 7:
      case 8:
      case 9:
        return put_click();
      case 10:
        return put_rage();
      case 11:
      case 12:
        begin("scroll");
        coordinate("y", 4000);
        return finish();
      case 13:
        return put_moves();
      case 14:
        begin("mutation");
        return finish();
      case 15:
        return put_error();
      case 16:
      case 17:
        return put_task(true);
      case 18:
      case 19:
        return put_task(false);
      case 20:
      case 21:
      case 22:
        return put_survey();
      case 23:
        return put_word("conversion", "goal", {"signup", "activate", "order", "newsletter"});
      case 24:
        return put_word("cart", "action", {"add", "add", "remove", "checkout"});
      case 25:
      case 26:
        return put_money();
      case 27:
        return put_support();
      case 28:
        return put_word("social", "action",
                        {"share", "follow", "like", "comment", "referral", "review"});
      case 29:
        return put_form();
      case 30:
        return put_vital();
      default:
        if (chance(0.1)) return put_junk();
        begin(pick({"heartbeat", "heartbeat", "session_end"}));
        return finish();
    }
  }

  Random& random_;
  LogShape shape_;
  std::vector<LogLine> out_;
  std::vector<Client> clients_;
  std::size_t client_ = 0;
  std::string line_;
  bool is_event_ = true;
};

}  // namespace detail

// A log of about `shape.lines` lines.
inline std::vector<LogLine> random_ndjson(Random& random, const LogShape& shape = {}) {
  return detail::NdjsonMaker(random, shape).make();
}

}  // namespace insitu::test
