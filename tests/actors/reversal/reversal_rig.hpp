// A whole gateway and its host, as the tests of reversals drive them.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "tests/support/virtual_gateway.hpp"

namespace test {

using namespace std::chrono_literals;
using support::approval;
using support::virtual_gateway;

/// A gateway and a host, which looks at what it gets ten times a second.
struct bank : virtual_gateway {
  using virtual_gateway::virtual_gateway;

  /// A purchase that the host does not answer; it is due when this returns.
  codec::message lose_purchase(const std::string& tid = "00000042", const std::string& stan = "000001") {
    const auto request = purchase(tid, stan);
    client({request});
    pass(35s);
    return request;
  }

  /// What follows at once, without a pause, has then happened.
  void host_says(const codec::message& m) {
    virtual_gateway::host_says(m);
    pass(0s);
  }

  std::vector<codec::message> reversals() const {
    auto all = host_got();
    std::erase_if(all, [](const codec::message& m) { return m.mti() != "0400"; });
    return all;
  }

  /// Lets time pass, and answers each reversal with `code`; with none, not at all. When each came, since this
  /// began.
  std::vector<std::chrono::milliseconds> attempts_within(std::chrono::seconds time, const char* code) {
    std::vector<std::chrono::milliseconds> when;
    const auto begun = now();
    auto take = [&] {
      for (; seen < reversals().size(); ++seen) {
        when.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(now() - begun));
        if (code)
          host_says(approval(reversals()[seen], code));
      }
    };
    take();
    while (now() - begun < time) {
      pass(100ms);
      take();
    }
    return when;
  }

  std::size_t count_of(const char* mti) const {
    const auto all = host_got();
    return static_cast<std::size_t>(std::ranges::count(all, mti, &codec::message::mti));
  }

  void reconnect() {
    while (!dialer->calling)
      pass(100ms);
    host_answers();
    seen = 0;
  }

  std::size_t seen = 0;  ///< of the reversals on this link
};

inline std::vector<std::chrono::milliseconds> pauses_between(
  const std::vector<std::chrono::milliseconds>& when) {
  std::vector<std::chrono::milliseconds> pauses;
  for (std::size_t i = 1; i < when.size(); ++i)
    pauses.push_back(when[i] - when[i - 1]);
  return pauses;
}

}  // namespace test
