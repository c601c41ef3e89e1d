// What the log says of a transaction: the old program's lines, and one id in all of them.

#include <catch2/catch.hpp>

#include "codec/privacy/masking.hpp"
#include "codec/text/legacy_json.hpp"
#include "config/log.hpp"
#include "tests/support/v1_calls.hpp"

using namespace std::chrono_literals;
using config::log::level;
using support::approval;
using support::http_post;
using support::virtual_gateway;

namespace {

struct row {
  level at;
  std::string begins;
};

// A gateway whose log keeps the levels.
struct logged_gateway : virtual_gateway {
  explicit logged_gateway(const std::function<void(config::settings&)>& change = {})
    : virtual_gateway(change) {
    config::log::observe([this](level l, const std::string& text) {
      log.push_back(text);
      lines.push_back({l, text});
    });
  }

  // The first row that no line begins with, behind the lines of the rows before; empty: there is none.
  std::string missing(const std::vector<row>& rows) const {
    auto at = lines.begin();
    for (const auto& r : rows) {
      at = std::find_if(at, lines.end(),
                        [&](const row& l) { return l.at == r.at && l.begins.starts_with(r.begins); });
      if (at == lines.end())
        return r.begins;
      ++at;
    }
    return {};
  }

  // Lines that name this message, and not its transaction.
  std::string without(const std::string& tag, const codec::message& m) const {
    std::string found;
    for (const auto& l : lines)
      if (l.begins.find(codec::label(m)) != std::string::npos && l.begins.find(tag) == std::string::npos)
        found += l.begins + "\n";
    return found;
  }

  std::size_t count(const std::string& text) const {
    return static_cast<std::size_t>(
      std::ranges::count_if(lines, [&](const row& l) { return l.begins.find(text) != std::string::npos; }));
  }

  std::vector<row> lines;
};

std::string old_json(const codec::message& m) { return codec::to_json(m, support::smart_vista()).dump(); }

// "[txn 7" of the first line that begins so.
std::string tag_of(const logged_gateway& g, const std::string& line) {
  for (const auto& l : g.lines)
    if (l.begins.starts_with(line)) {
      const auto at = l.begins.find("[txn ");
      return l.begins.substr(at, l.begins.find_first_of(" ]", at + 5) - at);
    }
  return "no such line";
}

}  // namespace

TEST_CASE("a purchase over HTTP has the old program's lines, at its levels and in its order") {
  logged_gateway h;
  const auto client = h.http_client(http_post("/", old_json(h.purchase())));
  REQUIRE(h.host_got().size() == 1);
  h.host_says(approval(h.host_got_last()));
  const auto sent = support::wire(h.host_got_last()).size();
  const auto size = std::string(sent < 1000 ? "0" : "") + std::to_string(sent);
  CHECK(h.missing({{level::info, "New HTTP socket"},
                   {level::info, "Client http:"},
                   {level::info, "Client http:"},
                   {level::verbose, "\n\nhttp:"},
                   {level::info, "Writing to queue http:"},
                   {level::info, "New queue item 1"},
                   {level::info, "Processing queue [pending 1 / total 1]"},
                   {level::info, "Upstreaming data for http:"},
                   {level::verbose, "[" + size + "0200...]"},
                   {level::info, "Got data from ISO-host ("},
                   {level::verbose, "[0"},
                   {level::info, "Parsed data for http:"},
                   {level::verbose, "\n\nISO host to http:"},
                   {level::info, "POST / 200 0 ms, client http:"}}) == "");
  CHECK(h.count("[Purchase Request]") == 1);
  CHECK(h.count("[Purchase Response]") == 1);
}

TEST_CASE("a purchase over TCP has them too") {
  logged_gateway h;
  h.client({h.purchase()});
  h.client({h.purchase("00000042", "000002")});
  CHECK(h.missing({{level::info, "Client "},
                   {level::info, "Writing to queue "},
                   {level::info, "New queue item 1"},
                   {level::info, "Processing queue [pending 1 / total 1]"},
                   {level::info, "Upstreaming data for "},
                   {level::info, "New queue item 2"},
                   {level::info, "Processing queue [pending 1 / total 2]"}}) == "");
  CHECK(h.count("b)") == 2);
}

TEST_CASE("what goes well has no line above info, so without --v nothing is logged") {
  logged_gateway h;
  const auto client = h.client({h.purchase()});
  h.host_says(approval(h.host_got_last()));
  CHECK(client->sent.size() == 1);
  for (const auto& l : h.lines)
    CHECK(l.at <= level::notice);
}

TEST_CASE("each line about a raw client's purchase has its transaction, from its request to its reversal") {
  logged_gateway h;
  const auto request = h.purchase();
  h.client({request});
  const auto tag = tag_of(h, "New queue item");
  CHECK(tag == "[txn 1");
  h.pass(36s);
  h.host_says(approval(request));  // too late
  h.pass(1s);
  REQUIRE(h.host_got_last().mti() == "0400");
  h.host_says(approval(h.host_got_last(), "400"));
  REQUIRE(h.logged("is reversed [txn 1]"));
  CHECK(h.logged("comes too late, its request has been given up [txn 1]"));
  CHECK(h.without(tag, request) == "");
  CHECK(h.without(tag, h.host_got_last()) == "");
  for (const auto* table : {"[Purchase Request]", "[Reversal Request]", "[Reversal Response]"})
    CHECK(std::ranges::any_of(h.lines, [&](const row& l) {
      return l.begins.find(table) != std::string::npos && l.begins.find(tag + "]") != std::string::npos;
    }));
}

TEST_CASE("the id that an HTTP client has is in all lines of its purchase, also of the next process") {
  logged_gateway h;
  auto body = support::v1::purchase();
  body["stan"] = "000007";
  const auto headers = std::string("Content-Type: application/json\r\nIdempotency-Key: order-1\r\n");
  const auto client = h.http_client(http_post("/v1/messages", body.dump(), headers));
  const auto request = h.host_got_last();
  h.restart();
  h.host_answers();
  h.pass(1s);
  REQUIRE(h.host_got_last().mti() == "0400");
  h.host_says(approval(h.host_got_last(), "400"));
  REQUIRE(h.logged("is reversed [txn 1 txn_"));
  const auto found = h.cases();
  CHECK(found.empty());
  const auto asked = h.http_client(http_post("/v1/messages", body.dump(), headers));
  const auto id = support::v1::last(asked).header("transaction-id").value_or("none");
  CHECK(h.without(" " + id + "]", request) == "");
  CHECK(h.count(" " + id + "]") > 8);
  CHECK(h.count("POST /v1/messages 50") == 1);
}

TEST_CASE("a refused request has its line with method, path, status, time and client") {
  logged_gateway h([](config::settings& s) {
    s.queue.messages_max = 1;
    s.queue.refuse_when_full = true;
  });
  h.http_client(http_post("/4850781234567891?4850781234567891", "{"));
  h.http_client(http_post("/", old_json(h.purchase("00000043"))).replace(0, 4, "PUT"));
  h.http_client("nonsense\r\n\r\n");
  h.http_client(http_post("/", old_json(h.purchase())));
  h.http_client(http_post("/", old_json(h.purchase("00000044"))));
  h.pass(36s);
  CHECK(h.missing({{level::info, "POST /485078******7891 404 0 ms, client http:"},
                   {level::info, "PUT / 405 0 ms, client http:"},
                   {level::info, "- - 400 0 ms, client http:"},
                   {level::info, "POST / 503 0 ms, client http:"},
                   {level::info, "POST / 504 35"}}) == "");
}
