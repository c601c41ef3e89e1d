// Decides by field what of a message may be written to a disk.

#include "codec/privacy/retention.hpp"

#include <algorithm>
#include <array>

#include "codec/pack.hpp"
#include "codec/privacy/masking.hpp"
#include "codec/validate.hpp"

namespace codec {

namespace {

// By their numbers, for a dialect file could be wrong about their privacy.
constexpr std::array never_kept{35, 36, 45, 52, 53, 55};

constexpr int pan_field = 2, expiry_field = 14, track2_field = 35;

// The digits at the front of track 2 (ISO/IEC 7813).
std::string pan_of(const message& m) {
  if (m.has(pan_field))
    return std::string(m[pan_field]);
  const auto track = m[track2_field];
  const auto end = track.find_first_not_of("0123456789");
  return std::string(track.substr(0, std::min(end, track.size())));
}

// Null where it may not.
const field_spec* may_be_kept(int number, const dialect& d) {
  return std::ranges::find(never_kept, number) == never_kept.end() ? d.find(number) : nullptr;
}

}  // namespace

message open_part(const message& m, const dialect& d) {
  message open;
  for (const auto& [number, value] : m)
    if (const auto* spec = may_be_kept(number, d); spec && spec->shown == privacy::open)
      open.set(number, value);
  return open;
}

retained_parts parts_to_retain(const message& request, const dialect& d) {
  retained_parts parts{open_part(request, d), {}};
  for (const auto& [number, value] : request)
    if (const auto* spec = may_be_kept(number, d);
        spec && spec->shown != privacy::open &&
        (spec->shown == privacy::pan || spec->shown == privacy::free || number == expiry_field))
      parts.sealed.set(number, value);
  if (const auto pan = pan_of(request); !pan.empty() && !parts.sealed.has(pan_field))
    set_known(parts.sealed, pan_field, pan, d);
  return parts;
}

std::string masked_card(const message& m) {
  const auto pan = pan_of(m);
  return pan.empty() ? "" : masked_pan(pan);
}

}  // namespace codec
