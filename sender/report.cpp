#include "sender/report.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "codec/composite/lookup.hpp"
#include "codec/exchange/reversal.hpp"
#include "codec/fields.hpp"
#include "codec/mti.hpp"
#include "codec/privacy/message_table.hpp"
#include "codec/text/latin1.hpp"
#include "codec/text/named_json.hpp"
#include "config/printable.hpp"

namespace sender {

namespace {

namespace fields = codec::fields;
using json = nlohmann::ordered_json;

constexpr const char* port_option(bool is_http) { return is_http ? "--listenHttpPort=" : "--listenPort="; }

std::string printable(std::string_view text) { return config::printable(text, '?'); }

std::string code_text(std::string_view code, const codec::dialect& d) {
  const auto meaning = d.meaning_of(code);
  return "code " + printable(code) + (meaning.empty() ? "" : " (" + std::string(meaning) + ")");
}

// Of money: what to do where its outcome is not known.
std::string where_to_look(const codec::message& request, const codec::dialect& d) {
  if (!codec::moves_money(request, d))
    return "";
  return "; its outcome is not known. `socketqueue pending`, on the gateway's machine, shows whether it is "
         "being reversed; terminal " +
         printable(codec::masked_text(request[fields::tid])) + ", STAN " +
         printable(codec::masked_text(request[fields::stan]));
}

report not_sent(const exchanged& e, bool is_http, const destination& to) {
  return {verdict::refused, "not_sent",
          "nobody answers at " + net::to_string(to.at) + " (" + e.why +
            "), nothing was sent; start a gateway with " + port_option(is_http) + std::to_string(to.at.port) +
            ", or name another place with --to=HOST:PORT"};
}

report unanswered(const std::string& why, const destination& to, const codec::message& request,
                  const codec::dialect& d) {
  return {verdict::unknown, "unknown",
          net::to_string(to.at) + " gave no answer (" + printable(why) + ")" + where_to_look(request, d)};
}

// The host's code decides.
void decide(report& r, bool approved, std::string_view code, const codec::message& request,
            const codec::dialect& d) {
  const bool is_test = codec::message_class(request.mti()) == '8';
  r.is = approved ? verdict::approved : verdict::refused;
  r.outcome = approved ? "approved" : "declined";
  r.sentence = approved && is_test ? "The host answers."
               : approved          ? "Approved."
                                   : "Declined: " + code_text(code, d) + ".";
}

report of_message(const codec::message& m, const codec::message& request, const codec::dialect& d) {
  report r;
  r.table = codec::message_table(m, d);
  r.response = codec::to_named_json(m, d).dump(-1, ' ', false, json::error_handler_t::replace);
  decide(r, codec::accepts(m, d), m[fields::response_code], request, d);
  return r;
}

// The gateway has masked the values, so some cannot be values of their fields any more: they are shown as
// they came.
std::string table_of(const json& message, const codec::dialect& d) {
  json plain = json::object();
  std::vector<codec::table_row> rows;
  for (const auto& [key, value] : message.items())
    if (const auto place = codec::find_place(key, d);
        place && value.is_string() && value.get_ref<const std::string&>().find('*') == std::string::npos)
      plain[key] = value;
    else
      rows.push_back(
        {place ? place->path : printable(codec::masked_text(key)), place ? place->spec.name : "",
         printable(codec::masked_text(value.is_string() ? value.get<std::string>() : value.dump())), ""});
  const auto read = codec::read_named_json(nlohmann::json(plain), d);
  for (auto& row : codec::message_rows(read.value, d, codec::detail::fields))
    if (row.path != "1") {
      row.value = printable(codec::utf8_of_latin1(row.value));
      rows.push_back(std::move(row));
    }
  const auto number = [](const codec::table_row& row) { return std::atoi(row.path.c_str()); };
  std::ranges::stable_sort(rows, {}, number);
  auto text = "     [" + codec::title(read.value) + "]\n\n";
  for (const auto& row : rows)
    text += codec::table_line(row);
  return text;
}

std::string text_at(const json& object, const char* key) {
  const auto it = object.find(key);
  return it != object.end() && it->is_string() ? it->get<std::string>() : "";
}

std::string errors_of(const json& problem) {
  std::string all;
  if (const auto it = problem.find("errors"); it != problem.end() && it->is_array())
    for (const auto& e : *it)
      if (e.is_object()) {
        const auto field = text_at(e, "field");
        all += (all.empty() ? ": " : "; ") + (field.empty() ? "" : field + ": ") + text_at(e, "detail");
      }
  return printable(all);
}

report of_reply(const exchanged& e, const destination& to, const codec::message& request,
                const codec::dialect& d) {
  const auto body = json::parse(e.body, nullptr, false);
  const auto outcome = body.is_object() ? text_at(body, "outcome") : "";
  if (outcome.empty())
    return unanswered("HTTP status " + std::to_string(e.status) +
                        " without an outcome: is it a gateway's listenHttpPort?",
                      to, request, d);
  report r;
  if (const auto m = body.find("message"); m != body.end() && m->is_object()) {
    r.table = table_of(*m, d);
    r.response = m->dump(-1, ' ', false, json::error_handler_t::replace);
    decide(r, outcome == "approved", text_at(body, "response_code"), request, d);
    return r;
  }
  r.outcome = printable(outcome);
  r.code = printable(text_at(body, "code"));
  const bool is_over = outcome == "not_sent" || outcome == "declined" || outcome == "reversed";
  r.is = is_over ? verdict::refused : verdict::unknown;
  r.sentence =
    net::to_string(to.at) + " refuses it: " + printable(text_at(body, "title")) + " (" + r.code + ")" +
    errors_of(body) +
    (outcome == "not_sent"    ? "; nothing was sent to the host"
     : outcome == "reversing" ? "; the gateway reverses it: treat it as failed, and see `socketqueue pending`"
     : is_over                ? ""
                              : where_to_look(request, d));
  return r;
}

}  // namespace

report report_of(const exchanged& e, bool is_http, const destination& to, const codec::message& request,
                 const codec::dialect& d) {
  if (e.is == exchanged::kind::not_sent)
    return not_sent(e, is_http, to);
  if (e.is == exchanged::kind::unanswered)
    return unanswered(e.why, to, request, d);
  return is_http ? of_reply(e, to, request, d) : of_message(e.message, request, d);
}

std::string json_of(const report& r, const destination& to, const codec::message& request,
                    const codec::dialect& d) {
  json object{{"to", net::to_string(to.at)}, {"outcome", r.outcome}, {"text", r.sentence}};
  if (!r.code.empty())
    object["code"] = r.code;
  object["request"] = codec::to_named_json(request, d);
  if (!r.response.empty())
    object["response"] = json::parse(r.response);
  return object.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace sender
