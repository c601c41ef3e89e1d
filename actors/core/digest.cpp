// SHA-256 and HMAC by OpenSSL.

#include "actors/core/digest.hpp"

#include <openssl/evp.h>

#include <memory>

#include "codec/text/hex.hpp"

namespace actors {

std::string digest_of(std::string_view text) {
  // Fetched once: OpenSSL's search for it costs as much as the digest.
  static const std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> sha(EVP_MD_fetch(nullptr, "SHA256", nullptr),
                                                                   &EVP_MD_free);
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest, &size, sha.get(), nullptr);
  return codec::to_hex({reinterpret_cast<const char*>(digest), size});
}

std::string keyed_digest_of(std::string_view text, std::string_view secret) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  std::size_t size = 0;
  EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA256", nullptr, secret.data(), secret.size(),
            reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest, sizeof digest, &size);
  return codec::to_hex({reinterpret_cast<const char*>(digest), size});
}

}  // namespace actors
