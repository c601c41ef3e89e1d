#include "codec/dialect/file/exchange.hpp"

#include <algorithm>

#include "codec/composite/composite.hpp"
#include "codec/exchange/local_time.hpp"
#include "codec/exchange/template.hpp"
#include "codec/fields.hpp"
#include "codec/mti.hpp"

namespace codec::file {

namespace {

std::string read_mti(const place& p) {
  auto mti = p.text();
  if (!is_mti(mti))
    p.fail("an MTI of four digits");
  return mti;
}

}  // namespace

std::string read_request(const place& p) {
  auto mti = read_mti(p);
  if (!is_request(mti))
    p.fail("the MTI of a request, whose third digit is even");
  return mti;
}

int read_number(const place& p, const dialect* known) {
  const auto number = static_cast<int>(p.number(0, field_max));
  if (known && !known->find(number))
    p.fail("a field that has a row in fields");
  return number;
}

namespace {

std::vector<int> read_numbers(const place& whole, const char* key, const dialect* known) {
  std::vector<int> numbers;
  if (const auto list = whole.find(key))
    for (const auto& item : list->items())
      numbers.push_back(read_number(item, known));
  return numbers;
}

std::vector<std::string> read_texts(const place& whole, const char* key) {
  const auto list = whole.find(key);
  return list ? list->texts() : std::vector<std::string>{};
}

// The MTI of a reversal, which is reversed by nothing.
std::string read_reversal_mti(const place& p, const reversal_rules& r) {
  auto mti = read_request(p);
  if (r.of.contains(mti))
    p.fail("the MTI of a reversal, which is none of reversal.of");
  return mti;
}

// "0400", or by the MTI of the original: {"0200": "0400", "0220": "0420"}.
void read_mtis(const place& p, const reversal_rules& r, std::string& one, mti_table& by_original) {
  if (!p.is_object()) {
    one = read_reversal_mti(p, r);
    return;
  }
  for (const auto& [original, mti] : p.members()) {
    if (!r.of.contains(original))
      throw bad_dialect{mti.path() + ": expected MTIs that stand in reversal.of, and '" + original +
                        "' does not"};
    by_original[original] = read_reversal_mti(mti, r);
  }
}

templates read_templates(const place& p, const dialect& d) {
  templates all;
  for (const auto& [called, value] : p.members()) {
    const auto* spec = d.find(std::string_view(called));
    if (!spec)
      throw bad_dialect{p.path() + ": there is no field '" + called + "'"};
    if (const auto wrong = template_fault(value.text(), d))
      throw bad_dialect{value.path() + ": " + *wrong};
    // What does not fit would be left out of the message.
    if (const auto most = template_size_max(value.text(), d); most > spec->text_size_max())
      value.fail("at most the " + std::to_string(spec->text_size_max()) + " characters of field " +
                 std::to_string(spec->number) + ", and it can have " + std::to_string(most));
    if (value.text().find('{') == std::string::npos && value_fault(value.text(), *spec))
      value.fail("a value of field " + std::to_string(spec->number));
    all[spec->number] = value.text();
  }
  return all;
}

void check_reversal_mtis(const place& p, const reversal_rules& r) {
  for (const auto& mti : r.of)
    if (r.mti.empty() && !r.mtis.contains(mti))
      p.at("mti").fail("the MTI of the reversal of each of `of`; that of " + mti + " is missing");
}

// Called when all that says which fields a reversal has is read.
void read_amount_to_undo(const place& p, reversal_rules& r) {
  constexpr std::pair<std::string_view, bool> amounts[] = {{"asked", false}, {"approved", true}};
  r.approved_amount = p.one_of(amounts);
  const auto has_it = [](const std::vector<int>& numbers) {
    return std::ranges::find(numbers, fields::amount) != numbers.end();
  };
  if (r.approved_amount &&
      (r.set.contains(fields::amount) || has_it(r.without) || (!r.copy.empty() && !has_it(r.copy))))
    p.fail("asked, for by copy, without or set a reversal does not repeat field 4");
}

void read_reversal(const place& p, const dialect* known, reversal_rules& r) {
  p.attempt([&] {
    p.only({"of", "exceptProcessingCodes", "mti", "repeatMti", "set", "copy", "without", "stan", "amount",
            "undetermined", "duplicate", "done", "systemErrors", "notFound"});
  });
  p.attempt([&] {
    for (const auto& mti : p.at("of").items())
      r.of.insert(read_request(mti));
    if (r.of.empty())
      p.at("of").fail("at least one MTI; leave reversal out where nothing is reversed");
  });
  p.attempt([&] { r.except_processing = read_texts(p, "exceptProcessingCodes"); });
  p.attempt([&] {
    read_mtis(p.at("mti"), r, r.mti, r.mtis);
    check_reversal_mtis(p, r);
  });
  if (const auto repeat = p.find("repeatMti"))
    p.attempt([&] { read_mtis(*repeat, r, r.repeat_mti, r.repeat_mtis); });
  if (const auto set = p.find("set"); set && known)
    p.attempt([&] { r.set = read_templates(*set, *known); });
  p.attempt([&] { r.copy = read_numbers(p, "copy", known); });
  p.attempt([&] { r.without = read_numbers(p, "without", known); });
  p.attempt([&] {
    for (const int number : r.copy)
      if (std::ranges::find(r.without, number) != r.without.end())
        p.at("copy").fail("no field that `without` has too, and " + std::to_string(number) +
                          " stands in both");
  });
  constexpr std::pair<std::string_view, bool> stans[] = {{"same", false}, {"new", true}};
  if (const auto stan = p.find("stan"))
    p.attempt([&] { r.new_stan = stan->one_of(stans); });
  if (const auto amount = p.find("amount"))
    p.attempt([&] { read_amount_to_undo(*amount, r); });
}

local_time_rules::part read_time_part(int field, const place& form, const dialect& d) {
  const auto digits = time_form(form.text());
  if (!digits)
    form.fail("a piece of YYMMDDhhmmss, such as YYMMDD, MMDD or hhmmss");
  if (d.find(field)->length_max != digits->size)
    form.fail("a time of as many digits as field " + std::to_string(field) + " has");
  return {field, digits->from, digits->size};
}

// {"field": 12}, with all twelve digits, or {"fields": {"12": "hhmmss", "13": "MMDD"}}.
local_time_rules read_local_time(const place& p, const dialect& d) {
  p.only({"field", "fields", "expirySeconds"});
  local_time_rules rules;
  if (const auto one = p.find("field")) {
    const int number = read_number(*one, &d);
    if (d.find(number)->length_max != 12)
      one->fail("a field of the twelve digits YYMMDDhhmmss; `fields` says which field has which of them");
    rules.parts.push_back({number, 0, 12});
  } else {
    for (const auto& [called, form] : p.at("fields").members()) {
      const auto* spec = d.find(std::string_view(called));
      if (!spec)
        throw bad_dialect{form.path() + ": there is no field '" + called + "'"};
      rules.parts.push_back(read_time_part(spec->number, form, d));
    }
    if (rules.parts.empty())
      p.at("fields").fail("at least one field");
  }
  std::ranges::sort(rules.parts, {}, &local_time_rules::part::from);
  if (const auto expiry = p.find("expirySeconds"))
    rules.expiry = std::chrono::seconds(expiry->number(0, 86400));
  return rules;
}

// By the second digit of the MTI, or "usual".
pairing_rules read_pairing(const place& p, const dialect* known) {
  pairing_rules rules;
  for (const auto& [key, list] : p.members()) {
    std::vector<int> numbers;
    for (const auto& item : list.items())
      numbers.push_back(read_number(item, known));
    if (numbers.empty())
      list.fail("at least one field");
    if (key == "usual")
      rules.usual = numbers;
    else if (key.size() == 1 && key[0] >= '1' && key[0] <= '8')
      rules.by_class[key[0]] = numbers;
    else
      throw bad_dialect{list.path() + ": expected 'usual' or a class of MTIs, 1 to 8"};
  }
  return rules;
}

}  // namespace

example_message read_example(const place& p, const dialect& d) {
  p.only({"mti", "fields"});
  return {read_request(p.at("mti")), read_templates(p.at("fields"), d)};
}

namespace {

void read_amount_rule(const place& p, dialect& d) {
  p.only({"processingCodes", "responseCodes"});
  d.free_amount_processing = read_texts(p, "processingCodes");
  d.free_amount_codes = read_codes(p, "responseCodes", d);
}

void read_mandatory(const place& list, const dialect* known, dialect& d) {
  for (const auto& [mti, numbers] : list.members()) {
    if (!is_mti(mti) || !is_request(mti))
      throw bad_dialect{
        "mandatory: expected MTIs of requests, four digits of which the third is even, but "
        "one is '" +
        mti + "'"};
    for (const auto& item : numbers.items())
      d.mandatory[mti].push_back(read_number(item, known));
  }
}

void read_examples(const place& p, dialect& d) {
  p.only({"purchase", "echo"});
  if (const auto purchase = p.find("purchase"))
    d.purchase = read_example(*purchase, d);
  if (const auto echo = p.find("echo"))
    d.echo = read_example(*echo, d);
}

bool has_value_rules(const field_spec& spec) {
  return spec.rules.any() || (spec.parts && std::ranges::any_of(spec.parts->parts, [](const part_spec& p) {
                                return has_value_rules(p.spec);
                              }));
}

// What names fields that have rows. `known` as of read_number().
void read_rules_of_fields(const place& whole, const dialect* known, dialect& d) {
  if (const auto mandatory = whole.find("mandatory"))
    whole.attempt([&] { read_mandatory(*mandatory, known, d); });
  if (const auto time = whole.find("localTime"); time && known)
    whole.attempt([&] { d.local_time = read_local_time(*time, *known); });
  whole.attempt([&] { d.echoed = read_numbers(whole, "echoed", known); });
  if (const auto rules = whole.find("reversal"))
    whole.attempt([&] { read_reversal(*rules, known, d.reversal); });
  if (const auto pairing = whole.find("pairing"))
    whole.attempt([&] { d.pairing = read_pairing(*pairing, known); });
  if (const auto rules = whole.find("rules"); rules && known)
    whole.attempt([&] { read_rules(*rules, d); });
  if (const auto examples = whole.find("examples"); examples && known)
    whole.attempt([&] { read_examples(*examples, d); });
}

void read_response_mtis(const place& table, dialect& d) {
  for (const auto& [request, response] : table.members()) {
    if (!is_mti(request) || !is_request(request))
      throw bad_dialect{table.path() + ": expected MTIs of requests, but one is '" + request + "'"};
    auto mti = read_mti(response);
    if (is_request(mti))
      response.fail("the MTI of a response, whose third digit is odd");
    d.response_mtis[request] = std::move(mti);
  }
}

}  // namespace

void read_exchange(const place& whole, dialect& d, fields_are rows) {
  read_rules_of_fields(whole, rows == fields_are::all_known ? &d : nullptr, d);
  d.has_value_rules =
    std::ranges::any_of(d.fields, [](const auto& spec) { return spec && has_value_rules(*spec); });
  if (const auto free = whole.find("amountMayDiffer"))
    whole.attempt([&] { read_amount_rule(*free, d); });
  if (const auto table = whole.find("responseMtis"))
    whole.attempt([&] { read_response_mtis(*table, d); });
  read_all_codes(whole, d);
  if (rows == fields_are::all_known)
    read_host_rules(whole, d);
}

}  // namespace codec::file
