// Detects damaged bytes.
#pragma once

#include <cstdint>
#include <string_view>

namespace store {

/// The first 64 bits of SHA-256 over three numbers and `bytes`. Detects damage, not tampering: anyone who can
/// write the file can compute it.
std::uint64_t check_value(std::uint64_t first, std::uint64_t second, std::uint64_t third,
                          std::string_view bytes);

/// CRC-64 (ECMA-182, as XZ has it) over the same, the numbers as 8 bytes each, the lowest first. For older
/// journals.
std::uint64_t checksum(std::uint64_t first, std::uint64_t second, std::uint64_t third,
                       std::string_view bytes);

/// Over two numbers and `bytes`, eight at a time, each mixed in as XXH64 does with its last ones. Detects any
/// damage within eight bytes, and any other but one of 2^64; for a tenth of the work of a CRC.
std::uint64_t mixed_sum(std::uint64_t first, std::uint64_t second, std::string_view bytes);

}  // namespace store
