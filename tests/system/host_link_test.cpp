// The released program's link to its host, where the bytes on it are no frames.

#include <catch2/catch.hpp>

#include <boost/asio.hpp>

#include "codec/pack.hpp"
#include "tests/support/dialects.hpp"
#include "tests/support/journaled.hpp"

using Catch::Contains;
using support::journaled;
using tcp = boost::asio::ip::tcp;

TEST_CASE(
  "a header that cannot be, or a frame that is too long, cuts the link to the host, and what was in flight "
  "is reversed over the next one") {
  const auto* const header = GENERATE("XXXX", "9999");
  journaled j;
  j.start();
  boost::asio::io_context io;
  tcp::socket client(io);
  client.connect({boost::asio::ip::address_v4::loopback(), j.port});
  const auto purchase = support::purchase_now();
  boost::asio::write(client, boost::asio::buffer(*codec::pack(purchase, support::smart_vista())));
  CHECK(j.host.read() == purchase);
  j.host.send(header);
  std::string answer;
  boost::system::error_code end;
  boost::asio::read(client, boost::asio::dynamic_buffer(answer), end);
  CHECK(answer.empty());

  j.host.accept();
  const auto reversal = j.host.read();
  CHECK(reversal.mti() == "0400");
  CHECK(reversal[11] == purchase[11]);
  CHECK(reversal[41] == purchase[41]);
  j.host.answer(reversal, "400");
  REQUIRE(j.gateway->says("is reversed"));
  CHECK(j.asked({"pending"}).second == "No open cases.\n");
}
