// The fields of ISO 8583 that the gateway itself speaks of, by name (ISO 8583:1987, table of data elements;
// the standard's later editions give them the same numbers).
#pragma once

namespace codec::fields {

inline constexpr int mti = 0;
inline constexpr int pan = 2;
inline constexpr int processing_code = 3;
inline constexpr int amount = 4;
inline constexpr int transmission_time = 7;  ///< MMDDhhmmss
inline constexpr int stan = 11;
inline constexpr int local_time = 12;  ///< hhmmss (1987) or YYMMDDhhmmss (1993); a dialect says which
inline constexpr int local_date = 13;  ///< MMDD, beside an hhmmss
inline constexpr int expiry = 14;
inline constexpr int entry_mode = 22;  ///< how the card was read, and its holder recognized
inline constexpr int function_code = 24;
inline constexpr int track2 = 35;
inline constexpr int track3 = 36;
inline constexpr int reference = 37;  ///< RRN
inline constexpr int approval_code = 38;
inline constexpr int response_code = 39;
inline constexpr int tid = 41;
inline constexpr int merchant = 42;
inline constexpr int track1 = 45;
inline constexpr int currency = 49;  ///< of the amount
inline constexpr int pin_block = 52;
inline constexpr int security_control = 53;
inline constexpr int icc = 55;                  ///< of the chip, EMV
inline constexpr int replacement_amounts = 95;  ///< of edition 1987
inline constexpr int third_bitmap = 65;         ///< in some dialects

}  // namespace codec::fields
