#include "tests/support/hand_host.hpp"

#include <poll.h>

#include <stdexcept>

#include "codec/mti.hpp"
#include "codec/pack.hpp"
#include "codec/unpack.hpp"
#include "tests/lab/bank_port.hpp"
#include "tests/lab/wire.hpp"
#include "tests/support/dialects.hpp"

namespace support {

namespace {

// Only a failing test waits that long.
constexpr int patience_ms = 60000;

}  // namespace

void hand_host::accept() {
  await(acceptor_.native_handle());
  line_ = acceptor_.accept();
}

codec::message hand_host::read() {
  const auto read_into = [this](char* to, std::size_t size) {
    for (std::size_t got = 0; got < size;) {
      await(line_.native_handle());
      got += line_.read_some(boost::asio::buffer(to + got, size - got));
    }
  };
  std::string header(lab::header_size, '\0');
  read_into(header.data(), header.size());
  std::string frame(lab::read_digits(header), '\0');
  read_into(frame.data(), frame.size());
  return *codec::unpack(frame, smart_vista());
}

void hand_host::answer(codec::message m, const std::string& code) {
  m.set(0, codec::response_mti(m.mti()));
  if (m.mti() == "0210" && code == "000") {
    m.set(37, "123456789012");
    m.set(38, "A1B2C3");
  }
  m.set(39, code);
  send(lab::framed(*codec::pack(m, smart_vista())));
}

void hand_host::await(int socket) const {
  pollfd one{socket, POLLIN, 0};
  if (poll(&one, 1, patience_ms) <= 0)
    throw std::runtime_error("the gateway says nothing to its host");
}

}  // namespace support
