#include "codec/text/repeated_member.hpp"

namespace codec {

namespace {

constexpr int depth_max = 64;

bool has_more_than(int count, char c, std::string_view text) {
  auto at = text.find(c);
  for (; at != std::string_view::npos && count > 0; --count)
    at = text.find(c, at + 1);
  return at != std::string_view::npos;
}

}  // namespace

bool nests_too_deeply(std::string_view json) {
  // Most texts have too few brackets to be read twice.
  if (!has_more_than(depth_max / 2, '[', json) && !has_more_than(depth_max / 2, '{', json))
    return false;
  int depth = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_text) {
      i += c == '\\' ? 1 : 0;
      in_text = c != '"';
    } else if (c == '"') {
      in_text = true;
    } else if ((c == '[' || c == '{') && ++depth > depth_max) {
      return true;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return false;
}

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
