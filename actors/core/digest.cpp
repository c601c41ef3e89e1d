// SHA-256 by OpenSSL.

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

}  // namespace actors
