#include "sender/request.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>

#include "codec/composite/lookup.hpp"
#include "codec/exchange/example.hpp"
#include "codec/exchange/reversal.hpp"
#include "codec/fields.hpp"
#include "codec/mti.hpp"
#include "codec/privacy/masking.hpp"
#include "codec/text/latin1.hpp"
#include "config/options.hpp"
#include "inspect/named_fields.hpp"
#include "sender/amount.hpp"

namespace sender {

namespace {

namespace fields = codec::fields;

// Names of the stories, which the dialects do not have.
struct short_name {
  std::string_view name;
  int field;
};
constexpr short_name short_names[]{{"tid", fields::tid},          {"stan", fields::stan},
                                   {"rrn", fields::reference},    {"pan", fields::pan},
                                   {"amount", fields::amount},    {"currency", fields::currency},
                                   {"merchant", fields::merchant}};

constexpr std::string_view usual_tid = "00992468", usual_amount = "1000";

std::optional<codec::place_in_message> place_of(const std::string& called, const codec::dialect& d) {
  if (auto place = codec::find_place(called, d))
    return place;
  const auto it = std::ranges::find(short_names, called, &short_name::name);
  return it == std::end(short_names) ? std::nullopt : codec::find_place(std::to_string(it->field), d);
}

// What the command line says of fields.
struct given_fields {
  codec::message values;
  std::set<std::string> paths;  // all that are named
  std::set<int> left_out;
};

class reader {
public:
  explicit reader(const codec::dialect& d) : d_(d) {}

  // Returns what is wrong, empty where nothing is.
  std::string read(std::span<const std::string> words) {
    std::string amount, called_amount;
    for (const auto& word : words) {
      const auto equals = word.find('=');
      const auto called = word.substr(0, equals);
      if (equals == std::string::npos || called.empty())
        return "expected fields as name=value, as amount=10.00, not '" + codec::masked_text(word) + "'";
      const auto place = place_of(called, d_);
      if (!place)
        return said(called, inspect::unknown_place(called, d_));
      if (!all.paths.insert(place->path).second)
        return said(called, "expected once, but it is given twice");
      if (place->path == std::to_string(fields::mti))
        return said(called, "the type is the first word: socketqueue send 0200");
      if (word.size() == equals + 1) {
        all.left_out.insert(place->spec.number);
      } else if (place->path == std::to_string(fields::amount)) {
        amount = word.substr(equals + 1);
        called_amount = called;
      } else if (const auto why = set(*place, word.substr(equals + 1)); !why.empty()) {
        return said(called, why);
      }
    }
    return amount.empty() ? "" : set_amount(called_amount, amount);
  }

  given_fields all;

private:
  static std::string said(const std::string& called, const std::string& why) {
    return codec::masked_text(called) + ": " + why;
  }

  std::string set(const codec::place_in_message& place, const std::string& value) {
    const auto text = codec::latin1_of_utf8(value);
    return text ? inspect::set_named(all.values, place, *text, d_)
                : "expected characters of Latin-1, but it has another one";
  }

  // Behind all others, for it depends on the currency.
  std::string set_amount(const std::string& called, const std::string& amount) {
    const auto example = d_.purchase.fields.find(fields::currency);
    const auto currency = all.values.has(fields::currency)      ? std::string(all.values[fields::currency])
                          : example != d_.purchase.fields.end() ? example->second
                                                                : "";
    auto read = in_units(amount, currency);
    if (const auto* why = std::get_if<std::string>(&read))
      return said(called, *why);
    auto digits = std::get<units>(read).digits;
    const auto& spec = *d_.find(fields::amount);
    if (spec.is_fixed() && digits.size() < spec.length_max)
      digits.insert(0, spec.length_max - digits.size(), '0');
    const auto why = inspect::set_named(all.values, {std::to_string(fields::amount), spec}, digits, d_);
    return why.empty() ? "" : said(called, why);
  }

  const codec::dialect& d_;
};

std::string no_example(const std::string& kind, const codec::dialect& d) {
  return "dialect " + d.name + " has no example of " + kind +
         "; send an MTI with all its fields: socketqueue send 0200 amount=10.00 ...";
}

std::string unknown_kind(const std::string& kind) {
  constexpr std::string_view kinds[]{"purchase", "echo", "reversal"};
  const auto near = config::nearest(kind, kinds);
  return "send needs the kind of message, purchase, echo, reversal or an MTI as 0200, not '" +
         codec::masked_text(kind) + "'" + (near.empty() ? "" : "; did you mean '" + std::string(near) + "'?");
}

codec::message example(const codec::example_message& e, given_fields& all, const codec::dialect& d,
                       std::chrono::local_seconds now, const std::string& stan) {
  const auto set_absent = [&](int number, std::string_view value) {
    if (!all.values.has(number))
      all.values.set(number, value);
  };
  set_absent(fields::stan, stan);
  set_absent(fields::tid, usual_tid);
  if (&e == &d.purchase)
    set_absent(fields::amount, std::string(12 - usual_amount.size(), '0').append(usual_amount));
  auto m = codec::example_of(e, all.values, d, now);
  // A card that is given is not the one of the example's track.
  if (all.values.has(fields::pan) && !all.values.has(fields::track2))
    m.erase(fields::track2);
  return m;
}

}  // namespace

std::variant<codec::message, std::string> make_request(const std::string& kind,
                                                       std::span<const std::string> words,
                                                       const codec::dialect& d,
                                                       std::chrono::local_seconds now,
                                                       const std::string& stan) {
  const bool is_mti = codec::is_mti(kind);
  if (!is_mti && kind != "purchase" && kind != "echo" && kind != "reversal")
    return unknown_kind(kind);
  reader r(d);
  if (auto why = r.read(words); !why.empty())
    return why;
  codec::message m;
  if (is_mti) {
    if (!codec::is_request(kind))
      return kind + " is no request: its third digit is odd";
    m.set(fields::mti, kind);
    for (const auto& [number, value] : r.all.values)
      m.set(number, value);
  } else {
    const auto& e = kind == "echo" ? d.echo : d.purchase;
    if (e.mti.empty())
      return no_example(kind == "echo" ? "an echo" : "a purchase", d);
    m = example(e, r.all, d, now, stan);
  }
  if (kind == "reversal") {
    if (!r.all.paths.contains(std::to_string(fields::stan)) && !r.all.values.has(fields::reference))
      return "a reversal names what it undoes: the rrn= of the response, or stan= and local_time= of the "
             "request; and tid= and amount= as they were";
    if (!d.reversal.of.contains(d.purchase.mti))
      return "dialect " + d.name + " has no reversals";
    codec::message heard;
    if (r.all.values.has(fields::reference))
      heard.set(fields::reference, r.all.values[fields::reference]);
    m = codec::reversal_of(m, heard, d, now, {});
  }
  for (const auto number : r.all.left_out)
    m.erase(number);
  return m;
}

}  // namespace sender
