// Checksums in the trailer of a frame.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace net {

enum class checksum : std::uint8_t {
  lrc,          ///< one byte, the exclusive or of all bytes
  crc16_ccitt,  ///< polynomial 1021, from FFFF on; two bytes, the high one first
  crc16_arc,    ///< polynomial 8005, reflected, from 0000 on; two bytes, the high one first
  crc32,        ///< of Ethernet and zip; four bytes, the high one first
};

/// By its name in the frame language: lrc, crc16-ccitt, crc16-arc, crc32.
std::optional<checksum> checksum_named(std::string_view name);

std::size_t size_of(checksum c);

/// The checksum's bytes over `bytes`.
std::string checksum_over(std::string_view bytes, checksum c);

}  // namespace net
