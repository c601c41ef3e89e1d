// The OpenAPI 3.1 document of /v1, made from the loaded dialect: its fields are the schema's properties.

#include "actors/http/openapi.hpp"

#include "codec/composite/lookup.hpp"
#include "codec/exchange/example.hpp"
#include "codec/fields.hpp"
#include "codec/text/named_json.hpp"

namespace actors {

namespace {

using nlohmann::ordered_json;

// Whether a message is one that a client sends, or one in an answer, where stars stand for card data.
enum class direction : bool { sent, answered };

using texts = std::map<std::string, std::string, std::less<>>;

// What coded values there are: all of them where the dialect allows no other.
void add_values(ordered_json& schema, const texts& values, bool no_other) {
  auto all = ordered_json::array();
  std::string told;
  for (const auto& [value, meaning] : values) {
    all.push_back(value);
    told += (told.empty() ? ". " : ", ") + value + ": " + meaning;
  }
  if (all.empty())
    return;
  schema["description"] = schema["description"].get<std::string>() + told;
  if (no_other)
    schema["enum"] = std::move(all);
  else
    schema["anyOf"] = {{{"enum", std::move(all)}}, {{"type", "string"}}};
}

// What may be written where a field or a part stands as text.
ordered_json text_schema(const codec::field_spec& spec, const std::string& called, direction to) {
  const bool masked = to == direction::answered && spec.shown != codec::privacy::open;
  ordered_json schema{{"type", "string"}, {"description", called + ": " + spec.name}};
  const auto what = spec.form.what;
  if (codec::is_digits(what))
    schema["pattern"] = masked ? "^[0-9*]*$" : "^[0-9]*$";
  // EMV data that is not well-formed is not shown at all: "(12 bytes, no EMV tags)".
  else if (what == codec::content::b && !masked)
    schema["pattern"] = "^([0-9A-Fa-f]{2})*$";
  else if (what == codec::content::b && spec.shown != codec::privacy::emv)
    schema["pattern"] = "^([0-9A-Fa-f]{2}|\\*\\*)*$";
  schema["maxLength"] = spec.text_size_max();
  if (to == direction::sent)
    schema["minLength"] = 1;
  if (!masked)
    add_values(schema, spec.values, spec.rules.only_values && to == direction::sent);
  return schema;
}

ordered_json field_schema(const codec::field_spec& spec, const std::string& called, direction to);

// The parts by their names, and where there may be unknown tags these too.
ordered_json parts_schema(const codec::composite& c, const std::string& called, direction to) {
  auto properties = ordered_json::object();
  for (const auto* parts : {&c.leading, &c.parts})
    for (const auto& part : *parts)
      properties[codec::name_of(part)] = field_schema(part.spec, called + "." + part.name, to);
  ordered_json schema{{"type", "object"}, {"description", "Its parts"}, {"properties", properties}};
  const bool has_tags = c.kind == codec::composite_kind::tlv || c.kind == codec::composite_kind::ber;
  if (has_tags)
    schema["additionalProperties"] = {{"type", "string"}};
  return schema;
}

ordered_json field_schema(const codec::field_spec& spec, const std::string& called, direction to) {
  auto schema = text_schema(spec, called, to);
  if (spec.shown == codec::privacy::emv)
    return {{"description", schema["description"]},
            {"oneOf",
             {schema,
              {{"type", "object"},
               {"description", "Tags and their values, in hexadecimal"},
               {"additionalProperties", {{"type", "string"}}}}}}};
  if (spec.parts)
    return {{"description", schema["description"]},
            {"oneOf", {schema, parts_schema(*spec.parts, called, to)}}};
  return schema;
}

// The codes of field 39 as they stand in messages.
texts response_codes(const codec::dialect& d, const codec::field_spec& spec) {
  texts all;
  for (const auto& [code, meaning] : d.response_codes) {
    auto text = code;
    if (spec.is_fixed() && text.size() < spec.length_max)
      text.insert(0, spec.length_max - text.size(), '0');
    if (!codec::value_fault(text, spec))
      all[text] = meaning;
  }
  return all;
}

ordered_json message_schema(const codec::dialect& d, direction to) {
  auto properties = ordered_json::object();
  for (const auto& spec : d.fields)
    if (spec) {
      auto schema = field_schema(*spec, "Field " + std::to_string(spec->number), to);
      if (spec->number == codec::fields::response_code && spec->values.empty())
        add_values(schema, response_codes(d, *spec), false);
      properties[codec::name_of(*spec)] = std::move(schema);
    }
  return {{"type", "object"},
          {"description", to == direction::sent
                            ? "A message by field names. Field numbers and the dialect's long names are "
                              "taken too, and paths of parts as 55.9F36."
                            : "A message by field names, card data masked."},
          {"properties", properties},
          {"required", {codec::name_of(*d.find(codec::fields::mti))}}};
}

// A purchase without its times and STAN, which the gateway fills in.
ordered_json purchase_example(const codec::dialect& d) {
  codec::message given;
  given.set(codec::fields::amount, "1000");
  given.set(codec::fields::tid, "00992468");
  given.set(codec::fields::merchant, "124642124643");
  auto m = codec::example_of(d.purchase, given, d, {});
  m.erase(codec::fields::transmission_time);
  for (const auto& part : d.local_time.parts)
    m.erase(part.field);
  ordered_json example;
  for (const auto& [number, value] : m)
    if (const auto* spec = d.find(number))
      example[codec::name_of(*spec)] = value;
  return example;
}

ordered_json ref(const char* schema) { return {{"$ref", std::string("#/components/schemas/") + schema}}; }

ordered_json content(const char* type, const ordered_json& schema) { return {{type, {{"schema", schema}}}}; }

ordered_json response(const char* text, const char* type, const char* schema) {
  return {{"description", text}, {"content", content(type, ref(schema))}};
}

ordered_json problem(const char* text) { return response(text, "application/problem+json", "Problem"); }

ordered_json answer_schema() {
  const ordered_json text{{"type", {"string", "null"}}};
  return {
    {"type", "object"},
    {"properties",
     {{"transaction_id", {{"type", "string"}}},
      {"outcome",
       {{"type", "string"},
        {"enum", {"approved", "declined", "pending", "not_sent", "reversing", "reversed", "unknown"}}}},
      {"approved", {{"type", "boolean"}}},
      {"response_code", text},
      {"response_text", text},
      {"stan", text},
      {"rrn", text},
      {"approval_code", text},
      {"code",
       {{"type", "string"}, {"description", "Of a message without the host's answer: why, as in Problem"}}},
      {"message", ref("MaskedMessage")},
      {"note",
       {{"type", "string"},
        {"description",
         "Where the host's answer has parts that its dialect does not know; they are not shown"}}}}},
    {"required", {"transaction_id", "outcome", "approved"}}};
}

ordered_json problem_schema() {
  const ordered_json text{{"type", "string"}};
  return {
    {"type", "object"},
    {"properties",
     {{"type", text},
      {"title", text},
      {"status", {{"type", "integer"}}},
      {"code", {{"type", "string"}, {"description", "Stable; for programs"}}},
      {"stage", {{"type", "string"}, {"enum", {"request", "queue", "host", "timeout"}}}},
      {"outcome",
       {{"type", "string"},
        {"enum", {"not_sent", "declined", "reversing", "reversed", "unknown"}},
        {"description",
         "What is known about the money: nothing was sent; the host has not processed it; the host may have "
         "acted and it is being reversed; its client has reversed it; the host may have acted"}}},
      {"transaction_id", text},
      {"errors",
       {{"type", "array"},
        {"items", {{"type", "object"}, {"properties", {{"field", text}, {"detail", text}}}}}}}}},
    {"required", {"title", "status", "code", "stage", "outcome"}}};
}

ordered_json post_message(const codec::dialect& d) {
  auto body = content("application/json", ref("Message"));
  body["application/json"]["example"] = purchase_example(d);
  return {
    {"summary", "Take a message to the host and wait for its answer"},
    {"parameters",
     {{{"name", "Idempotency-Key"},
       {"in", "header"},
       {"schema", {{"type", "string"}, {"minLength", 1}, {"maxLength", 255}}},
       {"description",
        "The same key with the same body is sent once and gets the same answer, however often it is "
        "asked"}}}},
    {"requestBody", {{"required", true}, {"content", body}}},
    {"responses",
     {{"200", response("The host's answer: approved or declined", "application/json", "Answer")},
      {"400",
       problem("The body is no JSON object, or the Idempotency-Key is empty, too long or there twice")},
      {"409", problem("The key stands for another message, or terminal and STAN are those of a message "
                      "in flight, or of a purchase that is open or approved; or its client has reversed it")},
      {"415", problem("The body is not application/json, or is compressed")},
      {"422", problem("The message has errors; each is named")},
      {"500", problem("A part of the gateway failed, or it was killed; a purchase is reversed")},
      {"502",
       problem("The link to the host fell, or the host has rejected the message; `outcome` says whether a "
               "purchase is reversed")},
      {"503", problem("Nothing was sent; ask again after Retry-After")},
      {"504", problem("No answer in time, or nobody took it; `outcome` says whether it was sent")}}}};
}

ordered_json get_message() {
  return {
    {"summary", "What became of a message"},
    {"parameters", {{{"name", "id"}, {"in", "path"}, {"required", true}, {"schema", {{"type", "string"}}}}}},
    {"responses",
     {{"200", response("Its state", "application/json", "Answer")},
      {"404", problem("No such transaction, or too long ago")},
      {"503", problem("It cannot be told just now; ask again")}}}};
}

ordered_json post_confirm() {
  return {
    {"summary", "The client has its answer"},
    {"description",
     "Where httpDelivery is confirm, an approval that is not confirmed within 30 s is reversed. May be "
     "repeated."},
    {"parameters", {{{"name", "id"}, {"in", "path"}, {"required", true}, {"schema", {{"type", "string"}}}}}},
    {"responses",
     {{"200", response("Its state: `approved` stands now, `reversing` and `reversed` came too late",
                       "application/json", "Answer")},
      {"404", problem("No such transaction, or too long ago")},
      {"503", problem("It cannot be told just now; ask again")}}}};
}

ordered_json post_describe() {
  const ordered_json hex{
    {"type", "object"}, {"properties", {{"hex", {{"type", "string"}}}}}, {"required", {"hex"}}};
  auto body = content("application/json", hex);
  body["application/json"]["example"] = {
    {"hex", "303830302220010000800000393930303030313132333132303030303030303030313833313030393932343638"}};
  return {{"summary", "What a message in hexadecimal says; card data is masked"},
          {"requestBody", {{"required", true}, {"content", body}}},
          {"responses",
           {{"200",
             {{"description", "Title, fields and a table"},
              {"content", content("application/json", {{"type", "object"},
                                                       {"properties",
                                                        {{"title", {{"type", "string"}}},
                                                         {"message", ref("MaskedMessage")},
                                                         {"table", {{"type", "string"}}}}}})}}},
            {"400", problem("The body is not JSON with the member hex")},
            {"422", problem("It is no message of this dialect")},
            {"503", problem("The gateway is ending; ask again after Retry-After")}}}};
}

}  // namespace

ordered_json openapi(const codec::dialect& d) {
  return {{"openapi", "3.1.0"},
          {"info",
           {{"title", "socketqueue"},
            {"version", "1"},
            {"description",
             "ISO 8583 messages to a host of the dialect " + d.name + ". HTTP/1.1; there is no h2."}}},
          {"paths",
           {{"/v1/messages", {{"post", post_message(d)}}},
            {"/v1/messages/{id}", {{"get", get_message()}}},
            {"/v1/messages/{id}/confirm", {{"post", post_confirm()}}},
            {"/v1/describe", {{"post", post_describe()}}}}},
          {"components",
           {{"schemas",
             {{"Message", message_schema(d, direction::sent)},
              {"MaskedMessage", message_schema(d, direction::answered)},
              {"Answer", answer_schema()},
              {"Problem", problem_schema()}}}}}};
}

}  // namespace actors
