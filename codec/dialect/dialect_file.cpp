#include "codec/dialect/dialect_file.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "codec/dialect/file/exchange.hpp"
#include "codec/dialect/file/field.hpp"
#include "codec/text/line_and_column.hpp"
#include "codec/text/repeated_member.hpp"

namespace codec {

namespace {

using nlohmann::json;

using file::bad_dialect;

std::optional<bitmap_form> find_bitmap_form(std::string_view name) {
  if (name == "binary" || name == "bitmap")
    return bitmap_form::binary;
  if (name == "hex" || name == "bitmap-hex")
    return bitmap_form::hex;
  return {};
}

// "binary", or an object with that as its form.
bitmap_rules read_bitmap_rules(const file::place& p) {
  constexpr std::pair<std::string_view, bitmap_form> forms[] = {{"binary", bitmap_form::binary},
                                                                {"bitmap", bitmap_form::binary},
                                                                {"hex", bitmap_form::hex},
                                                                {"bitmap-hex", bitmap_form::hex},
                                                                {"ebcdic-hex", bitmap_form::ebcdic_hex}};
  constexpr std::pair<std::string_view, third_bitmap> thirds[] = {{"chained", third_bitmap::chained},
                                                                  {"in field 65", third_bitmap::in_field_65}};
  if (!p.is_object())
    return p.one_of(forms);
  p.only({"form", "third", "always16"});
  bitmap_rules rules = p.at("form").one_of(forms);
  if (const auto third = p.find("third"))
    rules.third = third->one_of(thirds);
  if (const auto two = p.find("always16"))
    rules.always_two = two->flag();
  return rules;
}

// Which field a row is of.
int read_number(const file::place& row) {
  const auto number = static_cast<int>(row.at("field").number(0, field_max));
  if (number == 1)
    row.at("field").fail("0 or 2 to " + std::to_string(field_max) +
                         ": field 1 is the bitmap, which has no row");
  return number;
}

void read_row(const file::place& row, dialect& d) {
  const auto number = read_number(row);
  auto& spec = d.fields[static_cast<std::size_t>(number)];
  if (spec)
    throw bad_dialect{row.path() + ": field " + std::to_string(number) + " stands there twice"};
  field_spec read;
  if (!row.attempt([&] { read = file::read_field(row, number); }))
    return;
  for (const auto& other : d.fields)
    if (other && !read.alias.empty() && other->alias == read.alias)
      row.at("alias").fail("a name that no other field has; field " + std::to_string(other->number) +
                           " has this one");
  spec = std::move(read);
}

// Behind each fault of a row stands the number of its field, which people know better than the row's.
void read_fields(const file::place& rows, dialect& d, std::vector<std::string>& faults) {
  for (const auto& row : rows.items()) {
    const auto before = faults.size();
    row.attempt([&] { read_row(row, d); });
    const auto number = row.find("field");
    for (auto i = before; i < faults.size() && number && number->is_number(); ++i)
      faults[i] += " (field " + number->shown() + ")";
  }
  const auto* mti = d.find(0);
  if (!mti && faults.empty())
    throw bad_dialect{rows.path() + ": field 0, the message type, is missing"};
  if (mti && (mti->form.what != content::n || !mti->is_fixed() || mti->length_max != 4))
    throw bad_dialect{rows.path() + ": field 0, the message type, must be four digits: content n, length 4"};
}

void read_meanings(const file::place& whole, const char* key,
                   std::map<std::string, std::string, std::less<>>& into) {
  if (const auto table = whole.find(key))
    whole.attempt([&] {
      for (const auto& [code, text] : table->members())
        into[code] = text.text();
    });
}

dialect read_dialect(const json& content, std::vector<std::string>& faults) {
  dialect d;
  const file::place whole(content, "", faults);
  whole.attempt([&] {
    whole.only({"$schema",
                "name",
                "note",
                "header",
                "bitmap",
                "sizeMin",
                "mandatory",
                "rules",
                "localTime",
                "echoed",
                "amountMayDiffer",
                "approvals",
                "reversal",
                "network",
                "rejects",
                "rrn",
                "confirmation",
                "hostRequests",
                "pairing",
                "responseMtis",
                "answers",
                "examples",
                "fields",
                "responseCodes",
                "cardInputModes",
                "cardholderAuthentications"});
  });
  if (!whole.is_object())
    return d;
  whole.attempt([&] { d.name = whole.at("name").text(); });
  if (const auto header = whole.find("header"))
    whole.attempt([&] { d.header = header->text(); });
  whole.attempt([&] { d.bitmap = read_bitmap_rules(whole.at("bitmap")); });
  if (const auto least = whole.find("sizeMin"))
    whole.attempt([&] { d.size_min = least->number(0, 999999); });
  const auto before = faults.size();
  whole.attempt([&] { read_fields(whole.at("fields"), d, faults); });
  // Where a row is broken, a rule that names its field is not.
  file::read_exchange(whole, d,
                      faults.size() == before ? file::fields_are::all_known : file::fields_are::broken);
  decltype(d.response_codes) meanings;
  read_meanings(whole, "responseCodes", meanings);
  for (const auto& [code, text] : meanings)
    d.response_codes[std::string(without_leading_zeros(code))] = text;
  read_meanings(whole, "cardInputModes", d.card_input_modes);
  read_meanings(whole, "cardholderAuthentications", d.cardholder_authentications);
  d.update_layout();
  return d;
}

// Nothing where it is no JSON, which is a fault.
std::optional<json> read_json(std::string_view json_text, std::vector<std::string>& faults) {
  try {
    repeated_member twice;
    auto content = json::parse(json_text, twice.watch());
    if (!twice.path().empty())
      faults.push_back("'" + twice.path() + "' stands there twice; leave one of them");
    return content;
  } catch (const json::parse_error& error) {
    faults.push_back("this is not JSON, from " + line_and_column(json_text, error.byte) + " on");
  } catch (const json::out_of_range&) {
    faults.emplace_back("a number in it is too large");
  }
  return {};
}

dialect read_text(std::string_view json_text, std::vector<std::string>& faults) {
  const auto content = read_json(json_text, faults);
  return content ? read_dialect(*content, faults) : dialect{};
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos)
      return parts;
    text.remove_prefix(end + 1);
  }
}

template <class Integer>
std::optional<Integer> whole_number(std::string_view text) {
  Integer number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size())
    return {};
  return number;
}

// One "39:an:2" applied; what is wrong with it otherwise.
std::optional<std::string> override_field(dialect& d, std::string_view text) {
  const auto where = "'" + std::string(text) + "' in overrides: ";
  const auto parts = split(text, ':');
  if (parts.size() < 2 || parts.size() > 3)
    return where + "expected field:type or field:type:length";
  const auto number = whole_number<int>(parts[0]);
  if (!number || *number < 0 || *number > field_max)
    return where + "'" + std::string(parts[0]) + "' is no field number";
  if (*number == 1) {
    const auto form = find_bitmap_form(parts[1]);
    if (!form)
      return where + "a bitmap's type is bitmap or bitmap-hex";
    d.bitmap.form = *form;
    return {};
  }
  std::optional<std::size_t> length;
  if (parts.size() == 3) {
    length = whole_number<std::size_t>(parts[2]);
    if (!length || *length == 0 || *length > 9999)
      return where + "the length must be 1 to 9999";
  }
  auto& place = d.fields[static_cast<std::size_t>(*number)];
  if (!place && !length)
    return where + "the dialect has no such field yet, so it needs a length";
  if (!place) {
    place.emplace();
    place->number = *number;
    place->name = "Field " + std::to_string(*number);
  }
  if (!set_type(*place, parts[1], length.value_or(place->length_max)))
    return where + "there is no type '" + std::string(parts[1]) + "'";
  if (const auto wrong = fault_of_columns(*place); !wrong.empty())
    return where + wrong;
  return {};
}

}  // namespace

result<dialect, std::string> parse_dialect(std::string_view json_text) {
  std::vector<std::string> faults;
  auto d = read_text(json_text, faults);
  if (!faults.empty())
    return faults.front();
  return d;
}

std::vector<std::string> faults_of_dialect(std::string_view json_text) {
  std::vector<std::string> faults;
  read_text(json_text, faults);
  return faults;
}

std::optional<std::string> replace_network(dialect& d, std::string_view json_text) {
  std::vector<std::string> faults;
  if (const auto content = read_json(json_text, faults)) {
    const file::place whole(*content, "network", faults);
    whole.attempt([&] { d.network = file::read_network(whole, d); });
  }
  return faults.empty() ? std::nullopt : std::optional(faults.front());
}

std::optional<std::string> replace_host_rules(dialect& d, std::string_view json_text) {
  std::vector<std::string> faults;
  if (const auto content = read_json(json_text, faults)) {
    const file::place whole(*content, "", faults);
    if (whole.attempt([&] {
          whole.only({"$schema", "note", "network", "rejects", "rrn", "confirmation", "hostRequests"});
        }))
      file::read_host_rules(whole, d);
  }
  return faults.empty() ? std::nullopt : std::optional(faults.front());
}

std::optional<std::string> override_fields(dialect& d, std::string_view overrides) {
  auto changed = d;
  if (!overrides.empty())
    for (const auto part : split(overrides, ','))
      if (auto error = override_field(changed, part))
        return error;
  d = std::move(changed);
  d.update_layout();
  return {};
}

}  // namespace codec
