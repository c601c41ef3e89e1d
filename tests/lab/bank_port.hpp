// What every bank of the tests has: a port, and messages behind their length in four digits.
#pragma once

#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace lab {

/// Waits for calls at that port of 127.0.0.1. Returns what went wrong, if anything: "cannot listen on port
/// 5000: Address already in use".
std::string listen(boost::asio::ip::tcp::acceptor& at, std::uint16_t port, int backlog);

inline constexpr std::size_t header_size = 4;

/// Four digits for a message of that size.
std::string header_of(std::size_t size);

inline std::string framed(std::string_view message) { return header_of(message.size()).append(message); }

enum class cut { frame, more_needed, bad };

/// The frame at the front of `stream`, without its header. It is bad where the header is not four digits.
cut cut_frame(std::string_view stream, std::string_view& frame);

}  // namespace lab
