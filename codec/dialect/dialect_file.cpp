#include "codec/dialect/dialect_file.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "codec/mti.hpp"
#include "codec/text/repeated_member.hpp"

namespace codec {

namespace {

using nlohmann::json;

// How a broken dialect file leaves this file's functions; it never leaves the file itself.
struct bad_dialect {
  std::string why;
};

constexpr std::pair<std::string_view, privacy> privacies[] = {
  {"open", privacy::open}, {"pan", privacy::pan},   {"track", privacy::track},
  {"emv", privacy::emv},   {"free", privacy::free}, {"secret", privacy::secret},
};

std::optional<bitmap_form> find_bitmap_form(std::string_view name) {
  if (name == "binary" || name == "bitmap")
    return bitmap_form::binary;
  if (name == "hex" || name == "bitmap-hex")
    return bitmap_form::hex;
  return {};
}

field_spec read_field(const json& row) {
  field_spec spec;
  spec.number = row.at("field").get<int>();
  const auto where = "field " + std::to_string(spec.number) + ": ";
  if (spec.number < 0 || spec.number == 1 || spec.number > field_max)
    throw bad_dialect{where + "fields are numbered 0 and 2 to " + std::to_string(field_max)};
  spec.name = row.at("name").get<std::string>();
  spec.alias = row.value("alias", "");
  const auto type = row.at("type").get<std::string>();
  if (!set_type(spec, type, row.at("length").get<std::size_t>()))
    throw bad_dialect{where + "there is no type '" + type + "'"};
  if (const auto wrong = fault_of_columns(spec); !wrong.empty())
    throw bad_dialect{where + wrong};
  const auto shown = row.at("privacy").get<std::string>();
  const auto* it = std::ranges::find(privacies, shown, &std::pair<std::string_view, privacy>::first);
  if (it == std::end(privacies))
    throw bad_dialect{where + "there is no privacy '" + shown + "'"};
  spec.shown = it->second;
  spec.padded = row.value("padded", false);
  return spec;
}

// Codes of field 39, as they are compared.
std::set<std::string, std::less<>> read_codes(const json& object, const char* key) {
  std::set<std::string, std::less<>> codes;
  for (const auto& code : object.value(key, std::vector<std::string>{}))
    codes.emplace(without_leading_zeros(code));
  return codes;
}

reversal_rules read_reversal(const json& file, const dialect& d) {
  reversal_rules r;
  for (const auto& mti : file.at("of"))
    r.of.insert(mti.get<std::string>());
  r.except_processing = file.value("exceptProcessingCodes", std::vector<std::string>{});
  r.mti = file.at("mti").get<std::string>();
  r.repeat_mti = file.value("repeatMti", "");
  if (!is_mti(r.mti) || (!r.repeat_mti.empty() && !is_mti(r.repeat_mti)))
    throw bad_dialect{"reversal: mti and repeatMti are four digits"};
  const auto values = file.value("set", json::object());
  for (const auto& [key, value] : values.items()) {
    const auto* spec = d.find(std::string_view(key));
    if (!spec)
      throw bad_dialect{"reversal: set: there is no field '" + key + "'"};
    r.set[spec->number] = value.get<std::string>();
  }
  r.without = file.value("without", std::vector<int>{});
  r.undetermined = read_codes(file, "undetermined");
  r.duplicate = read_codes(file, "duplicate");
  r.done = read_codes(file, "done");
  r.system_errors = read_codes(file, "systemErrors");
  r.not_found = read_codes(file, "notFound");
  if (r.done.empty())
    throw bad_dialect{"reversal: done, the codes that mean that the original is undone, is missing"};
  return r;
}

dialect read_dialect(const json& file) {
  dialect d;
  d.name = file.at("name").get<std::string>();
  const auto bitmap = file.at("bitmap").get<std::string>();
  const auto form = find_bitmap_form(bitmap);
  if (!form)
    throw bad_dialect{"there is no bitmap form '" + bitmap + "'"};
  d.bitmap = *form;
  d.size_min = file.value("sizeMin", std::size_t{0});
  for (const auto& row : file.at("fields")) {
    auto spec = read_field(row);
    auto& place = d.fields[static_cast<std::size_t>(spec.number)];
    if (place)
      throw bad_dialect{"field " + std::to_string(spec.number) + " stands there twice"};
    place = std::move(spec);
  }
  if (!d.find(0))
    throw bad_dialect{"field 0, the message type, is missing"};
  for (const auto& [mti, numbers] : file.at("mandatory").items())
    d.mandatory[mti] = numbers.get<std::vector<int>>();
  if (const auto time = file.find("localTime"); time != file.end()) {
    d.local_time_field = time->at("field").get<int>();
    d.expiry = std::chrono::seconds(time->at("expirySeconds").get<int>());
  }
  d.echoed = file.value("echoed", std::vector<int>{});
  if (const auto free = file.find("amountMayDiffer"); free != file.end()) {
    d.free_amount_processing = free->value("processingCodes", std::vector<std::string>{});
    for (const auto& code : free->value("responseCodes", std::vector<std::string>{}))
      d.free_amount_codes.emplace(without_leading_zeros(code));
  }
  for (const auto& code : file.at("approvals"))
    d.approvals.emplace(without_leading_zeros(code.get<std::string>()));
  if (const auto rules = file.find("reversal"); rules != file.end())
    d.reversal = read_reversal(*rules, d);
  using texts = decltype(d.response_codes);
  const auto read_texts = [&file](const char* key, texts& into) {
    if (const auto table = file.find(key); table != file.end())
      for (const auto& [code, text] : table->items())
        into[code] = text.get<std::string>();
  };
  texts codes;
  read_texts("responseCodes", codes);
  for (const auto& [code, text] : codes)
    d.response_codes[std::string(without_leading_zeros(code))] = text;
  read_texts("cardInputModes", d.card_input_modes);
  read_texts("cardholderAuthentications", d.cardholder_authentications);
  d.update_layout();
  return d;
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
    d.bitmap = *form;
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
  try {
    repeated_member twice;
    const auto content = json::parse(json_text, twice.watch());
    if (!twice.path().empty())
      throw bad_dialect{"'" + twice.path() + "' stands there twice; leave one of them"};
    return read_dialect(content);
  } catch (const bad_dialect& error) {
    return error.why;
  } catch (const json::parse_error& error) {
    return "this is not JSON, at byte " + std::to_string(error.byte);
  } catch (const json::exception& error) {
    // "[json.exception.out_of_range.403] key 'name' not found"
    const std::string_view what = error.what();
    return "this is no dialect: " +
           std::string(what.substr(what.find("] ") == std::string_view::npos ? 0 : what.find("] ") + 2));
  }
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
