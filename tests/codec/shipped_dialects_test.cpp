// Every dialect that is built into the program: its examples, and messages of random fields, there and back.

#include <catch2/catch.hpp>

#include <random>
#include <set>

#include "codec/composite/composite.hpp"
#include "codec/exchange/example.hpp"
#include "codec/exchange/local_time.hpp"
#include "codec/exchange/reversal.hpp"
#include "codec/fields.hpp"
#include "codec/mti.hpp"
#include "codec/pack.hpp"
#include "codec/unpack.hpp"
#include "codec/validate.hpp"
#include "tests/support/dialects.hpp"

using codec::content;
using codec::dialect;
using codec::fault_code;
using codec::message;

namespace {

dialect any_dialect() {
  const auto files = config::built_in_dialects();
  const auto& file = files[GENERATE_COPY(range(std::size_t{0}, files.size()))];
  INFO(file.name);
  auto read = codec::parse_dialect(file.text);
  REQUIRE((read ? "" : read.error()) == "");
  return std::move(read).value();
}

message given(const char* stan) {
  message m;
  m.set(codec::fields::stan, stan);
  m.set(codec::fields::tid, "00000042");
  m.set(codec::fields::amount, "000000001000");
  return m;
}

message purchase_in(const dialect& d) {
  return codec::example_of(d.purchase, given("000007"), d, support::noon);
}

class random_message {
public:
  random_message(const dialect& d, unsigned seed) : dialect_(d), random_(seed) {}

  message make() {
    message m(dialect_.purchase.mti);
    for (int number = 2; number <= codec::field_max; ++number)
      if (const auto* spec = dialect_.find(number); spec && below(4) == 0)
        m.set(number, value(*spec));
    return m;
  }

  std::size_t below(std::size_t end) { return random_() % end; }

private:
  std::string value(const codec::field_spec& spec) {
    const auto size =
      spec.is_fixed() ? spec.length_max : 1 + below(std::min<std::size_t>(spec.length_max, 60));
    switch (spec.form.what) {
      case content::n: return text("0123456789", size);
      case content::z: return text("0123456789", size);
      case content::xn: return text("CD", 1) + text("0123456789", size - 1);
      case content::b: return text("0123456789abcdef", 2 * size);
      case content::a: return text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", size);
      default: return text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", size);
    }
  }

  std::string text(std::string_view alphabet, std::size_t size) {
    std::string out;
    while (out.size() < size)
      out += alphabet[below(alphabet.size())];
    return out;
  }

  const dialect& dialect_;
  std::mt19937 random_;
};

std::string differences(const message& a, const message& b) {
  std::string all;
  std::set<int> numbers;
  for (const auto& [number, value] : a)
    numbers.insert(number);
  for (const auto& [number, value] : b)
    numbers.insert(number);
  for (const int number : numbers)
    if (a[number] != b[number])
      all += std::to_string(number) + ": '" + std::string(a[number]) + "' '" + std::string(b[number]) + "'\n";
  return all;
}

}  // namespace

TEST_CASE("each dialect has an example of a purchase and of an echo, which are good messages of its own") {
  const auto d = any_dialect();
  INFO(d.name);
  const auto echo = codec::example_of(d.echo, given("000001"), d, support::noon);
  for (const auto& m : {purchase_in(d), echo}) {
    INFO(m.mti());
    for (const auto& f : codec::validate(m, d, support::noon))
      FAIL_CHECK(codec::to_string(f));
    const auto bytes = codec::pack(m, d);
    REQUIRE((bytes ? "" : codec::to_string(bytes.error())) == "");
    const auto back = codec::unpack(*bytes, d);
    REQUIRE((back ? "" : codec::to_string(back.error())) == "");
    CHECK(differences(m, *back) == "");
  }
  CHECK(codec::moves_money(purchase_in(d), d));
  CHECK_FALSE(codec::moves_money(echo, d));
}

TEST_CASE(
  "each dialect reverses its purchase with a message that it can write, and knows the answers to it") {
  const auto d = any_dialect();
  INFO(d.name);
  for (const int attempt : {1, 2}) {
    const auto r = codec::reversal_of(purchase_in(d), {}, d, support::noon, {attempt, 12345});
    CHECK(codec::is_reversal(r));
    CHECK(r[codec::fields::tid] == purchase_in(d)[codec::fields::tid]);
    const auto bytes = codec::pack(r, d);
    REQUIRE((bytes ? "" : codec::to_string(bytes.error())) == "");
    CHECK(codec::unpack(*bytes, d).ok());
    for (const auto& [number, text] : d.reversal.set)
      CHECK(r.has(number));
  }
  const auto answer = [&d](const std::string& code) {
    message m(d.response_mti(codec::reversal_of(purchase_in(d), {}, d, support::noon, {1, 1}).mti()));
    codec::set_known(m, codec::fields::response_code, code, d);
    return codec::reversal_reply_of(m, d, codec::earlier_attempt::none);
  };
  CHECK(answer(d.answers.approved) == codec::reversal_reply::done);
  CHECK(answer(d.answers.not_found) == codec::reversal_reply::not_found);
  CHECK(answer(d.answers.system_error) == codec::reversal_reply::system_error);
}

TEST_CASE("each dialect tells yes, no and not known apart by its own codes") {
  const auto d = any_dialect();
  INFO(d.name);
  const auto reply = [&d](const std::string& code) {
    message m(d.response_mti(d.purchase.mti));
    codec::set_known(m, codec::fields::response_code, code, d);
    REQUIRE(m.has(codec::fields::response_code));
    return codec::reply_of(m, d);
  };
  CHECK(reply(d.answers.approved) == codec::reply::approved);
  CHECK(reply(d.answers.insufficient_funds) == codec::reply::declined);
  CHECK(reply(d.answers.system_error) == codec::reply::undetermined);
  for (const auto& code : {d.answers.approved, d.answers.insufficient_funds, d.answers.system_error,
                           d.answers.not_found, d.answers.not_permitted})
    CHECK_FALSE(d.meaning_of(code).empty());
}

TEST_CASE("a message of random fields goes through the bytes of each dialect unchanged") {
  const auto d = any_dialect();
  INFO(d.name);
  random_message random(d, 20261126);
  for (int i = 0; i < 60; ++i) {
    const auto m = random.make();
    const auto bytes = codec::pack(m, d);
    REQUIRE((bytes ? "" : codec::to_string(bytes.error())) == "");
    const auto back = codec::unpack(*bytes, d);
    REQUIRE((back ? "" : codec::to_string(back.error())) == "");
    REQUIRE(differences(m, *back) == "");
    auto written_again = *back;
    written_again.set(0, std::string(back->mti()));  // so it is written from its fields
    REQUIRE(*codec::pack(written_again, d) == *bytes);
  }
}

TEST_CASE("every prefix of a message of each dialect needs more bytes, and nothing else") {
  const auto d = any_dialect();
  INFO(d.name);
  const auto bytes = codec::pack(purchase_in(d), d).value();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto front = codec::unpack_front(std::string_view(bytes).substr(0, size), d);
    INFO(size << " of " << bytes.size());
    REQUIRE_FALSE(front);
    REQUIRE(front.error().code == fault_code::truncated);
  }
}

TEST_CASE("changed bytes of a message of each dialect are another message, or a fault within them") {
  const auto d = any_dialect();
  INFO(d.name);
  random_message random(d, 7);
  for (int i = 0; i < 400; ++i) {
    auto bytes = codec::pack(i % 2 == 0 ? purchase_in(d) : random.make(), d).value();
    for (std::size_t changes = 1 + random.below(3); changes > 0; --changes)
      bytes[random.below(bytes.size())] = static_cast<char>(random.below(256));
    if (const auto m = codec::unpack(bytes, d); !m)
      REQUIRE(m.error().offset <= bytes.size());
    const auto part = codec::unpack_what_can_be_read(bytes, d);
    if (part)
      for (const auto& f : part->faults)
        REQUIRE(f.offset <= bytes.size());
  }
}

TEST_CASE(
  "chip data is made of tags in every shipped dialect, also where it is hexadecimal text on the wire") {
  for (const auto& file : config::built_in_dialects()) {
    const auto d = codec::parse_dialect(file.text).value();
    if (!d.find(55))
      continue;
    INFO(file.name);
    codec::message m(d.purchase.mti);
    CHECK_FALSE(codec::set_at(m, "55.9F26", "0123456789abcdef", d));
    CHECK_FALSE(codec::set_at(m, "55.95", "0000008000", d));
    CHECK(m[55] == "9f26080123456789abcdef95050000008000");
    const auto bytes = codec::pack(m, d);
    REQUIRE(bytes.ok());
    const auto read = codec::unpack_front(*bytes, d);
    REQUIRE(read.ok());
    CHECK(codec::value_at(read->value, "55.95", d) == "0000008000");
    CHECK(codec::faults_of_parts(read->value, d).empty());
  }
}
