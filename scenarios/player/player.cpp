// Plays a story in virtual time.
//
// A step that expects something looks at what has come so far, for time stands
// still until the story lets it pass. Messages to the host are taken in any
// order (the first that fits), a client's answers in theirs.

#include "scenarios/player/player.hpp"

#include <algorithm>
#include <charconv>
#include <map>

#include "codec/hex.hpp"
#include "codec/json.hpp"
#include "codec/masking.hpp"
#include "codec/message_table.hpp"
#include "codec/mti.hpp"
#include "codec/pack.hpp"
#include "codec/pairing.hpp"
#include "codec/unpack.hpp"
#include "codec/validate.hpp"
#include "config/load.hpp"
#include "config/options.hpp"
#include "scenarios/player/stage.hpp"
#include "scenarios/player/step_reader.hpp"

namespace player {

namespace {

using namespace std::chrono_literals;

// A step whose expectation was not met; caught in play().
struct unmet {
  std::string what;
};

struct client {
  connection_ptr line;
  bool by_http = false;
  net::bytes unread;   // what it got and the story has not looked at
  std::size_t seen = 0;
};

class performance {
public:
  performance(const codec::dialect& d, std::uint64_t seed) : dialect_(d), seed_(seed), settings_(config::defaults()) {
    settings_.listen_port = 1;
  }

  void perform(const step& s) {
    now_ = &s;
    read_.emplace(s, dialect_, [this] {
      begin();
      return stage_->env->local_time();
    });
    (this->*acts().at(s.subject + " " + s.verb))();
    if (stage_)
      stage_->settle();
  }

  std::chrono::milliseconds time() const {
    return stage_ ? std::chrono::duration_cast<std::chrono::milliseconds>(stage_->now() - begun_) : 0ms;
  }

  std::string trace() const { return stage_ ? stage_->trace : ""; }

private:
  using act = void (performance::*)();

  static const std::map<std::string, act>& acts() {
    using p = performance;
    static const std::map<std::string, act> all{
      {"gateway runs with", &p::gateway_runs_with}, {"gateway loses", &p::gateway_loses}, {"gateway drains", &p::gateway_drains},
      {"gateway has ended", &p::gateway_has_ended}, {"gateway goes on", &p::gateway_goes_on},
      {"host is down", &p::host_is_down}, {"host is up", &p::host_is_up}, {"host closes every call for", &p::host_closes_every_call},
      {"host was called at most", &p::host_called_at_most}, {"host was called at least", &p::host_called_at_least},
      {"host receives bytes", &p::host_receives_bytes}, {"host receives nothing", &p::host_receives_nothing}, {"host receives", &p::host_receives},
      {"host sends bytes", &p::host_sends_bytes}, {"host sends", &p::host_sends}, {"host hangs up", &p::host_hangs_up},
      {"host cuts the link", &p::host_cuts},
      {"client connects by http", &p::client_connects_by_http}, {"client connects", &p::client_connects}, {"client sends bytes", &p::client_sends_bytes},
      {"client sends", &p::client_sends}, {"client posts raw", &p::client_posts_raw}, {"client posts", &p::client_posts}, {"client asks", &p::client_asks},
      {"client receives nothing", &p::client_receives_nothing}, {"client receives", &p::client_receives},
      {"client is closed", &p::client_is_closed}, {"client is open", &p::client_is_open}, {"client finishes", &p::client_finishes},
      {"client vanishes", &p::client_vanishes},
      {"time passes", &p::time_passes}, {"log never says", &p::log_never_says}, {"log says", &p::log_says}, {"statistics say", &p::statistics_say},
    };
    return all;
  }

  // --- the gateway ---------------------------------------------------------

  void begin() {
    if (stage_)
      return;
    stage_ = std::make_unique<stage>(settings_, dialect_, seed_, host_manner_);
    begun_ = stage_->now();
  }

  void gateway_runs_with() {
    if (stage_)
      read_->fail(nullptr, "the gateway's options stand before everything else");
    for (const auto& w : now_->rest) {
      const auto equals = w.text.find('=');
      const auto* o = config::find_option(w.text.substr(0, equals));
      if (!o)
        read_->fail(&w, "there is no option '" + w.text.substr(0, equals) + "'; did you mean '" + std::string(config::nearest_option(w.text.substr(0, equals))) + "'?");
      const auto why = config::assign(settings_, *o, equals == std::string::npos ? "true" : w.text.substr(equals + 1));
      if (!why.empty())
        read_->fail(&w, std::string(o->name) + " " + why);
    }
  }

  void gateway_loses() {
    begin();
    const auto& w = read_->only_word("a part: upstream, dispatcher, clients, http_clients, registry or stats");
    const auto victim = stage_->part(w.text);
    if (!victim)
      read_->fail(&w, "the gateway has no part '" + w.text + "' (now); expected upstream, dispatcher, clients, http_clients, registry or stats");
    caf::anon_send_exit(victim, caf::exit_reason::kill);
  }

  void gateway_drains() {
    read_->no_words();
    begin();
    stage_->drain();
  }

  void gateway_has_ended() {
    read_->no_words();
    if (!stage_ || !stage_->ended)
      throw unmet{"  the gateway goes on\n"};
  }

  void gateway_goes_on() {
    read_->no_words();
    if (stage_ && stage_->ended)
      throw unmet{"  the gateway has ended\n"};
  }

  // --- the host ------------------------------------------------------------

  void set_manner(scripted_host::manner how) {
    host_manner_ = how;
    if (stage_)
      stage_->host->how = how;
  }

  void host_is_down() {
    read_->no_words();
    set_manner(scripted_host::manner::refuses);
    if (stage_ && stage_->host->line)
      stage_->host->line->vanishes();
  }

  void host_is_up() {
    read_->no_words();
    set_manner(scripted_host::manner::answers);
  }

  void host_closes_every_call() {
    const auto time = read_->duration(read_->only_word("a duration"));
    set_manner(scripted_host::manner::answers_and_closes);
    begin();
    if (stage_->host->line)
      stage_->host->line->vanishes();
    stage_->pass(time);
    set_manner(scripted_host::manner::answers);
  }

  void host_called_at_most() {
    const auto most = read_->number(read_->only_word("a number"));
    if (stage_->host->calls > most)
      throw unmet{"  it was called " + std::to_string(stage_->host->calls) + " times\n"};
  }

  void host_called_at_least() {
    const auto least = read_->number(read_->only_word("a number"));
    if (stage_->host->calls < least)
      throw unmet{"  it was called " + std::to_string(stage_->host->calls) + " times\n"};
  }

  // What the gateway sent since we last looked.
  void listen_as_host() {
    begin();
    if (stage_->host->line != host_line_) {
      host_line_ = stage_->host->line;
      host_seen_ = 0;
    }
    for (; host_line_ && host_seen_ < host_line_->sent.size(); ++host_seen_) {
      auto m = codec::unpack(host_line_->sent[host_seen_], dialect_);
      if (m)
        unheard_.push_back(std::move(*m));
    }
  }

  void host_receives() {
    const auto d = read_->only_described();
    listen_as_host();
    const auto it = std::ranges::find_if(unheard_, [&](const codec::message& m) { return read_->difference(m, d).empty(); });
    if (it == unheard_.end()) {
      if (unheard_.empty())
        throw unmet{"  it received nothing\n"};
      throw unmet{read_->difference(unheard_.front(), d) + "  it received instead:\n\n" + table(unheard_.front())};
    }
    heard_.push_back(*it);
    unheard_.erase(it);
  }

  void host_receives_nothing() {
    read_->no_words();
    listen_as_host();
    if (!unheard_.empty())
      throw unmet{"  it received:\n\n" + table(unheard_.front())};
  }

  void host_receives_bytes() { read_->fail(nullptr, "bytes come in messages: host receives 0200 ..."); }

  std::string table(const codec::message& m) const { return codec::message_table(m, dialect_); }

  const connection_ptr& host_line() {
    begin();
    if (!stage_->host->line || !stage_->host->line->events.frames)
      throw unmet{"  there is no link\n"};
    return stage_->host->line;
  }

  // An answer to what the host received, found by tid and stan where they are given; else a message of its own.
  void host_sends() {
    const auto d = read_->only_described();
    const auto line = host_line();
    auto m = read_->usual(d.mti);
    if (codec::is_response(d.mti)) {
      const auto match = std::find_if(heard_.rbegin(), heard_.rend(), [&](const codec::message& r) {
        return codec::response_mti(r.mti()) == d.mti && std::ranges::all_of(d.fields, [&](const assignment& a) {
                 if (a.name == "without")
                   return true;
                 const auto& spec = read_->field(a);
                 return (spec.number != 41 && spec.number != 11) || r[spec.number] == read_->value(a, spec);
               });
      });
      if (match != heard_.rend())
        m = *match;
      m.set(0, d.mti);
      m.set(37, "000000000001");
      m.set(39, "000");
    }
    say(line, read_->wire(read_->change(std::move(m), d)), d.pieces, true);
  }

  void host_sends_bytes() {
    const auto bytes = codec::from_hex(read_->only_word("hexadecimal digits").text);
    if (!bytes)
      read_->fail(&now_->rest[0], "expected hexadecimal digits");
    host_line()->says(*bytes);
  }

  void host_hangs_up() {
    read_->no_words();
    host_line()->finishes();
  }

  void host_cuts() {
    read_->no_words();
    host_line()->vanishes();
  }

  // --- clients -------------------------------------------------------------

  client& the_client(bool by_http = false) {
    begin();
    const auto it = clients_.find(now_->name);
    if (it != clients_.end())
      return it->second;
    return clients_.emplace(now_->name, client{stage_->enter(by_http), by_http, {}, 0}).first->second;
  }

  client& known_client() {
    const auto it = clients_.find(now_->name);
    if (it == clients_.end())
      read_->fail(nullptr, "client " + now_->name + " has not connected in this story");
    return it->second;
  }

  void client_connects() {
    read_->no_words();
    clients_.erase(now_->name);
    the_client();
  }

  void client_connects_by_http() {
    read_->no_words();
    clients_.erase(now_->name);
    the_client(true);
  }

  void say(const connection_ptr& line, const net::bytes& bytes, std::optional<std::size_t> pieces, bool frames) {
    // The host's link is framed below us: its pieces are whole frames.
    const auto piece = frames ? bytes.size() : pieces.value_or(bytes.size());
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      line->says(bytes.substr(at, piece));
      stage_->settle();
    }
  }

  void client_sends() {
    auto& c = the_client();
    net::bytes bytes;
    std::optional<std::size_t> pieces;
    for (std::size_t at = 0; at < now_->rest.size() || at == 0; ++at) {
      const auto d = read_->read_described(at);
      bytes += read_->wire(read_->change(read_->usual(d.mti), d));
      pieces = d.pieces ? d.pieces : pieces;
    }
    say(c.line, bytes, pieces, false);
  }

  void client_sends_bytes() {
    auto& c = the_client();
    const auto& w = read_->only_word("hexadecimal digits, or text in quotes");
    const auto bytes = w.quoted ? std::optional(w.text) : codec::from_hex(w.text);
    if (!bytes)
      read_->fail(&w, "expected hexadecimal digits, or text in quotes");
    c.line->says(*bytes);
  }

  void post(const std::string& path, const std::string& body, const std::string& key) {
    auto& c = the_client(true);
    c.line->says("POST " + path + " HTTP/1.1\r\nHost: story\r\nContent-Type: application/json\r\n" +
                 (key.empty() ? "" : "Idempotency-Key: " + key + "\r\n") + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  }

  void client_posts() {
    const auto d = read_->only_described();
    begin();
    post("/", codec::to_json(read_->change(read_->usual(d.mti), d), dialect_).dump(), d.key);
  }

  void client_posts_raw() {
    const auto d = read_->only_described();
    begin();
    post("/raw", codec::to_hex(read_->wire(read_->change(read_->usual(d.mti), d))), d.key);
  }

  // client B asks "GET /v1/openapi.json"
  void client_asks() {
    auto& c = the_client(true);
    c.line->says(read_->only_word("a method and a path in quotes").text + " HTTP/1.1\r\nHost: story\r\nContent-Length: 0\r\n\r\n");
  }

  void listen_as(client& c) const {
    for (; c.seen < c.line->sent.size(); ++c.seen)
      c.unread += c.line->sent[c.seen];
  }

  void client_receives() {
    auto& c = known_client();
    listen_as(c);
    if (c.by_http)
      return client_receives_reply(c);
    const auto d = read_->only_described();
    if (c.unread.empty())
      throw unmet{std::string("  it received nothing") + (c.line->closed ? ", and its connection is closed\n" : "\n")};
    auto front = codec::unpack_front(c.unread, dialect_);
    if (!front)
      throw unmet{"  it received " + std::to_string(c.unread.size()) + " bytes that are no message\n"};
    c.unread.erase(0, front->size);
    if (const auto wrong_fields = read_->difference(front->value, d); !wrong_fields.empty())
      throw unmet{wrong_fields + "  it received instead:\n\n" + table(front->value)};
  }

  // status=200 says="..."
  void client_receives_reply(client& c) const {
    const auto end = c.unread.find("\r\n\r\n");
    if (end == std::string::npos)
      throw unmet{"  it received nothing\n"};
    const auto head = c.unread.substr(0, end);
    const auto at = head.find("Content-Length: ");
    const auto length = at == std::string::npos ? 0 : std::stoul(head.substr(at + 16));
    const auto body = c.unread.substr(end + 4, length);
    c.unread.erase(0, end + 4 + length);
    for (std::size_t i = 0; i < now_->rest.size(); ++i) {
      const auto& w = now_->rest[i];
      if (w.text.starts_with("status=")) {
        if (head.substr(9, 3) != w.text.substr(7))
          throw unmet{"  status: expected " + w.text.substr(7) + ", got " + head.substr(9, 3) + "\n"};
      } else if (w.text == "saying" && i + 1 < now_->rest.size()) {
        if (body.find(now_->rest[++i].text) == std::string::npos)
          throw unmet{"  its body does not say " + now_->rest[i].text + "\n"};
      } else {
        read_->fail(&w, "expected status=200 or saying \"...\", not '" + w.text + "'");
      }
    }
  }

  void client_receives_nothing() {
    read_->no_words();
    auto& c = known_client();
    listen_as(c);
    if (!c.unread.empty())
      throw unmet{"  it received " + std::to_string(c.unread.size()) + " bytes\n"};
  }

  void client_is_closed() {
    read_->no_words();
    if (!known_client().line->closed)
      throw unmet{"  its connection is open\n"};
  }

  void client_is_open() {
    read_->no_words();
    if (known_client().line->closed)
      throw unmet{"  its connection is closed\n"};
  }

  void client_finishes() {
    read_->no_words();
    known_client().line->finishes();
  }

  void client_vanishes() {
    read_->no_words();
    known_client().line->vanishes();
  }

  // --- time and what is seen -----------------------------------------------

  void time_passes() {
    const auto time = read_->duration(read_->only_word("a duration"));
    begin();
    stage_->pass(time);
  }

  bool logged(const std::string& text) const {
    return std::ranges::any_of(stage_->log, [&text](const std::string& line) { return line.find(text) != std::string::npos; });
  }

  void log_says() {
    begin();
    const auto& w = read_->only_word("text in quotes");
    if (!logged(w.text))
      throw unmet{"  no line of the log says so\n"};
  }

  void log_never_says() {
    begin();
    const auto& w = read_->only_word("text in quotes");
    if (logged(w.text))
      throw unmet{"  a line of the log says so\n"};
  }

  void statistics_say() {
    begin();
    const auto line = stage_->statistics();
    for (const auto& w : now_->rest) {
      const auto a = read_->read_assignment(w);
      if (line.find("\"" + a.name + "\":" + a.value + ",") == std::string::npos && line.find("\"" + a.name + "\":" + a.value + "}") == std::string::npos)
        throw unmet{"  the statistics are " + line + "\n"};
    }
  }

  const codec::dialect& dialect_;
  std::uint64_t seed_;
  config::settings settings_;
  scripted_host::manner host_manner_ = scripted_host::manner::answers;
  std::unique_ptr<stage> stage_;
  caf::actor_clock::time_point begun_{};
  const step* now_ = nullptr;
  std::optional<step_reader> read_;
  std::map<std::string, client> clients_;
  connection_ptr host_line_;
  std::size_t host_seen_ = 0;
  std::vector<codec::message> unheard_, heard_;
};

} // namespace

outcome play(const story& s, const codec::dialect& dialect, std::uint64_t seed, const std::function<void(const played_step&)>& told) {
  outcome o;
  performance p(dialect, seed);
  const auto tell = [&](const step& what, std::optional<std::string> failure) {
    if (told)
      told({&what, p.time(), std::move(failure)});
  };
  for (const auto& step : s.steps) {
    ++o.steps;
    try {
      p.perform(step);
    } catch (const wrong& w) {
      o.error = w.error;
      return o;
    } catch (const unmet& u) {
      tell(step, u.what);
      o.trace = p.trace();
      return o;
    }
    tell(step, {});
  }
  o.good = true;
  o.trace = p.trace();
  return o;
}

} // namespace player
