#include "inspect/exchange_table.hpp"

#include <algorithm>
#include <ostream>

#include "codec/composite/lookup.hpp"
#include "codec/fields.hpp"
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
  const auto* spec = d.find(codec::fields::response_code);
  const bool is_number = code.find_first_not_of("0123456789") == std::string_view::npos;
  std::string text(code);
  if (spec && spec->is_fixed() && is_number && text.size() < spec->length_max)
    text.insert(0, spec->length_max - text.size(), '0');
  return text;
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
}

}  // namespace inspect
