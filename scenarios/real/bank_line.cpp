// A story's world without a gateway.
//
// Each client's message goes to the host unchanged, framed; a response goes to the client that sent the
// request with the same terminal id and STAN.

#include "scenarios/real/bank_line.hpp"

#include <algorithm>

#include "codec/fields.hpp"
#include "codec/mti.hpp"
#include "codec/pack.hpp"
#include "codec/unpack.hpp"
#include "scenarios/player/script.hpp"
#include "scenarios/real/framing.hpp"

namespace real {

using namespace std::chrono_literals;

namespace {

constexpr auto expectation_timeout = 10s;

// A host cannot be probed, so a step that expects nothing waits this long.
constexpr auto quiet_time = 300ms;

std::string key_of(const codec::message& m) {
  const auto answer = codec::is_response(m.mti()) ? std::string(m.mti()) : codec::response_mti(m.mti());
  return answer + std::string(m[codec::fields::tid]) + std::string(m[codec::fields::stan]);
}

}  // namespace

// One client of the story.
struct bank_line::desk final : player::line {
  desk(std::shared_ptr<wire> l, const codec::dialect& d) : link(std::move(l)), dialect(d) {}

  void says(net::bytes bytes) override {
    unread += bytes;
    for (auto front = codec::unpack_front(unread, dialect); front.ok();
         front = codec::unpack_front(unread, dialect)) {
      asked.push_back(key_of(front->value));
      link->says(unread.substr(0, front->size));
      unread.erase(0, front->size);
    }
  }
  void finishes() override {}
  void vanishes() override {}
  bool is_open() const override { return link->is_open(); }

  std::shared_ptr<wire> link;
  const codec::dialect& dialect;
  net::bytes unread;
  std::vector<std::string> asked;
};

bank_line::bank_line(boost::asio::io_context& io, const player::world_settings& setup,
                     const std::string& host, std::uint16_t port)
  : io_(io), dialect_(setup.dialect) {
  std::string why;
  link_ = dial(io_, host, port, framing_of(setup), why);
  if (!link_)
    throw player::unmet{"  no host at " + host + ":" + std::to_string(port) + ": " + why + "\n"};
}

std::chrono::local_seconds bank_line::local_time() const { return clock_.local_time(); }

std::chrono::milliseconds bank_line::since_begin() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun_at_);
}

void bank_line::pass(std::chrono::milliseconds time) {
  run_for(io_, time);
  clock_.pass(time);
  hand_out();
}

void bank_line::run_until_idle() {
  run_for(io_, quiet_time);
  hand_out();
}

bool bank_line::comes(const std::function<bool()>& what) {
  return run_until(
    io_,
    [&] {
      hand_out();
      return what();
    },
    expectation_timeout);
}

player::line_ptr bank_line::enter(bool by_http) {
  if (by_http)
    throw player::not_here{"a host speaks no HTTP"};
  desks_.push_back(std::make_shared<desk>(link_, dialect_));
  return desks_.back();
}

void bank_line::hand_out() {
  for (; seen_ < link_->sent.size(); ++seen_) {
    const auto m = codec::unpack(link_->sent[seen_], dialect_);
    if (!m)
      continue;
    if (codec::is_request(m->mti())) {
      if (m->mti() != "0800")
        continue;
      auto answer = *m;
      answer.set(codec::fields::mti, "0810");
      answer.set(codec::fields::response_code, "000");
      if (const auto bytes = codec::pack(answer, dialect_))
        link_->says(*bytes);
      continue;
    }
    for (const auto& d : desks_)
      if (const auto it = std::ranges::find(d->asked, key_of(*m)); it != d->asked.end()) {
        d->asked.erase(it);
        d->sent.push_back(link_->sent[seen_]);
        break;
      }
  }
  for (const auto& d : desks_)
    d->closed = link_->closed;
}

}  // namespace real
