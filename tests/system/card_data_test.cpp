// Card data of the released program: on no disk in clear, in no log, in no core file, in no file that others
// may read.

#include <catch2/catch.hpp>

#include <sys/stat.h>

#include <boost/asio.hpp>

#include "codec/pack.hpp"
#include "codec/text/hex.hpp"
#include "tests/support/dialects.hpp"
#include "tests/support/journaled.hpp"

using Catch::Contains;
using support::journaled;
using support::purchase_now;

namespace {

constexpr const char* other_pan = "4111111111111111";

// Everything that a card and its holder have.
codec::message card_purchase(const std::string& stan) {
  auto m = purchase_now("00000042", stan);
  m.set(2, other_pan);
  m.set(14, "251299");
  m.set(52, "9fa3c0de17b2e645");
  m.set(55, "9F2608571F1E10D4FA4AAC57114850781234567891D25122011000000000000F");
  m.set(62, "card 4111 1111 1111 1111");
  return m;
}

std::string bytes_of(const std::string& hex) { return *codec::from_hex(hex); }

// As text, as hexadecimal digits and as the bytes that these stand for.
void check_nothing_of_the_card_in(const std::string& text, const std::string& where) {
  INFO(where);
  const std::vector<std::string> secrets{support::test_pan,
                                         other_pan,
                                         "4111 1111 1111 1111",
                                         "25122011",
                                         "9FA3C0DE17B2E645",
                                         "9fa3c0de17b2e645",
                                         bytes_of("9FA3C0DE17B2E645"),
                                         bytes_of(support::test_pan),
                                         bytes_of(other_pan),
                                         "57114850781234567891D2512",
                                         bytes_of("57114850781234567891D2512201")};
  for (const auto& secret : secrets)
    CHECK(text.find(secret) == std::string::npos);
}

}  // namespace

TEST_CASE(
  "no PAN, track or PIN is in any file of the journal or in the log: approved, declined, and being reversed "
  "when it is killed") {
  journaled j;
  j.start();
  boost::asio::io_context io;
  for (const auto* stan : {"000001", "000002", "000003"}) {
    boost::asio::ip::tcp::socket client(io);
    client.connect({boost::asio::ip::address_v4::loopback(), j.port});
    boost::asio::write(client,
                       boost::asio::buffer(*codec::pack(card_purchase(stan), support::smart_vista())));
    const auto request = j.host.read();
    CHECK(request[35].starts_with(support::test_pan));
    CHECK(request[52] == "9fa3c0de17b2e645");
    if (std::string_view(stan) == "000003")
      break;
    j.host.answer(request, std::string_view(stan) == "000001" ? "000" : "116");
    char byte = 0;
    boost::asio::read(client, boost::asio::buffer(&byte, 1));
  }
  REQUIRE(j.gateway->says("[Purchase Request]", 3));
  const auto check_files = [&j] {
    std::size_t files = 0;
    for (const auto& file : std::filesystem::directory_iterator(j.journal))
      if (file.is_regular_file() && ++files != 0)
        check_nothing_of_the_card_in(test::read(file.path().string()), file.path().string());
    CHECK(files >= 5);
  };
  check_files();
  j.start_again();
  const auto undoing = j.host.read();
  CHECK(undoing.mti() == "0400");
  // The number was sealed, and that alone: the host finds its purchase by it.
  CHECK(undoing[2] == other_pan);
  CHECK_FALSE(undoing.has(35));
  CHECK_FALSE(undoing.has(52));
  check_files();
  j.host.answer(undoing);
  REQUIRE(j.gateway->says("is reversed"));
  j.gateway->signal(SIGTERM);
  CHECK(j.gateway->wait() == 0);
  check_files();
  check_nothing_of_the_card_in(j.log + j.gateway->output(), "the log");
}

TEST_CASE("the journal is for its owner alone, whatever the umask, and a dying gateway leaves no core") {
  const auto before = umask(0);
  journaled j;
  j.start();
  umask(before);
  REQUIRE(j.gateway->says("Connected to upstream"));
  CHECK(test::mode(j.journal) == std::filesystem::perms(0700));
  for (const auto& file : std::filesystem::directory_iterator(j.journal)) {
    INFO(file.path());
    CHECK(test::mode(file.path().string()) == std::filesystem::perms(0600));
  }
  const auto limits = test::read("/proc/" + std::to_string(j.gateway->pid()) + "/limits");
  CHECK_THAT(limits, Catch::Matches("[^]*Max core file size +0 +0 [^]*"));
}
