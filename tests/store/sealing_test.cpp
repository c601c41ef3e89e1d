#include "store/sealing.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <set>

#include "directory.hpp"

namespace {

using Catch::Matchers::Contains;
namespace fs = std::filesystem;

const std::string card = "4850781234567891=2512";
const std::string purchase = "17/00000042/000001/1000";

store::sealer sealer_of(unsigned char byte) {
  store::sealer::key key;
  key.fill(byte);
  return store::sealer(key);
}

/// The key's id, or why there is none.
std::string outcome(const std::variant<store::sealer, std::string>& loaded) {
  const auto* key = std::get_if<store::sealer>(&loaded);
  return key ? key->id() : std::get<std::string>(loaded);
}

}  // namespace

TEST_CASE("what is sealed is unsealed with the same key and the same purchase") {
  const auto sealer = sealer_of(1);
  const auto sealed = sealer.seal(card, purchase);
  CHECK(sealer.unseal(sealed, purchase) == card);
  CHECK(sealer.unseal(sealer.seal("", ""), "") == "");
  CHECK(sealed.find("485078") == std::string::npos);
  CHECK(sealer_of(1).unseal(sealed, purchase) == card);
}

TEST_CASE("the same card is never sealed to the same bytes twice") {
  const auto sealer = sealer_of(1);
  CHECK(sealer.seal(card, purchase) != sealer.seal(card, purchase));
}

TEST_CASE("no nonce is used twice with a key, neither by one process nor by the next") {
  std::set<std::string> nonces;
  for (int process = 0; process < 20; ++process) {
    const auto sealer = sealer_of(1);
    for (int i = 0; i < 500; ++i)
      nonces.insert(sealer.seal(card, purchase).substr(16, 12));
  }
  CHECK(nonces.size() == 20 * 500);
}

TEST_CASE("another key or another purchase unseals nothing") {
  const auto sealed = sealer_of(1).seal(card, purchase);
  CHECK_FALSE(sealer_of(2).unseal(sealed, purchase));
  CHECK_FALSE(sealer_of(1).unseal(sealed, "18/00000042/000001/1000"));
  // Even where somebody writes the other key's id in front of it.
  const auto forged = sealer_of(2).id() + sealed.substr(sealer_of(2).id().size());
  CHECK_FALSE(sealer_of(2).unseal(forged, purchase));
}

TEST_CASE("one flipped bit or one byte fewer unseals nothing") {
  const auto sealer = sealer_of(1);
  const auto sealed = sealer.seal(card, purchase);
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    auto other = sealed;
    other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << bit % 8));
    if (sealer.unseal(other, purchase))
      FAIL("unsealed with bit " << bit << " flipped");
  }
  for (std::size_t length = 0; length < sealed.size(); ++length)
    if (sealer.unseal(sealed.substr(0, length), purchase))
      FAIL("unsealed the first " << length << " bytes");
}

TEST_CASE("keys are told apart by ids that do not show them") {
  CHECK(sealer_of(1).id() == sealer_of(1).id());
  CHECK(sealer_of(1).id() != sealer_of(2).id());
  CHECK(sealer_of(1).id().size() == 16);
  CHECK(sealer_of(1).id().find("0101") == std::string::npos);
}

TEST_CASE("a new key is readable by its owner alone and is the same at the next start") {
  const test::directory home;
  const auto path = home / "state/key";
  const auto first = store::load_key(path, true);
  REQUIRE(std::holds_alternative<store::sealer>(first));
  CHECK(test::mode(path) == (fs::perms::owner_read | fs::perms::owner_write));
  CHECK(test::read(path).size() == 65);
  CHECK(outcome(store::load_key(path, false)) == outcome(first));
  CHECK(outcome(store::load_key(path, true)) == outcome(first));
  // Nothing half-made lies beside it.
  CHECK(std::distance(fs::directory_iterator(home / "state"), fs::directory_iterator()) == 1);
  CHECK(outcome(store::load_key(home / "other", true)) != outcome(first));
}

TEST_CASE("a key that others can read is refused") {
  const test::directory home;
  const auto path = home / "key";
  REQUIRE(std::holds_alternative<store::sealer>(store::load_key(path, true)));
  fs::permissions(path, fs::perms::group_read, fs::perm_options::add);
  CHECK_THAT(outcome(store::load_key(path, true)), Contains("by others") && Contains("chmod 600 " + path));
}

TEST_CASE("a key that is no key is refused and left as it is") {
  const test::directory home;
  const auto path = home / "key";
  for (const auto* text : {"", "secret", "0011223344556677889900112233445566778899001122334455667788990011zz",
                           "001122334455667788990011223344556677889900112233445566778899001122"}) {
    test::write(path, text);
    fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
    CHECK_THAT(outcome(store::load_key(path, true)), Contains("not 64 hexadecimal digits"));
    CHECK(test::read(path) == text);
  }
  CHECK_THAT(outcome(store::load_key(home / ".", true)), Contains("not a file"));
}

TEST_CASE("a key may be written without a line's end and in capitals") {
  const test::directory home;
  const auto path = home / "key";
  const auto id = outcome(store::load_key(path, true));
  auto text = test::read(path).substr(0, 64);
  for (auto& c : text)
    c = static_cast<char>(std::toupper(c));
  test::write(path, text);
  CHECK(outcome(store::load_key(path, false)) == id);
}

TEST_CASE("a missing key of a journal that exists is refused and not replaced") {
  const test::directory home;
  const auto path = home / "key";
  CHECK_THAT(outcome(store::load_key(path, false)), Contains(path) && Contains("is missing"));
  CHECK_FALSE(fs::exists(path));
}
