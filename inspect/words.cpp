#include "inspect/words.hpp"

namespace inspect {

using codec::content;

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

}  // namespace inspect
