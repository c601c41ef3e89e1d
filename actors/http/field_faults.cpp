#include "actors/http/field_faults.hpp"

#include "codec/composite/lookup.hpp"
#include "codec/fields.hpp"
#include "codec/privacy/masking.hpp"
#include "codec/text/expected.hpp"
#include "codec/text/latin1.hpp"
#include "config/options.hpp"

namespace actors {

namespace {

using codec::fault_code;
using nlohmann::json;

// What the JSON has under "icc.9F26": a member of that name, or a member of one of its objects.
const json* value_at(const json& body, const std::string& path) {
  if (!body.is_object())
    return nullptr;
  if (const auto whole = body.find(path); whole != body.end())
    return &*whole;
  for (auto dot = path.find('.'); dot != std::string::npos; dot = path.find('.', dot + 1))
    if (const auto outer = body.find(path.substr(0, dot)); outer != body.end())
      if (const auto* found = value_at(*outer, path.substr(dot + 1)))
        return found;
  return nullptr;
}

std::string kind_of(const json* value) {
  if (!value)
    return "of another kind";
  switch (value->type()) {
    case json::value_t::null: return "null";
    case json::value_t::boolean: return value->get<bool>() ? "true" : "false";
    case json::value_t::array: return "a list";
    case json::value_t::object: return "an object";
    case json::value_t::string: return "text with a character that is not in Latin-1";
    default: return "a number";
  }
}

// A value of the dialect's own purchase, where it has one as it stands.
std::string example_value(const codec::place_in_message& place, const codec::dialect& d) {
  const auto& spec = place.spec;
  if (place.path == std::to_string(codec::fields::mti) && !d.purchase.mti.empty())
    return d.purchase.mti;
  const bool is_field = place.path.find('.') == std::string::npos;
  const auto it = is_field ? d.purchase.fields.find(spec.number) : d.purchase.fields.end();
  if (it != d.purchase.fields.end() && spec.shown == codec::privacy::open &&
      it->second.find('{') == std::string::npos)
    return it->second;
  const std::string example = spec.form.what == codec::content::b ? "0A1B"
                              : codec::is_digits(spec.form.what)  ? "1000"
                                                                  : "A1B2";
  return example.substr(0, spec.text_size_max());
}

std::string wanted(const codec::place_in_message& place, const codec::dialect& d) {
  return "text, " + codec::expected(place.spec) + ", such as \"" + example_value(place, d) + "\"";
}

std::string nearest_name(const std::string& called, const codec::dialect& d) {
  constexpr std::size_t name_max = 60;  // a longer one is none that was mistyped
  if (called.size() > name_max)
    return "";
  const auto nearest = config::nearest(called, codec::names_of_fields(d));
  return nearest.empty() ? "" : "; did you mean \"" + std::string(nearest) + "\"?";
}

}  // namespace

std::string detail_of(const codec::named_fault& f, const json& body, const codec::dialect& d) {
  constexpr std::size_t shown_max = 80;
  const auto called = f.path.size() > shown_max ? "this field" : codec::masked_text(f.path);
  const auto place = codec::find_place(f.path, d);
  const auto must_be = place ? called + " must be " + wanted(*place, d) : called + " must be text";
  const auto* value = f.path.size() > shown_max ? nullptr : value_at(body, f.path);
  switch (f.code) {
    case fault_code::wrong_type: return must_be + "; it is " + kind_of(value);
    case fault_code::missing: return must_be + "; it is missing";
    case fault_code::empty: return must_be + "; it is empty: leave a field out that has no value";
    case fault_code::twice: return called + " is given twice; leave one of them";
    case fault_code::unknown_field:
      return "the dialect " + d.name + " has no field " + called + nearest_name(f.path, d);
    case fault_code::not_a_digit:
    case fault_code::not_hex:
    case fault_code::wrong_character:
    case fault_code::too_long:
    case fault_code::wrong_length: {
      const auto text = value && value->is_string()
                          ? codec::latin1_of_utf8(value->get_ref<const std::string&>())
                          : std::nullopt;
      if (place && text)
        return must_be + "; " + codec::what_is_wrong(*text, place->spec, f.code);
      break;
    }
    default: break;
  }
  return called + ": " + std::string(codec::meaning(f.code));
}

}  // namespace actors
