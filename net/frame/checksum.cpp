// Checksums in the trailer of a frame, over its bytes as they stand on the wire.

#include "net/frame/checksum.hpp"

#include "net/frame/number.hpp"

namespace net {

namespace {

std::uint64_t lrc_over(std::string_view bytes) {
  unsigned sum = 0;
  for (const char c : bytes)
    sum ^= static_cast<unsigned char>(c);
  return sum;
}

std::uint64_t crc16_ccitt_over(std::string_view bytes) {
  std::uint32_t sum = 0xFFFF;
  for (const char c : bytes) {
    sum ^= static_cast<std::uint32_t>(static_cast<unsigned char>(c)) << 8;
    for (int bit = 0; bit < 8; ++bit)
      sum = (sum & 0x8000) != 0 ? sum << 1 ^ 0x1021 : sum << 1;
    sum &= 0xFFFF;
  }
  return sum;
}

std::uint32_t reflected_crc(std::string_view bytes, std::uint32_t sum, std::uint32_t polynomial) {
  for (const char c : bytes) {
    sum ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit)
      sum = (sum & 1) != 0 ? sum >> 1 ^ polynomial : sum >> 1;
  }
  return sum;
}

std::uint64_t number_over(std::string_view bytes, checksum c) {
  switch (c) {
    case checksum::lrc: return lrc_over(bytes);
    case checksum::crc16_ccitt: return crc16_ccitt_over(bytes);
    case checksum::crc16_arc: return reflected_crc(bytes, 0, 0xA001);
    case checksum::crc32: return reflected_crc(bytes, 0xFFFFFFFF, 0xEDB88320) ^ 0xFFFFFFFF;
  }
  return 0;
}

}  // namespace

std::optional<checksum> checksum_named(std::string_view name) {
  if (name == "lrc")
    return checksum::lrc;
  if (name == "crc16-ccitt")
    return checksum::crc16_ccitt;
  if (name == "crc16-arc")
    return checksum::crc16_arc;
  if (name == "crc32")
    return checksum::crc32;
  return {};
}

std::size_t size_of(checksum c) { return c == checksum::lrc ? 1 : c == checksum::crc32 ? 4 : 2; }

std::string checksum_over(std::string_view bytes, checksum c) {
  std::string out;
  append_number(out, number_over(bytes, c), number_form::big_endian, size_of(c));
  return out;
}

}  // namespace net
