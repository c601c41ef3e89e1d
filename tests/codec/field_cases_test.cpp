// Messages of many dialects, each with the rows of its own: byte for byte, both ways.

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

#include "codec/composite/composite.hpp"
#include "codec/dialect/dialect_file.hpp"
#include "codec/pack.hpp"
#include "codec/privacy/masking.hpp"
#include "codec/text/hex.hpp"
#include "codec/unpack.hpp"
#include "tests/support/files.hpp"

namespace {

using nlohmann::json;

struct vector {
  std::string name;
  codec::dialect d;
  std::string wire;
  std::map<std::string, std::string> values;  ///< by path
};

codec::dialect dialect_of(const json& row) {
  const auto d = codec::parse_dialect(row.at("dialect").dump());
  INFO((d ? "" : d.error()));
  REQUIRE(d.ok());
  return *d;
}

std::vector<vector> vectors() {
  std::vector<vector> all;
  for (const auto& row : support::golden("field-cases.jsonl"))
    if (row.contains("expect"))
      for (std::size_t i = 0; i < row.at("expect").size(); ++i)
        all.push_back({row.at("name"), dialect_of(row),
                       *codec::from_hex(row.at("wire_hex").at(i).get<std::string>()),
                       row.at("expect").at(i)});
  for (const auto& row : support::golden("iso87.jsonl"))
    all.push_back({row.at("name"), dialect_of(row), *codec::from_hex(row.at("wire_hex").get<std::string>()),
                   row.at("fields")});
  REQUIRE(all.size() == 18 + 100);
  return all;
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
  return text;
}

// Bytes are written in either case.
bool same(const std::string& a, const std::string& b) { return a == b || lower(a) == lower(b); }

}  // namespace

TEST_CASE("the vectors of many dialects read as they should and are written byte for byte") {
  for (const auto& v : vectors()) {
    INFO(v.name);
    const auto m = codec::unpack(v.wire, v.d);
    INFO((m ? "" : codec::to_string(m.error())));
    REQUIRE(m.ok());
    for (const auto& [path, value] : v.values) {
      INFO(path << " is " << codec::value_at(*m, path, v.d).value_or("(nothing)"));
      CHECK(same(codec::value_at(*m, path, v.d).value_or("(nothing)"), value));
    }
    CHECK(codec::faults_of_parts(*m, v.d).empty());
    CHECK(codec::to_hex(*codec::pack(*m, v.d)) == codec::to_hex(v.wire));

    codec::message made;
    for (const auto& [path, value] : v.values)
      if (path.find('.') == std::string::npos)
        made.set(std::stoi(path), value);
    const auto bytes = codec::pack(made, v.d);
    INFO((bytes ? "" : codec::to_string(bytes.error())));
    REQUIRE(bytes.ok());
    CHECK(codec::to_hex(*bytes) == codec::to_hex(v.wire));
  }
}

TEST_CASE("composite fields are made of their parts alone, byte for byte") {
  std::size_t made_of_parts = 0;
  for (const auto& v : vectors()) {
    INFO(v.name);
    codec::message whole = *codec::unpack(v.wire, v.d), made;
    // In the order in which the parts stand in the bytes.
    for (const auto& [number, value] : whole) {
      const auto* spec = v.d.find(number);
      if (!spec->parts) {
        made.set(number, value);
        continue;
      }
      const auto content = codec::content_of(whole, *spec);
      const auto parts = codec::split(content, *spec->parts);
      REQUIRE(parts.ok());
      for (const auto& part : *parts) {
        const auto path = std::to_string(number) + "." + part.name;
        const auto text = codec::text_of(part, *spec->parts);
        INFO(path);
        CHECK_FALSE(codec::set_at(made, path, text, v.d));
        CHECK(codec::value_at(made, path, v.d) == text);
        // Set again, nothing else moves.
        CHECK_FALSE(codec::set_at(whole, path, text, v.d));
        ++made_of_parts;
      }
    }
    CHECK(codec::to_hex(*codec::pack(made, v.d)) == codec::to_hex(v.wire));
    CHECK(codec::to_hex(*codec::pack(whole, v.d)) == codec::to_hex(v.wire));
  }
  CHECK(made_of_parts == 3 + 5 + 8 + 3 + 2);
}

TEST_CASE("every prefix of the vectors asks for more, and random bytes are no more than a fault") {
  std::mt19937_64 random_source(87);
  std::size_t understood = 0;
  for (const auto& v : vectors()) {
    INFO(v.name);
    for (std::size_t size = 0; size < v.wire.size(); ++size) {
      const auto part = codec::unpack_front(std::string_view(v.wire).substr(0, size), v.d);
      REQUIRE_FALSE(part.ok());
      REQUIRE(part.error().code == codec::fault_code::truncated);
      REQUIRE(part.error().offset == size);
    }
    CHECK(codec::unpack_front(v.wire + v.wire, v.d)->size == v.wire.size());
    for (int round = 0; round < 200; ++round) {
      auto bytes = v.wire;
      for (auto changes = 1 + random_source() % 4; changes > 0; --changes)
        bytes[random_source() % bytes.size()] = static_cast<char>(random_source());
      const auto front = codec::unpack_front(bytes, v.d);
      if (!front) {
        REQUIRE(front.error().offset <= bytes.size());
        continue;
      }
      ++understood;
      REQUIRE(*codec::pack(front->value, v.d) == bytes.substr(0, front->size));
      static_cast<void>(codec::faults_of_parts(front->value, v.d));
      for (const auto& [number, value] : front->value)
        static_cast<void>(value);
    }
  }
  CHECK(understood > 1000);
}

TEST_CASE("a card number with a letter is refused, and neither the fault nor its text has it") {
  for (const auto& row : support::golden("field-cases.jsonl"))
    if (row.contains("fault")) {
      const auto m =
        codec::unpack(*codec::from_hex(row.at("wire_hex").at(0).get<std::string>()), dialect_of(row));
      REQUIRE_FALSE(m.ok());
      CHECK(m.error() == codec::fault{codec::fault_code::not_a_digit, 2, 30});
      CHECK(codec::to_string(m.error()) == "field 2: not a digit, at byte 30");
    }
}

TEST_CASE("packed track data in a private field of bytes shows nothing of its expiry date and what follows") {
  for (const auto& v : vectors())
    if (v.name == "c24-mask-track2-in-private-field") {
      const auto shown = codec::shown((*codec::unpack(v.wire, v.d))[63], *v.d.find(63));
      CHECK(shown == "351348**************d********************f");
    }
}
