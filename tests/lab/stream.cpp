#include "tests/lab/stream.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <cstring>
#include <utility>

namespace lab {

stream::stream(asio::io_context& io, std::size_t buffer_size, events e)
  : socket_(io), events_(std::move(e)), buffer_(buffer_size) {}

void stream::connect(const tcp::endpoint& to, const std::function<std::string(tcp::socket&)>& open,
                     std::function<void()> connected) {
  close();
  if (open)
    if (const auto why = open(socket_); !why.empty())
      return asio::post(socket_.get_executor(), [this, generation = generation_, why] {
        if (generation == generation_)
          events_.ended(why);
      });
  socket_.async_connect(to, [this, generation = generation_, then = std::move(connected)](error_code failed) {
    if (generation != generation_)
      return;
    if (failed)
      return end(failed);
    begin();
    then();
  });
}

void stream::adopt(tcp::socket socket) {
  close();
  socket_ = std::move(socket);
  begin();
}

void stream::flush() {
  if (waiting_to_write_ || unsent_.empty() || !is_open())
    return;
  unsent_.erase(0, write_now(unsent_));
  if (unsent_.empty())
    return;
  waiting_to_write_ = true;
  socket_.async_wait(tcp::socket::wait_write, [this, generation = generation_](error_code error) {
    if (generation != generation_)
      return;
    waiting_to_write_ = false;
    if (error)
      return end(error);
    flush();
  });
}

std::size_t stream::write_now(std::string_view bytes) {
  error_code error;
  const auto size = socket_.write_some(asio::buffer(bytes), error);
  if (error && error != asio::error::would_block)
    end(error);
  return size;
}

void stream::close() {
  ++generation_;
  error_code ignored;
  socket_.close(ignored);
  unread_ = 0;
  unsent_.clear();
  waiting_to_write_ = false;
}

void stream::abort() {
  error_code ignored;
  socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  close();
}

bool stream::has_unread() const {
  error_code failed;
  return socket_.is_open() && socket_.available(failed) > 0;
}

void stream::begin() {
  error_code ignored;
  socket_.set_option(tcp::no_delay(true), ignored);
  socket_.non_blocking(true, ignored);
  port_ = socket_.local_endpoint(ignored).port();
  read();
}

void stream::read() {
  socket_.async_read_some(asio::buffer(buffer_.data() + unread_, buffer_.size() - unread_),
                          [this, generation = generation_](error_code error, std::size_t size) {
                            if (generation != generation_)
                              return;
                            if (error)
                              return end(error);
                            unread_ += size;
                            const auto taken = events_.take({buffer_.data(), unread_});
                            if (generation != generation_)
                              return;
                            unread_ -= taken;
                            if (unread_ != 0 && taken != 0)
                              std::memmove(buffer_.data(), buffer_.data() + taken, unread_);
                            if (unread_ == buffer_.size())
                              return end(asio::error::message_size);
                            read();
                          });
}

void stream::end(const error_code& why) {
  close();
  events_.ended(why == asio::error::eof ? "" : why.message());
}

}  // namespace lab
