// A stream to a peer as a link.
//
// Reads: one buffer, one read in flight. Writes: `send` only appends; the first append of a turn posts one
// flush, which runs after the actors of this turn and writes everything in one call. What the kernel does not
// take waits until the stream is writable. Acknowledgements are read from the kernel only on request, never
// for each message. The connection never interprets a byte.

#include "net/tcp/connection.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

namespace net {

namespace {

namespace asio = boost::asio;
using boost::system::error_code;

class connection : public std::enable_shared_from_this<connection> {
public:
  connection(stream_ptr over, framing how, const tcp_limits& limits)
    : stream_(std::move(over)),
      framing_(std::move(how)),
      limits_(limits),
      read_buffer_(limits.read_size, '\0') {}

  const std::string& peer() const { return stream_->peer(); }

  void open(link_events events) {
    events_ = std::move(events);
    read();
  }

  void send(std::string_view frame, ack when) { send(frame, when, {}); }

  void send(std::string_view frame, ack when, const frame_context& request) {
    if (down_ || closing_) {
      sent_ += frame.size();
      return;
    }
    if (unsent_.size() + frame.size() > limits_.unsent_max) {
      sent_ += frame.size();
      return fail("the peer does not read: " + std::to_string(unsent_.size()) + " bytes wait for it");
    }
    // A header with a wrong length would make the peer misread all that follows.
    if (frame.size() > framing_.content_max) {
      sent_ += frame.size();
      return fail("a message of " + std::to_string(frame.size()) + " bytes, a frame can have " +
                  std::to_string(framing_.content_max));
    }
    const auto before = unsent_.size();
    append_answer(framing_, unsent_, frame, request);
    sent_ += unsent_.size() - before;
    in_two_segments_ = in_two_segments_ || (when == ack::soon && stream_->is_acknowledged_by_peer());
    flush_soon();
  }

  void close() {
    if (down_ || closing_)
      return;
    closing_ = true;
    flush_soon();
    hold(false);
  }

  void hold(bool on) {
    held_ = on && !closing_;
    if (!held_ && !down_ && std::exchange(read_waits_, false))
      read();
  }

  std::uint64_t sent() const { return sent_; }
  std::size_t content_max() const { return framing_.content_max; }

  std::uint64_t acknowledged() const { return down_ ? acknowledged_at_end_ : stream_->acknowledged(); }

  void reset() {
    if (down_)
      return;
    events_ = {};
    end_by_reset();
  }

  // The owner has dropped the link: no event may follow.
  void drop() {
    if (!down_)
      acknowledged_at_end_ = stream_->acknowledged();
    down_ = true;
    events_ = {};
    stream_->close();
  }

private:
  void read() {
    read_waits_ = held_;
    if (held_)
      return;
    stream_->read_some(read_buffer_, [self = shared_from_this()](error_code error, std::size_t size) {
      if (self->down_)
        return;
      if (error == asio::error::eof)
        return self->peer_finished();
      if (error)
        return self->fail(error.message());
      // After `close` the connection reads only to see the peer hang up; unread bytes would turn its FIN into
      // a reset.
      if (!self->closing_)
        self->take({self->read_buffer_.data(), size});
      if (!self->down_)
        self->read();
    });
  }

  void take(std::string_view segment) {
    if (!framing_.find)
      return events_.frames({frame{bytes(segment)}});
    unread_ += segment;
    std::vector<frame> frames;
    std::size_t taken = 0;
    bool is_kept_alive = false;
    std::string bad;
    for (;;) {
      const auto rest = std::string_view(unread_).substr(taken);
      auto next = framing_.find(rest);
      if (next.is == cut::kind::more_needed)
        break;
      if (next.is == cut::kind::bad) {
        frames.push_back({{}, {}, frame::kind::bad, next.why});
        bad = std::move(next.why);
        break;
      }
      if (next.is == cut::kind::keep_alive) {
        is_kept_alive = true;
        answer_keep_alive(rest.substr(0, next.next));
      } else {
        auto& f = frames.emplace_back();
        f.content = rest.substr(next.begin, next.end - next.begin);
        f.context.header = rest.substr(0, next.begin);
        f.is = next.is == cut::kind::refused ? frame::kind::refused : frame::kind::message;
        f.why = std::move(next.why);
      }
      taken += next.next;
    }
    unread_.erase(0, taken);
    if (!frames.empty() || is_kept_alive)
      events_.frames(std::move(frames));
    if (!bad.empty())
      fail(std::move(bad));
  }

  // Peers send frames without a message to see whether the line works; some want them back.
  void answer_keep_alive(std::string_view as_it_came) {
    if (!framing_.answers_keep_alive || unsent_.size() + as_it_came.size() > limits_.unsent_max)
      return;
    unsent_ += as_it_came;
    sent_ += as_it_came.size();
    flush_soon();
  }

  void peer_finished() {
    peer_finished_ = true;
    if (fin_sent_)
      return end_when_acknowledged(std::chrono::milliseconds(5));
    if (!closing_)
      events_.finished();
  }

  void flush_soon() {
    if (flush_posted_ || writing_)
      return;
    flush_posted_ = true;
    asio::post(stream_->executor(), [self = shared_from_this()] {
      self->flush_posted_ = false;
      self->flush();
    });
  }

  void flush() {
    if (down_)
      return;
    while (!unsent_.empty()) {
      error_code error;
      // Send the last byte separately: Linux acknowledges two small segments when the receiving program
      // reads, even where it would delay the acknowledgement of one until there is data to send, or never
      // send it before a reset.
      const bool holds_back = in_two_segments_ && unsent_.size() > 1;
      const auto size = stream_->write_some(
        std::string_view(unsent_).substr(0, unsent_.size() - (holds_back ? 1 : 0)), error);
      if (error == asio::error::would_block) {
        writing_ = true;
        stream_->wait_writable([self = shared_from_this()](error_code failed) {
          self->writing_ = false;
          if (self->down_)
            return;
          if (failed)
            return self->fail(failed.message());
          self->flush();
        });
        return;
      }
      if (error)
        return fail(error.message());
      unsent_.erase(0, size);
    }
    in_two_segments_ = false;
    if (closing_) {
      stream_->shut_down();
      fin_sent_ = true;
      if (peer_finished_)
        end_when_acknowledged(std::chrono::milliseconds(5));
    }
  }

  // Both sides have sent a FIN, but the peer may not have got all bytes in front of ours. No event reports
  // when it has, so poll: once the descriptor is closed, nothing can tell whether they arrived.
  void end_when_acknowledged(std::chrono::milliseconds pause) {
    if (unsent_.empty() && stream_->acknowledged() == stream_->written())
      return end("closed");
    if (const auto broken = stream_->fault())
      return fail(broken.message());
    const auto timer = std::make_shared<asio::steady_timer>(stream_->executor(), pause);
    timer->async_wait([self = shared_from_this(), timer, pause](error_code) {
      if (!self->down_)
        self->end_when_acknowledged(std::min(pause * 2, std::chrono::milliseconds(200)));
    });
  }

  void fail(std::string why) {
    if (down_)
      return;
    auto events = std::exchange(events_, {});
    end_by_reset();
    if (events.down)
      events.down(std::move(why));
  }

  void end_by_reset() {
    acknowledged_at_end_ = stream_->reset();
    down_ = true;
  }

  void end(std::string why) {
    acknowledged_at_end_ = stream_->acknowledged();
    down_ = true;
    stream_->close();
    const auto events = std::exchange(events_, {});
    if (events.down)
      events.down(std::move(why));
  }

  stream_ptr stream_;
  framing framing_;
  tcp_limits limits_;
  link_events events_;
  std::string read_buffer_;
  bytes unread_;
  bytes unsent_;
  std::uint64_t sent_ = 0;  // bytes given to `send`, accepted or not
  std::uint64_t acknowledged_at_end_ = 0;
  bool in_two_segments_ = false;
  bool held_ = false;
  bool read_waits_ = false;  // until it is not held any more
  bool flush_posted_ = false;
  bool writing_ = false;
  bool peer_finished_ = false;
  bool closing_ = false;
  bool fin_sent_ = false;
  bool down_ = false;
};

// The owner's handle; destroying it ends the connection.
class tcp_link final : public link {
public:
  explicit tcp_link(std::shared_ptr<connection> c) : connection_(std::move(c)) {}
  ~tcp_link() override { connection_->drop(); }
  tcp_link(const tcp_link&) = delete;
  tcp_link& operator=(const tcp_link&) = delete;

  void open(link_events events) override { connection_->open(std::move(events)); }
  using link::send;
  void send(std::string_view frame, ack when) override { connection_->send(frame, when); }
  void send_answer(std::string_view frame, const frame_context& request) override {
    connection_->send(frame, ack::whenever, request);
  }
  std::size_t content_max() const override { return connection_->content_max(); }
  void hold(bool on) override { connection_->hold(on); }
  void close() override { connection_->close(); }
  void reset() override { connection_->reset(); }
  std::uint64_t sent() const override { return connection_->sent(); }
  std::uint64_t acknowledged() const override { return connection_->acknowledged(); }
  const std::string& peer() const override { return connection_->peer(); }

private:
  std::shared_ptr<connection> connection_;
};

}  // namespace

link_ptr make_link(stream_ptr over, framing how, const tcp_limits& limits) {
  return std::make_shared<tcp_link>(std::make_shared<connection>(std::move(over), std::move(how), limits));
}

}  // namespace net
