// The lists of a dialect file that say what codes of field 39 mean, and that no code means two things.

#include <algorithm>

#include "codec/dialect/file/exchange.hpp"
#include "codec/fields.hpp"

namespace codec::file {

namespace {

[[noreturn]] void fail_code(const place& p, const field_spec& spec) {
  p.fail(
    "a code that field 39 can have: " + std::string(is_digits(spec.form.what) ? "digits" : "characters") +
    ", at most " + std::to_string(spec.text_size_max()));
}

// A code that field 39 cannot have, whatever its leading zeros, is a slip of the pen and would never be met.
void check_code(const place& p, const dialect& d) {
  std::string code(without_leading_zeros(p.text()));
  const auto* spec = d.find(fields::response_code);
  if (is_blank(code))
    p.fail("a code of field 39, which is not blank");
  if (spec && spec->is_fixed() && code.size() < spec->text_size_max())
    code.insert(0, spec->text_size_max() - code.size(), '0');
  if (spec && value_fault(code, *spec))
    fail_code(p, *spec);
}

struct named_codes {
  const char* key;
  const codes* all;
};

// What one response can mean, and not two of it at once.
void check_apart(std::initializer_list<named_codes> lists) {
  for (auto a = lists.begin(); a != lists.end(); ++a)
    for (auto b = a + 1; b != lists.end(); ++b)
      for (const auto& code : *a->all)
        if (b->all->contains(code))
          throw bad_dialect{std::string(b->key) + ": expected codes that do not stand in " + a->key +
                            " too, which says another thing of the same response, but one is " + code};
}

void read_own_code(const place& answers, const char* key, const dialect& d, std::string& into) {
  if (const auto code = answers.find(key))
    into = file::read_own_code(*code, d);
}

void read_answers(const place& p, const dialect& d, own_codes& own) {
  p.only({"approved", "systemError", "insufficientFunds", "notPermitted", "notFound"});
  read_own_code(p, "approved", d, own.approved);
  read_own_code(p, "systemError", d, own.system_error);
  read_own_code(p, "insufficientFunds", d, own.insufficient_funds);
  read_own_code(p, "notPermitted", d, own.not_permitted);
  read_own_code(p, "notFound", d, own.not_found);
}

// The gateway's own words must mean to its clients what they mean to it.
void check_answers(const dialect& d) {
  const auto approves = [&d](std::string_view code) {
    return d.approvals.contains(without_leading_zeros(code));
  };
  if (!approves(d.answers.approved))
    throw bad_dialect{"answers.approved: expected one of approvals, but it is \"" + d.answers.approved +
                      "\""};
  const std::pair<const char*, const std::string*> refusals[] = {
    {"systemError", &d.answers.system_error},
    {"insufficientFunds", &d.answers.insufficient_funds},
    {"notPermitted", &d.answers.not_permitted},
    {"notFound", &d.answers.not_found},
  };
  for (const auto& [key, code] : refusals)
    if (approves(*code))
      throw bad_dialect{"answers." + std::string(key) +
                        ": expected a code that is none of approvals, but it is \"" + *code + "\""};
}

void read_reversal_codes(const place& p, const dialect& d, reversal_rules& r) {
  p.attempt([&] { r.undetermined = read_codes(p, "undetermined", d); });
  p.attempt([&] { r.duplicate = read_codes(p, "duplicate", d); });
  p.attempt([&] { r.system_errors = read_codes(p, "systemErrors", d); });
  p.attempt([&] { r.not_found = read_codes(p, "notFound", d); });
  p.attempt([&] {
    p.at("done");
    r.done = read_codes(p, "done", d);
    if (r.done.empty())
      p.at("done").fail("the codes that mean that the original is undone");
  });
}

}  // namespace

std::string read_own_code(const place& code, const dialect& d) {
  check_code(code, d);
  if (const auto* spec = d.find(fields::response_code); spec && value_fault(code.text(), *spec))
    fail_code(code, *spec);
  return code.text();
}

codes read_codes(const place& whole, const char* key, const dialect& d) {
  codes all;
  if (const auto list = whole.find(key))
    for (const auto& item : list->items()) {
      check_code(item, d);
      all.insert(without_leading_zeros(item.text()));
    }
  return all;
}

void read_all_codes(const place& whole, dialect& d) {
  auto& r = d.reversal;
  const bool good = whole.attempt([&] {
    whole.at("approvals");
    d.approvals = read_codes(whole, "approvals", d);
    if (d.approvals.empty())
      whole.at("approvals").fail("at least one code, for without it nothing is approved");
  });
  if (const auto reversal = whole.find("reversal"); reversal && reversal->is_object())
    read_reversal_codes(*reversal, d, r);
  whole.attempt([&] {
    check_apart({{"approvals", &d.approvals},
                 {"reversal.undetermined", &r.undetermined},
                 {"reversal.duplicate", &r.duplicate}});
  });
  whole.attempt([&] {
    check_apart({{"reversal.done", &r.done},
                 {"reversal.systemErrors", &r.system_errors},
                 {"reversal.notFound", &r.not_found}});
  });
  const auto answers = whole.find("answers");
  if (answers && !whole.attempt([&] { read_answers(*answers, d, d.answers); }))
    return;
  if (good)
    whole.attempt([&] { check_answers(d); });
}

}  // namespace codec::file
