// The built-in dialects, and test messages. Test card numbers only.
#pragma once

#include <algorithm>
#include <ctime>
#include <memory>
#include <string>

#include "codec/dialect/dialect_file.hpp"
#include "codec/exchange/local_time.hpp"
#include "config/dialects.hpp"

namespace support {

inline const codec::dialect& smart_vista() {
  static const auto d = codec::parse_dialect(config::built_in_dialect("smartvista")).value();
  return d;
}

inline std::shared_ptr<const codec::dialect> shared_smart_vista() {
  static const auto d = std::make_shared<const codec::dialect>(smart_vista());
  return d;
}

inline constexpr const char* test_pan = "4850781234567891";

/// 2026-11-23 12:00:00.
inline const std::chrono::local_seconds noon = *codec::parse_local_time("261123120000");

/// A valid purchase, at `noon`.
inline codec::message purchase(const std::string& tid = "00000042", const std::string& stan = "000001",
                               const std::string& amount = "000000001000") {
  codec::message m("0200");
  m.set(3, "000000");
  m.set(4, amount);
  m.set(7, "1123120000");
  m.set(11, stan);
  m.set(12, codec::format_local_time(noon));
  m.set(22, "021");
  m.set(24, "200");
  m.set(25, "00");
  m.set(35, "4850781234567891=25122011000000000000");
  m.set(41, tid);
  m.set(42, "000000000000123");
  m.set(49, "643");
  return m;
}

/// The same at the present time, for the released program.
inline codec::message purchase_now(const std::string& tid = "00000042", const std::string& stan = "000001",
                                   const std::string& amount = "000000001000") {
  auto m = purchase(tid, stan, amount);
  char digits[16];
  const auto now = std::time(nullptr);
  std::strftime(digits, sizeof digits, "%y%m%d%H%M%S", std::localtime(&now));
  m.set(12, digits);
  return m;
}

inline codec::message echo(const std::string& tid = "00000042", const std::string& stan = "000001") {
  codec::message m("0800");
  m.set(3, "990000");
  m.set(7, "1123120000");
  m.set(11, stan);
  m.set(24, "831");
  m.set(41, tid);
  return m;
}

/// A purchase with every field of the dialect, with a value that fits.
inline codec::message full_purchase() {
  auto m = purchase();
  m.set(2, test_pan);
  m.set(14, "251200");
  m.set(32, "00000000001");
  m.set(46, "fees");
  m.set(52, "0123456789abcdef");
  m.set(54, "additional");
  m.set(55, "9f2608aabbccddeeff0011");
  m.set(62, "free text");
  m.set(64, "MACMACMA");
  return m;
}

}  // namespace support
