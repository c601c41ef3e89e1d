// The bank emulator: serves one connection.
//
// With `testRealLife` it behaves like real hosts: about one message in ten closes the connection instead of a
// response, and about one response in five is sent twice.

#include "actors/emulator/bank.hpp"

#include "actors/core/default_handlers.hpp"
#include "actors/core/link_messages.hpp"
#include "actors/core/message_log.hpp"
#include "codec/fields.hpp"
#include "codec/pack.hpp"
#include "codec/unpack.hpp"

namespace actors {

/// Sent to itself: send this frame, late or a second time.
struct again {
  net::bytes frame;
  net::frame_context request;
};

}  // namespace actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::again)

namespace actors {

namespace log = config::log;
using namespace std::chrono_literals;

namespace {

constexpr auto repeat_after = 500ms;

using bank_self = session_actor::extend<caf::reacts_to<again>>;

struct bank_state {
  static inline const char* name = "bank";

  explicit bank_state(bank_self::pointer s) : self(s) {}

  void take(const received& r) {
    for (const auto& frame : r.frames) {
      if (!link)
        return;
      answer_frame(frame);
    }
  }

  bank_self::pointer self;
  environment_ptr env;
  net::link_ptr link;
  std::shared_ptr<bank_ledger> ledger;
  std::shared_ptr<const bank_misbehaviour> misbehaviour;
  std::mt19937_64 random_source;

private:
  bool one_in(int n) {
    return env->settings.bank.real_life && std::uniform_int_distribution<int>(1, n)(random_source) == 1;
  }

  void answer_frame(const net::frame& frame) {
    if (frame.is != net::frame::kind::message)
      return log::warning("Echo server got a frame that it does not answer, from {}: {}", link->peer(),
                          frame.why);
    const auto request = codec::unpack(frame.content, ledger->dialect());
    if (!request) {
      log::warning("Echo server got {} bytes that are no message, from {}: {}", frame.content.size(),
                   link->peer(), codec::to_string(request.error()));
      return;
    }
    log::info("Echo server got data");
    if (misbehaviour->hangs_up || one_in(10)) {
      log::info("Echo server cuts the connection");
      link.reset();
      return self->quit();
    }
    if (is_silent())
      return log::info("Echo server is silent to {}", codec::label(*request));
    log::info("Replying to client {}", codec::masked_text((*request)[codec::fields::tid]));
    const auto response = ledger->respond(*request, env->local_time(), misbehaviour->code);
    if (!response)
      return log::info("Echo server does not answer {}", codec::label(*request));
    const auto bytes = codec::pack(*response, ledger->dialect());
    if (!bytes) {
      log::error("Echo server cannot answer {}: {}", codec::label(*request), codec::to_string(bytes.error()));
      return;
    }
    if (misbehaviour->late.count() != 0) {
      log::info("Echo server answers {} late", codec::label(*request));
      self->delayed_send(self, misbehaviour->late, again{*bytes, frame.context});
    } else {
      log::info("Echo server sent response");
      link->send_answer(*bytes, frame.context);
    }
    if (one_in(5))
      self->delayed_send(self, misbehaviour->late + repeat_after, again{*bytes, frame.context});
  }

  bool is_silent() {
    return std::uniform_int_distribution<std::size_t>(1, 100)(random_source) <= misbehaviour->silent;
  }
};

bank_self::behavior_type bank(bank_self::stateful_pointer<bank_state> self, environment_ptr env,
                              net::link_ptr link, std::shared_ptr<bank_ledger> ledger,
                              std::shared_ptr<const bank_misbehaviour> misbehaviour) {
  with_default_handlers(self);
  auto& state = self->state;
  state.env = std::move(env);
  state.link = std::move(link);
  state.ledger = std::move(ledger);
  state.misbehaviour = std::move(misbehaviour);
  state.random_source.seed(state.env->seed + self->id());
  log::info("Echo server: {} connected", state.link->peer());
  state.link->open(events_to(caf::actor_cast<session_actor>(self)));
  return {
    [&state](received& r) { state.take(r); },
    [self](finished_atom) { self->quit(); },
    [self](const link_down&) { self->quit(); },
    [](tick_atom) {},
    [self](drain_atom) { self->quit(); },
    [](const directory&) {},
    [&state](const again& a) {
      if (state.link)
        state.link->send_answer(a.frame, a.request);
    },
  };
}

}  // namespace

session_actor spawn_bank(caf::actor_system& system, environment_ptr env, net::link_ptr link,
                         std::shared_ptr<bank_ledger> ledger,
                         std::shared_ptr<const bank_misbehaviour> misbehaviour) {
  return system.spawn(bank, std::move(env), std::move(link), std::move(ledger), std::move(misbehaviour));
}

}  // namespace actors
