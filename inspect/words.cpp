#include "inspect/words.hpp"

namespace inspect {

namespace {

using codec::content;

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

std::string_view name_of(content what) {
  switch (what) {
    case content::n: return "n";
    case content::a: return "a";
    case content::an: return "an";
    case content::ans: return "ans";
    case content::z: return "z";
    case content::xn: return "x+n";
    case content::b: return "b";
    case content::any: break;
  }
  return "any";
}

std::string_view name_of(codec::privacy shown) {
  using codec::privacy;
  switch (shown) {
    case privacy::open: return "open";
    case privacy::pan: return "pan";
    case privacy::track: return "track";
    case privacy::emv: return "emv";
    case privacy::free: return "free";
    case privacy::secret: break;
  }
  return "secret";
}

std::string name_of_padding(const codec::value_form& form) {
  if (form.filler == '\0')
    return "";
  return std::string(form.filled == codec::side::left ? "left " : "right ") +
         (form.filler == ' ' ? "space" : std::string(1, form.filler));
}

std::string length_text(const codec::field_spec& spec) {
  const auto most = std::to_string(spec.length_max);
  if (spec.is_fixed())
    return most;
  return ".." + most + ", " + std::to_string(spec.length.size) + " " + std::string(spec.length.coded->name) +
         (spec.length.counts == codec::counting::bytes ? ", counts bytes" : "");
}

std::string expected(const codec::field_spec& spec) {
  const auto what = spec.form.what;
  if (what == content::n && spec.form.coded == &codec::binary_encoding)
    return "a number that fits into " + std::to_string(spec.length_max) + " bytes";
  const bool is_exact = spec.is_fixed() && spec.form.filler == '\0';
  const auto most = spec.text_size_max();
  auto text = (is_exact || most == 1 ? "" : "at most ") + std::to_string(most) + " " +
              (most != 1                ? std::string(units_of(what))
               : codec::is_digits(what) ? "digit"
                                        : "character");
  if (what == content::b)
    text += " (" + std::to_string(spec.length_max) + (spec.length_max == 1 ? " byte)" : " bytes)");
  return text;
}

}  // namespace inspect
