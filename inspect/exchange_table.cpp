#include "inspect/exchange_table.hpp"

#include <algorithm>
#include <ostream>

#include "codec/composite/lookup.hpp"
#include "codec/exchange/network.hpp"
#include "codec/fields.hpp"
#include "codec/privacy/masking.hpp"
#include "inspect/arguments.hpp"

namespace inspect {

namespace {

std::string joined(const auto& all, std::string_view between = ", ") {
  std::string text;
  for (const auto& one : all)
    text += (text.empty() ? "" : std::string(between)) + std::string(one);
  return text;
}

// "11 System Trace Audit Number": the bank's document may call it by either.
std::string called(const std::string& path, const codec::dialect& d) {
  const auto place = codec::find_place(path, d);
  return path + (place && !place->spec.name.empty() ? " " + place->spec.name : "");
}

std::string called(const std::vector<int>& numbers, const codec::dialect& d) {
  std::vector<std::string> all;
  for (const int number : numbers)
    all.push_back(called(std::to_string(number), d));
  return joined(all, "; ");  // names have commas
}

std::string called(const std::vector<std::string>& paths, const codec::dialect& d) {
  std::vector<std::string> all;
  for (const auto& path : paths)
    all.push_back(called(path, d));
  return joined(all, "; ");
}

void print_table(const std::string& title, const cells& head, const std::vector<cells>& rows,
                 std::ostream& out) {
  if (rows.empty())
    return;
  out << "\n## " << cell(title) << "\n\n";
  print_markdown({head, cells(head.size(), "---")}, out);
  print_markdown(rows, out);
}

std::string condition_text(const codec::condition& c) {
  return c.path + (!c.present ? " is absent" : c.like.empty() ? " is there" : " is like " + c.like);
}

std::vector<cells> rows_of_rules(const codec::dialect& d) {
  std::vector<cells> rows;
  for (const auto& rule : d.rules) {
    std::vector<std::string> when;
    for (const auto& c : rule.when)
      when.push_back(condition_text(c));
    rows.push_back({rule.of.empty() ? "all" : joined(rule.of), joined(when, " and "),
                    called(rule.mandatory, d), called(rule.forbidden, d)});
  }
  return rows;
}

std::vector<cells> rows_of_pairing(const codec::dialect& d) {
  std::vector<cells> rows{{"usual", called(d.pairing.usual, d)}};
  for (const auto& [key, numbers] : d.pairing.by_class)
    rows.push_back({"x" + std::string(1, key) + "xx", called(numbers, d)});
  return rows;
}

std::string code_texts(const codec::codes& codes, const codec::dialect& d) {
  std::vector<std::string> all;
  for (const auto& code : codes)
    all.push_back(code_text(code, d));
  std::ranges::sort(all);
  return joined(all);
}

// Numbers as wide as their field.
std::string wide(std::string_view code, const codec::field_spec* spec) {
  const bool is_number = code.find_first_not_of("0123456789") == std::string_view::npos;
  std::string text(code);
  if (spec && spec->is_fixed() && is_number && text.size() < spec->length_max)
    text.insert(0, spec->length_max - text.size(), '0');
  return text;
}

std::vector<std::string> wide(const codec::codes& codes, const codec::field_spec* spec) {
  std::vector<std::string> all;
  for (const auto& code : codes)
    all.push_back(wide(code, spec));
  return all;
}

// The keys of the file that are not left out.
class keyed_rows {
public:
  void add(const char* key, const std::string& text) {
    if (!text.empty())
      rows.push_back({key, text});
  }
  void add(const char* key, const std::string& one, const codec::mti_table& by_original) {
    add(key, one);
    for (const auto& [original, mti] : by_original)
      rows.push_back({key, mti + " of " + original});
  }

  std::vector<cells> rows;
};

std::vector<cells> rows_of_reversal(const codec::dialect& d) {
  const auto& r = d.reversal;
  keyed_rows all;
  if (r.of.empty())
    return {};
  all.add("of", joined(r.of));
  all.add("exceptProcessingCodes", joined(r.except_processing));
  all.add("mti", r.mti, r.mtis);
  all.add("repeatMti", r.repeat_mti, r.repeat_mtis);
  all.add("stan", r.new_stan ? "new" : "same");
  all.add("amount", r.approved_amount ? "approved" : "asked");
  for (const auto& [number, text] : r.set)
    all.add("set", called(std::to_string(number), d) + ": " + text);
  all.add("copy", called(r.copy, d));
  all.add("without", called(r.without, d));
  all.add("undetermined", code_texts(r.undetermined, d));
  all.add("duplicate", code_texts(r.duplicate, d));
  all.add("done", code_texts(r.done, d));
  all.add("systemErrors", code_texts(r.system_errors, d));
  all.add("notFound", code_texts(r.not_found, d));
  return all.rows;
}

// A template says which fields it has; all else may be a secret.
std::string value_text(const std::string& text, int number, const codec::dialect& d) {
  const auto* spec = d.find(number);
  return text.find('{') != std::string::npos ? text : spec ? codec::shown(text, *spec) : "";
}

// "send 0800 with 70 001; the response has 39 00", or "await signOn"
std::string step_text(const codec::network_step& step, const codec::dialect& d) {
  if (step.await)
    return std::string("await ") + codec::name_of(*step.await);
  std::vector<std::string> fields, expected;
  for (const auto& [number, text] : step.send.fields)
    fields.push_back(std::to_string(number) + " " + value_text(text, number, d));
  for (const auto& [number, text] : step.expect)
    expected.push_back(std::to_string(number) + " " + value_text(text, number, d));
  return "send " + step.send.mti + (fields.empty() ? "" : " with " + joined(fields)) + "; the response " +
         (expected.empty() ? "approves" : "has " + joined(expected));
}

std::string text_of(codec::network_answer a) {
  return a == codec::network_answer::approve   ? "approved"
         : a == codec::network_answer::decline ? "declined"
                                               : "not answered";
}

std::string text_of(codec::network_pause p) {
  return p == codec::network_pause::wait     ? "requests wait"
         : p == codec::network_pause::refuse ? "requests are refused"
                                             : "";
}

std::vector<cells> rows_of_network(const codec::dialect& d) {
  const auto& r = d.network;
  keyed_rows all;
  if (!r.is_given())
    return {};
  all.add("field", called(std::to_string(r.field), d));
  for (std::size_t i = 0; i < codec::network_kind_count; ++i) {
    const auto kind = static_cast<codec::network_kind>(i);
    const bool is_known = !r.values[i].empty();
    if (is_known || kind == codec::network_kind::unknown)
      all.add(codec::name_of(kind),
              (is_known ? joined(wide(r.values[i], d.find(r.field))) : std::string("all others")) + ": " +
                text_of(r.answers[i]));
  }
  all.add("declineWith", code_text(codec::declines_with(d), d));
  for (const auto& step : r.on_connect)
    all.add("onConnect", step_text(step, d));
  for (const auto& step : r.before_close)
    all.add("beforeClose", step_text(step, d));
  all.add("afterSignOff", text_of(r.after_sign_off));
  const auto pause = r.cut_over_pause.count();
  if (r.after_cut_over != codec::network_pause::none)
    all.add("afterCutOver", text_of(r.after_cut_over) +
                              (pause == 0 ? " until signOn" : " for " + std::to_string(pause) + " s"));
  return all.rows;
}

std::vector<cells> rows_of_rejects(const codec::dialect& d) {
  keyed_rows all;
  all.add("mtis", joined(d.rejects.mtis));
  if (d.rejects.not_processed)
    all.add("notProcessed", "a rejected request was never processed");
  return all.rows;
}

std::vector<cells> rows_of_rrn(const codec::dialect& d) {
  return d.rrn.fill ? std::vector<cells>{{"format", d.rrn.format}} : std::vector<cells>{};
}

std::vector<cells> rows_of_confirmation(const codec::dialect& d) {
  const auto& r = d.confirmation;
  keyed_rows all;
  if (!r.is_given())
    return {};
  all.add("mtis", joined(r.mtis));
  all.add("nextRequest", r.next_request ? "the next request confirms those before it" : "");
  all.add("answer", !r.answer ? "none" : r.forward ? "the host's" : "the gateway's");
  return all.rows;
}

std::vector<cells> rows_of_host_requests(const codec::dialect& d) {
  std::vector<cells> rows;
  for (const auto& [mti, code] : d.host_requests.fallback)
    rows.push_back({mti, code.empty() ? "no answer" : code_text(code, d)});
  return rows;
}

std::vector<cells> rows_of_responses(const codec::dialect& d) {
  keyed_rows all;
  all.add("approvals", code_texts(d.approvals, d));
  all.add("echoed", called(d.echoed, d));
  all.add("amountMayDiffer.processingCodes", joined(d.free_amount_processing));
  all.add("amountMayDiffer.responseCodes", code_texts(d.free_amount_codes, d));
  for (const auto& [request, response] : d.response_mtis)
    all.add("responseMtis", response + " of " + request);
  for (const auto& part : d.local_time.parts)
    all.add("localTime", called(std::to_string(part.field), d) + ": " +
                           std::string("YYMMDDhhmmss").substr(part.from, part.size));
  if (d.local_time.expiry.count() != 0)
    all.add("localTime.expirySeconds", std::to_string(d.local_time.expiry.count()));
  all.add("answers.approved", d.answers.approved);
  all.add("answers.systemError", d.answers.system_error);
  all.add("answers.insufficientFunds", d.answers.insufficient_funds);
  all.add("answers.notPermitted", d.answers.not_permitted);
  all.add("answers.notFound", d.answers.not_found);
  return all.rows;
}

std::vector<cells> rows_of_mandatory(const codec::dialect& d) {
  std::vector<cells> rows;
  for (const auto& [mti, numbers] : d.mandatory)
    rows.push_back({mti, called(numbers, d)});
  return rows;
}

}  // namespace

std::string cell(std::string_view text) {
  std::string out;
  for (const char c : printable(text))
    out += c == '|' ? "\\|" : std::string(1, c);
  return out;
}

std::string code_text(std::string_view code, const codec::dialect& d) {
  return wide(code, d.find(codec::fields::response_code));
}

void print_markdown(const std::vector<cells>& rows, std::ostream& out) {
  for (const auto& row : rows) {
    out << "|";
    for (const auto& text : row)
      out << " " << cell(text) << " |";
    out << "\n";
  }
}

void print_exchange(const codec::dialect& d, std::ostream& out) {
  print_table("Mandatory fields", {"request", "fields"}, rows_of_mandatory(d), out);
  print_table("Rules", {"requests", "when", "mandatory", "forbidden"}, rows_of_rules(d), out);
  print_table("Pairing", {"messages", "fields"}, rows_of_pairing(d), out);
  print_table("Responses", {"key", "value"}, rows_of_responses(d), out);
  print_table("Reversal", {"key", "value"}, rows_of_reversal(d), out);
  print_table("Network management", {"key", "value"}, rows_of_network(d), out);
  print_table("RRN of a request that has none", {"key", "value"}, rows_of_rrn(d), out);
  print_table("Confirmations of clients", {"key", "value"}, rows_of_confirmation(d), out);
  print_table("Requests of the host", {"request", "answer where no client gives one"},
              rows_of_host_requests(d), out);
  print_table("Rejects", {"key", "value"}, rows_of_rejects(d), out);
}

}  // namespace inspect
