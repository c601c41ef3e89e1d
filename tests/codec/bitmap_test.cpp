#include <catch2/catch.hpp>

#include "codec/bitmap.hpp"
#include "codec/text/hex.hpp"

using codec::bitmap_form;
using codec::fault;
using codec::fault_code;

namespace {

codec::message with_fields(std::initializer_list<int> numbers) {
  codec::message m("0800");
  for (const int number : numbers)
    m.set(number, "1");
  return m;
}

}  // namespace

TEST_CASE("a bitmap grows to two and three blocks by the first bit of each") {
  CHECK(codec::to_hex(codec::bitmap_bytes(with_fields({3, 7, 11, 24, 41}))) == "2220010000800000");
  CHECK(codec::to_hex(codec::bitmap_bytes(with_fields({2, 70}))) ==
        "c000000000000000"
        "0400000000000000");
  CHECK(codec::to_hex(codec::bitmap_bytes(with_fields({2, 192}))) ==
        "c000000000000000"
        "8000000000000000"
        "0000000000000001");
}

TEST_CASE("a bitmap reads as it was written, in either form") {
  const auto form = GENERATE(bitmap_form::binary, bitmap_form::hex);
  const auto m = with_fields({2, 64, 66, 128, 130, 192});
  const auto written = codec::write_bitmap(m, form);
  const auto map = codec::read_bitmap("0800" + written + "rest", 4, form);
  REQUIRE(map.ok());
  CHECK(map->size == written.size());
  for (int number = 2; number <= codec::field_max; ++number)
    CHECK(map->present.test(static_cast<std::size_t>(number)) == m.has(number));
}

TEST_CASE("a bitmap that is cut off asks for more, also in its second block") {
  CHECK(codec::read_bitmap("", 0, bitmap_form::binary).error() == fault{fault_code::truncated, 1, 0});
  CHECK(codec::read_bitmap(std::string(12, '\x80'), 0, bitmap_form::binary).error() ==
        fault{fault_code::truncated, 1, 12});
}

TEST_CASE("a fourth block and letters that are not hexadecimal are faults") {
  CHECK(codec::read_bitmap(std::string(24, '\x80'), 0, bitmap_form::binary).error().code ==
        fault_code::bad_bitmap);
  CHECK(codec::read_bitmap("22200100008000zz", 0, bitmap_form::hex).error().code == fault_code::bad_bitmap);
}
