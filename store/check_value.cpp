// Check values of records, cards, the watermark and the names of files. They are the same on every machine,
// so a journal may be moved.

#include "store/check_value.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>

namespace store {

namespace {

// crc_tables[0] divides by the polynomial a byte at a time, crc_tables[n] a byte that n others follow: so
// eight bytes take eight look-ups.
constexpr auto crc_tables = [] {
  constexpr std::uint64_t polynomial = 0xc96c5795d7870f42;  // its bits in reverse order
  std::array<std::array<std::uint64_t, 256>, 8> made{};
  for (std::uint64_t byte = 0; byte < 256; ++byte) {
    auto rest = byte;
    for (int bit = 0; bit < 8; ++bit)
      rest = rest >> 1 ^ ((rest & 1) != 0 ? polynomial : 0);
    made[0][byte] = rest;
  }
  for (std::size_t n = 1; n < made.size(); ++n)
    for (std::size_t byte = 0; byte < 256; ++byte)
      made[n][byte] = made[n - 1][byte] >> 8 ^ made[0][made[n - 1][byte] & 0xff];
  return made;
}();

constexpr std::uint64_t prime_1 = 0x9e3779b185ebca87, prime_2 = 0xc2b2ae3d27d4eb4f,
                        prime_4 = 0x85ebca77c2b2ae63;

std::uint64_t mixed(std::uint64_t sum, std::uint64_t eight_bytes) {
  return std::rotl(sum ^ std::rotl(eight_bytes * prime_2, 31) * prime_1, 27) * prime_1 + prime_4;
}

// Up to eight bytes, the lowest first; zeros stand for those that are not there.
std::uint64_t word_of(std::string_view bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes.data(), std::min<std::size_t>(bytes.size(), 8));
  if constexpr (std::endian::native == std::endian::big)
    word = __builtin_bswap64(word);
  return word;
}

std::uint64_t divide(std::uint64_t eight_bytes) {
  std::uint64_t rest = 0;
  for (std::size_t n = 0; n < crc_tables.size(); ++n)
    rest ^= crc_tables[7 - n][eight_bytes >> 8 * n & 0xff];
  return rest;
}

void append(std::string& to, std::uint64_t number) {
  for (int i = 0; i < 8; ++i)
    to += static_cast<char>(number >> 8 * i & 0xff);
}

}  // namespace

std::uint64_t check_value(std::uint64_t first, std::uint64_t second, std::uint64_t third,
                          std::string_view bytes) {
  // Fetched once: a start checks every record.
  static const std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> sha(EVP_MD_fetch(nullptr, "SHA256", nullptr),
                                                                   &EVP_MD_free);
  std::string text;
  text.reserve(24 + bytes.size());
  append(text, first);
  append(text, second);
  append(text, third);
  text.append(bytes);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  if (!sha || EVP_Digest(text.data(), text.size(), digest.data(), nullptr, sha.get(), nullptr) != 1) {
    std::fputs("OpenSSL cannot compute SHA-256; the process ends\n", stderr);
    std::abort();
  }
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i)
    value = value << 8 | digest[i];
  return value;
}

std::uint64_t checksum(std::uint64_t first, std::uint64_t second, std::uint64_t third,
                       std::string_view bytes) {
  auto rest = ~std::uint64_t{0};
  for (const auto number : {first, second, third})
    rest = divide(rest ^ number);
  for (; bytes.size() >= 8; bytes.remove_prefix(8))
    rest = divide(rest ^ word_of(bytes.substr(0, 8)));
  for (const auto byte : bytes)
    rest = rest >> 8 ^ crc_tables[0][(rest ^ static_cast<unsigned char>(byte)) & 0xff];
  return ~rest;
}

std::uint64_t mixed_sum(std::uint64_t first, std::uint64_t second, std::string_view bytes) {
  auto sum = mixed(mixed(mixed(0, first), second), bytes.size());
  for (; bytes.size() >= 8; bytes.remove_prefix(8))
    sum = mixed(sum, word_of(bytes.substr(0, 8)));
  if (!bytes.empty())
    sum = mixed(sum, word_of(bytes));
  return sum;
}

}  // namespace store
