// Checks the part of JSON Schema that the OpenAPI document and the schema of dialect files use; reports
// keywords that it does not know.
#pragma once

#include <nlohmann/json.hpp>

#include <algorithm>
#include <regex>
#include <set>
#include <string>

namespace support {

class json_schema {
public:
  /// `document`: the target of "#/..." references.
  explicit json_schema(nlohmann::json document) : document_(std::move(document)) {}

  /// The errors in `value`, one line each; empty: none.
  std::string faults(const nlohmann::json& value, const nlohmann::json& schema,
                     const std::string& where = "") const {
    static const std::set<std::string> known{
      "$ref",  "type",  "enum",    "pattern",   "required",  "properties",    "additionalProperties",
      "items", "oneOf", "anyOf",   "maxLength", "minLength", "description",   "example",
      "not",   "const", "minimum", "maximum",   "minItems",  "propertyNames", "$schema",
      "$defs", "title"};
    std::string found;
    for (const auto& [key, _] : schema.items())
      if (!known.contains(key))
        found += where + ": the checker does not know '" + key + "'\n";
    if (schema.contains("$ref"))
      found += faults(
        value, document_.at(nlohmann::json::json_pointer(schema.at("$ref").get<std::string>().substr(1))),
        where);
    if (schema.contains("type") && !has_type(value, schema.at("type")))
      found += where + ": " + std::string(value.type_name()) + " is not " + schema.at("type").dump() + "\n";
    if (schema.contains("enum") && std::ranges::find(schema.at("enum"), value) == schema.at("enum").end())
      found += where + ": " + value.dump() + " is none of " + schema.at("enum").dump() + "\n";
    if (schema.contains("const") && schema.at("const") != value)
      found += where + ": " + value.dump() + " is not " + schema.at("const").dump() + "\n";
    if (schema.contains("not") && faults(value, schema.at("not"), where).empty())
      found += where + ": " + value.dump() + " is what it must not be\n";
    if (value.is_number())
      found += number_faults(value, schema, where);
    if (value.is_array() && schema.contains("minItems") &&
        value.size() < schema.at("minItems").get<std::size_t>())
      found += where + ": fewer than " + schema.at("minItems").dump() + "\n";
    for (const auto* key : {"oneOf", "anyOf"})
      if (schema.contains(key))
        found += alternatives(value, schema.at(key), std::string(key) == "oneOf", where);
    if (value.is_string())
      found += text_faults(value.get<std::string>(), schema, where);
    if (value.is_array() && schema.contains("items"))
      for (std::size_t i = 0; i < value.size(); ++i)
        found += faults(value[i], schema.at("items"), where + "/" + std::to_string(i));
    if (value.is_object())
      found += member_faults(value, schema, where);
    return found;
  }

private:
  static bool has_type(const nlohmann::json& value, const nlohmann::json& type) {
    if (type.is_array())
      return std::ranges::any_of(type, [&](const auto& t) { return has_type(value, t); });
    const auto name = type.get<std::string>();
    return name == "integer" ? value.is_number_integer() : name == value.type_name();
  }

  std::string alternatives(const nlohmann::json& value, const nlohmann::json& schemas, bool exactly_one,
                           const std::string& where) const {
    const auto fit =
      std::ranges::count_if(schemas, [&](const auto& s) { return faults(value, s, where).empty(); });
    return fit == 1 || (fit > 1 && !exactly_one)
             ? ""
             : where + ": fits " + std::to_string(fit) + " alternatives\n";
  }

  static std::string number_faults(const nlohmann::json& number, const nlohmann::json& schema,
                                   const std::string& where) {
    std::string found;
    if (schema.contains("minimum") && number < schema.at("minimum"))
      found += where + ": less than " + schema.at("minimum").dump() + "\n";
    if (schema.contains("maximum") && number > schema.at("maximum"))
      found += where + ": more than " + schema.at("maximum").dump() + "\n";
    return found;
  }

  static std::string text_faults(const std::string& text, const nlohmann::json& schema,
                                 const std::string& where) {
    std::string found;
    const auto length = static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
    if (schema.contains("maxLength") && length > schema.at("maxLength").get<std::size_t>())
      found += where + ": longer than " + schema.at("maxLength").dump() + "\n";
    if (schema.contains("minLength") && length < schema.at("minLength").get<std::size_t>())
      found += where + ": shorter than " + schema.at("minLength").dump() + "\n";
    if (schema.contains("pattern") &&
        !std::regex_search(text, std::regex(schema.at("pattern").get<std::string>(), std::regex::ECMAScript)))
      found += where + ": '" + text + "' does not match " + schema.at("pattern").dump() + "\n";
    return found;
  }

  std::string member_faults(const nlohmann::json& value, const nlohmann::json& schema,
                            const std::string& where) const {
    std::string found;
    if (schema.contains("required"))
      for (const auto& name : schema.at("required"))
        if (!value.contains(name.get<std::string>()))
          found += where + ": " + name.dump() + " is missing\n";
    if (schema.contains("propertyNames"))
      for (const auto& [name, member] : value.items())
        found += faults(name, schema.at("propertyNames"), where);
    for (const auto& [name, member] : value.items())
      if (schema.contains("properties") && schema.at("properties").contains(name))
        found += faults(member, schema.at("properties").at(name), where + "/" + name);
      else if (schema.contains("additionalProperties") && schema.at("additionalProperties").is_boolean())
        found += schema.at("additionalProperties") ? "" : where + ": '" + name + "' is not in the schema\n";
      else if (schema.contains("additionalProperties"))
        found += faults(member, schema.at("additionalProperties"), where + "/" + name);
      else if (schema.contains("properties"))
        found += where + ": '" + name + "' is not in the document\n";
    return found;
  }

  nlohmann::json document_;
};

}  // namespace support
