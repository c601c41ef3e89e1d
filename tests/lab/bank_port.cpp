#include "tests/lab/bank_port.hpp"

#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>

#include "tests/lab/wire.hpp"

namespace lab {

using boost::asio::ip::tcp;

std::string listen(tcp::acceptor& at, std::uint16_t port, int backlog) {
  const tcp::endpoint here(boost::asio::ip::address_v4::loopback(), port);
  boost::system::error_code error;
  at.open(here.protocol(), error);
  at.set_option(tcp::acceptor::reuse_address(true), error);
  at.bind(here, error);
  if (!error)
    at.listen(backlog, error);
  return error ? "cannot listen on port " + std::to_string(port) + ": " + error.message() : "";
}

std::uint16_t free_port() {
  static std::uint32_t next = static_cast<std::uint32_t>(getpid()) * 61 % 12000;
  boost::asio::io_context io;
  for (;;) {
    const auto port = static_cast<std::uint16_t>(20000 + next++ % 12000);
    tcp::acceptor probe(io);
    boost::system::error_code taken;
    probe.open(tcp::v4());
    probe.bind({tcp::v4(), port}, taken);
    if (!taken)
      return port;
  }
}

std::string header_of(std::size_t size) {
  std::string header(header_size, '0');
  write_digits(header.data(), header_size, size);
  return header;
}

cut cut_frame(std::string_view stream, std::string_view& frame) {
  if (stream.size() < header_size)
    return cut::more_needed;
  const auto header = stream.substr(0, header_size);
  if (!std::ranges::all_of(header, [](char c) { return c >= '0' && c <= '9'; }))
    return cut::bad;
  const auto size = read_digits(header);
  if (stream.size() - header_size < size)
    return cut::more_needed;
  frame = stream.substr(header_size, size);
  return cut::frame;
}

}  // namespace lab
