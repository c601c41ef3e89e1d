#include "config/json_text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace config {

namespace {

// The offset behind the text in quotes that begins at `from`.
std::size_t end_of_text(std::string_view text, std::size_t from) {
  for (auto i = from + 1; i < text.size(); ++i)
    if (text[i] == '\\')
      ++i;
    else if (text[i] == '"')
      return i + 1;
  return text.size();
}

}  // namespace

std::string line_and_column(std::string_view text, std::size_t offset) {
  const auto before = text.substr(0, std::min(offset, text.size()));
  const auto line = std::ranges::count(before, '\n') + 1;
  const auto begin = before.rfind('\n') + 1;  // npos + 1 is 0
  const auto column =
    std::ranges::count_if(before.substr(begin),
                          [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }) +
    1;
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

std::size_t blank_comments(std::string& text) {
  for (std::size_t i = 0; i + 1 < text.size();) {
    if (text[i] == '"') {
      i = end_of_text(text, i);
      continue;
    }
    const auto two = std::string_view(text).substr(i, 2);
    if (two != "//" && two != "/*") {
      ++i;
      continue;
    }
    auto end = two == "//" ? text.find('\n', i) : text.find("*/", i + 2);
    if (two == "/*" && end == std::string::npos)
      return i;
    end = two == "/*" ? end + 2 : std::min(end, text.size());
    for (; i < end; ++i)
      if (text[i] != '\n' && text[i] != '\r')
        text[i] = ' ';
  }
  return std::string::npos;
}

bool is_nested_too_deep(std::string_view text) {
  constexpr int depth_max = 64;
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"')
      i = end_of_text(text, i) - 1;
    else if ((text[i] == '[' || text[i] == '{') && ++depth > depth_max)
      return true;
    else if (text[i] == ']' || text[i] == '}')
      --depth;
  }
  return false;
}

json_places::json_places(std::string_view text) : json_(text) { read_value(""); }

std::string json_places::of(std::string_view path) const {
  for (auto end = path.size(); end != 0 && end != path.npos; end = path.substr(0, end).find_last_of(".["))
    if (const auto found = offsets_.find(path.substr(0, end)); found != offsets_.end())
      return line_and_column(json_, found->second);
  return line_and_column(json_, std::min(json_.find_first_not_of(" \t\r\n"), json_.size()));
}

void json_places::skip_blanks() { at_ = std::min(json_.find_first_not_of(" \t\r\n", at_), json_.size()); }

std::string_view json_places::read_text() {
  const auto begin = at_;
  at_ = end_of_text(json_, at_);
  return std::string_view(json_).substr(begin, at_ - begin);
}

// Whether the object or list ends here; else goes over the comma between its members.
bool json_places::closes(char bracket) {
  skip_blanks();
  if (at_ >= json_.size() || json_[at_] == bracket) {
    ++at_;
    return true;
  }
  if (json_[at_] == ',')
    ++at_;
  skip_blanks();
  return false;
}

void json_places::read_members(const std::string& path) {
  while (!closes('}')) {
    const auto begin = at_;
    const auto key = nlohmann::json::parse(read_text(), nullptr, false);
    const auto name = key.is_string() ? key.get<std::string>() : std::string();
    const auto here = path.empty() ? name : path + "." + name;
    if (!offsets_.emplace(here, begin).second && twice_.empty()) {
      twice_ = here;
      second_ = begin;
    }
    skip_blanks();
    ++at_;  // the colon
    read_value(here);
  }
}

void json_places::read_items(const std::string& path) {
  for (std::size_t i = 0; !closes(']'); ++i) {
    const auto here = path + "[" + std::to_string(i) + "]";
    offsets_.emplace(here, at_);
    read_value(here);
  }
}

void json_places::read_value(const std::string& path) {
  skip_blanks();
  const char first = at_ < json_.size() ? json_[at_] : ' ';
  if (first == '"') {
    read_text();
  } else if (first == '{' || first == '[') {
    ++at_;
    first == '{' ? read_members(path) : read_items(path);
  } else {
    at_ = std::min(json_.find_first_of(",]} \t\r\n", at_), json_.size());
  }
}

}  // namespace config
