// JSON that is written as it is told. To build a tree of it first takes ten times as long, and the lists that
// are shown each second have thousands of members.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace actors {

/// A number that is shown as a decimal fraction: 1500 as 1.5.
struct thousandths {
  std::int64_t count;
};

/// What is JSON already.
struct json_text {
  std::string text;
};

/// Any bytes: what is not UTF-8 is replaced.
void append_json(std::string& out, std::string_view text);
void append_json(std::string& out, thousandths n);
void append_json(std::string& out, std::uint64_t n);
void append_json(std::string& out, std::int64_t n);
inline void append_json(std::string& out, const json_text& value) { out += value.text; }

/// Members are told as pairs of a name, which needs no escapes, and a value: a text, a whole number, a bool
/// or one of the above.
class json_object {
public:
  json_object() = default;
  template <class... NamesAndValues>
  explicit json_object(std::string_view name, const NamesAndValues&... rest) {
    add(name, rest...);
  }

  template <class Value, class... Rest>
  json_object& add(std::string_view name, const Value& value, const Rest&... rest) {
    text_ += text_.empty() ? "{\"" : ",\"";
    text_ += name;
    text_ += "\":";
    if constexpr (std::same_as<Value, bool>)
      text_ += value ? "true" : "false";
    else if constexpr (std::unsigned_integral<Value>)
      append_json(text_, std::uint64_t{value});
    else if constexpr (std::integral<Value>)
      append_json(text_, std::int64_t{value});
    else
      append_json(text_, value);
    if constexpr (sizeof...(rest) != 0)
      add(rest...);
    return *this;
  }

  json_text json() const { return {text_.empty() ? "{}" : text_ + "}"}; }

private:
  std::string text_;
};

/// `shown` makes an item's JSON.
template <class Items, class Shown>
json_text json_array(const Items& items, Shown shown) {
  json_text all{"["};
  for (const auto& i : items) {
    if (all.text.size() != 1)
      all.text += ',';
    append_json(all.text, shown(i));
  }
  all.text += ']';
  return all;
}

}  // namespace actors
