// Check values of records: their numbers stand on disks.

#include <catch2/catch.hpp>

#include <string>

#include "store/check_value.hpp"

TEST_CASE("the checksum of a record is CRC-64 as XZ has it, over its numbers and its bytes") {
  // The numbers are the first 24 bytes of the sentence.
  const auto eight = [](const char* text) {
    std::uint64_t number = 0;
    for (int i = 7; i >= 0; --i)
      number = number << 8 | static_cast<unsigned char>(text[i]);
    return number;
  };
  CHECK(store::checksum(eight("The quic"), eight("k brown "), eight("fox jump"), "s over the lazy dog") ==
        0x5b5eb8c2e54aa1c4);
  CHECK(store::checksum(0, 0, 0, "") == 0xb69682ec4348736c);
}

TEST_CASE("the sum of a batch is the same on every machine") {
  CHECK(store::mixed_sum(0, 0, "") == 0x209e8541bc2fe791);
  CHECK(store::mixed_sum(1, 2, "a batch of some length") == 0xee9c3619290be157);
}

TEST_CASE("each flipped bit, each byte fewer and each other number gives another sum of a batch") {
  const std::string bytes = "a batch of some length, not divisible by eight";
  const auto right = store::mixed_sum(1, 2, bytes);
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit)
    for (std::size_t other = bit; other < 8 * bytes.size(); ++other) {
      auto flipped = bytes;
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ 1 << bit % 8);
      if (other != bit)
        flipped[other / 8] = static_cast<char>(flipped[other / 8] ^ 1 << other % 8);
      if (store::mixed_sum(1, 2, flipped) == right)
        FAIL("bits " << bit << " and " << other);
    }
  for (std::size_t length = 0; length < bytes.size(); ++length)
    CHECK(store::mixed_sum(1, 2, bytes.substr(0, length)) != right);
  CHECK(store::mixed_sum(1, 2, bytes + '\0') != right);
  for (std::size_t bit = 0; bit < 64; ++bit) {
    CHECK(store::mixed_sum(1 ^ std::uint64_t{1} << bit, 2, bytes) != right);
    CHECK(store::mixed_sum(1, 2 ^ std::uint64_t{1} << bit, bytes) != right);
  }
}

TEST_CASE("each flipped bit, each byte fewer and each other number gives another checksum") {
  const std::string bytes = "a record of some length, not divisible by eight";
  const auto right = store::checksum(1, 2, 3, bytes);
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    auto flipped = bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ 1 << bit % 8);
    CHECK(store::checksum(1, 2, 3, flipped) != right);
  }
  for (std::size_t length = 0; length < bytes.size(); ++length)
    CHECK(store::checksum(1, 2, 3, bytes.substr(0, length)) != right);
  for (std::size_t bit = 0; bit < 64; ++bit) {
    const auto flip = std::uint64_t{1} << bit;
    CHECK(store::checksum(1 ^ flip, 2, 3, bytes) != right);
    CHECK(store::checksum(1, 2 ^ flip, 3, bytes) != right);
    CHECK(store::checksum(1, 2, 3 ^ flip, bytes) != right);
  }
}
