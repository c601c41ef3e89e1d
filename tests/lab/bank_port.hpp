// What all test banks share: a port, and messages with their length in front, in four digits.
#pragma once

#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace lab {

/// Listens at that port of 127.0.0.1. Returns an error, empty where there is none: "cannot listen on port
/// 5000: Address already in use".
std::string listen(boost::asio::ip::tcp::acceptor& at, std::uint16_t port, int backlog);

/// A port of 127.0.0.1 that nobody listens at, below the range of outgoing connections (32768 and up),
/// because one of those could take it before it is used. Each process begins at a different port.
std::uint16_t free_port();

inline constexpr std::size_t header_size = 4;

/// The length of a message in four digits.
std::string header_of(std::size_t size);

inline std::string framed(std::string_view message) { return header_of(message.size()).append(message); }

enum class cut { frame, more_needed, bad };

/// The frame at the front of `stream`, without its header. `bad` where the header is not four digits.
cut cut_frame(std::string_view stream, std::string_view& frame);

}  // namespace lab
