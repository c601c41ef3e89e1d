// A purchase as it is posted to /v1.
#pragma once

#include "codec/message.hpp"
#include "tests/support/http.hpp"

namespace support {

/// Uses the dialect's field names.
inline std::string v1_json(const codec::message& m) {
  return nlohmann::json{{"mti", "0200"},          {"processing_code", m[3]},     {"amount", m[4]},
                        {"stan", m[11]},          {"local_time", m[12]},         {"pos_entry_mode", m[22]},
                        {"function_code", m[24]}, {"pos_condition_code", m[25]}, {"track2", m[35]},
                        {"terminal_id", m[41]},   {"merchant_id", m[42]},        {"currency", m[49]}}
    .dump();
}

inline std::string keyed(const std::string& key, const std::string& body) {
  return http_post("/v1/messages", body,
                   "Content-Type: application/json\r\nIdempotency-Key: " + key + "\r\n");
}

}  // namespace support
