// Seals card data with AES-256-GCM, so that no file holds it in clear.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace store {

/// Holds one key and wipes it when destroyed. Used by one thread at a time, also where it is const.
class sealer {
public:
  using key = std::array<unsigned char, 32>;

  /// Takes the key and wipes `from`.
  explicit sealer(key& from);
  ~sealer();
  sealer(sealer&& other) noexcept;
  sealer& operator=(sealer&&) = delete;

  /// Returns key id, nonce, ciphertext and tag. `associated` is authenticated, not included, and needed to
  /// unseal.
  std::string seal(std::string_view clear, std::string_view associated) const;

  /// Returns nothing where `sealed`, `associated` or the key is not the one used to seal.
  std::optional<std::string> unseal(std::string_view sealed, std::string_view associated) const;

  /// A keyed digest of `text`, 32 hexadecimal digits (HMAC-SHA-256, truncated). Equal texts have equal
  /// fingerprints; without the key it reveals nothing.
  std::string fingerprint(std::string_view text) const;

  /// Identifies the key without revealing it: 16 hexadecimal digits.
  const std::string& id() const { return id_; }

private:
  struct cipher;  // what OpenSSL makes of the key

  key key_;
  std::string id_;
  mutable std::unique_ptr<cipher> cipher_;  // of the first seal on
};

/// Overwrites clear text after use.
void wipe(std::string& clear);

/// Reads the key in `path`, 64 hexadecimal digits; the second alternative is an error for the operator. Makes
/// a new key where there is no file and `may_create`: allowed only while nothing is sealed, because a new key
/// cannot unseal older data.
std::variant<sealer, std::string> load_key(const std::string& path, bool may_create);

}  // namespace store
