// The actor that other CAF nodes reach at `nodePort`. It passes their questions on to the gateway, and keeps
// each answer for half a second. While it has one, CAF's network thread answers by itself: so a view disturbs
// the gateway twice a second, however often it is asked for.
//
// Another node may send anything to an actor that it knows, also the order to stop. So what is not sent by an
// actor of this process is looked at before it gets into the mailbox: questions of
// inspection::inspector_actor, and not more of them than can wait; all else is dropped.

#include "actors/remote/inspector.hpp"

#include <atomic>
#include <caf/io/middleman.hpp>
#include <caf/openssl/publish.hpp>
#include <cstdlib>
#include <map>
#include <mutex>

#include "actors/core/default_handlers.hpp"

namespace actors {

namespace {

using namespace std::chrono_literals;

// Questions that may wait.
constexpr int waiting_max = 256;

// The last answer to each question. Used by two threads.
class recent_answers {
public:
  /// `most`: of last transactions; else 0.
  void keep(caf::atom_value question, std::uint64_t most, caf::message text) {
    const std::lock_guard lock(mutex_);
    by_question_[question] = {most, std::chrono::steady_clock::now(), std::move(text)};
  }

  /// Empty where there is none, or it is too old.
  caf::message find(caf::atom_value question, std::uint64_t most) const {
    const std::lock_guard lock(mutex_);
    const auto it = by_question_.find(question);
    if (it == by_question_.end() || it->second.most != most ||
        std::chrono::steady_clock::now() - it->second.at >= kept_for)
      return {};
    return it->second.message;
  }

private:
  static constexpr auto kept_for = 500ms;

  struct answer {
    std::uint64_t most = 0;
    std::chrono::steady_clock::time_point at;
    caf::message message;
  };

  mutable std::mutex mutex_;
  std::map<caf::atom_value, answer> by_question_;
};

class inspector final : public inspection::inspector_actor::base {
public:
  inspector(caf::actor_config& c, inspection::inspector_actor gateway)
    : inspection::inspector_actor::base(c), gateway_(std::move(gateway)) {
    with_default_handlers(this);
  }

  const char* name() const override { return "inspector"; }

  // Called on the thread of the sender.
  void enqueue(caf::mailbox_element_ptr what, caf::execution_unit* on) override {
    if (!is_from_here(*what)) {
      if (!is_question(*what) || is_answered(*what, on) || waiting_ >= waiting_max)
        return;
      ++waiting_;
    }
    inspection::inspector_actor::base::enqueue(std::move(what), on);
  }

protected:
  behavior_type make_behavior() override {
    using namespace inspection;
    return {
      [this](summary_atom a) { return pass_on<summary>(a); },
      [this](stats_atom a) { return pass_on<stats>(a); },
      [this](links_atom a) { return pass_on<links>(a); },
      [this](terminals_atom a) { return pass_on<terminals>(a); },
      [this](pending_atom a) { return pass_on<pending>(a); },
      [this](parts_atom a) { return pass_on<parts>(a); },
      [this](transactions_atom a, std::uint64_t most) { return pass_on<transactions>(a, most); },
    };
  }

private:
  bool is_from_here(const caf::mailbox_element& what) const {
    return what.sender && what.sender->node() == home_system().node();
  }

  static bool is_question(const caf::mailbox_element& what) {
    using namespace inspection;
    auto& content = const_cast<caf::mailbox_element&>(what).content();
    if (!what.mid.is_request() || content.empty() || !content.match_element<caf::atom_value>(0))
      return false;
    const auto asked = content.get_as<caf::atom_value>(0);
    if (asked == transactions_atom::value)
      return content.size() == 2 && content.match_element<std::uint64_t>(1);
    for (const auto known : {summary_atom::value.uint_value(), stats_atom::value.uint_value(),
                             links_atom::value.uint_value(), terminals_atom::value.uint_value(),
                             pending_atom::value.uint_value(), parts_atom::value.uint_value()})
      if (static_cast<std::uint64_t>(asked) == known)
        return content.size() == 1;
    return false;
  }

  bool is_answered(caf::mailbox_element& what, caf::execution_unit* on) const {
    auto& content = what.content();
    const auto most = content.size() == 2 ? content.get_as<std::uint64_t>(1) : 0;
    auto answer = recent_.find(content.get_as<caf::atom_value>(0), most);
    if (answer.empty() || !what.sender || !what.stages.empty())
      return false;
    what.sender->enqueue(
      caf::make_mailbox_element(caf::strong_actor_ptr(ctrl()), what.mid.response_id(), {}, std::move(answer)),
      on);
    return true;
  }

  template <class View, class Question>
  caf::typed_response_promise<View> pass_on(Question question, auto... most) {
    auto promise = make_response_promise<View>();
    request(gateway_, caf::infinite, question, most...)
      .then(
        [this, promise, most...](View& seen) mutable {
          --waiting_;
          recent_.keep(Question::value, (std::uint64_t(0) + ... + most), caf::make_message(seen));
          promise.deliver(std::move(seen));
        },
        [this, promise](caf::error& failed) mutable {
          --waiting_;
          promise.deliver(std::move(failed));
        });
    return promise;
  }

  inspection::inspector_actor gateway_;
  std::atomic<int> waiting_ = 0;
  recent_answers recent_;
};

}  // namespace

std::string publish_inspector(caf::actor_system& system, const config::node_settings& s,
                              const inspection::inspector_actor& gateway) {
  const inspection::inspector_actor front = system.spawn<inspector>(gateway);
  // Without it the process serves nobody. The gateway starts another one.
  front->attach_functor([](const caf::error&) { std::_Exit(1); });
  // The port can be opened again at once after a restart.
  const auto port = s.has_tls() ? caf::openssl::publish(front, s.port, s.address.c_str(), true)
                                : system.middleman().publish(front, s.port, s.address.c_str(), true);
  return port ? ""
              : "nodePort: port " + std::to_string(s.port) + " of " + s.address +
                  " cannot be opened; is another program using it?";
}

}  // namespace actors
