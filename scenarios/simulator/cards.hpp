// Test cards, and everything of them that must never be in clear on a disk or in a log.
#pragma once

#include <array>
#include <string_view>

namespace simulator {

inline constexpr std::array<std::string_view, 2> test_pans{"4850781234567891", "4111111111111111"};
inline constexpr std::string_view track_end = "=29122011884412345";  ///< follows the card number
inline constexpr std::string_view test_pin_block = "8d3f0a96c15be274";
inline constexpr std::string_view test_icc =
  "5a0848507812345678919f2608d1e2f3a4b5c6d7e8";  ///< the card number and a cryptogram

struct secret {
  std::string_view name, text;
  bool of_disks_alone = false;  ///< the log may show it
};
inline constexpr std::array<secret, 5> secrets{{{"a card number", test_pans[0]},
                                                {"a card number", test_pans[1]},
                                                {"the end of a track", track_end.substr(1)},
                                                {"a PIN block", test_pin_block},
                                                {"EMV data", test_icc.substr(26), true}}};

}  // namespace simulator
