// Check values of records, cards and the watermark. They are the same on every machine, so a journal may be
// moved.

#include "store/check_value.hpp"

#include <openssl/evp.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

namespace store {

namespace {

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

}  // namespace store
