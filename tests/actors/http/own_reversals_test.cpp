// What a client is told of its own reversal, and of the purchase that it means: by GET and under the keys,
// whatever the host says, by each dialect, also by the next process.

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>
#include <utility>

#include "codec/exchange/example.hpp"
#include "codec/exchange/reversal.hpp"
#include "codec/fields.hpp"
#include "codec/pack.hpp"
#include "codec/unpack.hpp"
#include "tests/support/v1_calls.hpp"

using namespace std::chrono_literals;
using nlohmann::json;
using player::connection_ptr;
using support::http_get;
using support::virtual_gateway;
using support::v1::last;
using support::v1::message;

namespace fields = codec::fields;

namespace {

// What the host's code says of a reversal.
enum class meaning : std::uint8_t { done, not_found, duplicate, system_error, refused };
constexpr const char* meanings[]{"done", "not found", "duplicate", "system error", "refused"};

struct code_of_host {
  meaning is;
  std::string code;
};

std::vector<code_of_host> codes_of(const codec::dialect& d) {
  std::vector<code_of_host> all;
  for (const auto& c : d.reversal.done)
    all.push_back({meaning::done, c});
  for (const auto& c : d.reversal.not_found)
    all.push_back({meaning::not_found, c});
  for (const auto& c : d.reversal.duplicate)
    all.push_back({meaning::duplicate, c});
  for (const auto& c : d.reversal.system_errors)
    all.push_back({meaning::system_error, c});
  const auto length = d.find(fields::response_code)->length_max;
  for (const std::string c : {"12", "30", "904", "915"})
    if (c.size() == length && std::ranges::none_of(all, [&c](const auto& o) { return o.code == c; }))
      all.push_back({meaning::refused, c});
  return all;
}

// A gateway whose host and clients speak one dialect.
struct counter : virtual_gateway {
  explicit counter(const std::string& dialect_name)
    : virtual_gateway([&dialect_name](config::settings& s) {
        s.upstreams.front().dialect.name = dialect_name;
        s.raw_listeners.front().dialect.name = dialect_name;
        s.http_listeners.front().dialect.name = dialect_name;
      }),
      d(*env->upstreams.all().front()->dialect) {}

  codec::message sale(const char* stan) {
    codec::message given;
    given.set(fields::tid, "42");
    given.set(fields::stan, stan);
    given.set(fields::amount, "000000001000");
    return codec::example_of(d.purchase, given, d, env->local_time());
  }

  std::vector<codec::message> got() const {
    std::vector<codec::message> all;
    for (const auto& bytes : host->sent)
      all.push_back(codec::unpack(bytes, d).value());
    return all;
  }

  // The host's response to the last message.
  void host_answers_with(const std::string& code) {
    auto m = got().back();
    m.set(fields::mti, d.response_mti(m.mti()));
    codec::set_code(m, code, d);
    host->says(codec::pack(m, d).value());
    run_until_idle();
  }

  connection_ptr post(const codec::message& m, const std::string& key) {
    json body;
    for (const auto& [number, value] : m)
      body[number == fields::mti ? "mti" : std::to_string(number)] = value;
    return http_client(message(body, key));
  }

  std::string outcome_by_id(const std::string& id) {
    return last(http_client(http_get("/v1/messages/" + id))).json().at("outcome").get<std::string>();
  }

  const codec::dialect& d;
};

// What is told: "approved", or with the status and code of a problem "504 timed_out unknown".
struct told {
  std::string reversal_by_id, reversal_by_key, sale_by_id, sale_by_key;

  bool operator==(const told&) const = default;
  friend std::ostream& operator<<(std::ostream& to, const told& t) {
    return to << "reversal: " << t.reversal_by_id << ", " << t.reversal_by_key << "; sale: " << t.sale_by_id
              << ", " << t.sale_by_key;
  }
};

struct two_messages {
  counter& at;
  codec::message sale, reversal;
  std::string sale_id, reversal_id;

  std::string by_key(const codec::message& m, const char* key) const {
    const auto r = last(at.post(m, key));
    const auto outcome = r.json().at("outcome").get<std::string>();
    return r.status == 200
             ? outcome
             : std::to_string(r.status) + " " + r.json().at("code").get<std::string>() + " " + outcome;
  }
  told look() const {
    return {at.outcome_by_id(reversal_id), by_key(reversal, "back"), at.outcome_by_id(sale_id),
            by_key(sale, "sale")};
  }
};

enum class meant : std::uint8_t { the_sale, another };

// A client buys and has its approval; then it sends its own reversal, of that or of what its host never had,
// and its host says `code`, at once or when it has left the first attempt unanswered.
two_messages play(counter& c, meant what, meaning is, const std::string& code, bool at_once) {
  two_messages t{c, c.sale("000001"), {}, {}, {}};
  const auto buys = c.post(t.sale, "sale");
  c.host_answers_with(c.d.answers.approved);
  REQUIRE(last(buys).status == 200);
  t.sale_id = last(buys).json().at("transaction_id").get<std::string>();
  c.pass(2s);
  const auto original = what == meant::the_sale ? t.sale : c.sale("000009");
  t.reversal = codec::reversal_of(original, {}, c.d, c.env->local_time(), {});
  auto heard = c.host->sent.size();
  const auto takes_back = c.post(t.reversal, "back");
  REQUIRE(c.host->sent.size() == heard + 1);
  if (!at_once) {
    ++heard;
    c.pass(36s);
  }
  // The host says so of each repeat, too; at last it leaves them unanswered.
  const int seconds = at_once && is != meaning::system_error ? 2 : 120;
  for (int i = 0; i < seconds; i += 2, c.pass(2s))
    if (c.host->sent.size() > std::exchange(heard, c.host->sent.size()))
      c.host_answers_with(code);
  if (is == meaning::system_error)
    c.pass(20min);
  t.reversal_id = last(takes_back).json().at("transaction_id").get<std::string>();
  return t;
}

told expected(meaning is, meant what, bool at_once) {
  const bool is_done = is == meaning::done || (is == meaning::duplicate && !at_once);
  const bool is_reversed = is_done && what == meant::the_sale;
  const bool is_answered = at_once && is != meaning::system_error;
  const std::string by_answer = is_done ? "approved" : "declined";
  return {is_answered ? by_answer
          : is_done   ? "reversed"
                      : "unknown",
          is_answered ? by_answer : "504 timed_out unknown", is_reversed ? "reversed" : "approved",
          is_reversed ? "409 reversed_by_client reversed" : "approved"};
}

}  // namespace

TEST_CASE(
  "by GET and by key a client is told the same of its own reversal and of the purchase, and only a reversal "
  "that the host has done takes the purchase back") {
  for (const auto& file : config::built_in_dialects()) {
    const std::string name(file.name);
    std::set<meaning> seen;
    for (const auto& [is, code] : codes_of(codec::parse_dialect(file.text).value())) {
      // What takes long, with one code of each meaning.
      const bool is_first = seen.insert(is).second;
      for (const auto what : {meant::the_sale, meant::another})
        for (const bool at_once : {true, false}) {
          const bool is_long = !at_once || (is == meaning::system_error && what == meant::another);
          if (is_long && !is_first)
            continue;
          INFO(name << ", code " << code << ": " << meanings[static_cast<int>(is)]
                    << (what == meant::another ? ", of another sale" : "")
                    << (at_once ? "" : ", behind an attempt without an answer"));
          counter c(name);
          const auto t = play(c, what, is, code, at_once);
          const auto wanted = expected(is, what, at_once);
          CHECK(t.look() == wanted);
          c.restart();
          c.host_answers();
          CHECK(t.look() == wanted);
        }
    }
  }
}

TEST_CASE(
  "a client that reverses its purchase before it is known to have the approval is told that, whatever is "
  "asked, and by the next process too") {
  counter c("smartVista");
  const_cast<actors::environment&>(*c.env).settings.delivery.http = config::http_delivery::confirm;
  two_messages t{c, c.sale("000001"), {}, {}, {}};
  const auto buys = c.post(t.sale, "sale");
  c.host_answers_with("000");
  REQUIRE(last(buys).status == 200);
  t.sale_id = last(buys).json().at("transaction_id").get<std::string>();
  t.reversal = codec::reversal_of(t.sale, {}, c.d, c.env->local_time(), {});
  c.post(t.reversal, "back");
  REQUIRE(c.got().back().mti() == "0400");
  const auto by_id = [&] { return last(c.http_client(http_get("/v1/messages/" + t.sale_id))).json(); };
  const bool is_restarted = GENERATE(false, true);
  if (is_restarted) {
    c.restart();
    c.host_answers();
    c.pass(100ms);
    REQUIRE(c.got().back().mti() == "0400");
  }
  CHECK(t.by_key(t.sale, "sale") == "504 being_reversed_by_client reversing");
  CHECK(by_id().at("code") == "being_reversed_by_client");
  CHECK(by_id().at("outcome") == "reversing");
  c.host_answers_with("400");
  CHECK(t.by_key(t.sale, "sale") == "409 reversed_by_client reversed");
  CHECK(by_id().at("code") == "reversed_by_client");
  CHECK(by_id().at("outcome") == "reversed");
  c.pass(2s);
  c.restart();
  c.host_answers();
  CHECK(t.by_key(t.sale, "sale") == "409 reversed_by_client reversed");
}
