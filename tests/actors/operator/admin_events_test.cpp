// The streams of the admin port.

#include <catch2/catch.hpp>

#include "actors/http/service.hpp"
#include "actors/operator/admin_service.hpp"
#include "tests/support/http.hpp"
#include "tests/support/virtual_gateway.hpp"

using namespace std::chrono_literals;
using Catch::Contains;
using nlohmann::json;
using player::connection_ptr;
using support::approval;
using support::http_get;
using support::virtual_gateway;

namespace {

std::string all_of(const connection_ptr& c) {
  std::string text;
  for (const auto& s : c->sent)
    text += s;
  return text;
}

connection_ptr listen(virtual_gateway& g) { return g.admin_client(http_get("/v1/events")); }

// The events that a stream has been sent, behind its head.
std::vector<json> events_of(const connection_ptr& c) {
  const auto text = all_of(c);
  std::vector<json> all;
  constexpr std::string_view begin = "event: overview\ndata: ";
  for (auto at = text.find(begin); at != std::string::npos; at = text.find(begin, at + 1)) {
    const auto data = at + begin.size();
    all.push_back(json::parse(text.substr(data, text.find('\n', data) - data)));
  }
  return all;
}

json body_of(virtual_gateway& g, const std::string& path) {
  const auto all = support::http_responses(all_of(g.admin_client(http_get(path))));
  REQUIRE(all.size() == 1);
  return all.front().json();
}

void drain(virtual_gateway& g) {
  caf::anon_send(g.gateway, actors::drain_atom::value);
  g.pass(1s);
}

}  // namespace

TEST_CASE("a stream of the admin port is told at once, and then each second, what the other paths say") {
  virtual_gateway g;
  const auto stream = listen(g);
  g.run_until_idle();
  CHECK_THAT(all_of(stream), Catch::StartsWith("HTTP/1.1 200 OK\r\n") &&
                               Contains("Content-Type: text/event-stream\r\n") &&
                               Contains("Connection: close\r\n\r\n") && !Contains("Content-Length"));
  CHECK(events_of(stream).size() == 1);
  g.pass(5s);
  const auto events = events_of(stream);
  CHECK(events.size() == 6);
  const auto& last = events.back();
  CHECK(last.at("status") == body_of(g, "/v1/status"));
  CHECK(last.at("pending") == body_of(g, "/v1/pending"));
  CHECK(last.at("links").at("links").size() == 1);
  CHECK(last.at("terminals") == body_of(g, "/v1/terminals"));
  CHECK(last.at("actors").at("actors").size() == body_of(g, "/v1/actors").at("actors").size());
  CHECK_FALSE(stream->closed);
}

TEST_CASE("an event has the transactions that have ended since the event before, once each") {
  virtual_gateway g;
  const auto stream = listen(g);
  g.pass(2s);
  for (int i = 1; i <= 3; ++i) {
    g.client({g.purchase("0000004" + std::to_string(i), "00000" + std::to_string(i))});
    g.host_says(approval(g.host_got_last()));
    g.pass(1s);
  }
  g.pass(3s);
  std::vector<std::string> stans;
  for (const auto& e : events_of(stream))
    for (const auto& t : e.at("transactions").at("transactions"))
      stans.push_back(t.at("stan"));
  CHECK(stans == std::vector<std::string>{"000001", "000002", "000003"});
  CHECK_THAT(all_of(stream), !Contains("4850781234567891"));
}

TEST_CASE("an event has a transaction once more when its reversal has gone on") {
  virtual_gateway g([](config::settings& s) { s.upstreams.front().host_timeout = 5s; });
  const auto stream = listen(g);
  g.client({g.purchase()});
  g.pass(8s);
  g.host_says(approval(g.host_got_last()));
  g.pass(8s);
  std::vector<std::string> states;
  for (const auto& e : events_of(stream))
    for (const auto& t : e.at("transactions").at("transactions"))
      // It may be told a moment before its reversal.
      if (const auto& r = t.at("reversal");
          !r.is_null() && (states.empty() || states.back() != r.at("state")))
        states.push_back(r.at("state"));
  CHECK(states == std::vector<std::string>{"reversing", "reversed"});
  // What has not changed is not told again.
  CHECK(events_of(stream).back().at("transactions").at("transactions").empty());
}

TEST_CASE("two streams are told the same, and the parts are asked once for both") {
  virtual_gateway g;
  const auto a = listen(g), b = listen(g);
  g.pass(4s);
  const auto of_a = events_of(a), of_b = events_of(b);
  REQUIRE(of_a.size() >= 4);
  CHECK(of_a.back() == of_b.back());
  CHECK_THAT(all_of(b), Contains("id: " + std::to_string(of_a.size()) + "\n"));
}

TEST_CASE("a client that does not read its stream is hung up on, and other streams and clients do not wait") {
  virtual_gateway g;
  const auto deaf = listen(g), good = listen(g);
  deaf->stop_reading();
  // As many bytes as may wait, and the clients' first event tells how many that are.
  const auto of_one = events_of(good).front().dump().size();
  const auto seconds = static_cast<int>(actors::stream_unread_max / of_one) + 60;
  g.pass(std::chrono::seconds(seconds));
  CHECK(g.logged("does not read what it has asked for"));
  CHECK(events_of(good).size() >= static_cast<std::size_t>(seconds) - 1);
  CHECK_FALSE(good->closed);
  const auto client = g.client({g.purchase()});
  g.host_says(approval(g.host_got_last()));
  CHECK(support::messages_in(client->sent).size() == 1);
  CHECK(g.in_care_of("admin").size() == 1);
}

TEST_CASE("a stream too many is refused, until one of the others has ended") {
  virtual_gateway g;
  std::vector<connection_ptr> streams;
  for (std::size_t i = 0; i < actors::admin_streams_max; ++i)
    streams.push_back(listen(g));
  const auto refused = support::http_responses(all_of(listen(g)));
  REQUIRE(refused.size() == 1);
  CHECK(refused.front().status == 503);
  CHECK_THAT(refused.front().body, Contains("too_many_streams"));
  CHECK(body_of(g, "/v1/status").at("ready") == true);
  streams.front()->vanishes();
  g.pass(1s);
  CHECK_THAT(all_of(listen(g)), Catch::StartsWith("HTTP/1.1 200 OK"));
}

TEST_CASE("a stream ends when the gateway has ended what was under way") {
  virtual_gateway g;
  const auto stream = listen(g);
  g.pass(2s);
  CHECK_FALSE(stream->closed);
  drain(g);
  CHECK(stream->closed);
}

TEST_CASE("a stream ends when the maker of events fails, and the next one is served") {
  virtual_gateway g;
  const auto stream = listen(g);
  g.pass(2s);
  caf::anon_send_exit(g.part("admin_events"), caf::exit_reason::kill);
  g.pass(3s);
  CHECK(stream->has_seen_end());
  const auto next = listen(g);
  g.pass(3s);
  CHECK(events_of(next).size() >= 3);
  CHECK(body_of(g, "/v1/status").at("part_restarts") == 1);
}

TEST_CASE("a part that does not reply is null in an event, and the rest of it is told") {
  virtual_gateway g;
  const auto stream = listen(g);
  g.pass(1950ms);
  // It is started again in 100 ms.
  caf::anon_send_exit(g.part("stats"), caf::exit_reason::kill);
  g.pass(60ms);
  const auto events = events_of(stream);
  const bool some_null = std::ranges::any_of(
    events, [](const json& e) { return e.at("status").is_null() && e.at("pending").is_object(); });
  CHECK(some_null);
  g.pass(5s);
  CHECK(events_of(stream).back().at("status").is_object());
}

TEST_CASE("HEAD of the stream has its head alone, and the connection goes on") {
  virtual_gateway g;
  const auto c = g.admin_client(http_get("/v1/events", "HEAD") + http_get("/livez"));
  const auto text = all_of(c);
  CHECK_THAT(text, Contains("text/event-stream") && Contains("{\"live\":true}") && !Contains("overview"));
}
