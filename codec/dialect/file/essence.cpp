#include "codec/dialect/file/essence.hpp"

#include <nlohmann/json.hpp>

namespace codec {

namespace {

using nlohmann::json;

json read(std::string_view json_text) { return json::parse(json_text, nullptr, false); }

// Of the rows of fields, and those of their parts. Other objects have keys that are fields' aliases, so what
// is called `name` or `note` there is none of these.
void keep_essence_of_rows(json& rows) {
  for (auto& row : rows) {
    if (!row.is_object())
      continue;
    for (const auto* key : {"note", "name"})
      row.erase(key);
    if (auto values = row.find("values"); values != row.end()) {
      const auto only = row.find("onlyValues");
      if (only == row.end() || *only != true)
        row.erase("values");
      else
        for (auto& text : *values)
          text = "";
    }
    if (auto parts = row.find("parts"); parts != row.end() && parts->is_object())
      for (const auto* key : {"fields", "leading"})
        if (parts->contains(key))
          keep_essence_of_rows(parts->at(key));
  }
}

}  // namespace

std::string essence_of_dialect(std::string_view json_text) {
  auto all = read(json_text);
  if (!all.is_object())
    return std::string(json_text);
  for (const auto* key : {"$schema", "note", "name", "examples", "responseCodes", "cardInputModes",
                          "cardholderAuthentications"})
    all.erase(key);
  for (const auto* key : {"network", "rejects", "rrn", "confirmation", "hostRequests"})
    if (auto rules = all.find(key); rules != all.end() && rules->is_object())
      rules->erase("note");
  if (auto rules = all.find("rules"); rules != all.end() && rules->is_array())
    for (auto& rule : *rules)
      if (rule.is_object())
        rule.erase("note");
  if (all.contains("fields"))
    keep_essence_of_rows(all.at("fields"));
  return all.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string examples_of_dialect(std::string_view json_text) {
  const auto all = read(json_text);
  return all.is_object() && all.contains("examples")
           ? all.at("examples").dump(-1, ' ', false, json::error_handler_t::replace)
           : "";
}

}  // namespace codec
