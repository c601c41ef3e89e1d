#include "codec/dialect/file/exchange.hpp"

#include <algorithm>

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

std::string read_request(const place& p) {
  auto mti = read_mti(p);
  if (!is_request(mti))
    p.fail("the MTI of a request, whose third digit is even");
  return mti;
}

int read_number(const place& p, const dialect& d) {
  const auto number = static_cast<int>(p.number(2, field_max));
  if (!d.find(number))
    p.fail("the number of a field of this dialect");
  return number;
}

std::vector<int> read_numbers(const place& whole, const char* key, const dialect& d) {
  std::vector<int> numbers;
  if (const auto list = whole.find(key))
    for (const auto& item : list->items())
      numbers.push_back(read_number(item, d));
  return numbers;
}

std::vector<std::string> read_texts(const place& whole, const char* key) {
  const auto list = whole.find(key);
  return list ? list->texts() : std::vector<std::string>{};
}

// Codes of field 39, as they are compared.
codes read_codes(const place& whole, const char* key) {
  codes all;
  for (const auto& code : read_texts(whole, key))
    all.emplace(without_leading_zeros(code));
  return all;
}

// "0400", or by the MTI of the original: {"0200": "0400", "0220": "0420"}.
void read_mtis(const place& p, std::string& one, mti_table& by_original) {
  if (!p.is_object()) {
    one = read_request(p);
    return;
  }
  for (const auto& [original, mti] : p.members())
    by_original[original] = read_request(mti);
}

templates read_templates(const place& p, const dialect& d) {
  templates all;
  for (const auto& [called, value] : p.members()) {
    const auto* spec = d.find(std::string_view(called));
    if (!spec)
      throw bad_dialect{p.path() + ": there is no field '" + called + "'"};
    if (const auto wrong = template_fault(value.text(), d))
      throw bad_dialect{value.path() + ": " + *wrong};
    all[spec->number] = value.text();
  }
  return all;
}

void check_reversal_mtis(const place& p, const reversal_rules& r) {
  for (const auto& mti : r.of)
    if (r.mti.empty() && !r.mtis.contains(mti))
      p.at("mti").fail("the MTI of the reversal of each of `of`; that of " + mti + " is missing");
}

reversal_rules read_reversal(const place& p, const dialect& d) {
  p.only({"of", "exceptProcessingCodes", "mti", "repeatMti", "set", "copy", "without", "stan", "undetermined",
          "duplicate", "done", "systemErrors", "notFound"});
  reversal_rules r;
  for (const auto& mti : p.at("of").items())
    r.of.insert(read_request(mti));
  r.except_processing = read_texts(p, "exceptProcessingCodes");
  read_mtis(p.at("mti"), r.mti, r.mtis);
  check_reversal_mtis(p, r);
  if (const auto repeat = p.find("repeatMti"))
    read_mtis(*repeat, r.repeat_mti, r.repeat_mtis);
  if (const auto set = p.find("set"))
    r.set = read_templates(*set, d);
  r.copy = read_numbers(p, "copy", d);
  r.without = read_numbers(p, "without", d);
  constexpr std::pair<std::string_view, bool> stans[] = {{"same", false}, {"new", true}};
  if (const auto stan = p.find("stan"))
    r.new_stan = stan->one_of(stans);
  r.undetermined = read_codes(p, "undetermined");
  r.duplicate = read_codes(p, "duplicate");
  r.done = read_codes(p, "done");
  r.system_errors = read_codes(p, "systemErrors");
  r.not_found = read_codes(p, "notFound");
  if (r.done.empty())
    throw bad_dialect{p.path() + ": 'done', the codes that mean that the original is undone, is missing"};
  return r;
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
    rules.parts.push_back({read_number(*one, d), 0, 12});
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
pairing_rules read_pairing(const place& p, const dialect& d) {
  pairing_rules rules;
  for (const auto& [key, list] : p.members()) {
    std::vector<int> numbers;
    for (const auto& item : list.items())
      numbers.push_back(read_number(item, d));
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

own_codes read_answers(const place& p) {
  p.only({"approved", "systemError", "insufficientFunds", "notPermitted", "notFound"});
  own_codes own;
  const auto read = [&p](const char* key, std::string& into) {
    if (const auto code = p.find(key))
      into = code->text();
  };
  read("approved", own.approved);
  read("systemError", own.system_error);
  read("insufficientFunds", own.insufficient_funds);
  read("notPermitted", own.not_permitted);
  read("notFound", own.not_found);
  return own;
}

example_message read_example(const place& p, const dialect& d) {
  p.only({"mti", "fields"});
  return {read_request(p.at("mti")), read_templates(p.at("fields"), d)};
}

void read_amount_rule(const place& p, dialect& d) {
  p.only({"processingCodes", "responseCodes"});
  d.free_amount_processing = read_texts(p, "processingCodes");
  d.free_amount_codes = read_codes(p, "responseCodes");
}

}  // namespace

void read_exchange(const place& whole, dialect& d) {
  if (const auto mandatory = whole.find("mandatory"))
    for (const auto& [mti, list] : mandatory->members())
      d.mandatory[mti] = read_numbers(*mandatory, mti.c_str(), d);
  if (const auto time = whole.find("localTime"))
    d.local_time = read_local_time(*time, d);
  d.echoed = read_numbers(whole, "echoed", d);
  if (const auto free = whole.find("amountMayDiffer"))
    read_amount_rule(*free, d);
  d.approvals = read_codes(whole, "approvals");
  if (d.approvals.empty())
    throw bad_dialect{"'approvals', the codes of field 39 that mean approved, is missing"};
  if (const auto rules = whole.find("reversal"))
    d.reversal = read_reversal(*rules, d);
  if (const auto pairing = whole.find("pairing"))
    d.pairing = read_pairing(*pairing, d);
  if (const auto table = whole.find("responseMtis"))
    for (const auto& [request, response] : table->members())
      d.response_mtis[request] = read_mti(response);
  if (const auto answers = whole.find("answers"))
    d.answers = read_answers(*answers);
  if (const auto examples = whole.find("examples")) {
    examples->only({"purchase", "echo"});
    if (const auto purchase = examples->find("purchase"))
      d.purchase = read_example(*purchase, d);
    if (const auto echo = examples->find("echo"))
      d.echo = read_example(*echo, d);
  }
}

}  // namespace codec::file
