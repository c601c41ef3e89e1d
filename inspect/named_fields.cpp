#include "inspect/named_fields.hpp"

#include <algorithm>
#include <span>
#include <vector>

#include "codec/fields.hpp"
#include "codec/text/expected.hpp"
#include "config/options.hpp"

namespace inspect {

namespace {

std::string meant(std::string_view called, std::span<const std::string_view> names) {
  const auto nearest = config::nearest(called, names);
  return nearest.empty() ? "" : "; did you mean '" + std::string(nearest) + "'?";
}

std::string unknown_field(std::string_view called, const codec::dialect& d) {
  return "expected a field of dialect " + d.name + ", by alias, name or number" +
         meant(called, codec::names_of_fields(d));
}

}  // namespace

std::string unknown_place(const std::string& called, const codec::dialect& d) {
  constexpr std::ptrdiff_t steps_max = 16;
  if (std::ranges::count(called, '.') > steps_max)
    return "expected a path of at most " + std::to_string(steps_max) + " parts";
  const auto dot = called.rfind('.');
  const auto whole = dot == std::string::npos ? std::nullopt : codec::find_place(called.substr(0, dot), d);
  if (!whole)
    return dot == std::string::npos ? unknown_field(called, d) : unknown_place(called.substr(0, dot), d);
  if (!whole->spec.parts)
    return "expected the value of " + called.substr(0, dot) + " as such, for it is not made of parts";
  const auto& parts = *whole->spec.parts;
  const auto name = std::string_view(called).substr(dot + 1);
  if (parts.kind == codec::composite_kind::ber)
    return "expected an EMV tag in hexadecimal, as 9F26";
  std::vector<std::string_view> names;
  std::string all;
  constexpr std::size_t shown_max = 20;
  for (const auto* list : {&parts.leading, &parts.parts})
    for (const auto& part : *list) {
      names.push_back(codec::name_of(part));
      if (names.size() <= shown_max)
        all += (all.empty() ? "" : ", ") + codec::name_of(part);
    }
  return "expected a part of " + called.substr(0, dot) +
         (parts.kind == codec::composite_kind::tlv
            ? ": a tag of " + std::to_string(parts.tag_units) + " " +
                std::string(parts.tag.what == codec::content::n   ? "digits"
                            : parts.tag.what == codec::content::b ? "bytes in hexadecimal"
                                                                  : "characters")
            : ": " + all + (names.size() > shown_max ? ", ..." : "")) +
         meant(name, names);
}

std::string set_named(codec::message& m, const codec::place_in_message& place, std::string_view text,
                      const codec::dialect& d) {
  const auto& spec = place.spec;
  const auto expectation = "expected " + codec::expected(spec);
  if (codec::is_blank(text))
    return expectation + ", but it is empty; leave a field out that has no value";
  if (place.path == std::to_string(codec::fields::mti) && text.size() != 4)
    return "expected the message type, four digits, but it has " + std::to_string(text.size());
  if (const auto broken = codec::set_at(m, place.path, text, d))
    return expectation + ", but " + codec::what_is_wrong(text, spec, broken->what.code);
  return "";
}

}  // namespace inspect
