// Card data in every place that a peer can fill, and every output of the released program searched for it.

#include <catch2/catch.hpp>

#include <unistd.h>

#include <boost/asio.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "codec/pack.hpp"
#include "codec/text/hex.hpp"
#include "codec/text/legacy_json.hpp"
#include "codec/validate.hpp"
#include "tests/lab/browser.hpp"
#include "tests/lab/wire.hpp"
#include "tests/support/dialects.hpp"
#include "tests/support/journaled.hpp"
#include "tests/support/v1.hpp"

using Catch::Contains;
using lab::browser;
using lab::http_get;
using lab::http_post;
using nlohmann::json;
using support::free_port;
using support::journaled;
using support::program;
using support::purchase_now;
using support::smart_vista;
using tcp = boost::asio::ip::tcp;

namespace {

/// A text with card data, and what of it must be seen nowhere.
struct kind {
  std::string text;
  std::vector<std::string> secrets;
};

constexpr const char* pin_block = "9fa3c0de17b2e645";

// Its first six and last four digits may be shown, with stars for those between.
kind card_number(const std::string& digits) {
  return {digits, {digits.substr(0, digits.size() - 4), digits.substr(6), codec::to_hex(digits)}};
}

const std::vector<kind>& corpus() {
  static const std::string track = "25121011000055577";
  static const std::vector<kind> all{
    card_number("4222222222222"),        // 13 digits
    card_number("30569309025904"),       // 14
    card_number("371449635398431"),      // 15
    card_number("4111111111111111"),     // 16
    card_number("50339619890917002"),    // 17
    card_number("586824160825533338"),   // 18
    card_number("6304985028090561515"),  // 19
    {"4111 1111 1111 1111", {"4111 1111 1111 1111", "4111%201111%201111"}},
    {"5105-1051-0510-5100", {"5105-1051-0510-5100", "1051-0510"}},
    {"5105.1051.0510.5100", {"5105.1051.0510.5100", "1051.0510"}},
    {"4111111111111111=" + track, {"4111111111111111", "1011000055577"}},  // track 2
    {"4111111111111111D" + track + "F", {"4111111111111111", "1011000055577"}},
    {"B4111111111111111^DOE/J^" + track, {"4111111111111111", "DOE/J", "1011000055577"}},  // track 1
    {codec::to_hex("4111111111111111"), {codec::to_hex("4111111111111111")}},
    {"CVV2=987 cvc: 986 CVV 985", {"=987", ": 986", "CVV 985", "%20986", "%20985"}},
  };
  return all;
}

std::string in_url(const std::string& text) {
  std::string out;
  for (const char c : text)
    out += c == ' ' ? "%20" : c == '^' ? "%5E" : std::string(1, c);
  return out;
}

// What an output says, and where it stands.
struct output {
  std::string name, text;
};

// A whole message that the gateway sends to the host.
bool is_accepted(const json& body) {
  const auto m = codec::from_json(body, smart_vista());
  const auto now = codec::parse_local_time(purchase_now()[12]);
  return m.faults.empty() && codec::validate(m.value, smart_vista(), *now).empty();
}

class watched_gateway {
public:
  explicit watched_gateway(const std::string& log_format)
    : j_({"--logFormat=" + log_format, "--logFile=" + log_, "--adminPort=" + std::to_string(admin_),
          "--adminTokenFile=" + (here_ / "token"), "--statServerPort=" + std::to_string(statistics_),
          "--nodePort=" + std::to_string(node_), "--logstashHost=127.0.0.1",
          "--logstashPort=" + std::to_string(logstash_.local_endpoint().port())}) {
    test::write(here_ / "token", token_ + "\n");
    logstash_reader_ = std::thread([this] {
      auto from = logstash_.accept();
      boost::system::error_code end;
      boost::asio::read(from, boost::asio::dynamic_buffer(logstash_heard_), end);
    });
    j_.start();
    REQUIRE(j_.gateway->says("Connected to upstream"));
    events_.connect({boost::asio::ip::address_v4::loopback(), admin_});
    boost::asio::write(events_, boost::asio::buffer(http_get("/v1/events")));
    events_reader_ = std::thread([this] {
      boost::system::error_code end;
      boost::asio::read(events_, boost::asio::dynamic_buffer(events_heard_), end);
    });
  }
  ~watched_gateway() { end(); }

  /// Its answer is one of ours, not the host's.
  void refused(const std::string& request, bool at_admin = false) {
    browser b(at_admin ? admin_ : j_.http_port);
    const auto r = b.ask(request);
    INFO(request);
    CHECK(r.status >= 400);
    outputs_.push_back({"a refusal of " + request.substr(0, 12), r.head + r.body});
  }

  /// Its reply has card data masked.
  void shown(const std::string& request, bool at_admin = true) {
    browser b(at_admin ? admin_ : j_.http_port);
    outputs_.push_back({request.substr(0, 16), b.ask(request).body});
  }

  /// The host declines it. The client gets what it has sent at / and /raw, and a masked reply at /v1.
  void declined(const std::string& request, bool is_masked = false) {
    browser b(j_.http_port);
    b.send(request);
    j_.host.answer(j_.host.read(), "116");
    const auto r = b.reply();
    CHECK(r.status == 200);
    if (is_masked)
      outputs_.push_back({"a decline", r.body});
  }

  void served(const json& body) {
    is_accepted(body) ? declined(http_post("/", body.dump())) : refused(http_post("/", body.dump()));
  }

  /// Its bytes, and the end of what this client says.
  void raw(const std::string& bytes) {
    boost::asio::io_context io;
    tcp::socket client(io);
    client.connect({boost::asio::ip::address_v4::loopback(), j_.port});
    boost::asio::write(client, boost::asio::buffer(bytes));
    boost::system::error_code end;
    client.shutdown(tcp::socket::shutdown_send, end);
    std::string answer;
    boost::asio::read(client, boost::asio::dynamic_buffer(answer), end);
  }

  void raw_declined(const codec::message& m) {
    std::thread client([&] { raw(*codec::pack(m, smart_vista())); });
    j_.host.answer(j_.host.read(), "116");
    client.join();
  }

  void host_says(const std::string& bytes) { j_.host.send(lab::framed(bytes)); }

  /// A purchase whose outcome is unknown, and what an operator says of it.
  void parks(const std::string& why) {
    const auto m = purchase_now("00000043", next_stan());
    std::thread client([&] { raw(*codec::pack(m, smart_vista())); });
    j_.host.read();
    j_.host.hang_up();
    client.join();
    j_.host.accept();
    const auto reversal = j_.host.read();
    CHECK(reversal.mti() == "0400");
    j_.host.answer(reversal, "904");
    REQUIRE(j_.gateway->says("ALARM: "));
    const auto listed = json::parse(browser(admin_).ask(http_get("/v1/pending")).body).at("cases");
    REQUIRE(listed.size() == 1);
    const auto number = listed[0].at("case").dump();
    outputs_.push_back({"pending", j_.asked({"pending"}).second});
    outputs_.push_back({"no resolve", j_.asked({"resolve", "999999", "--why=" + why}).second});
    const auto path = "/v1/pending/" + number + "/resolve";
    browser b(admin_);
    const auto r =
      b.ask(http_post(path, json{{"why", why}}.dump(), "Authorization: Bearer " + token_ + "\r\n"));
    CHECK(r.status == 200);
    outputs_.push_back({"a decision", r.body});
  }

  std::string next_stan() { return std::to_string(1000000 + ++stan_).substr(1); }

  void look() {
    for (const auto* path : {"/", "/metrics", "/v1/status", "/v1/links", "/v1/terminals",
                             "/v1/transactions?last=1000", "/v1/actors", "/v1/pending", "/readyz"})
      outputs_.push_back({path, browser(admin_).ask(http_get(path)).body});
    outputs_.push_back({"statistics", support::ask_port(statistics_, "")});
    program inspect({"inspect", "127.0.0.1:" + std::to_string(node_)});
    CHECK(inspect.wait() == 0);
    outputs_.push_back({"inspect", inspect.output()});
    const auto process = "/proc/" + std::to_string(j_.gateway->pid());
    outputs_.push_back(
      {"the process list", test::read(process + "/cmdline") + test::read(process + "/environ")});
  }

  /// Everything that the program has shown, at its end.
  std::vector<output> end() {
    if (!logstash_reader_.joinable())
      return {};
    j_.gateway->signal(SIGTERM);
    CHECK(j_.gateway->wait() == 0);
    logstash_reader_.join();
    if (events_reader_.joinable())
      events_reader_.join();
    outputs_.push_back({"the console", j_.gateway->output()});
    outputs_.push_back({"the log file", test::read(log_)});
    outputs_.push_back({"Logstash", logstash_heard_});
    outputs_.push_back({"/v1/events", events_heard_});
    for (const auto& file : std::filesystem::directory_iterator(j_.journal))
      if (file.is_regular_file())
        outputs_.push_back({file.path().filename().string(), test::read(file.path().string())});
    return outputs_;
  }

private:
  test::directory here_;
  boost::asio::io_context io_;
  tcp::acceptor logstash_{io_, {boost::asio::ip::address_v4::loopback(), 0}};
  tcp::socket events_{io_};
  std::string log_ = here_ / "log", token_ = "0123456789abcdef0123", logstash_heard_, events_heard_;
  std::uint16_t admin_ = free_port(), statistics_ = free_port(), node_ = free_port();
  journaled j_;
  std::thread logstash_reader_, events_reader_;
  std::vector<output> outputs_;
  int stan_ = 0;
};

json with(const std::string& stan, const std::string& field, const std::string& value) {
  auto body = json::parse(codec::to_json(purchase_now("00000042", stan), smart_vista()).dump());
  body[field] = value;
  return body;
}

// In every field of a message, by number at / and by name at /v1.
void say_in_fields(watched_gateway& g, const std::string& text) {
  for (const auto& spec : smart_vista().fields) {
    if (!spec || spec->number == 1)
      continue;
    const auto number = std::to_string(spec->number);
    const auto body = with(g.next_stan(), number, text);
    // What a dialect calls open is no card's, and is shown.
    if (spec->shown != codec::privacy::open || !is_accepted(body))
      g.served(body);
    g.served(with(g.next_stan(), number, text + " + " + text));
    if (!spec->alias.empty())
      g.refused(http_post("/v1/messages", json{{"mti", "0200"}, {spec->alias, text}}.dump(),
                          "Content-Type: application/json\r\n"));
  }
  g.declined(
    http_post("/v1/messages",
              json::parse(support::v1_json(purchase_now("00000042", g.next_stan())))
                .patch(json::array({{{"op", "add"}, {"path", "/customer_response"}, {"value", text}}}))
                .dump(),
              "Content-Type: application/json\r\n"),
    true);
}

// In every other place of an HTTP request.
void say_over_http(watched_gateway& g, const std::string& text) {
  const std::string is_json = "Content-Type: application/json\r\n";
  auto named = with(g.next_stan(), "62", "x");
  named[text] = "1";
  g.refused(http_post("/", named.dump()));
  g.refused(http_post("/", "{\"" + text + "\": 1, \"" + text + "\": 2}"));
  g.refused(http_post("/", "{\"62\": \"" + text));
  g.refused(http_post("/", text));
  g.refused(http_post("/v1/messages", json{{"mti", "0200"}, {text, text}, {"amount", text}}.dump(), is_json));
  g.refused(http_post("/v1/messages", text, is_json));
  g.refused(http_post("/v1/messages", "{\"track2\": \"" + text, is_json));
  g.refused(http_post("/raw", text + "x"));
  g.refused(http_post("/raw", codec::to_hex(text)));
  const auto path = "/" + in_url(text);
  g.refused(http_get(path));
  g.refused(http_get("/v1/messages" + path));
  g.refused(http_get(path + "?" + in_url(text)), true);
  g.shown(http_get("/v1/pending?tid=" + in_url(text)));
  g.refused(http_post(path, text, "X-Card: " + text + "\r\nUser-Agent: " + text + "\r\n"));
  const auto key = is_json + "Idempotency-Key: " + in_url(text) + g.next_stan() + "\r\n";
  g.declined(http_post("/", with(g.next_stan(), "62", text).dump(), key));
  g.refused(http_post("/", with(g.next_stan(), "62", text).dump(), key));  // other content
  auto m = purchase_now("00000042", g.next_stan());
  m.set(62, text);
  const auto hex = codec::to_hex(*codec::pack(m, smart_vista()));
  g.shown(http_post("/v1/describe", json{{"text", hex}}.dump(), is_json));
  g.shown(http_post("/v1/describe", hex, "Content-Type: text/plain\r\n"), false);
}

void say_over_tcp(watched_gateway& g, const std::string& text) {
  auto m = purchase_now("00000042", g.next_stan());
  m.set(2, "4111111111111111");
  m.set(14, "251299");
  m.set(52, pin_block);
  m.set(55, "9F2608571F1E10D4FA4AAC57114111111111111111D25121011000055577000F");
  m.set(62, text);
  g.raw_declined(m);
  const auto bytes = *codec::pack(m, smart_vista());
  g.raw(text);
  g.raw("0200" + text + text);
  g.raw(bytes.substr(0, bytes.size() - 4));
  g.raw("0200\xff\xff\xff\xff\xff\xff\xff\xff" + text + text);
  if (const auto packed = codec::from_hex(text.size() % 2 == 0 ? text : text + "0"))
    g.raw("0200" + *packed);
  // The host says it in what is no message, and in a response that nobody waits for.
  g.host_says(text);
  m.set(0, "0210");
  m.set(11, g.next_stan());
  m.set(39, "000");
  g.host_says(*codec::pack(m, smart_vista()));
}

std::vector<std::string> all_secrets() {
  std::vector<std::string> all{pin_block, "9FA3C0DE17B2E645", *codec::from_hex(pin_block),
                               *codec::from_hex("4111111111111111"), "4111111111111111"};
  for (const auto& k : corpus())
    all.insert(all.end(), k.secrets.begin(), k.secrets.end());
  return all;
}

}  // namespace

TEST_CASE("card data that comes in anywhere is seen nowhere, in logs of text and of JSON") {
  const auto* format = GENERATE("text", "json");
  watched_gateway g(format);
  for (const auto& k : corpus()) {
    say_in_fields(g, k.text);
    say_over_http(g, k.text);
    say_over_tcp(g, k.text);
  }
  g.refused(http_post("/", with(g.next_stan(), "52", pin_block).dump(), "Idempotency-Key: \r\n"));
  g.parks("given back: 4111 1111 1111 1111, track 4111111111111111=25121011000055577, CVV2=987");
  g.look();
  const auto outputs = g.end();
  REQUIRE(outputs.size() > 100);
  for (const auto& o : outputs)
    for (const auto& secret : all_secrets())
      if (const auto at = o.text.find(secret); at != std::string::npos)
        FAIL_CHECK(format << ", " << o.name << ": " << o.text.substr(at < 80 ? 0 : at - 80, 200));
  // It was looked at where cards are shown, masked.
  for (const auto& o : outputs)
    if (o.name == "the console" || o.name == "the log file" || o.name == "Logstash") {
      INFO(o.name);
      CHECK_THAT(o.text, Contains("411111******1111") && Contains("[Purchase Response]"));
    }
}

TEST_CASE("a process of the same user gets no copy of a running gateway's memory") {
  if (::geteuid() != 0 || std::system("gcore -h 2>/dev/null | grep -q usage") != 0) {
    WARN("this needs root, to be another user, and gdb's gcore; it does not run");
    return;
  }
  const std::string nobody = "65534";
  const auto port = std::to_string(free_port());
  program bank({"--reuid=" + nobody, "--clear-groups", PROGRAM, "--echoServerPort=" + port, "--v"},
               "/usr/bin/setpriv");
  REQUIRE(bank.says("Echo server listens"));
  const test::directory here;
  REQUIRE(::chown(here.path().c_str(), 65534, 65534) == 0);
  const auto core = here / "core";
  const auto command = "setpriv --reuid=" + nobody + " --clear-groups gcore -o '" + core + "' " +
                       std::to_string(bank.pid()) + " >/dev/null 2>&1";
  CHECK(std::system(command.c_str()) != 0);
  CHECK(std::filesystem::is_empty(here.path()));
}
