// What of a message may be kept, and how.
#pragma once

#include <cstdint>
#include <string>

#include "codec/dialect/dialect.hpp"

namespace codec {

/// How a field may be written to a disk.
enum class retention : std::uint8_t {
  none,    ///< not at all
  sealed,  ///< encrypted only
  open,    ///< as it is
};
retention retention_of(int number, const dialect& d);

// Never kept: tracks (35, 36, 45), PIN and security data (52, 53), EMV data (55), and whatever else the
// dialect calls secret (PCI DSS 4.0, 3.3.1).

/// What of a message may be written to a disk as it is.
message open_part(const message& m, const dialect& d);

/// What of a request may be written to a disk encrypted only: the card number, its expiry date, free text. A
/// card number that only a track had becomes field 2.
message sealed_part(const message& request, const dialect& d);

/// Of a masked card number: equal for the same one, and for one of 65,535 others. It says less of the card
/// than the masked number, so it may be written as it is. 0: none.
std::uint16_t card_mark(std::string_view masked);

/// The card number of a message, masked, from field 2 or a track; empty where there is none.
std::string masked_card(const message& m);

}  // namespace codec
