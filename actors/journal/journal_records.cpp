// Decisions as the store has them: a line of JSON each, without card data. The card is sealed beside the line
// and bound to its transaction, so that it cannot be moved to another one.

#include "actors/journal/journal_records.hpp"

#include <nlohmann/json.hpp>

#include "codec/exchange/reversal.hpp"
#include "codec/fields.hpp"
#include "codec/privacy/retention.hpp"
#include "codec/text/latin1.hpp"
#include "config/printable.hpp"

namespace actors {

namespace {

using nlohmann::json;
using kind = decision::kind;

// A peer's text is bytes of any kind; they are read back unchanged.
json text_of(std::string_view bytes) { return codec::utf8_of_latin1(bytes); }

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

json fields_of(const codec::message& m) {
  auto fields = json::object();
  for (const auto& [number, value] : m)
    fields[std::to_string(number)] = text_of(value);
  return fields;
}

// Throws the JSON library's exceptions; replay() catches them.
codec::message message_of(const json& fields) {
  codec::message m;
  for (const auto& [number, value] : fields.items())
    m.set(std::stoi(number), bytes_of(value));
  return m;
}

// What a sealed card is bound to.
std::string binding(transaction_id id, const codec::message& request) {
  return std::to_string(id) + "/" + std::string(request[codec::fields::tid]) + "/" +
         std::string(request[codec::fields::stan]) + "/" + std::string(request[codec::fields::amount]);
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

// Older journals have keys in clear.
client_options read_options(const json& j, const store::sealer& sealer) {
  client_options options{delivery::tcp, bytes_of(j, "transaction"), bytes_of(j, "request_key"),
                         bytes_of(j, "request_digest")};
  if (const auto key = bytes_of(j, "key"); !key.empty()) {
    // In older journals a raw client's key was also its id, which others could guess.
    const bool raw = key == options.public_id;
    options.key = sealer.fingerprint(raw ? key : http_key(key));
    options.digest = sealer.fingerprint(bytes_of(j, "digest"));
  }
  for (const auto& [how, name] : delivery_names)
    if (j.value("contract", "tcp") == name)
      options.how = how;
  return options;
}

decision read_decision(const store::record& r, std::int64_t& wall, const store::sealer& sealer) {
  const auto j = json::parse(r.content);
  decision d{static_cast<kind>(r.kind), r.purchase};
  if (const auto fields = j.find("fields"); fields != j.end())
    d.message = std::make_shared<const codec::message>(message_of(*fields));
  d.why = bytes_of(j, "why");
  if (d.what == kind::reversal_due)
    d.because = cause_called(d.why);
  d.who = bytes_of(j, "who");
  d.code = bytes_of(j, "code");
  d.attempt = j.value("attempt", 0);
  if (d.what == kind::intent) {
    wall = j.at("wall").get<std::int64_t>();
    d.options = read_options(j, sealer);
    d.upstream = bytes_of(j, "upstream");
    d.client_stan = bytes_of(j, "client_stan");
  }
  // Older records without the field were written at the attempt's end, whichever it was.
  for (const auto& [is, name] : attempt_states)
    if (j.value("attempt_is", "answered") == name)
      d.attempt_is = is;
  if (d.what == kind::closed) {
    const auto outcome = lifecycle::state_of(j.at("outcome").get<std::string>());
    if (!outcome || !lifecycle::is_final(*outcome))
      throw std::invalid_argument("unknown outcome");
    d.outcome = *outcome;
  }
  return d;
}

// What was given since a journal was copied is unknown, so the number in an adopted one says nothing.
void read_reservation(book& into, const store::record& r) {
  const auto j = json::parse(r.content);
  const auto until = j.at("until").get<std::uint64_t>();
  into.reserve(r.purchase, bytes_of(j, "upstream"), r.purchase <= into.adopted() ? 0 : until);
}

}  // namespace

void write_decision(store::batch& into, const decision& d, std::int64_t wall, const codec::dialect& dialect,
                    const store::sealer& sealer) {
  auto j = json::object();
  if (d.message) {
    const auto parts = codec::parts_to_retain(*d.message, dialect);
    j["fields"] = fields_of(parts.open);
    if (d.what == kind::intent && parts.sealed.begin() != parts.sealed.end())
      into.cards.emplace_back(d.id, sealer.seal(fields_of(parts.sealed).dump(), binding(d.id, *d.message)));
  }
  if (const auto why = d.why.empty() ? std::string(to_string(d.because)) : d.why; !why.empty())
    j["why"] = text_of(why);
  if (!d.who.empty())
    j["who"] = text_of(d.who);
  if (!d.code.empty())
    j["code"] = text_of(d.code);
  if (d.what == kind::attempt) {
    j["attempt"] = d.attempt;
    for (const auto& [is, name] : attempt_states)
      if (d.attempt_is == is)
        j["attempt_is"] = name;
  }
  if (d.what == kind::intent) {
    j["wall"] = wall;
    for (const auto& [name, value] :
         {std::pair("transaction", &d.options.public_id), std::pair("request_key", &d.options.key),
          std::pair("request_digest", &d.options.digest), std::pair("upstream", &d.upstream),
          std::pair("client_stan", &d.client_stan)})
      if (!value->empty())
        j[name] = text_of(*value);
    for (const auto& [how, name] : delivery_names)
      if (d.options.how == how)
        j["contract"] = name;
    if (!d.options.key.empty())
      into.keys.emplace_back(d.options.key, d.id);
  }
  if (d.what == kind::closed)
    j["outcome"] = std::string(lifecycle::to_string(d.outcome));
  if (d.what == kind::closed || d.what == kind::delivered)
    into.erased.push_back(d.id);
  into.records.push_back({0, d.id, static_cast<std::uint8_t>(d.what), j.dump()});
}

void write_reservation(store::batch& into, transaction_id id, const own_numbers::reservation& r) {
  const json j{{"upstream", text_of(r.upstream)}, {"until", r.until}};
  into.records.push_back({0, id, static_cast<std::uint8_t>(kind::numbers), j.dump()});
}

std::string key_of(const store::record& r, const store::sealer& sealer) {
  // Most records have no key; parsing all of them would make a start slow.
  if (static_cast<kind>(r.kind) != kind::intent || r.content.find("key\"") == std::string::npos)
    return {};
  try {
    return read_options(json::parse(r.content), sealer).key;
  } catch (const std::exception&) {
    return {};  // the replay reports the error
  }
}

std::string replay(book& into, const store::contents& what, const store::sealer& sealer, time_point now) {
  into.set_adopted(what.adopted);
  for (const auto& r : what.records) {
    const auto where = "record " + std::to_string(r.sequence) + " of the journal (purchase " +
                       std::to_string(r.purchase) + ") ";
    try {
      if (static_cast<kind>(r.kind) == kind::numbers) {
        read_reservation(into, r);
        continue;
      }
      std::int64_t wall = 0;
      auto d = read_decision(r, wall, sealer);
      const auto* host = into.hosts().find(d.upstream);
      if (d.what == kind::intent && !host)
        return where + "is for the host '" + config::printable(d.upstream, '?') +
               "', which this gateway does not have; start it with that host, or name it in `formerly` of "
               "the "
               "group that leads to the same bank";
      if (const auto card = what.cards.find(r.purchase);
          d.what == kind::intent && d.message && card != what.cards.end()) {
        const auto clear = sealer.unseal(card->second, binding(d.id, *d.message));
        if (!clear)
          return where + "holds card data that the journal's key does not open";
        auto whole = *d.message;
        for (const auto& [number, value] : message_of(json::parse(*clear)))
          if (host->dialect->find(number))
            whole.set(number, value);
        d.message = std::make_shared<const codec::message>(std::move(whole));
      }
      if (!into.apply(d, now, wall))
        return where + "does not follow from those before it";
    } catch (const std::exception&) {
      return where + "cannot be read";
    }
  }
  return {};
}

}  // namespace actors
