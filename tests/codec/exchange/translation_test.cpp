// Messages of one dialect as another one has them.

#include <catch2/catch.hpp>

#include <algorithm>

#include "codec/exchange/example.hpp"
#include "codec/exchange/matching.hpp"
#include "codec/exchange/reversal.hpp"
#include "codec/exchange/translation.hpp"
#include "codec/fields.hpp"
#include "codec/mti.hpp"
#include "codec/pack.hpp"
#include "codec/unpack.hpp"
#include "codec/validate.hpp"
#include "tests/support/dialects.hpp"

using codec::message;

namespace {

const codec::dialect& built_in(const std::string& name) {
  static std::map<std::string, codec::dialect> all;
  const auto found = all.find(name);
  return found != all.end()
           ? found->second
           : all.emplace(name, codec::parse_dialect(config::built_in_dialect(name)).value()).first->second;
}

message request_for(const message& m, const codec::dialect& to, const codec::templates& set = {}) {
  const auto own = codec::translated_request(m, support::smart_vista(), to, set, support::noon);
  INFO((own.ok() ? "" : codec::to_string(own.error())));
  REQUIRE(own.ok());
  return *own;
}

codec::known_original known(const message& original, bool in_part = false) {
  return {std::make_shared<const message>(original), in_part};
}

// The editions say differently how the card was read.
codec::templates set_for(const std::string& name) {
  return name == "iso93-ascii" ? codec::templates{{22, "210101210100"}, {25, "4021"}} : codec::templates{};
}

message response_of(const message& request, const codec::dialect& d, const std::string& code) {
  auto m = request;
  m.set(0, d.response_mti(request.mti()));
  m.set(37, "000000000001");
  codec::set_code(m, code, d);
  return m;
}

// The code that a smartVista client gets where the host of this dialect answers its purchase so.
std::string code_behind(const std::string& dialect, const std::string& code) {
  const auto& d = built_in(dialect);
  const auto request = support::purchase();
  const auto m = codec::translated_response(response_of(request_for(request, d), d, code), &request, d,
                                            support::smart_vista(), support::noon);
  return std::string(m[39]);
}

const std::vector<std::string> others{"openway",   "iso87-ascii",  "iso87-ascii-binbitmap",
                                      "iso87-bcd", "iso87-binary", "iso87-ebcdic"};

}  // namespace

TEST_CASE("a purchase of a client goes to hosts of other dialects, which can read it and want nothing more") {
  for (const auto& name : others) {
    INFO(name);
    const auto& d = built_in(name);
    const auto own = request_for(support::purchase(), d);
    const auto bytes = codec::pack(own, d);
    REQUIRE(bytes.ok());
    const auto read = codec::unpack(*bytes, d);
    REQUIRE(read.ok());
    CHECK(codec::broken_demands(*read, d).empty());
    CHECK(codec::moves_money(*read, d));
    CHECK((*read)[4] == "000000001000");
    CHECK(codec::terminal_of(*read) == "42");
    CHECK((*read)[11] == "000001");
    CHECK((*read)[12] == "120000");
    CHECK((*read)[13] == "1123");
  }
}

TEST_CASE("the local time of a message is the same moment in a dialect that tells it otherwise") {
  auto m = support::purchase();
  m.set(12, "251231235959");
  m.set(7, "1231235959");
  CHECK(request_for(m, built_in("iso87-bcd"))[12] == "235959");
  CHECK(request_for(m, built_in("iso87-bcd"))[13] == "1231");
  // Back, days later: field 7 says when it was.
  const auto& from = built_in("iso87-bcd");
  const auto late = support::noon + std::chrono::days(20);
  const auto back = codec::translated_original(request_for(support::purchase(), from), from,
                                               support::smart_vista(), {}, late);
  CHECK(back[12] == "261123120000");
}

TEST_CASE("a field for which the host has no place is refused and never left out") {
  auto m = support::purchase();
  m.set(46, "000000100");
  const auto& d = built_in("pos-bcd");
  const auto own = codec::translated_request(m, support::smart_vista(), d, {}, support::noon);
  // Field 46 is additional data by agreement there; a value that does not fit is a fault.
  CHECK(own.ok());
  m.set(42, "000000000000123");
  auto narrow = built_in("iso87-ascii");
  narrow.fields[42].reset();
  const auto without = codec::translated_request(m, support::smart_vista(), narrow, {}, support::noon);
  REQUIRE_FALSE(without.ok());
  CHECK(without.error().field == 42);
  CHECK(without.error().code == codec::fault_code::unknown_field);
  narrow = built_in("iso87-ascii");
  narrow.fields[4]->length_max = 3;
  const auto too_long = codec::translated_request(m, support::smart_vista(), narrow, {}, support::noon);
  REQUIRE_FALSE(too_long.ok());
  CHECK(too_long.error().field == 4);
}

TEST_CASE("a message of which a part was not read goes to no host of another dialect") {
  auto bytes = codec::pack(support::purchase(), support::smart_vista()).value() + "more";
  const auto part = codec::unpack_what_can_be_read(bytes, support::smart_vista());
  REQUIRE(part.ok());
  REQUIRE_FALSE(part->value.wire().empty());
  CHECK_FALSE(
    codec::translated_request(part->value, support::smart_vista(), built_in("openway"), {}, support::noon)
      .ok());
}

TEST_CASE("a host gets the values that are set for it") {
  const auto& d = built_in("pos-bcd");
  const auto own = request_for(support::purchase(), d, {{24, "017"}});
  CHECK(own[24] == "017");
  CHECK(codec::broken_demands(own, d).empty());
}

TEST_CASE("a request that the host cannot undo is refused") {
  auto d = built_in("iso87-ascii");
  d.reversal.of = {"0100"};
  CHECK_FALSE(
    codec::translated_request(support::purchase(), support::smart_vista(), d, {}, support::noon).ok());
}

TEST_CASE("a reversal over a link of another dialect names its original as that host wants it") {
  const auto& d = built_in("iso87-ascii");
  const auto original =
    codec::translated_original(support::purchase(), support::smart_vista(), d, {}, support::noon);
  const auto m = codec::reversal_of(original, {}, d, support::noon, {1, 7});
  CHECK(m.mti() == "0400");
  CHECK(m[90].substr(0, 20) == "02000000011123120000");
  CHECK(m[12] == "120000");
  CHECK(codec::pack(m, d).ok());
}

TEST_CASE("a client's own reversal names its original as the other host wants it") {
  auto reversal = support::purchase();
  reversal.set(0, "0400");
  reversal.set(24, "400");
  const auto& d = built_in("iso87-ascii");
  const auto own = request_for(reversal, d);
  CHECK(own.mti() == "0400");
  CHECK(own[90].substr(0, 20) == "02000000011123120000");
  CHECK_FALSE(own.has(24));
  CHECK(request_for(reversal, built_in("postilion")).mti() == "0420");

  // The other way round: field 90 says another STAN than the reversal's own.
  message theirs("0400");
  theirs.set(3, "000000");
  theirs.set(4, "000000001000");
  theirs.set(7, "1123120005");
  theirs.set(11, "000009");
  theirs.set(12, "120000");
  theirs.set(13, "1123");
  theirs.set(41, "00000042");
  theirs.set(90, "020000000111231200000000000000000000000000");
  const auto ours = codec::translated_request(theirs, d, support::smart_vista(), {}, support::noon);
  INFO(codec::to_string(ours.ok() ? codec::fault{} : ours.error()));
  // Field 90 has no place there; what it says of the original has.
  REQUIRE(ours.ok());
  CHECK((*ours)[11] == "000001");
  CHECK((*ours)[24] == "400");
  CHECK((*ours)[12] == "261123120000");
}

TEST_CASE("a client's reversal of a part is refused where the other host's dialect cannot say that") {
  auto reversal = support::purchase();
  reversal.set(0, "0400");
  reversal.set(24, "401");
  const auto to = [&](const char* name) {
    return codec::translated_request(reversal, support::smart_vista(), built_in(name), {}, support::noon);
  };
  CHECK(to("iso87-bcd").error().field == 24);
  CHECK(to("iso87-ascii").error().field == 24);
  const auto& iso93 = built_in("iso93-ascii");
  const auto there = to("iso93-ascii");
  CHECK((!there || codec::reverses_a_part(*there, iso93)));
}

TEST_CASE("a reversal of a part never goes with a function code that says that all is taken back") {
  // Both say a part by the amounts that stay, and the host's dialect has a function code, too.
  auto clients = built_in("iso87-ascii"), host = clients;
  for (auto& spec : host.fields)
    if (spec && spec->number == 24)
      spec->alias = "function_code";
  const auto original = request_for(support::purchase(), clients);
  auto part = original;
  part.set(0, "0400");
  part.set(95, "000000000600000000000000C00000000C00000000");
  auto whole = part;
  whole.erase(95);
  const auto sent = [&](const message& m, const codec::templates& set) {
    const auto known_one = codec::translated_reversal(m, known(original), clients, host, set, support::noon);
    const auto unknown = codec::translated_request(m, clients, host, set, support::noon);
    CHECK(known_one.ok() == unknown.ok());
    return known_one;
  };
  CHECK(sent(whole, {{24, "400"}}).ok());
  CHECK(sent(part, {}).ok());
  CHECK(sent(part, {{24, "401"}}).ok());
  CHECK(sent(part, {{24, "400"}}).error() == codec::fault{codec::fault_code::in_part, 95});
  // What the host's dialect sets in all reversals says the same.
  host.reversal.set[24] = "400";
  CHECK(sent(whole, {}).ok());
  CHECK(sent(part, {}).error() == codec::fault{codec::fault_code::in_part, 95});
  // A client that says both says what its bank is used to.
  clients = host;
  part.set(24, "400");
  CHECK(sent(part, {}).ok());
}

TEST_CASE("a client's own reversal of all has the amount that its host wants, and one of a part its own") {
  auto d = built_in("iso87-ascii");
  d.reversal.approved_amount = true;
  auto reversal = support::purchase("00000042", "000001", "000000001006");
  auto original = known(reversal);
  reversal.set(0, "0400");
  original.approved_amount = "000000000600";
  const auto amount = [&](const char* says, bool in_part) {
    reversal.set(4, says);
    original.in_part = in_part;
    const auto m =
      codec::translated_reversal(reversal, original, support::smart_vista(), d, {}, support::noon);
    return m.ok() ? std::string((*m)[4]) : codec::to_string(m.error());
  };
  CHECK(amount("000000001006", false) == "000000000600");
  CHECK(amount("000000000600", false) == "000000000600");
  CHECK(amount("000000000300", true) == "field 4: not allowed in this message");
  d.reversal.approved_amount = false;
  CHECK(amount("000000001006", false) == "000000001006");
  CHECK(amount("000000000600", false) == "000000001006");
}

TEST_CASE("a client's reversal of a known purchase names that as the host knows it, whatever its own times") {
  const auto& iso87 = built_in("iso87-ascii");
  const auto reversal_at = [](const codec::dialect& clients, const message& original, bool apart) {
    auto m = original;
    m.set(0, clients.reversal.mti);
    m.set(7, "1123120042");
    if (apart) {
      m.set(11, "000009");
      m.set(12, "120042");
      m.set(90, "020000000111231200000000000000000000000000");
    }
    return m;
  };
  const auto ours = support::purchase();
  const auto theirs = *codec::translated_request(ours, support::smart_vista(), iso87, {}, support::noon);
  const auto there = [&](bool from_iso87, const char* to) {
    const auto& from = from_iso87 ? iso87 : support::smart_vista();
    const auto& original = from_iso87 ? theirs : ours;
    const auto m = codec::translated_reversal(reversal_at(from, original, from_iso87), known(original), from,
                                              built_in(to), set_for(to), support::noon);
    INFO((m.ok() ? "" : codec::to_string(m.error())));
    REQUIRE(m.ok());
    return *m;
  };
  CHECK(there(false, "iso87-ascii")[90].substr(0, 20) == "02000000011123120000");
  CHECK(there(false, "postilion")[90].substr(0, 20) == "02000000011123120000");
  const auto at_smart_vista = there(true, "smartvista");
  CHECK(at_smart_vista[11] == "000001");
  CHECK(at_smart_vista[12] == "261123120000");
  CHECK(there(true, "iso93-ascii")[56].substr(0, 22) == "1200000001261123120000");
  CHECK(there(false, "iso93-ascii")[56].substr(0, 22) == "1200000001261123120000");
}

TEST_CASE("what is not kept of a known purchase is named as its reversal has it, but for the times") {
  const auto& iso87 = built_in("iso87-ascii");
  const auto purchase = request_for(support::purchase(), iso87);
  auto reversal = purchase;
  reversal.set(0, "0400");
  reversal.set(7, "1123120042");
  reversal.set(32, "40055");
  const auto elements = [&](const message& original) {
    const auto m =
      codec::translated_reversal(reversal, known(original), iso87, built_in("postilion"), {}, support::noon);
    REQUIRE(m.ok());
    return std::string((*m)[90]);
  };
  CHECK(elements(purchase) == "020000000111231200000000004005500000000000");
  auto without_time = purchase;
  without_time.erase(7);
  CHECK(elements(without_time).substr(10, 10) == "0000000000");
}

TEST_CASE("a part that only its amount says goes to no host that is told of an original in another way") {
  auto m = support::purchase();
  m.set(0, "0400");
  m.set(4, "000000000400");
  const auto original = support::purchase();
  const auto to = [&](const char* name, bool in_part) {
    return codec::translated_reversal(m, known(original, in_part), support::smart_vista(), built_in(name),
                                      set_for(name), support::noon);
  };
  for (const auto* name : {"iso87-ascii", "iso93-ascii", "postilion"}) {
    INFO(name);
    CHECK(to(name, false).ok());
    CHECK(to(name, true).error().field == 4);
  }
  CHECK(to("smartvista", true).ok());
}

TEST_CASE("what a reversal is stays as its dialect says, whatever value a link sets in that field") {
  auto m = support::purchase();
  m.set(0, "0400");
  m.set(24, "400");
  const auto own =
    codec::translated_reversal(m, known(support::purchase()), support::smart_vista(), built_in("iso93-ascii"),
                               {{22, "210101210100"}, {24, "200"}, {25, "4021"}}, support::noon);
  REQUIRE(own.ok());
  CHECK((*own)[24] == "400");
}

TEST_CASE("a purchase that says no local time gets that of its sending where the host wants one") {
  auto m = *codec::translated_request(support::purchase(), support::smart_vista(), built_in("iso87-ascii"),
                                      {}, support::noon);
  m.erase(12);
  m.erase(13);
  const auto there = codec::translated_request(m, built_in("iso87-ascii"), built_in("iso93-ascii"),
                                               set_for("iso93-ascii"), support::noon);
  REQUIRE(there.ok());
  CHECK((*there)[12] == "261123120000");
  CHECK(codec::translated_original(m, built_in("iso87-ascii"), built_in("iso93-ascii"), {},
                                   support::noon)[12] == "261123120000");
}

TEST_CASE("a client's echo is the echo of the other host") {
  const auto own = request_for(support::echo(), built_in("iso87-bcd"));
  CHECK(own.mti() == "0800");
  CHECK(own[70] == "301");
  CHECK(own[11] == "000001");
  auto sign_on = support::echo();
  sign_on.set(24, "801");
  CHECK_FALSE(
    codec::translated_request(sign_on, support::smart_vista(), built_in("iso87-bcd"), {}, support::noon)
      .ok());
}

TEST_CASE("a code of the host becomes one of the client's dialect with the same meaning for the money") {
  CHECK(code_behind("iso87-bcd", "00") == "000");
  CHECK(code_behind("iso87-bcd", "08") == "000");
  CHECK(code_behind("iso87-bcd", "51") == "116");
  CHECK(support::smart_vista().reversal.undetermined.contains(
    std::string(codec::without_leading_zeros(code_behind("iso87-bcd", "96")))));
  CHECK(code_behind("iso87-bcd", "94") == "913");
  message m("0210");
  m.set(39, code_behind("iso87-bcd", "05"));
  CHECK(codec::reply_of(m, support::smart_vista()) == codec::reply::declined);
  m.set(39, code_behind("iso87-bcd", "77"));
  CHECK(codec::reply_of(m, support::smart_vista()) == codec::reply::declined);
}

TEST_CASE("no code of any dialect changes its meaning for the money on the way to the client") {
  const auto meaning = [](const message& m, const codec::dialect& d) {
    using codec::earlier_attempt;
    return codec::message_class(m.mti()) == '4'
             ? std::tuple(static_cast<int>(codec::reversal_reply_of(m, d, earlier_attempt::none)),
                          static_cast<int>(codec::reversal_reply_of(m, d, earlier_attempt::unanswered)),
                          d.approves(m) && !codec::accepts(m, d))
             : std::tuple(static_cast<int>(codec::reply_of(m, d)), 0, false);
  };
  auto all = others;
  all.push_back("smartvista");
  for (const auto& one : all)
    for (const auto& other : all) {
      const auto &from = built_in(one), &to = built_in(other);
      for (const std::string mti : {"0210", "0410"})
        for (int code = 0; code < 1000; ++code) {
          message m(mti);
          codec::set_code(m, std::to_string(code), from);
          if (!m.has(39))
            continue;
          const auto told = codec::translated_response(m, nullptr, from, to, support::noon);
          const auto was = meaning(m, from), is = meaning(told, to);
          INFO(one << " " << std::string(m[39]) << " -> " << other << " " << std::string(told[39]));
          // A dialect without codes for it says nothing: that is undetermined, and nobody takes it for a yes.
          if (was != is)
            CHECK(!told.has(39));
        }
    }
}

TEST_CASE("an approval of a part is never an approval of the whole") {
  const auto& d = built_in("iso87-bcd");
  const auto request = support::purchase();
  auto response = response_of(request_for(request, d), d, "10");
  response.set(4, "000000000500");
  auto m = codec::translated_response(response, &request, d, support::smart_vista(), support::noon);
  CHECK(m[4] == "000000000500");
  CHECK(support::smart_vista().free_amount_codes.contains(std::string(codec::without_leading_zeros(m[39]))));
  auto none = support::smart_vista();
  none.free_amount_codes.clear();
  m = codec::translated_response(response, &request, d, none, support::noon);
  CHECK_FALSE(m.has(39));
  CHECK(codec::reply_of(m, none) == codec::reply::undetermined);
}

TEST_CASE("a response has the terminal, STAN and time of the client's request") {
  for (const auto& name : others) {
    INFO(name);
    const auto& d = built_in(name);
    const auto request = support::purchase();
    const auto m = codec::translated_response(response_of(request_for(request, d), d, d.answers.approved),
                                              &request, d, support::smart_vista(), support::noon);
    CHECK(m.mti() == "0210");
    for (const int number : {4, 11, 12, 41, 42, 49})
      CHECK(m[number] == request[number]);
    CHECK(m[37] == "000000000001");
    CHECK(codec::pairing_key(m, support::smart_vista()) ==
          codec::pairing_key(request, support::smart_vista()));
    CHECK(codec::echoes(m, request, support::smart_vista()));
    CHECK(codec::pack(m, support::smart_vista()).ok());
  }
}

TEST_CASE("a late response that nobody waits for still says which request it answers") {
  const auto& d = built_in("iso87-ebcdic");
  const auto request = support::purchase();
  const auto m = codec::translated_response(response_of(request_for(request, d), d, "00"), nullptr, d,
                                            support::smart_vista(), support::noon);
  CHECK(m.mti() == "0210");
  CHECK(m[12] == request[12]);
  CHECK(codec::pairing_key(m, support::smart_vista()) == codec::pairing_key(request, support::smart_vista()));
  CHECK(support::smart_vista().approves(m));
}
