#include "codec/text/expected.hpp"

namespace codec {

namespace {

// What the characters of a value are called.
std::string_view units_of(content what) {
  switch (what) {
    case content::n: return "digits";
    case content::a: return "letters";
    case content::an: return "letters and digits";
    case content::z: return "digits and one separator, = or D";
    case content::xn: return "characters: C or D and digits";
    case content::b: return "hexadecimal digits";
    case content::ans:
    case content::any: break;
  }
  return "characters";
}

}  // namespace

std::string expected(const field_spec& spec) {
  const auto what = spec.form.what;
  if (what == content::n && spec.form.coded == &binary_encoding)
    return "a number that fits into " + std::to_string(spec.length_max) + " bytes";
  const bool is_exact = spec.is_fixed() && spec.form.filler == '\0';
  const auto most = spec.text_size_max();
  auto text = (is_exact || most == 1 ? "" : "at most ") + std::to_string(most) + " " +
              (most != 1         ? std::string(units_of(what))
               : is_digits(what) ? "digit"
                                 : "character");
  if (what == content::b)
    text += " (" + std::to_string(spec.length_max) + (spec.length_max == 1 ? " byte)" : " bytes)");
  return text;
}

std::string what_is_wrong(std::string_view text, const field_spec& spec, fault_code code) {
  if (code == fault_code::too_long && text.size() <= spec.text_size_max())
    return "what it is part of has no room for it";
  const auto wrong = first_wrong_character(text, spec.form.what);
  if (wrong != all_good)
    return "its character " + std::to_string(wrong + 1) + " is none of them";
  if (code == fault_code::not_hex)
    return "it has " + std::to_string(text.size()) + ", and a byte has two of them";
  if (code == fault_code::too_long || code == fault_code::wrong_length)
    return "it has " + std::to_string(text.size());
  return std::string(meaning(code));
}

std::vector<std::string_view> names_of_fields(const dialect& d) {
  std::vector<std::string_view> names;
  for (const auto& spec : d.fields)
    if (spec)
      for (const auto& name : {std::string_view(spec->alias), std::string_view(spec->name)})
        if (!name.empty())
          names.push_back(name);
  return names;
}

}  // namespace codec
