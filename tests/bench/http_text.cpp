#include "tests/bench/http_text.hpp"

#include "tests/lab/purchase.hpp"

namespace bench {

namespace {

std::string padded(std::size_t width, std::uint64_t number) {
  std::string text(width, '0');
  lab::write_digits(text.data(), width, number);
  return text;
}

std::string post(const std::string& body) {
  return "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace

std::string http_purchase(std::uint64_t tid, std::uint64_t amount, std::uint64_t stan,
                          std::string_view local_time) {
  std::string body = R"({"0":"0200","3":"000000","4":")" + padded(12, amount);
  body.append(R"(","7":")").append(local_time.substr(2)).append(R"(","11":")").append(padded(6, stan));
  body.append(R"(","12":")").append(local_time);
  body.append(R"(","22":"051","24":"200","25":"00","35":")").append(lab::track_2);
  body.append(R"(","41":")").append(std::to_string(tid));
  body.append(R"(","42":"123456789012345","49":"978","55":")").append(lab::chip).append(R"("})");
  return post(body);
}

std::string http_echo(std::uint64_t tid, std::uint64_t stan, std::string_view local_time) {
  std::string body = R"({"0":"0800","3":"990000","7":")";
  body.append(local_time.substr(2)).append(R"(","11":")").append(padded(6, stan));
  body.append(R"(","24":"801","41":")").append(std::to_string(tid)).append(R"("})");
  return post(body);
}

std::optional<std::uint64_t> http_reply::field(const char* number) const {
  const auto found = fields.find(number);
  if (found == fields.end())
    return {};
  if (found->is_number_unsigned())
    return found->get<std::uint64_t>();
  const auto* text = found->get_ptr<const std::string*>();
  return text == nullptr || text->empty() ? std::nullopt : std::optional(lab::read_digits(*text));
}

lab::reading read_http(std::string_view stream, http_reply& out) {
  constexpr std::string_view end_of_head = "\r\n\r\n", length_name = "\r\nContent-Length: ";
  const auto head = stream.substr(0, stream.find(end_of_head));
  if (head.size() == stream.size())
    return lab::reading::more_needed;
  const auto length = head.find(length_name);
  if (length == head.npos || !head.starts_with("HTTP/1.1 "))
    return lab::reading::bad;
  const auto digits = head.substr(length + length_name.size());
  const auto size = lab::read_digits(digits.substr(0, digits.find('\r')));
  out.size = head.size() + end_of_head.size() + size;
  if (stream.size() < out.size)
    return lab::reading::more_needed;
  const auto body = nlohmann::json::parse(stream.substr(out.size - size, size), nullptr, false);
  out.fields = body.is_object() && body.contains("result") ? body["result"] : nlohmann::json();
  return body.is_discarded() ? lab::reading::bad : lab::reading::whole;
}

}  // namespace bench
