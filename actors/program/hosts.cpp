// From the settings of hosts to their dialects and groups.

#include "actors/program/hosts.hpp"

#include <algorithm>

#include "actors/core/chosen_dialect.hpp"
#include "codec/exchange/example.hpp"
#include "codec/exchange/local_time.hpp"
#include "codec/exchange/renumber.hpp"
#include "codec/exchange/reversal.hpp"
#include "codec/exchange/translation.hpp"
#include "codec/fields.hpp"
#include "codec/pack.hpp"
#include "codec/validate.hpp"
#include "config/dialects.hpp"

namespace actors {

namespace {

// Empty where `restampStan` can be, or is not asked for.
std::string why_no_restamping(const config::settings& s, const codec::dialect& d) {
  if (!s.queue.restamp_stan || (codec::has_own_stan(d) && !d.reversal.of.empty()))
    return "";
  return "restampStan: the dialect '" + d.name + "' has no " +
         (codec::has_own_stan(d) ? "rules for reversals (`reversal.of`)" : "STAN of six digits (field 11)") +
         "; leave the option out, or choose a dialect that has";
}

// The same of `clientDelivery=confirm`.
std::string why_no_confirming(const config::settings& s, const codec::dialect& d) {
  if (s.delivery.raw != config::raw_delivery::confirm)
    return "";
  if (s.queue.restamp_stan && d.confirmation.forward)
    return "restampStan: the confirmations that go to the host (confirmation.forward) name its transactions "
           "by the STANs of clients; leave one of the two out";
  if (s.groups.size() > 1 && d.confirmation.forward)
    return "groups: confirmations that go to the host (confirmation.forward) do not say to which group; have "
           "one group, or leave confirmation.forward out";
  const auto& rules = d.confirmation;
  if (!rules.mtis.empty() && !rules.answer && !rules.forward && !s.raw_listeners.front().keep_open)
    return "clientKeepOpen=true is missing: confirmations are not answered (confirmation.answer), so a yes "
           "is "
           "silence and a no the end of the connection, which without that option ends in any case";
  if (d.confirmation.is_given())
    return "";
  return "clientDelivery=confirm: the dialect '" + d.name +
         "' does not say by which messages clients confirm; add `confirmation` to its file, or give it by "
         "exchangeConfig";
}

using made_dialect = std::variant<dialect_ptr, std::string>;

made_dialect dialect_for(const config::settings& s, const config::dialect_settings& of) {
  auto chosen = chosen_dialect(of);
  if (auto* why = std::get_if<std::string>(&chosen))
    return std::move(*why);
  auto made = std::make_shared<const codec::dialect>(std::get<codec::dialect>(std::move(chosen)));
  if (auto why = why_no_restamping(s, *made); !why.empty())
    return why;
  for (const int number : of.key_fields)
    if (!made->find(number))
      return "queueMessageKeyFields: the dialect has no field " + std::to_string(number);
  return dialect_ptr(std::move(made));
}

// Whether a host tells purchases apart by this field, so that one value for all of them makes no sense.
bool tells_apart(int number, const codec::dialect& to, bool restamps) {
  namespace fields = codec::fields;
  return number == fields::stan || number == fields::amount || to.local_time.has(number) ||
         (number == fields::tid && !restamps);
}

// What an operator can do where this field of a purchase does not fit.
std::string advice_on(int field, const codec::dialect& clients, const codec::dialect& to, bool restamps) {
  const auto other = std::string("choose another dialect");
  if (field < 2)
    return other;
  if (!to.find(field))
    return "'" + to.name +
           "' has no such field, which setFields cannot give it: if the bank takes it, add it to " +
           "a copy of the dialect's file, or by overrides; if clients do not send it, take it out of "
           "`examples` of '" +
           clients.name + "'; else " + other;
  return (tells_apart(field, to, restamps) ? "" : "give this host a value by setFields, or ") + other;
}

// Why a purchase of the clients, or its reversal, cannot go to a host of this dialect; empty: it can.
std::string why_no_translation(const codec::dialect& clients, const upstream& link, bool restamps) {
  if (clients.purchase.mti.empty())
    return {};
  namespace fields = codec::fields;
  const auto now = *codec::parse_local_time("260101120000");
  const auto& to = *link.dialect;
  codec::message given;
  for (const auto& [number, value] : {std::pair(fields::stan, "000001"), std::pair(fields::tid, "00000001"),
                                      std::pair(fields::amount, "000000000100")})
    given.set(number, value);
  const auto where = [&](const codec::fault& f) {
    const auto *has = clients.find(f.field), *needs = to.find(f.field);
    const auto* spec = has ? has : needs;
    return "hostConfig: purchases of the clients, in the dialect '" + clients.name +
           "', cannot be expressed in '" + to.name + "': " + codec::to_string(f) +
           (spec ? " (" + spec->name + ")" : "") + "; " + advice_on(f.field, clients, to, restamps);
  };
  const auto purchase = codec::example_of(clients.purchase, given, clients, now);
  const auto own = codec::translated_request(purchase, clients, to, link.settings.set_fields, now);
  if (!own)
    return where(own.error());
  if (const auto faults = codec::broken_demands(*own, to); !faults.empty())
    return where(faults.front().what);
  for (const auto& m : {*own, codec::reversal_of(*own, {}, to, now, {})})
    if (const auto bytes = codec::pack(m, to); !bytes)
      return where(bytes.error());
  return {};
}

// A host that gets one value from all purchases where they differ takes one for another, and so may we.
std::string why_no_difference(const codec::dialect& clients, const upstream& link, bool restamps) {
  namespace fields = codec::fields;
  if (clients.purchase.mti.empty())
    return {};
  const auto at_host = [&](const char* time, const char* stan, const char* tid, const char* amount) {
    codec::message given;
    given.set(fields::stan, stan);
    given.set(fields::tid, tid);
    given.set(fields::amount, amount);
    const auto now = *codec::parse_local_time(time);
    const auto m = codec::example_of(clients.purchase, given, clients, now);
    return codec::translated_request(m, clients, *link.dialect, link.settings.set_fields, now);
  };
  const auto one = at_host("260101120000", "000001", "00000001", "000000000100");
  const auto other = at_host("270202130101", "000002", "00000002", "000000000200");
  for (const auto& [number, _] : link.settings.set_fields) {
    if (tells_apart(number, *link.dialect, restamps) && one && other && (*one)[number] == (*other)[number])
      return "setFields." + std::to_string(number) +
             ": all purchases would have the same value there, so their host could not tell them apart; "
             "leave it out" +
             (number == fields::tid ? ", or add --restampStan, which gives each its own STAN" : "");
  }
  return {};
}

std::string why_not_set(const upstream& link) {
  for (const auto& [number, _] : link.settings.set_fields)
    if (!link.dialect->find(number))
      return "setFields." + std::to_string(number) + ": this link's dialect '" + link.dialect->name +
             "' has no such field, so nothing would be set; leave it out, or add the field to a copy of the "
             "dialect's file, or by overrides";
  return {};
}

// A link of the list with its dialect. The error is without its place.
std::variant<upstream_ptr, std::string> make_link(const config::settings& s,
                                                  const config::upstream_settings& settings,
                                                  const upstream& clients) {
  upstream link{settings.name, clients.dialect, settings};
  const auto as_it_is = [&link]() -> std::variant<upstream_ptr, std::string> {
    if (!link.settings.set_fields.empty())
      return std::string(
        "setFields: this link speaks the clients' dialect, so their messages go on as they are and no field "
        "is "
        "set; leave setFields out, or give the link a dialect of its own");
    return std::make_shared<const upstream>(std::move(link));
  };
  if (settings.dialect == clients.settings.dialect)
    return as_it_is();
  auto made = dialect_for(s, settings.dialect);
  if (auto* why = std::get_if<std::string>(&made))
    return std::move(*why);
  link.dialect = std::get<dialect_ptr>(std::move(made));
  const auto &own = settings.dialect, &other = clients.settings.dialect;
  link.has_own_messages = own.name != other.name || own.overrides != other.overrides;
  if (!link.has_own_messages)
    return as_it_is();
  if (auto why = why_not_set(link); !why.empty())
    return why;
  if (auto why = why_no_translation(*clients.dialect, link, s.queue.restamp_stan); !why.empty())
    return why;
  if (auto why = why_no_difference(*clients.dialect, link, s.queue.restamp_stan); !why.empty())
    return why;
  return std::make_shared<const upstream>(std::move(link));
}

std::variant<upstream_ptr, std::string> make_group(const config::settings& s, const config::group_settings& g,
                                                   upstream clients) {
  clients.name = g.name;
  clients.group = g;
  for (const auto& name : g.links) {
    const auto link = std::ranges::find(s.upstreams, name, &config::upstream_settings::name);
    auto made = make_link(s, *link, clients);
    if (const auto* why = std::get_if<std::string>(&made))
      return "upstreams[" + std::to_string(link - s.upstreams.begin()) + "]." + *why;
    clients.links.push_back(std::get<upstream_ptr>(std::move(made)));
  }
  return std::make_shared<const upstream>(std::move(clients));
}

}  // namespace

std::variant<upstreams, std::string> make_upstreams(const config::settings& s, dialect_ptr of_clients) {
  const auto& clients = s.groups.empty() ? s.upstreams.front().dialect : s.raw_listeners.front().dialect;
  auto dialect = of_clients ? made_dialect(std::move(of_clients)) : dialect_for(s, clients);
  if (auto* why = std::get_if<std::string>(&dialect))
    return std::move(*why);
  upstream only{s.upstreams.front().name, std::get<dialect_ptr>(std::move(dialect)), s.upstreams.front()};
  if (auto why = why_no_confirming(s, *only.dialect); !why.empty())
    return why;
  if (s.groups.empty())
    return upstreams({std::make_shared<const upstream>(std::move(only))});
  // What a group says itself is the same for all.
  only.settings = {};
  only.settings.dialect = clients;
  only.settings.host_timeout = s.upstreams.front().host_timeout;
  std::vector<upstream_ptr> all;
  for (const auto& g : s.groups) {
    auto made = make_group(s, g, only);
    if (auto* why = std::get_if<std::string>(&made))
      return std::move(*why);
    all.push_back(std::get<upstream_ptr>(std::move(made)));
  }
  return upstreams(std::move(all));
}

}  // namespace actors
