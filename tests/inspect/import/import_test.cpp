#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "codec/dialect/dialect_file.hpp"
#include "codec/exchange/example.hpp"
#include "codec/exchange/local_time.hpp"
#include "codec/pack.hpp"
#include "codec/unpack.hpp"
#include "tests/inspect/run.hpp"

using Catch::Contains;
using support::run;

namespace {

constexpr const char* jpos = R"(<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE isopackager SYSTEM "genericpackager.dtd">
<!-- A bank's packager. -->
<isopackager>
  <isofield id="0" length="4" name="MESSAGE TYPE" pad="true" class="org.jpos.iso.IFB_NUMERIC"/>
  <isofield id="1" length="16" name="BIT MAP" class="org.jpos.iso.IFB_BITMAP"/>
  <isofield id="2" length="19" name="PAN" pad="false" class="org.jpos.iso.IFB_LLNUM"/>
  <isofield id="4" length="12" name="AMOUNT" pad="true" class="org.jpos.iso.IFB_NUMERIC"/>
  <isofield id="22" length="3" name="ENTRY MODE" pad="true" class="org.jpos.iso.IFB_NUMERIC"/>
  <isofield id="35" length="37" name="TRACK 2" pad="false" class="org.jpos.iso.IFB_LLHNUM"/>
  <isofield id="41" length="8" name="TERMINAL" class="org.jpos.iso.IF_CHAR"/>
  <isofield id="43" length="40" name="LOCATION" class="org.jpos.iso.IFE_CHAR"/>
  <isofieldpackager id="48" length="999" name="PRIVATE" class="org.jpos.iso.IFA_LLLCHAR" emitBitmap="false"
      packager="org.jpos.iso.packager.GenericSubFieldPackager">
    <isofield id="1" length="2" name="KIND" class="org.jpos.iso.IFA_NUMERIC"/>
    <isofield id="2" length="10" name="INVOICE" class="org.jpos.iso.IFA_LLCHAR"/>
  </isofieldpackager>
  <isofield id="52" length="8" name="PIN" class="org.jpos.iso.IFB_BINARY"/>
  <isofield id="55" length="255" name="ICC" class="org.jpos.iso.IFB_LLLBINARY"/>
  <isofield id="60" length="10" name="UNUSED" class="org.jpos.iso.IF_NOP"/>
  <isofield id="61" length="10" name="ODD" class="org.jpos.iso.IFX_ODD"/>
  <isofieldpackager id="62" length="99" name="TAGS" class="org.jpos.iso.IFA_LLCHAR"
      packager="com.example.OwnPackager">
    <isofield id="1" length="2" name="A" class="org.jpos.iso.IF_CHAR"/>
  </isofieldpackager>
  <isofieldpackager id="127" length="255" name="FILE" class="org.jpos.iso.IFB_LLHBINARY"
      packager="org.jpos.iso.packager.GenericSubFieldPackager">
    <isofield id="0" length="8" name="BITS" class="org.jpos.iso.IFB_BITMAP"/>
    <isofield id="2" length="4" name="CODE" pad="true" class="org.jpos.iso.IFB_NUMERIC"/>
  </isofieldpackager>
</isopackager>)";

constexpr const char* moov = R"({
  "name": "a bank", "fields": {
    "0": {"type": "String", "length": 4, "description": "Message type",
          "enc": "ASCII", "prefix": "ASCII.Fixed"},
    "1": {"type": "Bitmap", "length": 8, "description": "Bitmap", "enc": "HexToASCII", "prefix": "Hex.Fixed"},
    "2": {"type": "String", "length": 19, "description": "PAN", "enc": "ASCII", "prefix": "ASCII.LL"},
    "4": {"type": "Numeric", "length": 12, "description": "Amount", "enc": "ASCII", "prefix": "ASCII.Fixed",
          "padding": {"type": "Left", "pad": "0"}},
    "39": {"type": "String", "length": 2, "description": "Code", "enc": "EBCDIC", "prefix": "EBCDIC.Fixed"},
    "35": {"type": "String", "length": 37, "description": "Track 2", "enc": "BCD", "prefix": "BCD.LL"},
    "48": {"type": "Composite", "length": 255, "description": "Data", "prefix": "ASCII.LLL",
           "tag": {"length": 2, "enc": "ASCII",
                   "padding": {"type": "Left", "pad": "0"}, "sort": "StringsByInt"},
           "subfields": {
             "1": {"type": "String", "length": 5, "description": "First",
                   "enc": "ASCII", "prefix": "ASCII.LL"},
             "12": {"type": "Numeric", "length": 2, "description": "Second",
                    "enc": "ASCII", "prefix": "ASCII.LL"}}},
    "52": {"type": "Binary", "length": 8, "description": "PIN", "enc": "Binary", "prefix": "Binary.Fixed"},
    "55": {"type": "Composite", "length": 255, "description": "ICC", "prefix": "ASCII.LLL",
           "tag": {"enc": "BerTLVTag", "sort": "StringsByHex"},
           "subfields": {"9A": {"type": "String", "description": "Date",
                                "enc": "Binary", "prefix": "BerTLV"}}},
    "60": {"type": "Composite", "length": 6, "description": "Places", "prefix": "ASCII.Fixed",
           "subfields": {
             "1": {"type": "String", "length": 2, "enc": "ASCII", "prefix": "ASCII.Fixed"},
             "2": {"type": "String", "length": 4, "enc": "ASCII", "prefix": "ASCII.Fixed"}}},
    "70": {"type": "String", "length": 3, "description": "Odd", "enc": "ASCIIToHex", "prefix": "Hex.LL"}}})";

// The privacy of each field of a dialect file.
std::string privacy_of(const std::string& file) {
  std::string all;
  const auto whole = nlohmann::json::parse(file);
  for (const auto& row : whole.at("fields"))
    all += row.at("field").dump() + " " + row.at("privacy").get<std::string>() + ", ";
  return all;
}

}  // namespace

TEST_CASE("a jPOS packager becomes a dialect file, and what cannot be taken over is listed") {
  support::files files;
  const auto r = run({"dialect", "import", files.add("packager.xml", jpos)});
  INFO(r.out << r.err);
  CHECK(r.status == 1);
  CHECK_THAT(
    r.err,
    Contains("left out: 61 (IFX_ODD): no such class is known here\n") &&
      Contains("left out: 62 (OwnPackager): the parts of such a packager; the field is there as a whole\n") &&
      Contains("without `reversal` nothing is"));
  CHECK(privacy_of(r.out) ==
        "0 open, 2 pan, 4 open, 22 open, 35 track, 41 free, 43 free, 48 free, 52 secret, 55 emv, 62 free, "
        "127 open, ");
  CHECK(run({"dialect", "check", files.add("imported.json", r.out)}).status == 0);
}

TEST_CASE("an imported jPOS packager reads what the packager says") {
  support::files files;
  const auto output = files / "imported.json";
  CHECK(run({"dialect", "import", files.add("packager.xml", jpos), "--output=" + output}).out == "");
  // Message type and numbers packed, a track behind a binary length, a subfield packager, a bitmap in 127.
  const auto r = run({"describe", "--dialect=" + output, "--header=none",
                      "0200 d000040020010000 0000000000000002 16 4111111111111111 000000001000 0021"
                      "21 4111111111111111d2512201100000000 0"
                      "303038 3037 3034 31323334 0a 4000000000000000 0042"});
  INFO(r.out);
  CHECK(r.status == 0);
  for (const auto* line : {"PAN [2]..........................................411111******1111\n",
                           "AMOUNT [4].......................................000000001000\n",
                           "ENTRY MODE [22]..................................021\n",
                           "TRACK 2 [35].....................................411111******1111",
                           "KIND [48.1]....................................07\n",
                           "INVOICE [48.2].................................1234\n",
                           "CODE [127.2]...................................0042\n"})
    CHECK_THAT(r.out, Contains(line));
  CHECK_THAT(run({"dialect", "import", files / "packager.xml", "--output=" + output}).err,
             Contains("is there already"));
}

TEST_CASE("a moov spec becomes a dialect file that reads what the spec says, tags and chips too") {
  support::files files;
  const auto output = files / "imported.json";
  const auto r = run({"dialect", "import", files.add("spec.json", moov), "--output=" + output});
  CHECK(r.status == 1);
  CHECK_THAT(r.err,
             Contains("left out: 70 (String, enc ASCIIToHex, prefix Hex.LL): no such enc is known here\n"));
  CHECK(privacy_of(test::read(output)) ==
        "0 open, 2 pan, 4 open, 35 track, 39 free, 48 free, 52 secret, 55 emv, 60 free, ");
  const auto message =
    run({"encode", "--dialect=" + output, "-"},
        R"({"mti": "0200", "2": "4111111111111111", "4": "1000", "39": "00", "48.01": "abc", "48.12": "7",
                               "60": "12abcd"})");
  CHECK(message.err == "");
  // "0200", bitmap in hexadecimal, and so on; the response code is in EBCDIC.
  CHECK(message.out ==
        "30323030"
        "35303030303030303032303130303130"
        "313634313131313131313131313131313131"
        "303030303030303031303030"
        "f0f0"
        "303132303130336162633132303137"
        "313261626364\n");
  const auto shown = run({"describe", "--dialect=" + output, message.out}).out;
  CHECK_THAT(shown, Contains("First [48.01]..................................abc\n") &&
                      Contains("Second [48.12].................................7\n") && Contains("[60.2]") &&
                      !Contains("4111111111111111"));
}

TEST_CASE("import refuses what is neither of the two kinds of file, with a sentence") {
  support::files files;
  const auto error = [&](const std::string& text) {
    return run({"dialect", "import", files.add("x", text)}).err;
  };
  CHECK_THAT(error("hello"), Contains("neither XML of a jPOS packager nor JSON"));
  CHECK_THAT(error("<isopackager>"), Contains("this is not XML, line"));
  CHECK_THAT(error("<other/>"), Contains("there is no <isopackager> in it"));
  CHECK_THAT(error("{\"a\": 1}"), Contains("no JSON object with fields by number"));
  CHECK_THAT(error("<isopackager/>"), Contains("no field in it"));
  std::string deep;
  for (int i = 0; i < 100000; ++i)
    deep += "<a>";
  CHECK_THAT(error(deep), Contains("nested more deeply"));
  std::string closed_in_text, closed_in_comments;
  for (int i = 0; i < 50000; ++i) {
    closed_in_text += "<a b='/>'>";
    closed_in_comments += "<a><!-- </a> -->";
  }
  CHECK_THAT(error(closed_in_text), Contains("nested more deeply"));
  CHECK_THAT(error(closed_in_comments), Contains("nested more deeply"));
}

TEST_CASE("an imported dialect has examples that its own rules and its packer take") {
  support::files files;
  for (const auto& text : {std::string(jpos), std::string(moov)}) {
    const auto r = run({"dialect", "import", files.add("spec", text)});
    const auto d = codec::parse_dialect(r.out).value();
    INFO(r.out);
    CHECK(d.purchase.mti == "0200");
    CHECK(d.echo.mti == "0800");
    codec::message given;
    given.set(4, "1000");
    CHECK((!d.find(39) || d.answers.insufficient_funds == "51"));
    const auto m = codec::example_of(d.purchase, given, d, *codec::parse_local_time("261123120000"));
    CHECK(m[35] == "4850781234567891=25122011000000000000");
    const auto bytes = codec::pack(m, d);
    REQUIRE(bytes.ok());
    CHECK(codec::unpack(*bytes, d).ok());
  }
  const auto with_times = [&](const char* twelve) {
    return nlohmann::json::parse(
      run({"dialect", "import",
           files.add(
             "times",
             R"({"fields": {"0": {"type": "String", "length": 4, "enc": "ASCII", "prefix": "ASCII.Fixed"},
           "2": {"type": "String", "length": 19, "enc": "ASCII", "prefix": "ASCII.LL"},
           "12": {"type": "Numeric", "enc": "ASCII", "prefix": "ASCII.Fixed", "length": )" +
               std::string(twelve) + "}}}")})
        .out);
  };
  CHECK(with_times("6").at("examples").at("purchase").at("fields") ==
        nlohmann::json({{"2", "4850781234567891"}, {"12", "{now:hhmmss}"}}));
  CHECK(with_times("12").at("examples").at("purchase").at("mti") == "1200");
}
