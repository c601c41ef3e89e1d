// How numbers stand in the journal's bytes: seven bits a byte, the lowest first; the eighth bit: one more
// byte follows. For store/ and for the form of the journal's records.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace store::number_form {

inline constexpr unsigned bits = 7, more = 0x80;

/// So many bytes at most.
inline constexpr std::size_t size_max = 10;

/// Writes a number to `to`, which has room for it. Returns its end.
inline char* put(char* to, std::uint64_t number) {
  for (; number >= more; number >>= bits)
    *to++ = static_cast<char>(number | more);
  *to++ = static_cast<char>(number);
  return to;
}

/// Takes a number from the front of `from`. Nothing where there is none; then what is left of `from` says
/// nothing.
inline std::optional<std::uint64_t> take(std::string_view& from) {
  std::uint64_t number = 0;
  for (unsigned shift = 0; !from.empty() && shift < 64; shift += bits) {
    const auto byte = static_cast<unsigned char>(from.front());
    from.remove_prefix(1);
    number |= std::uint64_t{byte & (more - 1)} << shift;
    if ((byte & more) == 0)
      return number;
  }
  return {};
}

}  // namespace store::number_form
