// The frame language: what is written, what is read, and what is refused, byte for byte.

#include <catch2/catch.hpp>

#include <fstream>
#include <random>
#include <regex>

#include "codec/text/hex.hpp"
#include "net/frame/checksum.hpp"
#include "net/frame/format.hpp"
#include "net/frame/number.hpp"
#include "tests/support/files.hpp"

using Catch::Contains;
using net::cut;

namespace {

constexpr std::size_t frame_max = 16384;

net::framing framing_of(const std::string& format) {
  auto parsed = net::frame_format::parse(format);
  if (const auto* why = std::get_if<std::string>(&parsed))
    FAIL(*why);
  return std::get<net::frame_format>(parsed).framing(frame_max);
}

std::string error_of(const std::string& format) {
  const auto parsed = net::frame_format::parse(format);
  const auto* why = std::get_if<std::string>(&parsed);
  return why ? *why : "";
}

std::string bytes(const std::string& hex) { return *codec::from_hex(hex); }

std::string framed(const net::framing& f, std::string_view content) {
  std::string stream;
  f.append(stream, content);
  return stream;
}

std::string answered(const net::framing& f, std::string_view content, const std::string& request) {
  const auto found = f.find(request);
  REQUIRE(found.is == cut::kind::frame);
  std::string stream;
  f.answer(stream, content, {request.substr(0, found.begin)});
  return codec::to_hex(stream);
}

// Why this stream cannot be read; empty where it can.
std::string fault_of(const net::framing& f, const std::string& stream) {
  const auto found = f.find(stream);
  return found.is == cut::kind::bad ? found.why : "";
}

const std::vector<std::string> presets{
  "ascii4", "ascii4-inclusive", "bin2",        "bin2-inclusive", "bin2+tpdu",
  "bcd2",   "bcd2+tpdu",        "stx-etx-lrc", "visa",           "base24"};

}  // namespace

TEST_CASE("frames are the golden ones, both ways, and every part of one asks for more") {
  const auto rows = support::golden("frames.jsonl");
  REQUIRE(rows.size() == 20);
  for (const auto& row : rows) {
    INFO(row.at("name"));
    const auto f = framing_of(row.at("frame"));
    const auto stream = bytes(row.at("wire_hex"));
    std::vector<std::string> messages;
    int keep_alives = 0;
    for (std::size_t at = 0; at < stream.size();) {
      const auto rest = std::string_view(stream).substr(at);
      const auto found = f.find(rest);
      INFO(found.why);
      REQUIRE((found.is == cut::kind::frame || found.is == cut::kind::keep_alive));
      for (std::size_t size = 0; size < found.next; ++size)
        REQUIRE(f.find(rest.substr(0, size)).is == cut::kind::more_needed);
      if (found.is == cut::kind::keep_alive)
        ++keep_alives;
      else
        messages.push_back(codec::to_hex(rest.substr(found.begin, found.end - found.begin)));
      at += found.next;
    }
    CHECK(messages == row.at("messages_hex").get<std::vector<std::string>>());
    CHECK(keep_alives == row.at("keep_alives").get<int>());
    if (messages.size() == 1 && keep_alives == 0)
      CHECK(codec::to_hex(framed(f, bytes(messages[0]))) == codec::to_hex(stream));
  }
}

TEST_CASE("the frames of the documentation are as it shows them") {
  std::ifstream file(SOURCE_DIR "/docs/DIALECTS.md");
  const std::regex row("^\\| `([a-z0-9+-]+)` \\| `([0-9A-F ]+)` \\|.*");
  std::size_t seen = 0;
  for (std::string line; std::getline(file, line);)
    if (std::smatch found; std::regex_match(line, found, row) && found.str(1) != "none") {
      INFO(line);
      ++seen;
      auto shown = found.str(2);
      std::erase(shown, ' ');
      CHECK(codec::to_hex(framed(framing_of(found.str(1)), "0800")) == codec::to_hex(bytes(shown)));
    }
  CHECK(seen == presets.size());
}

TEST_CASE("a named frame is read as it is written, with any message") {
  for (const auto& name : presets) {
    INFO(name);
    const auto f = framing_of(name);
    for (const std::size_t size : {1, 2, 100, 255, 256, 999, 9000}) {
      const std::string message(size, '\x03');
      const auto stream = framed(f, message) + framed(f, "next");
      const auto found = f.find(stream);
      INFO(found.why);
      REQUIRE(found.is == cut::kind::frame);
      CHECK(stream.substr(found.begin, found.end - found.begin) == message);
      CHECK(stream.substr(found.next) == framed(f, "next"));
    }
  }
}

TEST_CASE("an answer has the request's TPDU with its two addresses swapped") {
  const auto f = framing_of("bin2+tpdu");
  CHECK(answered(f, "answer", bytes("000B6000058053") + "quest?") == "000b6080530005616e73776572");
  CHECK(answered(framing_of("bcd2+tpdu"), "a", bytes("00066011112222") + "q") ==
        "00066022221111"
        "61");
  CHECK(codec::to_hex(framed(framing_of("length bin1 counts=rest, tpdu hex=6001234567"), "q")) ==
        "06"
        "6001234567"
        "71");
}

TEST_CASE("an answer repeats what it should of the request's header, and has the rest as always") {
  const auto f = framing_of("base24");
  CHECK(*codec::from_hex(answered(f, "a", bytes("000e") + "ISO016000015q" + "\x03")) ==
        bytes("000e") + "ISO016000015a" + "\x03");
  // Destination and source change places; round trip, flags, status, batch and user information come back.
  const auto visa = framing_of("visa");
  const auto request =
    "00170000"
    "16"
    "01"
    "02"
    "0017"
    "111111"
    "222222"
    "07"
    "0102"
    "030405"
    "09"
    "0a0b0c"
    "0d"
    "71";
  CHECK(answered(visa, "a", bytes(request)) ==
        "00170000"
        "16"
        "01"
        "02"
        "0017"
        "222222"
        "111111"
        "07"
        "0102"
        "030405"
        "09"
        "0a0b0c"
        "0d"
        "61");
}

TEST_CASE("a wrong constant, length, trailer or checksum is named, and its bytes are not shown") {
  struct row {
    const char *frame, *wire_hex, *why;
  };
  const std::vector<row> rows{
    {"bin2+tpdu", "000b41", "the element 'tpdu' of a frame is not 60"},
    {"stx-etx-lrc", "41", "the element 'stx' of a frame is not 02"},
    {"stx-etx-lrc", "0200014104", "the element 'etx' of a frame is not 03"},
    {"stx-etx-lrc", "0200014103ff", "the lrc of a frame is wrong"},
    {"base24", "001049", ""},
    {"base24", "00104941", "the element 'literal' of a frame is not ISO"},
    {"visa", "001a000015", ""},
    {"ascii4", "00x", "the length in a frame's header is not a number"},
    {"bcd2", "0a", "the length in a frame's header is not a number"},
    {"ascii4-inclusive", "30303033", "the length in a frame's header is less than the header"},
    {"bin2-inclusive", "0000", "the length in a frame's header is less than the header"},
    {"bin2+tpdu", "0004", "the length in a frame's header is less than the header"},
    {"bin2", "4001", "a frame of 16385 bytes, the most is 16384"},
    {"length bin8, message", "ffffffffffffffff", "a frame of 18446744073709551615 bytes"},
    {"length bin2-le, message", "ffff", "a frame of 65535 bytes"},
    {"a bin1, b bin1, message", "0203", "the lengths in a frame's header do not agree"},
    {"length bin1, message, crc16-arc", "0141ffff", "the crc16-arc of a frame is wrong"},
  };
  for (const auto& r : rows) {
    INFO(r.frame << " " << r.wire_hex);
    const auto wire = std::string_view(r.wire_hex).starts_with("00x") ? "00x" : bytes(r.wire_hex);
    const auto why = fault_of(framing_of(r.frame), wire);
    if (*r.why == '\0')
      continue;
    CHECK_THAT(why, Contains(r.why));
  }
  CHECK(framing_of("bin2").find(bytes("4000")).is == cut::kind::more_needed);
}

TEST_CASE("a header that says that the message is refused marks the frame, and the next frame is found") {
  const auto base24 = framing_of("base24");
  const auto refused = bytes("000e") + "ISO026000400m" + "\x03";
  const auto stream = refused + framed(base24, "next");
  const auto found = base24.find(stream);
  REQUIRE(found.is == cut::kind::refused);
  CHECK_THAT(found.why, Contains("'status'"));
  CHECK(stream.substr(found.next) == framed(base24, "next"));

  // A reject message of VisaNet has a header of 26 bytes.
  auto reject = framed(framing_of("visa"), "12345");
  reject[4] = '\x1A';
  CHECK(framing_of("visa").find(reject).is == cut::kind::refused);
  CHECK_THAT(framing_of("visa").find(reject).why, Contains("'header-length', which is 1A"));
  // The rejected message stands behind the reject header, with a header of its own.
  auto whole = framed(framing_of("visa"), bytes("0000"
                                                "0501") +
                                            framed(framing_of("visa"), "0200m").substr(4));
  whole[4] = '\x1A';
  const auto rejected = framing_of("visa").find(whole);
  REQUIRE(rejected.is == cut::kind::refused);
  CHECK(whole.substr(rejected.begin, rejected.end - rejected.begin) == "0200m");
  reject[4] = '\x15';
  CHECK_THAT(fault_of(framing_of("visa"), reject), Contains("'header-length' of a frame is not 16"));

  const auto listed = framing_of("length bin1, status text=0 refuse=1+2");
  CHECK(listed
          .find("\x01"
                "0m")
          .is == cut::kind::frame);
  CHECK(listed
          .find("\x01"
                "2m")
          .is == cut::kind::refused);
  CHECK(listed
          .find("\x01"
                "3m")
          .is == cut::kind::bad);
}

TEST_CASE("a length of zero is a keep-alive, with or without what it would count") {
  const auto size_of = [](const char* format, const std::string& wire) {
    const auto found = framing_of(format).find(wire + "more");
    return found.is == cut::kind::keep_alive ? found.next : 0;
  };
  CHECK(size_of("ascii4", "0000") == 4);
  CHECK(size_of("ascii4-inclusive", "0004") == 4);
  CHECK(size_of("bin2+tpdu", bytes("0000")) == 2);
  CHECK(size_of("bin2+tpdu", bytes("00056000010002")) == 7);
  CHECK(size_of("visa", bytes("00000000")) == 4);
  CHECK(size_of("base24", bytes("0000")) == 2);
  CHECK(size_of("stx-etx-lrc", bytes("0200000303")) == 5);
  CHECK_FALSE(framing_of("bin2").answers_keep_alive);
  CHECK(framing_of("bin2, keepalive=answer").answers_keep_alive);
  CHECK(framing_of("visa").answers_keep_alive);
  CHECK_FALSE(framing_of("visa,keepalive=ignore").answers_keep_alive);
}

TEST_CASE("checksums are those of their names") {
  const auto sum = [](const char* name) {
    return codec::to_hex(net::checksum_over("123456789", *net::checksum_named(name)));
  };
  CHECK(sum("lrc") == "31");
  CHECK(sum("crc16-ccitt") == "29b1");
  CHECK(sum("crc16-arc") == "bb3d");
  CHECK(sum("crc32") == "cbf43926");
  CHECK_FALSE(net::checksum_named("crc8"));
}

TEST_CASE("lengths of every form and size are written and read") {
  using form = net::number_form;
  for (const auto f : {form::ascii, form::bcd, form::big_endian, form::little_endian})
    for (std::size_t size = 1; size <= net::number_size_max; ++size)
      for (const auto number :
           {std::uint64_t{0}, std::uint64_t{7}, net::number_max(f, size) / 3, net::number_max(f, size)}) {
        std::string out;
        net::append_number(out, number, f, size);
        REQUIRE(out.size() == size);
        REQUIRE(net::is_number(out, f));
        CHECK(net::number_in(out, f) == number);
      }
  std::string little;
  net::append_number(little, 258, form::little_endian, 3);
  CHECK(codec::to_hex(little) == "020100");
}

TEST_CASE("a frame that makes no sense is refused with the element, the reason and what would be right") {
  CHECK_THAT(error_of("bin3"), Contains("there is no frame 'bin3'") && Contains("bin2+tpdu"));
  CHECK_THAT(error_of("length"), Contains("there is no frame 'length'"));
  CHECK_THAT(error_of("length bin9, message"), Contains("'length bin9'") && Contains("bin1 to 8"));
  CHECK_THAT(error_of("length bin2, length bin2"), Contains("two elements of that name"));
  CHECK_THAT(error_of("stx hex=02, message"), Contains("needs the length of its message"));
  CHECK_THAT(error_of("message, length bin2"), Contains("needs the length of its message in front"));
  CHECK_THAT(error_of("length bin2, message, more bin2"), Contains("stands in front of the message"));
  CHECK_THAT(error_of("length bin2 counts=tpdu+message, message"), Contains("it counts 'tpdu'"));
  CHECK_THAT(error_of("length bin2 counts=self, message"), Contains("must count the message"));
  CHECK_THAT(error_of("length bin2 plus=x, message"), Contains("plus must be 0 to 9999"));
  CHECK_THAT(error_of("length bin2 minus=11, message"), Contains("would be -1 for a message of 10 bytes"));
  CHECK_THAT(error_of("length bin2 counts=self+message minus=13, message"), Contains("would be -1"));
  CHECK_THAT(error_of("length bin2 times=2, message"), Contains("not 'times=2'"));
  CHECK_THAT(error_of("length bin2, stx hex=0"), Contains("'stx hex=0'") && Contains("hexadecimal"));
  CHECK_THAT(error_of("length bin2, stx 02"), Contains("hex=... or text=..."));
  CHECK_THAT(error_of("length bin2, a text=x swap=b"), Contains("no element 'b' of its size"));
  CHECK_THAT(error_of("length bin2, a text=x swap=b, b text=xx"), Contains("no element 'b' of its size"));
  CHECK_THAT(error_of("length bin2, a text=x swap=b, message, b text=x"),
             Contains("in front of the message"));
  CHECK_THAT(error_of("length bin2, a text=x refuse=yy"), Contains("not 'yy'"));
  CHECK_THAT(error_of("length bin2, a text=x twice"), Contains("not 'twice'"));
  CHECK_THAT(error_of("length bin2, message, a text=x echo"), Contains("in front of the message"));
  CHECK_THAT(error_of("length bin2, lrc, message"), Contains("behind the message"));
  CHECK_THAT(error_of("length bin2, message, lrc from=etx"), Contains("no element 'etx' in front of it"));
  CHECK_THAT(error_of("length bin2, tpdu hex=61"), Contains("60 and its destination and source"));
  CHECK_THAT(error_of("length bin2, self text=x"), Contains("cannot have this name"));
  CHECK_THAT(error_of("length bin2,, message"), Contains("leave out the comma"));
  CHECK_THAT(error_of("bin2, max=0"), Contains("1 to 16777216"));
  CHECK_THAT(error_of("bin2, keepalive=maybe"), Contains("answer or ignore"));
  CHECK_THAT(error_of("bin2, size=3"), Contains("expected max=BYTES"));
  CHECK_THAT(error_of("bin2, stx hex=02"), Contains("behind the name of a frame"));
  CHECK(error_of("none") == "");
}

TEST_CASE("random bytes and changed frames give no frame outside the stream, whatever the format") {
  std::mt19937_64 random_source(20);
  auto formats = presets;
  for (const auto& row : support::golden("frames.jsonl"))
    formats.push_back(row.at("frame"));
  formats.push_back("length bin1 counts=x+message, x hex=00, message, lrc from=message");
  std::size_t found_count = 0;
  for (const auto& name : formats) {
    INFO(name);
    const auto f = framing_of(name);
    for (int round = 0; round < 3000; ++round) {
      std::string stream;
      if (round % 3 == 0)
        stream.resize(random_source() % 64);
      else
        for (auto frames = random_source() % 3 + 1; frames > 0; --frames)
          f.append(stream, std::string(random_source() % 40, 'm'));
      if (!stream.empty())
        for (auto changes = random_source() % 4 + (round % 3 == 0 ? 64 : 0); changes > 0; --changes)
          stream[random_source() % stream.size()] = static_cast<char>(random_source());
      stream.resize(random_source() % (stream.size() + 1));
      for (std::string_view rest = stream;;) {
        const auto found = f.find(rest);
        if (found.is == cut::kind::bad)
          REQUIRE_FALSE(found.why.empty());
        if (found.is == cut::kind::bad || found.is == cut::kind::more_needed)
          break;
        REQUIRE(found.begin <= found.end);
        REQUIRE(found.end <= found.next);
        REQUIRE(found.next <= rest.size());
        REQUIRE(found.next > 0);
        ++found_count;
        rest.remove_prefix(found.next);
      }
    }
  }
  CHECK(found_count > 20000);
}
