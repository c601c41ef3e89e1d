#include "config/schema.hpp"

#include <nlohmann/json.hpp>

#include "config/enumerated.hpp"
#include "config/links.hpp"
#include "config/options.hpp"

namespace config {

namespace {

using ordered = nlohmann::ordered_json;

bool is_of_a_file(const option& o) { return o.stands == standing::everywhere; }

template <class Visit>
void for_each_of_a_file(Visit visit) {
  for (const auto& group : option_groups())
    for (const auto& o : group.options)
      if (is_of_a_file(o))
        visit(o);
}

ordered default_of(const option& o) {
  switch (o.where.kind) {
    case value_kind::flag: return o.default_text == "true";
    case value_kind::port: return 0;
    case value_kind::count:
    case value_kind::seconds: break;
    default: return std::string(o.default_text);
  }
  return o.default_text.empty() ? ordered("") : ordered::parse(o.default_text);
}

// The member at `path`, whose objects are made on the way. `inside`: the member of each object that has the
// others, empty where they stand in it directly.
ordered& at_path(ordered& whole, std::string_view path, const std::string& inside) {
  ordered* here = &whole;
  for (;;) {
    const auto point = path.find('.');
    if (!inside.empty())
      here = &(*here)[inside];
    here = &(*here)[std::string(path.substr(0, point))];
    if (point == path.npos)
      return *here;
    path.remove_prefix(point + 1);
    if (!inside.empty() && here->is_null())
      *here = {{"type", "object"}, {"additionalProperties", false}, {"properties", ordered::object()}};
  }
}

ordered number_of(const option& o) {
  const auto& l = o.allowed;
  ordered number{{"type", o.where.kind == value_kind::count ? "integer" : "number"}};
  const double least = l.or_zero || l.most == 0 ? 0 : l.least;
  o.where.kind == value_kind::count ? number["minimum"] = static_cast<int>(least) : number["minimum"] = least;
  if (l.most != 0)
    number["maximum"] = static_cast<std::int64_t>(l.most);
  return number;
}

ordered value_schema(const option& o) {
  const ordered nothing{{"enum", {"", nullptr}}}, text{{"type", "string"}};
  switch (o.where.kind) {
    case value_kind::flag: return {{"enum", {true, false, "true", "false", 0, 1, "0", "1", "", nullptr}}};
    case value_kind::choice: {
      ordered words = ordered::array();
      for (const auto word : o.where.words)
        words.push_back(std::string(word));
      words.push_back("");
      words.push_back(nullptr);
      return {{"enum", words}};
    }
    case value_kind::port:
      return {{"anyOf",
               {{{"type", "integer"}, {"minimum", 0}, {"maximum", 65535}},
                {{"type", "string"}, {"pattern", "^[0-9]{0,5}$"}},
                {{"type", "null"}}}}};
    case value_kind::count:
    case value_kind::seconds:
      return {
        {"anyOf",
         {number_of(o), {{"type", "string"}, {"pattern", "^[0-9]*([.][0-9]+)?$"}}, {{"type", "null"}}}}};
    case value_kind::duration:
      return {{"anyOf",
               {{{"const", 0}},
                {{"type", "string"}, {"pattern", "^([0-9]+(s|min|h|d)|0|)$"}},
                {{"type", "null"}}}}};
    case value_kind::fields:
      return {{"anyOf",
               {{{"type", "integer"}, {"minimum", 2}, {"maximum", 192}},
                {{"type", "array"},
                 {"items", {{"anyOf", {{{"type", "integer"}, {"minimum", 2}, {"maximum", 192}}, text}}}}},
                {{"type", "string"}, {"pattern", "^([0-9]+(,[0-9]+)*)?$"}},
                {{"type", "null"}}}}};
    case value_kind::word:
    case value_kind::text: break;
  }
  // A number is read as its text, a list as text with commas.
  return {{"type", {"string", "number", "boolean", "null", "array"}}};
}

ordered described(const option& o) {
  ordered schema{{"description", o.text}};
  schema.update(value_schema(o));
  return schema;
}

ordered list_of(ordered properties, ordered required) {
  return {{"type", "array"},
          {"minItems", 1},
          {"items",
           {{"type", "object"},
            {"additionalProperties", false},
            {"required", std::move(required)},
            {"properties", std::move(properties)}}}};
}

// The lists `upstreams`, `groups` and `routes` (config/links).
void add_lists(ordered& properties) {
  const ordered text{{"type", "string"}}, name{{"type", "string"}, {"pattern", "^[A-Za-z0-9_-]{1,32}$"}};
  const ordered names{{"type", "array"}, {"minItems", 1}, {"items", text}};
  ordered link{{"name", name}, {"setFields", {{"type", "object"}, {"additionalProperties", text}}}};
  for_each_of_a_file([&](const option& o) {
    if (is_option_of_a_link(o))
      link[std::string(o.name)] = described(o);
  });
  properties["upstreams"] = list_of(std::move(link), {"name"});
  properties["upstreams"]["description"] = "the links to hosts";
  ordered order = ordered::array();
  for (const auto word : words_of<link_order>)
    order.push_back(std::string(word));
  properties["groups"] = list_of({{"name", name},
                                  {"links", names},
                                  {"order", {{"enum", order}}},
                                  {"back", {{"type", "string"}}},
                                  {"formerly", names}},
                                 {"name", "links"});
  properties["groups"]["description"] = "which of the links lead to one bank";
  const ordered digits{{"type", {"string", "integer"}}};
  properties["routes"] = list_of({{"cards", digits}, {"terminals", digits}, {"group", text}}, {"group"});
  properties["routes"]["description"] = "which transactions go to which group";
}

}  // namespace

std::string default_file(bool by_sections) {
  ordered whole = ordered::object();
  for_each_of_a_file([&](const option& o) {
    if (by_sections && !o.path.empty())
      at_path(whole, o.path, "") = default_of(o);
    else if (!by_sections)
      whole[std::string(o.name)] = default_of(o);
  });
  return whole.dump(2) + "\n";
}

std::string file_schema() {
  ordered whole{
    {"$schema", "https://json-schema.org/draft/2020-12/schema"},
    {"title", "A configuration file of socketqueue"},
    {"description",
     "Each option by its name, or in its section. Comments, // and /* */, may stand in the file, but "
     "not all editors like them."},
    {"type", "object"},
    {"additionalProperties", false},
    {"properties", {{"$schema", {{"type", "string"}}}}}};
  for_each_of_a_file([&](const option& o) { whole["properties"][std::string(o.name)] = described(o); });
  for_each_of_a_file([&](const option& o) {
    if (!o.path.empty())
      at_path(whole, o.path, "properties") = described(o);
  });
  for (const auto* nothing : {"c", "help", "helpJson"})
    whole["properties"][nothing] = {{"description", "only with a value that says nothing"},
                                    {"enum", {"", false, nullptr}}};
  add_lists(whole["properties"]);
  return whole.dump(2) + "\n";
}

}  // namespace config
