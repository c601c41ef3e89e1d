// Byte for byte and value for value what the old program sends and shows.

#include <catch2/catch.hpp>

#include "codec/pack.hpp"
#include "codec/text/hex.hpp"
#include "codec/text/legacy_json.hpp"
#include "codec/unpack.hpp"
#include "tests/support/dialects.hpp"
#include "tests/support/files.hpp"

using support::smart_vista;

TEST_CASE("smartVista: JSON becomes the golden bytes, and they become the golden JSON") {
  const auto rows = support::golden("smartvista.jsonl");
  REQUIRE(rows.size() == 160);
  for (const auto& row : rows) {
    INFO(row.at("name"));
    const auto m = codec::from_json(nlohmann::json::parse(row.at("request_json").dump()), smart_vista());
    REQUIRE(m.faults.empty());
    const auto bytes = codec::pack(m.value, smart_vista());
    REQUIRE(bytes.ok());
    CHECK(codec::to_hex(*bytes) == row.at("wire_hex"));

    const auto back = codec::unpack(*bytes, smart_vista());
    REQUIRE(back.ok());
    CHECK(*back == m.value);
    CHECK(codec::to_json(*back, smart_vista()).dump() == row.at("reply_json").dump());
  }
}

TEST_CASE("smartVista: any prefix of a message asks for more, and the message ends where it ends") {
  for (const auto& row : support::golden("smartvista.jsonl")) {
    INFO(row.at("name"));
    const auto bytes = *codec::from_hex(row.at("wire_hex").get<std::string>());
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      const auto part = codec::unpack_front(std::string_view(bytes).substr(0, size), smart_vista());
      REQUIRE_FALSE(part.ok());
      REQUIRE(part.error().code == codec::fault_code::truncated);
      REQUIRE(part.error().offset == size);
    }
    const auto two = bytes + bytes;
    REQUIRE(codec::unpack_front(two, smart_vista())->size == bytes.size());
    REQUIRE(codec::unpack(two, smart_vista()).error().code == codec::fault_code::trailing);
  }
}
