// Reads a message that an operator has pasted, and replies with its table, masked, and its faults.
//
// To try all dialects takes longer than a purchase may wait, so it is done on another thread, one message at
// a time. It reads no file but the gateway's own dialects, and logs nothing of the message.

#include "actors/operator/admin_describe.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>

#include "actors/core/default_handlers.hpp"
#include "codec/text/hex.hpp"
#include "config/dialects.hpp"
#include "inspect/command.hpp"
#include "inspect/input.hpp"
#include "inspect/reading.hpp"

namespace actors {

namespace {

using nlohmann::ordered_json;

struct tool_result {
  std::string out, err;
};

tool_result run(const std::vector<std::string>& words, const std::string& input) {
  std::vector<const char*> given;
  for (const auto& w : words)
    given.push_back(w.c_str());
  std::istringstream in(input);
  std::ostringstream out, err;
  inspect::run_tool(given, {in, out, err});
  return {out.str(), err.str()};
}

std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

message_described unreadable(const std::string& code, const std::string& title) {
  return {400, ordered_json{{"status", 400}, {"code", code}, {"title", title}}.dump(
                 -1, ' ', false, ordered_json::error_handler_t::replace)};
}

// A tool's "socketqueue: ..." as a sentence, on one line.
std::string said_by_tool(std::string text) {
  constexpr std::string_view name = "socketqueue: ";
  if (text.starts_with(name))
    text.erase(0, name.size());
  while (text.ends_with("\n"))
    text.pop_back();
  std::ranges::replace(text, '\n', ';');
  return text;
}

std::string without_blanks(const std::string& text) {
  std::string out;
  std::ranges::copy_if(text, std::back_inserter(out),
                       [](char c) { return c != ' ' && c != '\t' && c != '\r' && c != '\n'; });
  return out.starts_with("0x") || out.starts_with("0X") ? out.substr(2) : out;
}

// Shares nothing with the gateway: it runs on another thread.
class message_reader {
public:
  explicit message_reader(std::vector<std::string> dialects) : dialects_(std::move(dialects)) {}

  message_described read(const describe_message& m) {
    const auto known =
      std::ranges::find_if(dialects_, [&m](const auto& d) { return lower_case(d) == lower_case(m.dialect); });
    text_ = without_blanks(m.text);
    if (m.text.size() > described_text_max)
      return unreadable("too_long", "The text is longer than " + std::to_string(described_text_max) +
                                      " characters: give one message");
    if (!m.dialect.empty() && known == dialects_.end())
      return unreadable("unknown_dialect", "There is no such dialect here; GET /v1/dialects has their names");
    if (text_.starts_with("{") || text_.starts_with("["))
      return describe_json(m.text, m.dialect.empty() ? dialects_.front() : *known);
    if (text_.empty() || !codec::is_hex(text_) || text_.size() % 2 != 0)
      return unreadable("bad_text",
                        "Give a message as hexadecimal digits, two a byte, or as a JSON object of fields");
    return m.dialect.empty() ? detect() : describe(*known, {}, false);
  }

private:
  message_described detect() const {
    const auto bytes = codec::from_hex(text_).value_or("");
    std::optional<inspect::reading> own, best;  // in the gateway's own dialect; in the one that fits best
    std::string best_dialect;
    for (const auto& name : dialects_) {
      const auto d = inspect::read_dialect(name);
      const auto* dialect = std::get_if<codec::dialect>(&d);
      if (!dialect)
        continue;
      auto r = inspect::best_reading(bytes, *dialect, inspect::usual_frames());
      if (!own)
        own = r;
      // Of equal ones the first: the gateway's own.
      if (!best || inspect::better(r, *best)) {
        best = std::move(r);
        best_dialect = name;
      }
    }
    // A guess at a part would show a card's digits as the value of another field; the gateway's own dialect
    // knows where they are.
    const bool is_found = best && best->is_whole() && best->doubts == 0;
    return describe(is_found ? best_dialect : dialects_.front(), is_found ? best : own, is_found);
  }

  message_described describe_json(const std::string& json, const std::string& dialect) {
    const auto encoded = run({"encode", "-", "--dialect=" + dialect, "--force"}, json);
    if (encoded.out.empty())
      return unreadable("bad_fields", said_by_tool(encoded.err));
    text_ = without_blanks(encoded.out);
    return describe(dialect, {}, false);
  }

  message_described describe(const std::string& dialect, const std::optional<inspect::reading>& as,
                             bool is_found) const {
    std::vector<std::string> words{"describe", "-", "--json", "--dialect=" + dialect};
    if (as)
      words.push_back("--header=" + (as->by.header.empty() ? "none" : as->by.header));
    if (as && as->by.includes_header)
      words.emplace_back("--lengthIncludeHeader");
    const auto described = run(words, text_);
    auto table = ordered_json::parse(described.out, nullptr, false);
    if (!table.is_object())
      return unreadable("bad_text", said_by_tool(described.err));
    table["detected"] = is_found;
    return {200, table.dump(-1, ' ', false, ordered_json::error_handler_t::replace)};
  }

  std::vector<std::string> dialects_;
  std::string text_;
};

class admin_describe_state {
public:
  static inline const char* name = "admin_describe";

  explicit admin_describe_state(admin_describe_actor::pointer s) : self(s) {}

  caf::typed_response_promise<message_described> start(const describe_message& m) {
    promise = self->make_response_promise<message_described>();
    // The session that asked may stop before. This actor keeps the seat, so one message is read at a time.
    env->aside(self->system(),
               [m, reader = message_reader(described_dialects(*env)),
                me = caf::actor_cast<caf::actor>(self)]() mutable { caf::anon_send(me, reader.read(m)); });
    return promise;
  }

  void finish(const message_described& what) {
    promise.deliver(what);
    self->quit();
  }

  environment_ptr env;
  std::shared_ptr<admission::seat> seat;

private:
  admin_describe_actor::pointer self;
  caf::typed_response_promise<message_described> promise;
};

admin_describe_actor::behavior_type admin_describe(
  admin_describe_actor::stateful_pointer<admin_describe_state> self, environment_ptr env,
  std::shared_ptr<admission::seat> seat) {
  with_default_handlers(self);
  auto& state = self->state;
  state.env = std::move(env);
  state.seat = std::move(seat);
  return {
    [&state](const describe_message& m) { return state.start(m); },
    [&state](const message_described& what) { state.finish(what); },
  };
}

}  // namespace

std::vector<std::string> described_dialects(const environment& env) {
  std::vector<std::string> all;
  const auto add = [&all](const std::string& name) {
    if (!name.empty() &&
        std::ranges::none_of(all, [&name](const auto& d) { return lower_case(d) == lower_case(name); }))
      all.push_back(name);
  };
  for (const auto& u : env.settings.upstreams)
    add(u.dialect.name);
  for (const auto& l : env.settings.raw_listeners)
    add(l.dialect.name);
  for (const auto& l : env.settings.http_listeners)
    add(l.dialect.name);
  for (const auto& file : config::built_in_dialects())
    add(std::string(file.name));
  return all;
}

admin_describe_actor spawn_admin_describe(caf::actor_system& system, environment_ptr env,
                                          admission::seat seat) {
  return system.spawn(admin_describe, std::move(env), std::make_shared<admission::seat>(std::move(seat)));
}

}  // namespace actors
