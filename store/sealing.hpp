// Card data under a key (AES-256-GCM), so that no file of ours holds it in clear.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace store {

/// Holds one key and forgets it, to the last byte, when it goes.
class sealer {
public:
  using key = std::array<unsigned char, 32>;

  /// Takes the key over: `from` is wiped.
  explicit sealer(key& from);
  ~sealer();
  sealer(sealer&& other) noexcept;
  sealer& operator=(sealer&&) = delete;

  /// Key id, nonce, ciphertext, tag. Whoever unseals must know `associated`, which is not in there.
  std::string seal(std::string_view clear, std::string_view associated) const;

  /// Nothing where a bit of it, `associated` or the key is another than it was.
  std::optional<std::string> unseal(std::string_view sealed, std::string_view associated) const;

  /// Tells texts apart and says nothing about them to whoever lacks the key: 32 hexadecimal digits
  /// (HMAC-SHA-256, cut).
  std::string fingerprint(std::string_view text) const;

  /// Tells keys apart and says nothing about them: 16 hexadecimal digits.
  const std::string& id() const { return id_; }

private:
  key key_;
  std::string id_;
};

/// Overwrites what was read in clear; for those who unseal.
void wipe(std::string& clear);

/// Reads the key in `path`, 64 hexadecimal digits, or tells why not. Where there is no such file and one
/// `may_create` it, a new key is made: only where nothing was sealed yet, because a new key opens nothing of
/// what an older one sealed.
std::variant<sealer, std::string> load_key(const std::string& path, bool may_create);

}  // namespace store
