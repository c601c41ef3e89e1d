#include <catch2/catch.hpp>

#include "codec/privacy/masking.hpp"
#include "tests/support/dialects.hpp"

using codec::shown;
using support::smart_vista;

namespace {

std::string masked(int number, std::string_view value) { return shown(value, *smart_vista().find(number)); }

}  // namespace

TEST_CASE("a card number shows its first six and last four digits, a short one nothing") {
  CHECK(masked(2, "4850781234567891") == "485078******7891");
  CHECK(masked(2, "4111111111111") == "411111***1111");
  CHECK(masked(2, "4111111111111111111") == "411111*********1111");
  CHECK(masked(2, "411111111111") == "************");
}

TEST_CASE("track data shows its card number masked and nothing else") {
  CHECK(masked(35, "4850781234567891=25122011000000000000") == "485078******7891=********************");
  CHECK(masked(35, "4850781234567891") == "485078******7891");
  CHECK(masked(35, "4850781234567891D2512") == "485078******7891*****");
  CHECK(masked(35, "1234=99") == "****=**");
  CHECK(masked(35, "") == "");
}

TEST_CASE("PIN blocks and expiry dates are never shown") {
  CHECK(masked(52, "0123456789abcdef") == "****************");
  CHECK(masked(14, "251200") == "******");
}

TEST_CASE("EMV data is shown tag by tag, card data withheld") {
  CHECK(masked(55,
               "9f2608571f1e10d4fa4aac"
               "5f2a020643") == "9f2608571f1e10d4fa4aac5f2a020643");
  CHECK(masked(55,
               "57084850781234567891"
               "8201ff") == "5708****************8201ff");
  CHECK(masked(55, "5a084850781234567891") == "5a08****************");
  CHECK(masked(55, "5f200441424344") == "5f2004********");
  CHECK(masked(55, "700a5a084850781234567891") == "700a5a08****************");
  CHECK(masked(55, "5a81084850781234567891") == "5a8108****************");
}

TEST_CASE("EMV data that does not parse is not shown") {
  for (const auto* hex : {"5a084850781234", "57", "9f", "5a", "5a85", "5a82ff", "4850781234567891",
                          "700a57ff4850781234567891"}) {
    INFO(hex);
    CHECK_THAT(masked(55, hex), Catch::Contains("bytes, no EMV tags"));
  }
}

TEST_CASE("free text keeps its words and loses long runs of digits") {
  CHECK(masked(62, "paid by 4850781234567891, thanks") == "paid by 485078******7891, thanks");
  CHECK(masked(62, "order 123456789012") == "order 123456789012");
}

TEST_CASE("control characters cannot forge a line of the log") {
  CHECK(masked(37, "a\nb\rc\x1b") == "a?b?c?");
}

TEST_CASE("the operator may see everything, on request") {
  CHECK(shown("4850781234567891", *smart_vista().find(2), codec::exposure::everything) == "4850781234567891");
}

TEST_CASE("a label tells a message from the others without card data") {
  CHECK(codec::label(support::purchase()) == "0200 TID 00000042 STAN 000001");
}

TEST_CASE("card numbers written in groups are masked, and so is what follows one in track data") {
  CHECK(masked(62, "card 4850 7812 3456 7891 ok") == "card 485078******7891 ok");
  CHECK(masked(62, "4850-7812-3456-7891") == "485078******7891");
  CHECK(masked(62, "4850781234567891=25122011000000000000 x") == "485078******7891********************* x");
  CHECK(masked(62, "12 34 5678") == "12 34 5678");
  CHECK(codec::masked_text("/pay/4850781234567891") == "/pay/485078******7891");
}

TEST_CASE("a card number is masked whatever character stands between its groups") {
  const std::vector<std::string> separators{" ",
                                            "-",
                                            "_",
                                            ".",
                                            "/",
                                            "\\",
                                            ",",
                                            ";",
                                            ":",
                                            "|",
                                            "*",
                                            "+",
                                            "~",
                                            "#",
                                            "=",
                                            "^",
                                            "'",
                                            "\"",
                                            "(",
                                            "\t",
                                            "\n",
                                            "&",
                                            "\xa0",
                                            "\xad",
                                            "\xc2\xa0",
                                            "\xe2\x80\x90",
                                            "\xe2\x80\x91",
                                            "\xe2\x80\x93",
                                            "\xe2\x80\x94",
                                            "\xe2\x80\xaf",
                                            "\xe2\x88\x92",
                                            "\xe3\x80\x80",
                                            "%20",
                                            "%2D",
                                            "%2d",
                                            "%5F",
                                            "%C2%A0",
                                            "%E2%80%93"};
  struct number {
    std::vector<std::string> groups;
    std::size_t digits;
  };
  const std::vector<number> numbers{{{"4850", "7812", "3456", "7891"}, 16},
                                    {{"3782", "822463", "10005"}, 15},
                                    {{"411111", "1111111"}, 13},
                                    {{"4111", "1111", "1111", "1111", "111"}, 19},
                                    {{"4", "1", "1", "1", "1", "1", "1", "1", "1", "1", "1", "1", "1"}, 13}};
  for (const auto& n : numbers)
    for (const auto& between : separators) {
      if (between == ":" && n.groups[0].size() == 1)
        continue;  // a clock
      if ((between == "=" || between == "^") && n.digits == 19)
        continue;  // track data
      std::string text = "card ", digits;
      for (const auto& g : n.groups) {
        text += (digits.empty() ? "" : between) + g;
        digits += g;
      }
      const auto shown = codec::masked_text(text + " ok");
      INFO(text << " is shown as " << shown);
      if (between.front() != '%' || between.find_first_of("CDEFd") != std::string::npos) {
        CHECK(shown == "card " + digits.substr(0, 6) + std::string(digits.size() - 10, '*') +
                         digits.substr(digits.size() - 4) + " ok");
      } else {
        CHECK_THAT(shown, Catch::Contains("*****") && !Catch::Contains("%"));
      }
    }
  CHECK(codec::masked_text("4850 7812-3456/7891") == "485078******7891");
  CHECK(codec::masked_text("4850781234567891.25122011000000000000") == "485078" + std::string(30, '*'));
  CHECK(codec::masked_text("4850.7812.3456.7891=2512201100000 x") == "485078******7891************** x");
}

TEST_CASE("track data is hidden in an URL too") {
  for (const auto* sign : {"%5E", "%5e", "%3D", "%3d", "^", "="}) {
    const auto shown =
      codec::masked_text(std::string("GET /B4111111111111111") + sign + "DOE/J" + sign + "2512101 x");
    CHECK_THAT(shown, Catch::StartsWith("GET /B411111******1111*") && Catch::EndsWith("* x"));
    CHECK_THAT(shown, !Catch::Contains("DOE") && !Catch::Contains("2512"));
  }
}

TEST_CASE("the digits behind a word for a verification code or a PIN are hidden") {
  for (const auto& [text, shown] : std::vector<std::pair<std::string, std::string>>{
         {"CVV2=123 ok", "CVV2=*** ok"},
         {"cvc: 1234", "cvc: ****"},
         {"CVV 987, CSC:\"986\"", "CVV ***, CSC:\"***\""},
         {"cvc2 123", "cvc2 ***"},
         {"CVV%20987%3Acvc%3A%20986", "CVV%20***%3Acvc%3A%20***"},
         {"cvv%123 cvc%201", "cvv%*** cvc%***"},
         {"cvv123", "cvv***"},
         {"(CAV2=123)", "(CAV2=***)"},
         {"PIN: 12345678.", "PIN: ********."}})
    CHECK(codec::masked_text(text) == shown);
  for (const auto* text : {"pin pad 7", "spin 1234", "cvv 12", "CVV 12345", "pinned 123", "cvv", "PIN", "c"})
    CHECK(codec::masked_text(text) == text);
}

TEST_CASE("what is no card number is shown as it is") {
  for (const auto* text : {"2026-11-26 01:09:16", "2026-11-26T01:09:16.123", "01:09:16.123456",
                           "123456789012", "rrn 708981921851", "192.168.100.200", "http:127.0.0.1:53578",
                           "TID 00000042 STAN 000001", "12.34 of 56.78", "/v1/messages/txn_0123456789ab",
                           "1,234,567.89", "10:20:30:40:50:60:70", "100%", "a%2", "%", "caf\xc3\xa9 12"})
    CHECK(codec::masked_text(text) == text);
}
