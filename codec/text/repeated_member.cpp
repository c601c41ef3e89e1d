#include "codec/text/repeated_member.hpp"

namespace codec {

nlohmann::json::parser_callback_t repeated_member::watch() {
  using event = nlohmann::json::parse_event_t;
  return [this](int, event e, const nlohmann::json& value) {
    if (e == event::object_start)
      open_.emplace_back();
    else if (e == event::object_end)
      open_.pop_back();
    else if (e == event::key && path_.empty())
      take_name(value.get_ref<const std::string&>());
    return true;
  };
}

void repeated_member::take_name(const std::string& name) {
  auto& here = open_.back();
  here.last = name;
  if (here.names.insert(name).second)
    return;
  for (const auto& o : open_)
    path_ += (path_.empty() ? "" : ".") + o.last;
}

}  // namespace codec
