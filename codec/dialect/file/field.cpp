#include "codec/dialect/file/field.hpp"

#include "codec/composite/composite.hpp"
#include "codec/exchange/local_time.hpp"

namespace codec::file {

namespace {

constexpr std::pair<std::string_view, privacy> privacies[] = {
  {"open", privacy::open}, {"pan", privacy::pan},   {"track", privacy::track},
  {"emv", privacy::emv},   {"free", privacy::free}, {"secret", privacy::secret},
};

constexpr std::pair<std::string_view, content> contents[] = {
  {"n", content::n}, {"a", content::a}, {"an", content::an},  {"ans", content::ans},
  {"z", content::z}, {"b", content::b}, {"x+n", content::xn}, {"any", content::any},
};

constexpr std::pair<std::string_view, const encoding*> encodings[] = {
  {"ascii", &ascii_encoding}, {"cp037", &cp037_encoding},
  {"cp500", &cp500_encoding}, {"cp1047", &cp1047_encoding},
  {"bcd", &bcd_encoding},     {"binary", &binary_encoding},
  {"hex", &hex_encoding},     {"ebcdic-hex", &ebcdic_hex_encoding},
};

constexpr std::pair<std::string_view, const length_coding*> length_codings[] = {
  {"ascii", &ascii_length}, {"ebcdic", &ebcdic_length}, {"bcd", &bcd_length}, {"binary", &binary_length}};

struct padding {
  side filled;
  char filler;
};

constexpr std::pair<std::string_view, padding> paddings[] = {
  {"none", {side::left, '\0'}},        {"left 0", {side::left, '0'}}, {"right 0", {side::right, '0'}},
  {"left space", {side::left, ' '}},   {"left F", {side::left, 'F'}}, {"right F", {side::right, 'F'}},
  {"right space", {side::right, ' '}},
};

bool is_hex_text(const encoding* coded) { return coded == &hex_encoding || coded == &ebcdic_hex_encoding; }

// Bytes are written in binary or in hexadecimal; digits and track data in anything but hexadecimal; text in
// characters.
bool go_together(content what, const encoding* coded) {
  if (what == content::b)
    return coded == &binary_encoding || is_hex_text(coded);
  if (is_hex_text(coded))
    return false;
  const bool has_digits = what == content::n || what == content::z || what == content::xn;
  return (coded != &bcd_encoding || has_digits) && (coded != &binary_encoding || what == content::n);
}

counting read_counting(const place& p, content what) {
  constexpr std::pair<std::string_view, counting> of_bytes[] = {{"bytes", counting::units},
                                                                {"characters", counting::bytes}};
  constexpr std::pair<std::string_view, counting> of_text[] = {
    {"digits", counting::units}, {"characters", counting::units}, {"bytes", counting::bytes}};
  return what == content::b ? p.one_of(of_bytes) : p.one_of(of_text);
}

void read_length(const place& p, field_spec& spec) {
  constexpr std::size_t most = 999999;
  if (p.is_number()) {
    spec.length_max = p.number(1, most);
    return;
  }
  if (!p.is_object())
    p.fail("a number, of a fixed field, or an object with max, encoding, size and counts");
  p.only({"max", "encoding", "size", "counts"});
  spec.length_max = p.at("max").number(1, most);
  spec.length.coded = read_length_coding(p.at("encoding"));
  spec.length.size = static_cast<std::uint8_t>(p.at("size").number(1, spec.length.coded->size_max));
  if (const auto counts = p.find("counts"))
    spec.length.counts = read_counting(*counts, spec.form.what);
}

void read_padding(const place& row, value_form& form) {
  padding p{side::left,
            form.what == content::n || form.what == content::xn || form.coded == &bcd_encoding ? '0' : '\0'};
  if (form.what == content::n && form.coded == &binary_encoding)
    p.filler = '\0';
  if (const auto given = row.find("padding"))
    p = given->one_of(paddings);
  form.filler = p.filler;
  form.filled = p.filled;
  form.trim = p.filler == ' ' || p.filler == 'F';
  if (const auto trim = row.find("trim"))
    form.trim = trim->flag();
  if (p.filler == 'F' && form.coded != &bcd_encoding)
    row.at("padding").fail("0, space or none: a half byte F fills up packed digits only");
  if (p.filler == ' ' && (form.coded == &bcd_encoding || form.what == content::b))
    row.at("padding").fail("0, F or none: this encoding has no space");
}

void read_columns(const place& row, field_spec& spec) {
  spec.form.what = row.at("content").one_of(contents);
  spec.form.coded = spec.form.what == content::b ? &binary_encoding : &ascii_encoding;
  if (const auto coded = row.find("encoding")) {
    spec.form.coded = read_encoding(*coded);
    if (!go_together(spec.form.what, spec.form.coded))
      coded->fail("an encoding that content '" + row.at("content").text() + "' can have");
  }
  row.attempt([&] { read_length(row.at("length"), spec); });
  read_padding(row, spec.form);
}

// Content, encoding, length and padding: by the name of a type, or by columns.
void read_layout(const place& row, field_spec& spec) {
  if (const auto type = row.find("type")) {
    for (const auto* column : {"content", "encoding", "padding", "trim"})
      if (row.find(column))
        throw bad_dialect{row.path() + ": expected type, or content, encoding, length and padding, but " +
                          "there are 'type' and '" + column + "', which say the same twice"};
    if (!set_type(spec, type->text(), row.at("length").number(1, 999999)))
      type->fail("a type, such as n, ans, b or ll-an");
  } else if (!row.attempt([&] { read_columns(row, spec); })) {
    return;
  }
  if (const auto wrong = fault_of_columns(spec); !wrong.empty())
    throw bad_dialect{row.at("length").path() + ": " + wrong};
}

// A path is made of names with dots between, and a number is the field of that number.
std::string read_alias(const place& p) {
  auto alias = p.text();
  if (alias.empty() || alias.find_first_of(". \t\r\n") != std::string::npos ||
      alias.find_first_not_of("0123456789") == std::string::npos)
    p.fail("a name without dots and blanks that is no number");
  return alias;
}

// Of a value that is never read so, the meaning is never shown.
void read_values(const place& p, bool has_columns, field_spec& spec) {
  for (const auto& [code, meaning] : p.members()) {
    spec.values[code] = meaning.text();
    if (!has_columns)
      continue;
    if (value_fault(code, spec))
      throw bad_dialect{meaning.path() + ": expected values that this row can have, but one is '" + code +
                        "'"};
    if (const auto read = canonical(code, spec); read != code)
      throw bad_dialect{meaning.path() + ": expected a value as it is read, '" + read + "', but it is '" +
                        code + "'"};
  }
}

value_rules read_value_rules(const place& row, const field_spec& spec) {
  value_rules rules;
  if (const auto only = row.find("onlyValues"))
    rules.only_values = only->flag();
  if (rules.only_values && spec.values.empty())
    row.at("onlyValues").fail("true only where the row has values");
  if (const auto pattern = row.find("pattern"))
    rules.pattern = read_pattern(*pattern, spec);
  constexpr std::pair<std::string_view, bool> checks[] = {{"luhn", true}};
  if (const auto check = row.find("check"))
    rules.luhn = check->one_of(checks);
  if (const auto date = row.find("date")) {
    rules.date = time_form(date->text());
    if (!rules.date)
      date->fail("a piece of YYMMDDhhmmss, such as YYMM, MMDD or hhmmss");
    else if (spec.is_fixed() && spec.length_max != 0 && rules.date->size != spec.length_max)
      date->fail("a form of as many digits as the field has, " + std::to_string(spec.length_max));
  }
  return rules;
}

}  // namespace

const encoding* read_encoding(const place& p) { return p.one_of(encodings); }

const length_coding* read_length_coding(const place& p) { return p.one_of(length_codings); }

std::string read_pattern(const place& p, const field_spec& spec) {
  auto pattern = p.text();
  const auto stars = static_cast<std::size_t>(std::ranges::count(pattern, '*'));
  const auto least = pattern.size() - stars, most = spec.text_size_max();
  const bool has_one_size = spec.is_fixed() && !spec.form.trim;
  if (most != 0 && (least > most || (stars == 0 && has_one_size && least != most)))
    p.fail("a pattern that a value of " + std::string(has_one_size ? "" : "at most ") + std::to_string(most) +
           " characters can be like");
  return pattern;
}

field_spec read_field(const place& row, int number) {
  field_spec spec;
  spec.number = number;
  row.attempt([&] {
    row.only({"field", "part", "alias", "name", "type", "content", "encoding", "length", "padding", "trim",
              "privacy", "padded", "values", "onlyValues", "pattern", "check", "date", "parts", "note"});
  });
  row.attempt([&] { spec.name = row.at("name").text(); });
  if (const auto alias = row.find("alias"))
    row.attempt([&] { spec.alias = read_alias(*alias); });
  const bool has_columns = row.attempt([&] { read_layout(row, spec); });
  row.attempt([&] {
    spec.shown = row.at("privacy").one_of(privacies);
    if (has_columns && spec.shown == privacy::free && spec.form.what == content::b)
      row.at("privacy").fail(
        "open, secret, or parts with a privacy each: free is for text, and these are bytes");
  });
  if (const auto padded = row.find("padded"))
    row.attempt([&] { spec.padded = padded->flag(); });
  if (const auto values = row.find("values"))
    row.attempt([&] { read_values(*values, has_columns, spec); });
  row.attempt([&] { spec.rules = read_value_rules(row, spec); });
  if (const auto parts = row.find("parts"))
    row.attempt([&] { spec.parts = read_composite(*parts); });
  if (!spec.parts && spec.shown == privacy::emv)
    spec.parts = std::make_shared<const composite>(composite{composite_kind::ber});
  return spec;
}

}  // namespace codec::file
