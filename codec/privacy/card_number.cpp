#include "codec/privacy/card_number.hpp"

#include <algorithm>

#include "codec/fields.hpp"

namespace codec {

// Tracks as in ISO/IEC 7813: track 1 has a format code in front of the number.
std::string_view card_of(const message& m) {
  if (m.has(fields::pan))
    return m[fields::pan];
  auto track = m[fields::track2];
  if (track.empty() && !m[fields::track1].empty())
    track = m[fields::track1].substr(1);
  return {track.begin(), std::ranges::find_if_not(track, is_digit)};
}

}  // namespace codec
