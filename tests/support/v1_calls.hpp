// What the tests of /v1 share: a message by field names, and its answers.
#pragma once

#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <vector>

#include "actors/http/openapi.hpp"
#include "tests/support/http.hpp"
#include "tests/support/json_schema.hpp"
#include "tests/support/virtual_gateway.hpp"

namespace support::v1 {

using nlohmann::json;
using player::connection_ptr;

inline std::vector<http_response> responses(const connection_ptr& c) {
  std::string text;
  for (const auto& s : c->sent)
    text += s;
  return support::http_responses(text);
}

inline http_response last(const connection_ptr& c) {
  const auto all = responses(c);
  REQUIRE_FALSE(all.empty());
  return all.back();
}

// What is wrong with an answer by our own OpenAPI document: its status, its type or its body.
inline std::string faults_of(const http_response& r, const std::string& path, const std::string& method) {
  static const json document = actors::openapi(support::smart_vista());
  const auto& answers = document.at("paths").at(path).at(method).at("responses");
  const auto status = std::to_string(r.status);
  if (!answers.contains(status))
    return "the document has no status " + status + "\n";
  for (const auto& [type, content] : answers.at(status).at("content").items())
    return (r.has("Content-Type: " + type) ? "" : "it is no " + type + "\n") +
           support::json_schema(document).faults(r.json(), content.at("schema"));
  return "the document has no body\n";
}

// Of whatever a client got at one of the paths of /v1.
inline http_response documented(const http_response& r, const std::string& path,
                                const std::string& method = "post") {
  INFO(r.head << r.body);
  CHECK(faults_of(r, path, method) == "");
  return r;
}

// What a newcomer sends: no times, no STAN.
inline json purchase(const char* tid = "42") {
  return {{"mti", "0200"},
          {"processing_code", "000000"},
          {"amount", "1000"},
          {"pos_entry_mode", "021"},
          {"function_code", "200"},
          {"pos_condition_code", "00"},
          {"track2", "4850781234567891=25122011000000000000"},
          {"terminal_id", tid},
          {"merchant_id", "123"},
          {"currency", "643"}};
}

inline std::string message(const json& fields, const std::string& key = "") {
  return http_post(
    "/v1/messages", fields.dump(),
    "Content-Type: application/json\r\n" + (key.empty() ? "" : "Idempotency-Key: " + key + "\r\n"));
}

// The id that a gateway like this one gives to its first transaction: of one seed all are alike.
inline std::string first_id(const std::function<void(config::settings&)>& change, const std::string& bytes) {
  virtual_gateway twin(change);
  const auto client = twin.http_client(bytes);
  twin.host_says(approval(twin.host_got().at(0)));
  return last(client).json().at("transaction_id").get<std::string>();
}

}  // namespace support::v1
