// CAF's scheduler on the process's one event loop.
//
// Ready actors wait in a queue; one posted handler runs a batch of them and then lets the sockets run. CAF's
// timeouts are in its own sorted table (simple_actor_clock); this file adds the thread and one timer for the
// earliest. No other file depends on CAF's internals.

#include "actors/core/loop_scheduler.hpp"

#include <caf/detail/simple_actor_clock.hpp>
#include <caf/logger.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

#include <deque>
#include <mutex>

#include "net/loop.hpp"

namespace actors {

namespace {

// Actors that run before the sockets do.
constexpr int batch_max = 1024;

// Messages that one actor handles before the next one runs.
constexpr std::size_t throughput_max = 100;

// CAF makes its modules by a plain function, so the loop is passed to it here.
thread_local net::loop* loop_of_next_system = nullptr;

class loop_clock final : public caf::detail::simple_actor_clock {
public:
  explicit loop_clock(net::loop& on) : loop_(on) {}

  void set_ordinary_timeout(time_point t, caf::abstract_actor* a, caf::atom_value type,
                            uint64_t id) override {
    on_loop([=, this, a = strong(a)] { simple_actor_clock::set_ordinary_timeout(t, get(a), type, id); });
  }
  void set_multi_timeout(time_point t, caf::abstract_actor* a, caf::atom_value type, uint64_t id) override {
    on_loop([=, this, a = strong(a)] { simple_actor_clock::set_multi_timeout(t, get(a), type, id); });
  }
  void set_request_timeout(time_point t, caf::abstract_actor* a, caf::message_id id) override {
    on_loop([=, this, a = strong(a)] { simple_actor_clock::set_request_timeout(t, get(a), id); });
  }
  // The actor that cancels may be stopping, so keep its id and not a reference.
  void cancel_ordinary_timeout(caf::abstract_actor* a, caf::atom_value type) override {
    on_loop([this, id = a->id(), type] { handle(ordinary_timeout_cancellation{id, type}); });
  }
  void cancel_request_timeout(caf::abstract_actor* a, caf::message_id request) override {
    on_loop([this, id = a->id(), request] { handle(request_timeout_cancellation{id, request}); });
  }
  void cancel_timeouts(caf::abstract_actor* a) override {
    on_loop([this, id = a->id()] { handle(timeouts_cancellation{id}); });
  }
  void schedule_message(time_point t, caf::strong_actor_ptr to, caf::mailbox_element_ptr content) override {
    on_loop([=, this, to = std::move(to), content = share(std::move(content))]() mutable {
      simple_actor_clock::schedule_message(t, std::move(to), caf::mailbox_element_ptr(content->release()));
    });
  }
  void schedule_message(time_point t, caf::group to, caf::strong_actor_ptr from,
                        caf::message content) override {
    on_loop([=, this, to = std::move(to), from = std::move(from), content = std::move(content)]() mutable {
      simple_actor_clock::schedule_message(t, std::move(to), std::move(from), std::move(content));
    });
  }
  void cancel_all() override {
    on_loop([this] { simple_actor_clock::cancel_all(); });
  }

private:
  static caf::strong_actor_ptr strong(caf::abstract_actor* a) {
    return caf::actor_cast<caf::strong_actor_ptr>(a);
  }
  static caf::abstract_actor* get(const caf::strong_actor_ptr& a) { return a ? a->get() : nullptr; }
  // A mailbox element cannot be copied, but what is posted must be.
  static std::shared_ptr<caf::mailbox_element_ptr> share(caf::mailbox_element_ptr e) {
    return std::make_shared<caf::mailbox_element_ptr>(std::move(e));
  }

  template <class F>
  void on_loop(F f) {
    if (loop_.here()) {
      f();
      arm();
    } else {
      loop_.post([this, f = std::move(f)]() mutable {
        f();
        arm();
      });
    }
  }

  void arm() {
    if (schedule_.empty() || schedule_.begin()->first >= armed_)
      return;
    armed_ = schedule_.begin()->first;
    loop_.alarm(armed_, [this] {
      armed_ = time_point::max();
      trigger_expired_timeouts();
      arm();
    });
  }

  net::loop& loop_;
  time_point armed_ = time_point::max();
};

class loop_scheduler final : public caf::scheduler::abstract_coordinator {
public:
  static caf::actor_system::module* make(caf::actor_system& system, caf::detail::type_list<>) {
    return new loop_scheduler(system, *loop_of_next_system);
  }

  loop_scheduler(caf::actor_system& system, net::loop& on)
    : abstract_coordinator(system), loop_(on), unit_(&system, this), clock_(on) {}

  void enqueue(caf::resumable* job) override {
    if (loop_.here()) {
      ready_.push_back(job);
      wake();
      return;
    }
    bool first = false;
    {
      const std::lock_guard lock(mutex_);
      first = foreign_.empty();
      foreign_.push_back(job);
    }
    if (first)
      loop_.post([this] {
        adopt_foreign();
        run_batch();
      });
  }

  caf::actor_clock& clock() noexcept override { return clock_; }

protected:
  void stop() override {
    adopt_foreign();
    while (!ready_.empty())
      run_batch();
    stop_actors();
  }

private:
  // The execution unit through which actors send.
  struct unit final : caf::execution_unit {
    unit(caf::actor_system* system, loop_scheduler* s) : execution_unit(system), owner(s) {}
    void exec_later(caf::resumable* job) override { owner->enqueue(job); }
    loop_scheduler* owner;
  };

  void wake() {
    if (!std::exchange(woken_, true))
      loop_.post([this] {
        woken_ = false;
        run_batch();
      });
  }

  void adopt_foreign() {
    const std::lock_guard lock(mutex_);
    ready_.insert(ready_.end(), foreign_.begin(), foreign_.end());
    foreign_.clear();
  }

  void run_batch() {
    // CAF's own log is not used. Without one CAF does not note before each turn of an actor whose it is; each
    // spawn sets it again.
    caf::logger::set_current_actor_system(nullptr);
    for (int budget = batch_max; budget > 0 && !ready_.empty(); --budget) {
      auto* job = ready_.front();
      ready_.pop_front();
      switch (job->resume(&unit_, throughput_max)) {
        case caf::resumable::resume_later: ready_.push_back(job); break;
        default: caf::intrusive_ptr_release(job);
      }
    }
    if (!ready_.empty())
      wake();
  }

  net::loop& loop_;
  unit unit_;
  loop_clock clock_;
  std::deque<caf::resumable*> ready_;
  bool woken_ = false;
  std::mutex mutex_;
  std::vector<caf::resumable*> foreign_;
};

}  // namespace

loop_config::loop_config(net::loop& on) {
  loop_of_next_system = &on;
  load<loop_scheduler>();
}

void run_until_empty(caf::actor_system& system, net::loop& on) {
  while (system.registry().running() > 0)
    on.run_for(std::chrono::milliseconds(10));
}

}  // namespace actors
