// Each column of a row alone and together: content, encoding, length, padding.

#include <catch2/catch.hpp>

#include "codec/dialect/dialect_file.hpp"
#include "codec/pack.hpp"
#include "codec/text/hex.hpp"
#include "codec/unpack.hpp"

namespace {

codec::result<codec::dialect, std::string> dialect_with(const std::string& columns,
                                                        const std::string& bitmap = R"("binary")") {
  return codec::parse_dialect(R"({"name":"x","bitmap":)" + bitmap +
                              R"(,"mandatory":{},"approvals":["0"],"fields":[)" +
                              R"({"field":0,"name":"MTI","content":"n","length":4,"privacy":"open"},)" +
                              R"({"field":100,"name":"Tried","privacy":"open",)" + columns + "}]}");
}

std::string error_in_field(const std::string& columns) {
  const auto d = dialect_with(columns);
  return d ? "" : d.error();
}

// MTI and two bitmaps.
constexpr std::size_t head = 4 + 16;

codec::result<std::string> packed(const codec::dialect& d, const std::string& value) {
  codec::message m("0800");
  m.set(100, value);
  return codec::pack(m, d);
}

}  // namespace

TEST_CASE("a value goes through its bytes and comes back, in every encoding, length and padding") {
  struct row {
    const char *columns, *value, *wire_hex, *read;
  };
  const auto r = GENERATE(
    row{R"("content":"n","length":6)", "42", "303030303432", "000042"},
    row{R"("content":"n","length":6,"padding":"left 0","trim":true)", "42", "303030303432", "42"},
    row{R"("content":"ans","length":4,"padding":"right space")", "T7", "54372020", "T7"},
    row{R"("content":"ans","length":4,"padding":"left space","trim":false)", "T7", "20205437", "  T7"},
    row{R"("content":"ans","length":4,"encoding":"cp037","padding":"right space")", "T7", "e3f74040", "T7"},
    row{R"("content":"any","length":4,"encoding":"cp037")", "[]!|", "babb5a4f", "[]!|"},
    row{R"("content":"any","length":4,"encoding":"cp500")", "[]!|", "4a5a4fbb", "[]!|"},
    row{R"("content":"any","length":4,"encoding":"cp1047")", "[]!|", "adbd5a4f", "[]!|"},
    row{R"("content":"n","length":6,"encoding":"bcd")", "123456", "123456", "123456"},
    row{R"("content":"n","length":3,"encoding":"bcd")", "978", "0978", "978"},
    row{R"("content":"n","length":3,"encoding":"bcd","padding":"right F")", "978", "978f", "978"},
    row{R"("content":"n","length":3,"encoding":"bcd","padding":"right 0")", "978", "9780", "978"},
    row{R"("content":"n","length":20,"encoding":"bcd","padding":"right F")", "4111111111111111",
        "4111111111111111ffff", "4111111111111111"},
    row{R"("content":"n","length":20,"encoding":"bcd","padding":"left F")", "4111111111111111",
        "ffff4111111111111111", "4111111111111111"},
    row{R"("content":"n","length":2,"encoding":"binary")", "4660", "1234", "4660"},
    row{R"("content":"b","length":3)", "0123AB", "0123ab", "0123ab"},
    row{R"("content":"b","length":3,"encoding":"hex")", "0123ab", "303132334142", "0123ab"},
    row{R"("content":"b","length":3,"encoding":"ebcdic-hex")", "0123ab", "f0f1f2f3c1c2", "0123ab"},
    row{R"("content":"x+n","length":9)", "D123", "443030303030313233", "D00000123"},
    row{R"("content":"x+n","length":9,"encoding":"bcd")", "C123", "4300000123", "C00000123"},
    row{R"("content":"x+n","length":8,"encoding":"bcd")", "C123", "4300000123", "C0000123"},
    row{R"("content":"x+n","length":9,"encoding":"cp500")", "C123", "c3f0f0f0f0f0f1f2f3", "C00000123"},
    row{R"("content":"z","encoding":"bcd","padding":"right F",)"
        R"("length":{"max":37,"encoding":"binary","size":1})",
        "12345=67", "0812345d67", "12345=67"},
    row{R"("content":"z","encoding":"bcd","padding":"right F",)"
        R"("length":{"max":37,"encoding":"bcd","size":1})",
        "12345D678", "0912345d678f", "12345=678"},
    row{R"("content":"z","encoding":"bcd","padding":"left 0","length":{"max":37,"encoding":"bcd","size":1})",
        "12345=678", "09012345d678", "12345=678"},
    row{R"("content":"n","encoding":"bcd","length":{"max":19,"encoding":"bcd","size":1,"counts":"bytes"})",
        "123", "020123", "0123"},
    row{R"("content":"n","encoding":"bcd","padding":"right F",)"
        R"("length":{"max":19,"encoding":"bcd","size":1,"counts":"bytes"})",
        "123", "02123f", "123"},
    row{R"("content":"ans","length":{"max":999999,"encoding":"ascii","size":6})", "ab", "3030303030326162",
        "ab"},
    row{R"("content":"ans","encoding":"cp037","length":{"max":99,"encoding":"ebcdic","size":2})", "AB",
        "f0f2c1c2", "AB"},
    row{R"("content":"ans","length":{"max":9999,"encoding":"bcd","size":2})", "ab", "00026162", "ab"},
    row{R"("content":"ans","length":{"max":70000,"encoding":"binary","size":4})", "ab", "000000026162", "ab"},
    row{R"("content":"b","encoding":"hex","length":{"max":50,"encoding":"ascii","size":2})", "abcd",
        "303241424344", "abcd"},
    row{R"("content":"b","encoding":"hex",)"
        R"("length":{"max":40,"encoding":"ascii","size":2,"counts":"characters"})",
        "abcd", "303441424344", "abcd"});
  INFO(r.columns);
  const auto d = dialect_with(r.columns);
  INFO((d ? "" : d.error()));
  REQUIRE(d.ok());
  const auto bytes = packed(*d, r.value);
  INFO((bytes ? "" : codec::to_string(bytes.error())));
  REQUIRE(bytes.ok());
  CHECK(codec::to_hex(bytes->substr(head)) == r.wire_hex);
  const auto back = codec::unpack(*bytes, *d);
  REQUIRE(back.ok());
  CHECK((*back)[100] == r.read);
  auto changed = *back;
  changed.set(100, changed[100]);
  CHECK(codec::to_hex(*codec::pack(changed, *d)) == codec::to_hex(*bytes));
}

TEST_CASE("text that is no value of its field is refused, and never sent as something else") {
  using enum codec::fault_code;
  struct row {
    const char *columns, *value;
    codec::fault_code fault;
  };
  const auto r =
    GENERATE(row{R"("content":"n","length":6)", "12 456", not_a_digit},
             row{R"("content":"a","length":6,"padding":"right space")", "ab1", wrong_character},
             row{R"("content":"an","length":6,"padding":"right space")", "a-1", wrong_character},
             row{R"("content":"ans","length":6,"padding":"right space")", "a\n1", wrong_character},
             row{R"("content":"ans","length":6)", "short", wrong_length},
             row{R"("content":"ans","length":6)", "too long", too_long},
             row{R"("content":"z","length":6)", "1:2", wrong_character},
             row{R"("content":"x+n","length":9)", "-123", not_a_digit},
             row{R"("content":"x+n","length":9)", "C12.3", not_a_digit},
             row{R"("content":"b","length":3)", "0123a", wrong_length},
             row{R"("content":"b","length":3)", "0123xy", not_hex});
  INFO(r.columns << " of " << r.value);
  const auto d = dialect_with(r.columns);
  REQUIRE(d.ok());
  CHECK(packed(*d, r.value).error() == codec::fault{r.fault, 100});
}

TEST_CASE("bytes that are no value of their field are a fault with their place") {
  using enum codec::fault_code;
  struct row {
    const char *columns, *wire_hex;
    codec::fault fault;
  };
  const auto r = GENERATE(
    row{R"("content":"n","length":4,"encoding":"bcd")", "12a4", {not_a_digit, 100, head + 1}},
    row{R"("content":"n","length":4,"encoding":"bcd","padding":"right F")",
        "1f34",
        {not_a_digit, 100, head + 1}},
    row{R"("content":"z","length":4,"encoding":"bcd")", "1dc4", {wrong_character, 100, head + 1}},
    row{R"("content":"n","length":4,"encoding":"cp037")", "f1f2c1f4", {not_a_digit, 100, head + 2}},
    row{R"("content":"x+n","length":3,"encoding":"bcd")", "4112", {not_a_digit, 100, head}},
    row{R"("content":"b","length":2,"encoding":"hex")", "3031477a", {not_hex, 100, head + 2}},
    row{R"("content":"an","length":{"max":9,"encoding":"bcd","size":1})", "1a61", {not_a_digit, 100, head}},
    row{
      R"("content":"an","length":{"max":9,"encoding":"binary","size":1})", "0a61", {too_long, 100, head + 1}},
    row{R"("content":"b","encoding":"hex",)"
        R"("length":{"max":9,"encoding":"binary","size":1,"counts":"characters"})",
        "03616263",
        {wrong_length, 100, head + 1}});
  INFO(r.columns << " of " << r.wire_hex);
  const auto d = dialect_with(r.columns);
  REQUIRE(d.ok());
  const auto start = std::string("0800") + *codec::from_hex("80000000000000000000000010000000");
  CHECK(codec::unpack(start + *codec::from_hex(r.wire_hex), *d).error() == r.fault);
}

TEST_CASE("a third bitmap stands behind the second or in field 65, and 16 bytes may always be there") {
  const auto columns =
    R"("content":"n","length":2},{"field":192,"name":"Last","content":"n","length":1,"privacy":"open")";
  codec::message m("0800");
  m.set(100, "42");
  m.set(192, "7");
  const auto wire = [&](const char* bitmap, const codec::message& of) {
    const auto d = dialect_with(columns, bitmap);
    INFO((d ? "" : d.error()));
    REQUIRE(d.ok());
    const auto bytes = codec::pack(of, *d);
    REQUIRE(bytes.ok());
    CHECK(*codec::unpack(*bytes, *d) == of);
    for (std::size_t size = 0; size < bytes->size(); ++size) {
      const auto part = codec::unpack(std::string_view(*bytes).substr(0, size), *d);
      CHECK(part.error().code == codec::fault_code::truncated);
      CHECK(part.error().offset == size);
    }
    return codec::to_hex(bytes->substr(4));
  };
  CHECK(wire(R"({"form":"binary","third":"chained"})", m) ==
        "800000000000000080000000100000000000000000000001"
        "3432"
        "37");
  CHECK(wire(R"({"form":"binary","third":"in field 65"})", m) ==
        "80000000000000008000000010000000"
        "0000000000000001"
        "3432"
        "37");
  m.erase(192);
  CHECK(wire(R"({"form":"binary","third":"in field 65"})", m) ==
        "80000000000000000000000010000000"
        "3432");
  m.erase(100);
  CHECK(wire(R"({"form":"binary","always16":true})", m) == "80000000000000000000000000000000");
}

TEST_CASE("a broken row is refused with its path, what was expected and what stands there") {
  CHECK(error_in_field(R"("content":"nn","length":6)") ==
        "fields[1].content: expected one of n, a, an, ans, z, b, x+n, any, but it is \"nn\" (field 100)");
  CHECK(error_in_field(R"("content":"n","encoding":"ebcdic","length":6)") ==
        "fields[1].encoding: expected one of ascii, cp037, cp500, cp1047, bcd, binary, hex, ebcdic-hex, but "
        "it is "
        "\"ebcdic\" (field 100)");
  CHECK(
    error_in_field(R"("content":"ans","encoding":"bcd","length":6)") ==
    "fields[1].encoding: expected an encoding that content 'ans' can have, but it is \"bcd\" (field 100)");
  CHECK(error_in_field(R"("content":"n","length":{"max":9,"encoding":"bcd","size":9})") ==
        "fields[1].length.size: expected a whole number from 1 to 3, but it is 9 (field 100)");
  CHECK(error_in_field(R"("content":"n","length":{"max":100,"encoding":"bcd","size":1})") ==
        "fields[1].length: length 100 is out of range: the number in front of the value cannot be as large "
        "(field 100)");
  CHECK(error_in_field(R"("content":"n","length":{"max":9,"enc":"bcd","size":1})") ==
        "fields[1].length: there is no 'enc' here; there are max, encoding, size, counts (field 100)");
  CHECK_THAT(error_in_field(R"("content":"n","length":6,"paddin":"left 0")"),
             Catch::StartsWith("fields[1]: there is no 'paddin' here; there are field, "));
  CHECK(error_in_field(R"("content":"n","length":"6")") ==
        "fields[1].length: expected a number, of a fixed field, or an object with max, encoding, size and "
        "counts, "
        "but it is \"6\" (field 100)");
  CHECK(error_in_field(R"("content":"n","length":6,"padding":"right F")") ==
        "fields[1].padding: expected 0, space or none: a half byte F fills up packed digits only, but it is "
        "\"right F\" (field 100)");
}
