#include "net/loop.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <list>
#include <thread>

namespace net {

namespace asio = boost::asio;

struct loop::state {
  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> keep_alive{io.get_executor()};
  asio::steady_timer timer{io};
  std::list<asio::signal_set> signals;
  std::thread::id thread = std::this_thread::get_id();
};

loop::loop() : state_(std::make_unique<state>()) {}
loop::~loop() = default;

void loop::post(std::function<void()> f) { asio::post(state_->io, std::move(f)); }

void loop::alarm(clock::time_point time, std::function<void()> f) {
  state_->timer.expires_at(time);
  state_->timer.async_wait([f = std::move(f)](boost::system::error_code error) {
    if (!error)
      f();
  });
}

void loop::on_signals(std::initializer_list<int> signals, std::function<void(int)> f) {
  auto& set = state_->signals.emplace_back(state_->io);
  for (const int signal : signals)
    set.add(signal);
  const auto wait = [&set, f = std::move(f)](auto again) -> void {
    set.async_wait([f, again](boost::system::error_code error, int signal) {
      if (error)
        return;
      f(signal);
      again(again);
    });
  };
  wait(wait);
}

bool loop::here() const { return std::this_thread::get_id() == state_->thread; }

std::size_t loop::run_for(clock::duration timeout) { return state_->io.run_one_for(timeout); }

asio::io_context& loop::io() { return state_->io; }

}  // namespace net
