#include "inspect/input.hpp"

#include <algorithm>
#include <filesystem>
#include <istream>

#include "codec/dialect/dialect_file.hpp"
#include "codec/text/hex.hpp"
#include "config/dialects.hpp"
#include "config/file.hpp"

namespace inspect {

namespace {

constexpr std::size_t size_max = 1024 * 1024;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string without_blanks(std::string_view text) {
  std::string out;
  std::ranges::copy_if(text, std::back_inserter(out), [](char c) { return !is_blank(c); });
  if (out.starts_with("0x") || out.starts_with("0X"))
    out.erase(0, 2);
  return out;
}

// Hexadecimal digits as bytes; anything else as it is.
std::variant<given_bytes, std::string> as_bytes(std::string text, bool is_raw) {
  const auto digits = without_blanks(text);
  if (is_raw || digits.empty() || !codec::is_hex(digits))
    return given_bytes{std::move(text)};
  if (auto bytes = codec::from_hex(digits))
    return given_bytes{*std::move(bytes)};
  return "these are " + std::to_string(digits.size()) +
         " hexadecimal digits, and bytes have two each: one is missing or too many";
}

}  // namespace

std::variant<given_bytes, std::string> read_text(const std::string& word, std::istream& in) {
  if (word == "-") {
    given_bytes all;
    for (char buffer[65536]; in.read(buffer, sizeof buffer), in.gcount() > 0;) {
      all.bytes.append(buffer, static_cast<std::size_t>(in.gcount()));
      if (all.bytes.size() > size_max)
        return "standard input is longer than a megabyte";
    }
    return all;
  }
  auto read = config::read_json_file(word);
  if (const auto* why = std::get_if<std::string>(&read))
    return "'" + word + "' " + *why;
  return given_bytes{std::get<config::file_text>(std::move(read)).text};
}

std::variant<given_bytes, std::string> read_bytes(const std::vector<std::string>& words, const arguments& a,
                                                  std::istream& in) {
  std::string joined;
  for (const auto& w : words)
    joined += w + " ";
  const auto digits = without_blanks(joined);
  if (codec::is_hex(digits) && !digits.empty())
    return as_bytes(joined, false);
  if (words.size() > 1)
    return "'" + words[1] + "' is one word too many: give a message as hexadecimal digits, or one file";
  const auto& word = words.front();
  std::error_code error;
  if (word != "-" && !std::filesystem::exists(word, error))
    return "'" + word.substr(0, 60) + (word.size() > 60 ? "..." : "") +
           "' is neither hexadecimal digits nor a file";
  std::variant<given_bytes, std::string> text = word;
  if (word == "-") {
    text = read_text(word, in);
  } else if (auto read = config::read_file(word); auto* why = std::get_if<std::string>(&read)) {
    text = "'" + word + "' " + *why;
  } else {
    text = given_bytes{std::get<config::file_text>(std::move(read)).text};
  }
  if (std::holds_alternative<std::string>(text))
    return text;
  auto& bytes = std::get<given_bytes>(text).bytes;
  if (bytes.empty())
    return word == "-" ? "standard input is empty" : "'" + word + "' is empty";
  return as_bytes(std::move(bytes), a.has("raw"));
}

std::variant<codec::dialect, std::string> read_dialect(const std::string& name) {
  auto text = config::dialect_text(name);
  if (const auto* why = std::get_if<std::string>(&text))
    return "dialect '" + name + "' is neither built in (" + config::names_of_dialects() +
           ") nor a file: it " + *why + config::meant_dialect(name);
  auto d = codec::parse_dialect(std::get<config::file_text>(text).text);
  if (!d)
    return name + ": " + d.error() + "; `socketqueue dialect check` says all that is wrong";
  if (const auto why = fault_of_header(d->header); !why.empty())
    return name + ": " + why;
  return *std::move(d);
}

std::variant<std::vector<frame>, std::string> read_frames(const arguments& a) {
  if (!a.has("header"))
    return a.has("lengthIncludeHeader")
             ? std::variant<std::vector<frame>, std::string>(
                 "--lengthIncludeHeader is about a header: give it with --header=length:n:4, or as it is")
             : usual_frames();
  const auto format = a.value("header");
  if (format == "none")
    return std::vector{no_frame()};
  auto read = read_frame(format, a.has("lengthIncludeHeader"));
  if (auto* why = std::get_if<std::string>(&read))
    return std::move(*why);
  return std::vector{std::get<frame>(std::move(read))};
}

}  // namespace inspect
