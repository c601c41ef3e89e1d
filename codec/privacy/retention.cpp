// Decides by field what of a message may be written to a disk.

#include "codec/privacy/retention.hpp"

#include <algorithm>

#include "codec/fields.hpp"
#include "codec/pack.hpp"
#include "codec/privacy/card_number.hpp"
#include "codec/privacy/masking.hpp"
#include "codec/validate.hpp"

namespace codec {

namespace {

// By their numbers, for a dialect file could be wrong about their privacy.
constexpr bool is_never_kept(int number) {
  switch (number) {
    case fields::track2:
    case fields::track3:
    case fields::track1:
    case fields::pin_block:
    case fields::security_control:
    case fields::icc: return true;
    default: return false;
  }
}

}  // namespace

retention retention_of(int number, const dialect& d) {
  const auto* spec = d.find(number);
  if (!spec || is_never_kept(number))
    return retention::none;
  switch (spec->shown) {
    case privacy::open: return retention::open;
    case privacy::pan:
    case privacy::free: return retention::sealed;
    default: return number == fields::expiry ? retention::sealed : retention::none;
  }
}

message open_part(const message& m, const dialect& d) {
  return m.part([&d](int number) { return retention_of(number, d) == retention::open; });
}

message sealed_part(const message& request, const dialect& d) {
  auto sealed = request.part([&d](int number) { return retention_of(number, d) == retention::sealed; });
  if (const auto pan = card_of(request); !pan.empty() && !sealed.has(fields::pan))
    set_known(sealed, fields::pan, pan, d);
  return sealed;
}

std::string masked_card(const message& m) {
  const auto pan = card_of(m);
  return pan.empty() ? "" : masked_pan(pan);
}

// FNV-1a, for what stands on disks must be the same in each build.
std::uint16_t card_mark(std::string_view masked) {
  if (masked.empty())
    return 0;
  std::uint32_t sum = 2166136261U;
  for (const char c : masked)
    sum = (sum ^ static_cast<unsigned char>(c)) * 16777619U;
  return std::max<std::uint16_t>(1, static_cast<std::uint16_t>(sum >> 16 ^ sum));
}

}  // namespace codec
