// JSON that is written as it is told.

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "actors/core/json_object.hpp"

using actors::json_array;
using actors::json_object;
using actors::thousandths;
using nlohmann::json;

TEST_CASE("an object has its members in the order in which they were told, whatever they are") {
  json_object o("text", "a", "number", std::uint64_t{18446744073709551615U}, "below", -7, "yes", true);
  o.add("no", false, "nested", json_object("empty", "").json());
  o.add("list", json_array(std::vector{1, 2}, [](int i) { return std::to_string(i); }));
  CHECK(o.json().text == R"({"text":"a","number":18446744073709551615,"below":-7,"yes":true,"no":false,)"
                         R"("nested":{"empty":""},"list":["1","2"]})");
  CHECK(json_object().json().text == "{}");
  CHECK(json_array(std::vector<int>(), [](int) { return ""; }).text == "[]");
}

TEST_CASE("any bytes of a text become JSON, as the JSON library writes them") {
  std::string all;
  for (int c = 0; c < 256; ++c)
    all += static_cast<char>(c);
  for (const auto& text : {all, std::string("say \"so\""), std::string("a\\b"), std::string("\xc3\xa9"),
                           std::string("\xe9"), std::string("~ \x7f"), std::string(3, '\0')}) {
    const auto written = json_object("t", text).json().text;
    CHECK(written == json{{"t", text}}.dump(-1, ' ', false, json::error_handler_t::replace));
    CHECK(json::accept(written));
  }
}

TEST_CASE("thousandths are shown as the JSON library shows that fraction") {
  for (const std::int64_t n :
       {0, 1, 10, 100, 120, 123, 999, 1000, 1001, 1010, 1500, 35000, 123456789, -1, -1500})
    CHECK(json_object("n", thousandths{n}).json().text == json{{"n", static_cast<double>(n) / 1000}}.dump());
}
