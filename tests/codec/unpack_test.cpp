#include <catch2/catch.hpp>

#include <memory>
#include <random>

#include "codec/pack.hpp"
#include "codec/text/hex.hpp"
#include "codec/text/legacy_json.hpp"
#include "codec/unpack.hpp"
#include "tests/support/dialects.hpp"
#include "tests/support/files.hpp"

using codec::fault;
using codec::fault_code;
using support::smart_vista;

namespace {

std::string wire(const codec::message& m) { return codec::pack(m, smart_vista()).value(); }

// The bytes exactly, on the heap, so that a sanitizer sees a read behind them.
codec::result<codec::unpacked> unpack_exact(const std::string& bytes) {
  const std::unique_ptr<char[]> copy(new char[bytes.size()]);
  std::ranges::copy(bytes, copy.get());
  return codec::unpack_front({copy.get(), bytes.size()}, smart_vista());
}

}  // namespace

TEST_CASE("a bad byte is a fault that names the field and the byte, as soon as it is there") {
  const auto good = wire(support::purchase());
  // MTI at 0, bitmap at 4, then fields 3 (12), 4 (18), 7 (30), 11 (40), ...
  const auto broken = [&good](std::size_t at, char byte) {
    auto bytes = good;
    bytes[at] = byte;
    return unpack_exact(bytes).error();
  };
  CHECK(broken(0, 'x') == fault{fault_code::bad_mti, 0, 0});
  CHECK(broken(2, '\n') == fault{fault_code::bad_mti, 0, 2});
  CHECK(broken(14, 'A') == fault{fault_code::not_a_digit, 3, 14});
  CHECK(broken(29, ' ') == fault{fault_code::not_a_digit, 4, 29});

  // Complete or not does not matter.
  CHECK(unpack_exact(good.substr(0, 14) + "A").error() == fault{fault_code::not_a_digit, 3, 14});
  CHECK(unpack_exact("GET / HTTP/1.1").error().code == fault_code::bad_mti);
}

TEST_CASE("a field that the dialect does not know is a fault") {
  auto bytes = wire(support::echo());
  bytes[4 + 4] = static_cast<char>(bytes[4 + 4] | 0x10);  // field 36
  CHECK(unpack_exact(bytes).error().code == fault_code::unknown_field);
  CHECK(unpack_exact(bytes).error().field == 36);
  // The bitmap alone says so: nobody need wait for the fields in front of it.
  CHECK(unpack_exact(bytes.substr(0, 14)).error() == fault{fault_code::unknown_field, 36, 12});
}

TEST_CASE("a length above the field's maximum is refused before the content is there") {
  codec::message m("0800");
  m.set(32, "12345678901");
  auto bytes = wire(m);
  bytes[12] = '1', bytes[13] = '2';  // 12 digits where 11 are the most
  CHECK(unpack_exact(bytes.substr(0, 14)).error() == fault{fault_code::too_long, 32, 14});
}

TEST_CASE("a binary field keeps its first byte, and a PIN block its eight") {
  auto m = support::purchase();
  m.set(52, "0123456789abcdef");
  m.set(55, "9f2608571f1e10d4fa4aac");
  const auto back = codec::unpack(wire(m), smart_vista());
  REQUIRE(back.ok());
  CHECK((*back)[52] == "0123456789abcdef");
  CHECK((*back)[55] == "9f2608571f1e10d4fa4aac");
}

TEST_CASE("what does not fit a field is refused by pack and never cut") {
  const auto packing = [](int number, const std::string& value) {
    auto m = support::purchase();
    m.set(number, value);
    return codec::pack(m, smart_vista()).error();
  };
  CHECK(packing(4, "1234567890123") == fault{fault_code::too_long, 4});
  CHECK(packing(35, std::string(38, '1')) == fault{fault_code::too_long, 35});
  CHECK(packing(41, "ABC") == fault{fault_code::not_a_digit, 41});
  CHECK(packing(55, "xyz") == fault{fault_code::not_hex, 55});
  CHECK(packing(55, "abc") == fault{fault_code::not_hex, 55});
  CHECK(packing(36, "1") == fault{fault_code::unknown_field, 36});
}

TEST_CASE("digits stay digits: twelve nines are no rounded number") {
  auto m = support::purchase("00000042", "000001", "999999999999");
  m.set(37, "000000000001");
  CHECK(codec::to_json(*codec::unpack(wire(m), smart_vista()), smart_vista()).at("4") == 999999999999);
  CHECK(codec::to_json(*codec::unpack(wire(m), smart_vista()), smart_vista()).at("37") == "000000000001");
}

TEST_CASE("JSON that is no message is refused with the field named") {
  const auto refused = [](const char* text) {
    return codec::from_json(nlohmann::json::parse(text), smart_vista()).faults.at(0);
  };
  CHECK(refused("[]").code == fault_code::wrong_type);
  CHECK(refused("null").code == fault_code::wrong_type);
  CHECK(refused("{}") == fault{fault_code::missing, 0});
  CHECK(refused(R"({"0":"0200","35":{}})") == fault{fault_code::wrong_type, 35});
  CHECK(refused(R"({"0":"0200","4":-1})") == fault{fault_code::wrong_type, 4});
  CHECK(refused(R"({"0":"0200","4":10.5})") == fault{fault_code::wrong_type, 4});
  CHECK(refused(R"({"0":"0200","36":"1"})") == fault{fault_code::unknown_field, 36});
  CHECK(refused(R"({"0":"0200","99999999999":"1"})").code == fault_code::unknown_field);
  CHECK(refused(R"({"0":"0200","41":"123456789"})") == fault{fault_code::too_long, 41});
  CHECK(refused(R"({"0":"0200","55":"abcg"})") == fault{fault_code::not_hex, 55});
}

TEST_CASE("text beyond ASCII survives the way through JSON") {
  auto m = support::echo();
  m.set(62, "caf\xe9 \xc4\xff");
  const auto json = codec::to_json(*codec::unpack(wire(m), smart_vista()), smart_vista());
  CHECK(json.at("62") == "caf\u00e9 \u00c4\u00ff");
  CHECK(codec::from_json(nlohmann::json::parse(json.dump()), smart_vista()).value[62] == m[62]);
}

TEST_CASE("no bytes whatever are read past their end, and what unpacks packs to the same bytes") {
  std::mt19937_64 random_source(8583);
  const auto random_byte = [&random_source] { return static_cast<char>(random_source()); };
  const auto rows = support::golden("smartvista.jsonl");
  std::size_t understood = 0;
  for (int round = 0; round < 40000; ++round) {
    std::string bytes;
    if (round % 4 == 0) {
      bytes.resize(random_source() % 200);
      std::ranges::generate(bytes, random_byte);
    } else {
      bytes = *codec::from_hex(rows[random_source() % rows.size()].at("wire_hex").get<std::string>());
      for (auto changes = random_source() % 4; changes > 0; --changes)
        bytes[random_source() % bytes.size()] = random_byte();
      bytes.resize(bytes.size() - random_source() % 3);
    }
    const auto front = unpack_exact(bytes);
    if (!front) {
      REQUIRE(front.error().offset <= bytes.size());
      continue;
    }
    ++understood;
    REQUIRE(front->size <= bytes.size());
    REQUIRE(codec::pack(front->value, smart_vista()).value() == bytes.substr(0, front->size));
  }
  CHECK(understood > 4000);
}

TEST_CASE("the longest message of a dialect is no longer than the dialect says") {
  codec::message m("0200");
  for (int number = 2; number <= codec::field_max; ++number)
    if (const auto* spec = smart_vista().find(number))
      m.set(number, std::string(spec->text_size_max(), '1'));
  CHECK(wire(m).size() <= smart_vista().size_max());
  CHECK(codec::unpack(wire(m), smart_vista()).ok());
}
