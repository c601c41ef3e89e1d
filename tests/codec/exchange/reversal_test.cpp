// The message that reverses a message, and what the host's responses mean.

#include <catch2/catch.hpp>

#include "codec/exchange/reversal.hpp"
#include "codec/exchange/template.hpp"
#include "codec/pack.hpp"
#include "config/dialects.hpp"
#include "tests/support/dialects.hpp"

using codec::message;
using codec::reply;
using codec::reversal_reply;
using support::full_purchase;
using support::purchase;
using support::smart_vista;

namespace {

message response_with(const std::string& code) {
  message m("0210");
  if (!code.empty())
    m.set(39, code);
  return m;
}

message reversal_of(const message& original, const message& heard = {}, int attempt = 1,
                    const codec::dialect& d = smart_vista()) {
  return codec::reversal_of(original, heard, d, support::noon + std::chrono::seconds(61), {attempt, 7});
}

}  // namespace

TEST_CASE("a reversal has the fields of its purchase, but those of the PIN, the chip and the seal") {
  const auto original = full_purchase();
  const auto m = reversal_of(original);
  CHECK(m.mti() == "0400");
  for (const auto& [number, value] : original) {
    INFO("field " << number);
    const bool left_out = number == 52 || number == 55 || number == 64;
    CHECK(m.has(number) != left_out);
    if (!left_out && number != 0 && number != 7 && number != 24)
      CHECK(m[number] == value);
  }
}

TEST_CASE(
  "a reversal says when it was made and that it is one, and keeps the time, STAN and amount of its "
  "purchase") {
  const auto m = reversal_of(purchase("00000042", "000007", "000000001234"));
  CHECK(m[7] == "1123120101");
  CHECK(m[24] == "400");
  CHECK(m[11] == "000007");
  CHECK(m[12] == "261123120000");
  CHECK(m[4] == "000000001234");
  CHECK(m[41] == "00000042");
}

TEST_CASE("a reversal has the host's reference and approval code, and only the host's") {
  auto original = purchase();
  original.set(37, "CLIENTS-WORD");
  original.set(38, "CLIENT");
  original.set(39, "000");
  const auto unheard = reversal_of(original);
  CHECK_FALSE(unheard.has(37));
  CHECK_FALSE(unheard.has(38));
  CHECK_FALSE(unheard.has(39));
  message heard("0210");
  heard.set(37, "000000000001");
  heard.set(38, "ABC123");
  heard.set(39, "000");
  heard.set(54, "balance");
  const auto m = reversal_of(original, heard);
  CHECK(m[37] == "000000000001");
  CHECK(m[38] == "ABC123");
  CHECK_FALSE(m.has(39));
  CHECK_FALSE(m.has(54));
}

TEST_CASE("a repeated reversal has the MTI of repeats where the host wants one, else its own") {
  auto d = smart_vista();
  CHECK(reversal_of(purchase(), {}, 2, d).mti() == "0400");
  d.reversal.repeat_mti = "0401";
  CHECK(reversal_of(purchase(), {}, 1, d).mti() == "0400");
  CHECK(reversal_of(purchase(), {}, 2, d).mti() == "0401");
  CHECK(reversal_of(purchase(), {}, 11, d).mti() == "0401");
}

TEST_CASE("purchases and refunds move money, balance inquiries and other classes do not") {
  auto m = purchase();
  CHECK(codec::moves_money(m, smart_vista()));
  m.set(3, "200000");
  CHECK(codec::moves_money(m, smart_vista()));
  for (const auto* inquiry : {"310000", "311000"}) {
    m.set(3, inquiry);
    CHECK_FALSE(codec::moves_money(m, smart_vista()));
  }
  m.set(3, "031000");
  CHECK(codec::moves_money(m, smart_vista()));
  for (const auto* mti : {"0400", "0210", "0800", ""}) {
    m.set(0, mti);
    CHECK_FALSE(codec::moves_money(m, smart_vista()));
  }
  CHECK_FALSE(codec::moves_money(support::echo(), smart_vista()));
}

TEST_CASE("at a host that knows no reversals nothing is to be reversed") {
  auto d = smart_vista();
  d.reversal = {};
  CHECK_FALSE(codec::moves_money(purchase(), d));
}

TEST_CASE("a client's own reversal is one, its answer and its purchase are none") {
  CHECK(codec::is_reversal(message("0400")));
  CHECK(codec::is_reversal(message("0401")));
  CHECK(codec::is_reversal(message("0420")));
  CHECK_FALSE(codec::is_reversal(message("0410")));
  CHECK_FALSE(codec::is_reversal(message("0200")));
  CHECK_FALSE(codec::is_reversal(message()));
}

TEST_CASE("what a code says of a purchase") {
  const auto says = [](const std::string& code) {
    return codec::reply_of(response_with(code), smart_vista());
  };
  for (const auto* code : {"000", "0", "001", "002", "003"})
    CHECK(says(code) == reply::approved);
  for (const auto* code : {"005", "5", "909", "911", "912", "923"})
    CHECK(says(code) == reply::undetermined);
  CHECK(says("913") == reply::duplicate);
  for (const auto* code : {"100", "116", "902", "914", "400", "999", "050", "500"})
    CHECK(says(code) == reply::declined);
}

TEST_CASE("a response without a code says nothing about the money, so it is to be reversed") {
  CHECK(codec::reply_of(response_with(""), smart_vista()) == reply::undetermined);
}

TEST_CASE("what a code says of a reversal, whichever attempt it answers") {
  for (const auto earlier : {codec::earlier_attempt::none, codec::earlier_attempt::unanswered}) {
    const auto says = [earlier](const std::string& code) {
      return codec::reversal_reply_of(response_with(code), smart_vista(), earlier);
    };
    for (const auto* code : {"000", "0", "001", "002", "003", "400", "480"})
      CHECK(says(code) == reversal_reply::done);
    for (const auto* code : {"005", "120", "902", "903", "907", "909", "910", "911", "912", "923", ""})
      CHECK(says(code) == reversal_reply::system_error);
    CHECK(says("914") == reversal_reply::not_found);
    for (const auto* code : {"904", "908", "915", "116", "999"})
      CHECK(says(code) == reversal_reply::refused);
  }
}

TEST_CASE("a code by which a host does not know what became of a purchase does not end a reversal either") {
  for (const auto& file : config::built_in_dialects()) {
    const auto d = codec::parse_dialect(file.text).value();
    for (const auto& code : d.reversal.undetermined) {
      INFO(file.name << ", " << code);
      codec::message m("0410");
      codec::set_code(m, code, d);
      CHECK(codec::reversal_reply_of(m, d, codec::earlier_attempt::none) == reversal_reply::system_error);
    }
  }
}

TEST_CASE("a reversal takes back a part where field 95 says what stays, or the function code does") {
  const auto iso87 = codec::parse_dialect(config::built_in_dialect("iso87-ascii")).value();
  message m("0400");
  CHECK_FALSE(codec::reverses_a_part(m, iso87));
  m.set(95, "000000000000000000000000C00000000C00000000");
  CHECK_FALSE(codec::reverses_a_part(m, iso87));
  m.set(95, "000000000600000000000000C00000000C00000000");
  CHECK(codec::reverses_a_part(m, iso87));
  m.set(95, "000000000000000000000600C00000000C00000000");
  CHECK_FALSE(codec::reverses_a_part(m, iso87));
  for (const char* name : {"iso93-ascii", "openway"}) {
    const auto iso93 = codec::parse_dialect(config::built_in_dialect(name)).value();
    message r("1420");
    r.set(95, "a reference of 600");
    r.set(24, "400");
    CHECK_FALSE(codec::reverses_a_part(r, iso93));
    codec::set_known(r, 24, "401", iso93);
    CHECK(codec::reverses_a_part(r, iso93));
  }
}

TEST_CASE(
  "the fields that say that a reversal is one of a part are known by number, whatever a dialect calls them") {
  const auto renamed = [](const char* dialect, const std::string& alias) {
    std::string text(config::built_in_dialect(dialect));
    const auto at = text.find('"' + alias + '"');
    REQUIRE(at != std::string::npos);
    return codec::parse_dialect(text.replace(at + 1, alias.size(), "bank_s_own")).value();
  };
  const auto iso87 = renamed("iso87-ascii", "replacement_amounts");
  message m("0400");
  m.set(95, "000000000600000000000000C00000000C00000000");
  CHECK(codec::field_of_part(m, iso87) == 95);
  m.set(95, "000000000000000000000000C00000000C00000000");
  CHECK_FALSE(codec::reverses_a_part(m, iso87));
  m.set(95, "INVOICE 600");
  CHECK_FALSE(codec::reverses_a_part(m, iso87));
  const auto iso93 = renamed("iso93-ascii", "function_code");
  message r("1420");
  r.set(24, "401");
  CHECK(codec::field_of_part(r, iso93) == 24);
  r.set(24, "400");
  CHECK_FALSE(codec::reverses_a_part(r, iso93));
  // In edition 1987 it is the network's number.
  m.set(24, "401");
  CHECK_FALSE(codec::reverses_a_part(m, iso87));
}

TEST_CASE("a host has done what it was asked where it approves a purchase, or says that a reversal is done") {
  const auto accepted = [](const char* mti, const char* code) {
    message m(mti);
    m.set(39, code);
    return codec::accepts(m, smart_vista());
  };
  CHECK(accepted("0210", "000"));
  CHECK(accepted("0210", "020"));
  CHECK_FALSE(accepted("0210", "400"));
  for (const char* done : {"000", "400", "480"})
    CHECK(accepted("0410", done));
  for (const char* no : {"020", "116", "909", "913", "914"})
    CHECK_FALSE(accepted("0410", no));
}

TEST_CASE("'duplicate' is a proof only where an earlier attempt stayed unanswered, and may have worked") {
  CHECK(codec::reversal_reply_of(response_with("913"), smart_vista(), codec::earlier_attempt::none) ==
        reversal_reply::refused);
  CHECK(codec::reversal_reply_of(response_with("913"), smart_vista(), codec::earlier_attempt::unanswered) ==
        reversal_reply::done);
}

TEST_CASE("a reversal's MTI may depend on that of its original, at the first attempt and at later ones") {
  auto d = smart_vista();
  d.reversal.mtis = {{"0220", "0420"}};
  d.reversal.repeat_mtis = {{"0220", "0421"}};
  auto advice = purchase();
  advice.set(0, "0220");
  CHECK(reversal_of(advice, {}, 1, d).mti() == "0420");
  CHECK(reversal_of(advice, {}, 2, d).mti() == "0421");
  CHECK(reversal_of(purchase(), {}, 2, d).mti() == "0400");
}

TEST_CASE("a reversal may repeat only the fields that its dialect lists") {
  auto d = smart_vista();
  d.reversal.copy = {3, 4, 11, 41};
  const auto m = reversal_of(full_purchase(), {}, 1, d);
  CHECK(m.has(4));
  CHECK(m.has(7));
  CHECK(m[24] == "400");
  CHECK_FALSE(m.has(35));
  CHECK_FALSE(m.has(49));
}

TEST_CASE("a reversal's own STAN is another than its original's, and the same at each attempt") {
  auto d = smart_vista();
  d.reversal.new_stan = true;
  const auto stan_of = [&d](const std::string& original, int attempt, std::uint64_t id) {
    return std::string(
      codec::reversal_of(purchase("00000042", original), {}, d, support::noon, {attempt, id})[11]);
  };
  CHECK(stan_of("000001", 1, 41) == "900041");
  CHECK(stan_of("000001", 2, 41) == "900041");
  CHECK(stan_of("900041", 1, 41) == "900042");
  CHECK(stan_of("999999", 1, 99999) == "900000");
}

TEST_CASE("a reversal asks for what was asked, or by its dialect for what the host has approved of it") {
  auto d = smart_vista();
  const auto amount_behind = [&d](const char* approved) {
    message heard("0210");
    if (approved)
      heard.set(4, approved);
    return std::string(reversal_of(purchase("00000042", "000001", "000000001006"), heard, 2, d)[4]);
  };
  CHECK(amount_behind("000000000600") == "000000001006");
  d.reversal.approved_amount = true;
  CHECK(amount_behind("000000000600") == "000000000600");
  CHECK(amount_behind("600") == "000000000600");
  // More, or nothing, is no part of what was asked.
  for (const auto* approved : {"000000001006", "000000009999", "000000000000", "none"})
    CHECK(amount_behind(approved) == "000000001006");
  CHECK(amount_behind(nullptr) == "000000001006");
}

TEST_CASE("a client's own reversal is repeated as it was, at the time of now and without its secrets") {
  auto own = full_purchase();
  own.set(0, "0400");
  own.set(37, "000000000001");
  auto d = smart_vista();
  auto m = codec::repeat_of(own, d, support::noon + std::chrono::seconds(1));
  CHECK(m.mti() == "0400");
  CHECK(m[7] == "1123120001");
  CHECK(m[37] == "000000000001");
  CHECK(m[24] == own[24]);
  CHECK_FALSE(m.has(52));
  auto part = own;
  part.set(24, "401");
  d.reversal.without.insert(d.reversal.without.end(), {4, 24});
  m = codec::repeat_of(part, d, support::noon);
  CHECK(m[4] == part[4]);
  CHECK(m[24] == "401");
  d.reversal.repeat_mti = "0401";
  CHECK(codec::repeat_of(own, d, support::noon).mti() == "0401");
  for (const char* advice : {"0420", "0421"}) {
    own.set(0, advice);
    CHECK(codec::repeat_of(own, d, support::noon).mti() == "0421");
  }
  d.reversal.repeat_mti.clear();
  d.reversal.mtis["0220"] = "0420";
  d.reversal.repeat_mtis["0220"] = "0422";
  own.set(0, "0420");
  CHECK(codec::repeat_of(own, d, support::noon).mti() == "0422");
}

TEST_CASE("the original data elements of 1993 have the acquirer's length in front of it") {
  auto m = purchase();
  m.set(32, "40055");
  CHECK(codec::fill_template("{mti}{stan}{local_time}{32:ll}", m, smart_vista(), support::noon) ==
        "02000000012611231200000540055");
  CHECK(codec::fill_template("{now:MMDD}", m, smart_vista(), support::noon) == "1123");
}

TEST_CASE("a response whose code is blank says no more than one without") {
  auto d = smart_vista();
  REQUIRE_FALSE(codec::override_fields(d, "39:ans:3"));
  message m("0210");
  m.set(39, "   ");
  CHECK(codec::reply_of(m, d) == reply::undetermined);
  CHECK(codec::reversal_reply_of(m, d, codec::earlier_attempt::none) == reversal_reply::system_error);
}
