#include <catch2/catch.hpp>

#include "codec/text/hex.hpp"
#include "net/frame/format.hpp"
#include "tests/support/files.hpp"

using net::cut;

namespace {

net::framing framing_of(const std::string& format, bool includes_header = false,
                        std::size_t frame_max = 2000) {
  auto parsed = net::frame_format::parse(format, includes_header);
  if (const auto* why = std::get_if<std::string>(&parsed))
    FAIL(*why);
  return std::get<net::frame_format>(parsed).framing(frame_max);
}

std::string error_of(const std::string& format) {
  const auto parsed = net::frame_format::parse(format, false);
  const auto* why = std::get_if<std::string>(&parsed);
  return why ? *why : "";
}

std::string framed(const net::framing& f, std::string_view content) {
  std::string stream;
  f.append(stream, content);
  return stream;
}

}  // namespace

TEST_CASE("headers are the golden ones, both ways") {
  const auto rows = support::golden("headers.jsonl");
  REQUIRE(rows.size() == 18);
  for (const auto& row : rows) {
    INFO(row.at("headerFormat"));
    const auto message = *codec::from_hex(row.at("message_hex").get<std::string>());
    const auto f = framing_of(row.at("headerFormat"), row.at("lengthIncludeHeader"));
    const auto stream = framed(f, message);
    CHECK(codec::to_hex(stream) == row.at("framed_hex"));

    for (std::size_t size = 0; size < stream.size(); ++size)
      REQUIRE(f.find(std::string_view(stream).substr(0, size)).is == cut::kind::more_needed);
    const auto two = stream + stream;
    const auto first = f.find(two);
    REQUIRE(first.is == cut::kind::frame);
    CHECK(two.substr(first.begin, first.end - first.begin) == message);
    CHECK(first.end == stream.size());
  }
}

TEST_CASE("a header that cannot be is bad at its first wrong byte") {
  CHECK(framing_of("length:n:4").find("00x").is == cut::kind::bad);
  CHECK(framing_of("length:b:2").find("\xa0").is == cut::kind::bad);
  CHECK(framing_of("length:n:4", true).find("0003").is == cut::kind::bad);
}

TEST_CASE("a frame longer than any message is bad before it is there") {
  CHECK(framing_of("length:n:4", false, 2000).find("2001").is == cut::kind::bad);
  CHECK(framing_of("length:n:4", false, 2000).find("2000").is == cut::kind::more_needed);
  CHECK(framing_of("length:b-hex:8").find(std::string(8, '\xff')).is == cut::kind::bad);
}

TEST_CASE("a constant is written as it is, and not insisted on when read") {
  const auto f = framing_of("tpdu:b:5:6000010000,length:n:4");
  const auto other_way = *codec::from_hex("6000000001") + "0003abc";
  const auto found = f.find(other_way);
  REQUIRE(found.is == cut::kind::frame);
  CHECK(other_way.substr(found.begin, 3) == "abc");
}

TEST_CASE("a header format that makes no sense is refused with the element named") {
  using Catch::Contains;
  CHECK_THAT(error_of("length:n"), Contains("length:n") && Contains("expected"));
  CHECK_THAT(error_of("length:q:4"), Contains("q"));
  CHECK_THAT(error_of("length:n:0"), Contains("1 to 8"));
  CHECK_THAT(error_of("length:n:99"), Contains("1 to 8"));
  CHECK_THAT(error_of("tpdu:b:5,length:n:4"), Contains("default"));
  CHECK_THAT(error_of("tpdu:b:1:zz,length:n:4"), Contains("hexadecimal"));
  CHECK_THAT(error_of("id:an:2:abc,length:n:4"), Contains("longer"));
  CHECK_THAT(error_of("id:an:2:ab"), Contains("exactly one element named length"));
  CHECK_THAT(error_of("length:n:4,length:n:4"), Contains("exactly one"));
}

TEST_CASE("a header tells the longest content that it can express") {
  const auto most = [](const char* format, bool includes = false) {
    return std::get<net::frame_format>(net::frame_format::parse(format, includes)).content_max();
  };
  CHECK(most("length:n:4") == 9999);
  CHECK(most("length:n:4", true) == 9995);
  CHECK(most("length:b:2") == 9999);
  CHECK(most("length:b-hex:2") == 65535);
  CHECK(most("length:n:3") == 999);
}
