#include "tests/lab/purchase.hpp"

#include <ctime>
#include <stdexcept>

#include "codec/pack.hpp"

namespace lab {

namespace {

std::string packed(const codec::message& m, const codec::dialect& d) {
  auto bytes = codec::pack(m, d);
  if (!bytes)
    throw std::logic_error("the bench has a message that cannot be packed: " +
                           codec::to_string(bytes.error()));
  return *std::move(bytes);
}

}  // namespace

std::string_view wall_clock::now() {
  if (const auto now = std::time(nullptr); now != second_) {
    second_ = now;
    std::tm parts{};
    localtime_r(&now, &parts);
    char text[16];
    text_.assign(text, std::strftime(text, sizeof text, "%y%m%d%H%M%S", &parts));
  }
  return text_;
}

purchase::purchase(const codec::dialect& d, const layout& wire, std::uint64_t tid) {
  codec::message m("0200");
  m.set(3, "000000");
  m.set(4, "1");
  m.set(7, "0101000000");
  m.set(11, "1");
  m.set(12, "250101000000");
  m.set(22, "051");
  m.set(24, "200");
  m.set(25, "00");
  m.set(35, std::string(track_2));
  m.set(41, std::to_string(tid));
  m.set(42, "123456789012345");
  m.set(49, "978");
  m.set(55, std::string(chip));
  bytes_ = packed(m, d);
  if (wire.read(bytes_, where_) != reading::whole || where_.size != bytes_.size())
    throw std::logic_error("the bench cannot read its own message");
}

std::string_view purchase::write(std::uint64_t amount, std::uint64_t stan, std::string_view local_time) {
  write_digits(bytes_.data() + where_.begin[4], 12, amount);
  local_time.copy(bytes_.data() + where_.begin[12], 12);
  local_time.substr(2).copy(bytes_.data() + where_.begin[7], 10);
  write_digits(bytes_.data() + where_.begin[11], 6, stan);
  return bytes_;
}

std::string echo_test(const codec::dialect& d, std::uint64_t tid, std::uint64_t stan,
                      std::string_view local_time) {
  codec::message m("0800");
  m.set(3, "990000");
  m.set(7, std::string(local_time.substr(2)));
  m.set(11, std::to_string(stan));
  m.set(24, "801");
  m.set(41, std::to_string(tid));
  return packed(m, d);
}

}  // namespace lab
