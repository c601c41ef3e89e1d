#include "actors/upstream/host_requests.hpp"

#include <string>

#include "codec/exchange/example.hpp"
#include "codec/exchange/local_time.hpp"
#include "codec/fields.hpp"
#include "codec/pack.hpp"

namespace actors {

namespace {

std::string random_digits(std::size_t count, std::mt19937_64& random_source) {
  std::string digits(count, '0');
  for (auto& d : digits)
    d = static_cast<char>('0' + std::uniform_int_distribution<int>(0, 9)(random_source));
  return digits;
}

}  // namespace

codec::message echo_to_host(std::uint64_t stan, const codec::dialect& d, std::chrono::local_seconds now) {
  codec::message given;
  given.set(codec::fields::stan, std::to_string(1'000'000 + stan).substr(1));
  return codec::example_of(d.echo, given, d, now);
}

codec::message answer_to_host(const codec::message& request, const codec::dialect& d,
                              std::chrono::local_seconds now, std::mt19937_64& random_source) {
  using namespace codec;
  auto m = request;
  m.set(fields::mti, d.response_mti(request.mti()));
  set_known(m, fields::transmission_time, transmission_time(now), d);
  set_known(m, fields::reference, random_digits(12, random_source), d);
  set_code(m, d.answers.approved, d);
  m.erase(fields::function_code);
  m.erase(fields::merchant);
  return m;
}

}  // namespace actors
