// Type names of a message's elements. An atom is shown by its value.

#include "scenarios/player/message_kind.hpp"

#include <cxxabi.h>
#include <caf/type_nr.hpp>

#include <cstdlib>
#include <memory>
#include <typeinfo>

namespace player {

namespace {

// "actors::submit" -> "submit": the namespace is nearly always the same.
std::string without_namespaces(const std::string& name) {
  const auto arguments = name.find('<');
  const auto colons = name.rfind("::", arguments);
  return colons == std::string::npos ? name : name.substr(colons + 2);
}

std::string demangled(const std::type_info& type) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> text(
    abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), std::free);
  return without_namespaces(status == 0 ? text.get() : type.name());
}

std::string kind_of_part(const caf::type_erased_tuple& content, std::size_t at) {
  const auto [number, type] = content.type(at);
  if (number == caf::type_nr<caf::atom_value>::value)
    return to_string(content.get_as<caf::atom_value>(at));
  if (number != 0)
    return std::string(caf::numbered_type_names[number - 1]).substr(1);  // "@str"
  return type ? demangled(*type) : "something";
}

}  // namespace

std::string kind_of_next_message(caf::local_actor& actor) {
  const auto* element = actor.peek_at_next_mailbox_element();
  if (!element)
    return "begins";
  const auto& content = element->content();
  std::string kind = element->mid.is_response() ? "answer to it: " : "";
  for (std::size_t at = 0; at < content.size(); ++at)
    kind += (at == 0 ? "" : ", ") + kind_of_part(content, at);
  return kind;
}

}  // namespace player
