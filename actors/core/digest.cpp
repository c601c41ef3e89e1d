// SHA-256 and HMAC by OpenSSL.

#include "actors/core/digest.hpp"

#include <openssl/evp.h>

#include "codec/text/hex.hpp"

namespace actors {

std::string digest_of(std::string_view text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest, &size, EVP_sha256(), nullptr);
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
