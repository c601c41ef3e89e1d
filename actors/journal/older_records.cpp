// Records as a line of JSON, as programs wrote them until the form of record_form came. They are only read:
// what this program writes has the new form.

#include "actors/journal/older_records.hpp"

#include <nlohmann/json.hpp>

#include "codec/text/latin1.hpp"

namespace actors {

namespace {

using nlohmann::json;

// A peer's text is bytes of any kind, of which each was written as a character.
std::string bytes_of(const json& text) {
  auto bytes = codec::latin1_of_utf8(text.get<std::string>());
  if (!bytes)
    throw std::invalid_argument("not a text of ours");
  return std::move(*bytes);
}

std::string bytes_of(const json& j, const char* name) {
  const auto it = j.find(name);
  return it == j.end() ? std::string() : bytes_of(*it);
}

codec::message message_of(const json& fields) {
  codec::message m;
  for (const auto& [number, value] : fields.items())
    m.set(std::stoi(number), bytes_of(value));
  return m;
}

constexpr std::pair<delivery, const char*> delivery_names[]{
  {delivery::tcp, "tcp"},
  {delivery::idempotent, "idempotent"},
  {delivery::confirm, "confirm"},
  {delivery::confirm_by_message, "confirm by message"}};

constexpr std::pair<decision::attempt_state, const char*> attempt_states[]{
  {decision::attempt_state::sent, "sent"},
  {decision::attempt_state::answered, "answered"},
  {decision::attempt_state::lost, "lost"}};

// The oldest journals have keys in clear.
client_options read_options(const json& j, const store::sealer& sealer) {
  client_options options{delivery::tcp, bytes_of(j, "transaction"), bytes_of(j, "request_key"),
                         bytes_of(j, "request_digest")};
  if (const auto key = bytes_of(j, "key"); !key.empty()) {
    // There a raw client's key was also its id, which others could guess.
    const bool raw = key == options.public_id;
    options.key = sealer.fingerprint(raw ? key : http_key(key));
    options.digest = sealer.fingerprint(bytes_of(j, "digest"));
  }
  for (const auto& [how, name] : delivery_names)
    if (j.value("contract", "tcp") == name)
      options.how = how;
  return options;
}

void read_intent(journal_record& into, const json& j, const store::sealer& sealer) {
  auto& d = into.what;
  into.wall = j.at("wall").get<std::int64_t>();
  d.options = read_options(j, sealer);
  d.client_stan = bytes_of(j, "client_stan");
}

}  // namespace

journal_record read_older_record(const store::record& r, const store::sealer& sealer) {
  const auto j = json::parse(r.content);
  journal_record read{{static_cast<decision::kind>(r.kind), r.transaction}};
  auto& d = read.what;
  d.upstream = bytes_of(j, "upstream");
  if (d.what == decision::kind::numbers) {
    read.until = j.at("until").get<std::uint64_t>();
    return read;
  }
  if (const auto fields = j.find("fields"); fields != j.end())
    d.message = std::make_shared<const codec::message>(message_of(*fields));
  d.why = bytes_of(j, "why");
  d.who = bytes_of(j, "who");
  d.code = bytes_of(j, "code");
  d.attempt = j.value("attempt", 0);
  if (d.what == decision::kind::intent)
    read_intent(read, j, sealer);
  // The oldest ones without it were written at the attempt's end, whichever it was.
  for (const auto& [is, name] : attempt_states)
    if (j.value("attempt_is", "answered") == name)
      d.attempt_is = is;
  if (d.what == decision::kind::closed)
    d.outcome = outcome_called(j.at("outcome").get<std::string>());
  return read;
}

codec::message read_older_card(std::string_view clear) { return message_of(json::parse(clear)); }

std::string key_of_older_record(const store::record& r, const store::sealer& sealer) {
  // Most records have no key; parsing all of them would make a start slow.
  return r.content.find("key\"") == std::string::npos ? "" : read_options(json::parse(r.content), sealer).key;
}

}  // namespace actors
