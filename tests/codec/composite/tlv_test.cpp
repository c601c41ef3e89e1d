#include <catch2/catch.hpp>

#include "codec/composite/tlv.hpp"
#include "codec/text/hex.hpp"

TEST_CASE("TLV splits into its items and is written back the same") {
  const std::string long_value(300, 'x'), middle_value(200, 'y');
  const auto bytes = *codec::write_tlv("9f26", "12345678") + *codec::write_tlv("5A", "1") +
                     *codec::write_tlv("df8115", middle_value) + *codec::write_tlv("82", long_value) +
                     *codec::write_tlv("95", "");
  const auto items = codec::split_tlv(bytes);
  REQUIRE(items);
  REQUIRE(items->size() == 5);
  CHECK((*items)[0].tag == "9f26");
  CHECK((*items)[0].value == "12345678");
  CHECK((*items)[1].tag == "5a");
  CHECK((*items)[2].value == middle_value);
  CHECK((*items)[3].value == long_value);
  CHECK((*items)[4].value.empty());
  std::string again;
  for (const auto& item : *items)
    again += std::string(item.head) + std::string(item.value);
  CHECK(again == bytes);
}

TEST_CASE("TLV that is cut off anywhere is no TLV") {
  const auto bytes = *codec::write_tlv("9f26", std::string(200, 'x'));
  for (std::size_t size = 1; size < bytes.size(); ++size)
    CHECK_FALSE(codec::split_tlv(std::string_view(bytes).substr(0, size)));
  CHECK(codec::split_tlv("")->empty());
  CHECK_FALSE(codec::split_tlv("\x5a\x80"));
  CHECK_FALSE(codec::split_tlv("\x5a\x83\x01\x01\x01"));
  CHECK_FALSE(codec::split_tlv("\x1f\xff\xff\xff\xff"));
}

TEST_CASE("what is no tag is not written") {
  for (const auto* tag : {"", "9", "9f", "5a00", "xx", "1fffffffff"})
    CHECK_FALSE(codec::write_tlv(tag, "x"));
  CHECK_FALSE(codec::write_tlv("5a", std::string(65536, 'x')));
}
