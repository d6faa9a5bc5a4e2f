// SPDX-License-Identifier: MIT
// Covers cli/text.h.
#include "cli/text.h"

#include <cmath>

#include "catch_amalgamated.hpp"

using namespace insitu::cli;

TEST_CASE("text: what moves the cursor or turns the writing is replaced", "[cli]") {
  CHECK(printable("plain é 日本") == "plain é 日本");
  CHECK(printable("\x1b[31mred") == "\xef\xbf\xbd[31mred");
  CHECK(printable("a\r\nb\x7f") ==
        "a\xef\xbf\xbd\xef\xbf\xbd"
        "b\xef\xbf\xbd");
  CHECK(printable("\xc2\x9b"
                  "31m") ==
        "\xef\xbf\xbd"
        "31m");
  CHECK(printable("\xe2\x80\xae"
                  "abc") ==
        "\xef\xbf\xbd"
        "abc");
  CHECK(printable("\xd8\x9c"
                  "1") ==
        "\xef\xbf\xbd"
        "1");
  CHECK(printable("\xff\xc3") == "\xef\xbf\xbd\xef\xbf\xbd");
  CHECK(printable(std::string_view("\0", 1)) == "\xef\xbf\xbd");
}

TEST_CASE("text: width counts columns, not bytes", "[cli]") {
  CHECK(width("abc") == 3);
  CHECK(width("36 %–98 %") == 9);
  CHECK(width("日本") == 4);
  CHECK(width("e\xcc\x81") == 1);
  CHECK(cut_to("abcdef", 6) == "abcdef");
  CHECK(cut_to("abcdef", 4) == "abc…");
  CHECK(cut_to("日本語", 4) == "日…");
  CHECK(cut_to("abc", 0).empty());
  CHECK(pad_right("é", 3) == "é  ");
  CHECK(pad_left("é", 3) == "  é");
  CHECK(pad_left("long", 3) == "long");
}

TEST_CASE("text: numbers as people read them", "[cli]") {
  CHECK(number_text(5) == "5");
  CHECK(number_text(4.25) == "4.25");
  CHECK(number_text(2.0 / 3) == "0.67");
  CHECK(number_text(0.062069) == "0.0621");
  CHECK(number_text(-0.001) == "-0.001");
  CHECK(number_text(1234567) == "1234567");
  CHECK(number_text(0) == "0");
  CHECK(number_text(-0.0) == "0");
  CHECK(number_text(NAN) == "no data");
  CHECK(percent_text(0.36, 0) == "36 %");
  CHECK(percent_text(0.3333, 1) == "33.3 %");
  CHECK(percent_text(NAN, 0) == "no data");
  CHECK(count_text(1, "line", "lines") == "1 line");
  CHECK(count_text(0, "line", "lines") == "0 lines");
}

TEST_CASE("text: durations have two units at most", "[cli]") {
  CHECK(duration_text(0) == "0 s");
  CHECK(duration_text(0.0042) == "4.2 ms");
  CHECK(duration_text(0.42) == "420 ms");
  CHECK(duration_text(0.9999) == "1 s");
  CHECK(duration_text(12.34) == "12.3 s");
  CHECK(duration_text(59.97) == "1 min");
  CHECK(duration_text(72) == "1 min 12 s");
  CHECK(duration_text(119.9) == "2 min");
  CHECK(duration_text(7500) == "2 h 5 min");
  CHECK(duration_text(3599.9) == "1 h");
  CHECK(duration_text(3 * 86400 + 4 * 3600) == "3 d 4 h");
  CHECK(duration_text(-72) == "-1 min 12 s");
  CHECK(duration_text(NAN) == "no data");
}
