#include "codec/dialect/file/place.hpp"

namespace codec::file {

namespace {

// As much of a value as fits into a sentence.
std::string excerpt(const nlohmann::json& value) {
  constexpr std::size_t size_max = 60;
  auto text = value.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
  if (text.size() > size_max)
    text = text.substr(0, size_max) + "...";
  return text;
}

}  // namespace

void place::fail(const std::string& expected) const {
  throw bad_dialect{(path_.empty() ? "the file" : path_) + ": expected " + expected + ", but it is " +
                    shown()};
}

std::string place::shown() const { return excerpt(*value_); }

std::optional<place> place::find(const char* key) const {
  if (!value_->is_object())
    fail("an object");
  const auto it = value_->find(key);
  if (it == value_->end())
    return {};
  return place(*it, path_.empty() ? key : path_ + "." + key, *faults_);
}

place place::at(const char* key) const {
  if (auto found = find(key))
    return *std::move(found);
  throw bad_dialect{(path_.empty() ? "the file" : path_) + ": '" + key + "' is missing"};
}

void place::only(std::initializer_list<std::string_view> keys) const {
  for (const auto& [key, value] : members())
    if (std::ranges::find(keys, key) == keys.end()) {
      std::string all;
      for (const auto k : keys)
        all += (all.empty() ? "" : ", ") + std::string(k);
      throw bad_dialect{(path_.empty() ? "the file" : path_) + ": there is no '" + key +
                        "' here; there are " + all};
    }
}

std::string place::text() const {
  if (!value_->is_string())
    fail("a text");
  return value_->get<std::string>();
}

std::size_t place::number(std::size_t least, std::size_t most) const {
  if (!value_->is_number_unsigned() || value_->get<std::uint64_t>() < least ||
      value_->get<std::uint64_t>() > most)
    fail("a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  return value_->get<std::size_t>();
}

bool place::flag() const {
  if (!value_->is_boolean())
    fail("true or false");
  return value_->get<bool>();
}

std::vector<place> place::items() const {
  if (!value_->is_array())
    fail("a list");
  std::vector<place> all;
  for (std::size_t i = 0; i < value_->size(); ++i)
    all.emplace_back((*value_)[i], path_ + "[" + std::to_string(i) + "]", *faults_);
  return all;
}

std::vector<std::pair<std::string, place>> place::members() const {
  if (!value_->is_object())
    fail("an object");
  std::vector<std::pair<std::string, place>> all;
  for (const auto& [key, value] : value_->items())
    all.emplace_back(key, place(value, path_.empty() ? key : path_ + "." + key, *faults_));
  return all;
}

std::vector<std::string> place::texts() const {
  std::vector<std::string> all;
  for (const auto& item : items())
    all.push_back(item.text());
  return all;
}

}  // namespace codec::file
