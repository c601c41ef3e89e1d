// The port of the story's host.

#include "scenarios/real/bank_port.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/v6_only.hpp>

namespace real {

using boost::asio::ip::tcp;
using boost::system::error_code;
using player::host_behaviour;

std::string bank_port::behave(host_behaviour how) {
  how_ = how;
  if (how != host_behaviour::answers && line_)
    line_->vanishes();
  if (how == host_behaviour::refuses || how == host_behaviour::is_bank) {
    shut();
    return {};
  }
  if (acceptor_)
    return {};
  acceptor_ = std::make_shared<tcp::acceptor>(io_);
  error_code error;
  acceptor_->open(tcp::v4(), error);
  acceptor_->set_option(tcp::acceptor::reuse_address(true), error);
  acceptor_->bind({tcp::v4(), port_}, error);
  if (!error)
    acceptor_->listen(16, error);
  if (error) {
    shut();
    return "the story's host cannot listen on port " + std::to_string(port_) + ": " + error.message();
  }
  accept();
  return {};
}

void bank_port::forget() {
  const bool up = line_ && line_->is_open();
  calls_ = up ? 1 : 0;
  if (up)
    line_->sent.clear();
  else
    line_.reset();
}

void bank_port::shut() {
  error_code ignored;
  if (const auto a = std::exchange(acceptor_, nullptr))
    a->close(ignored);
}

void bank_port::accept() {
  acceptor_->async_accept([this, a = acceptor_](error_code error, tcp::socket socket) {
    if (!a->is_open() || error == boost::asio::error::operation_aborted)
      return;
    if (!error) {
      ++calls_;
      if (how_ == host_behaviour::answers) {
        line_ = std::make_shared<wire>(std::move(socket), framing_);
        line_->open();
      }
    }
    accept();
  });
}

}  // namespace real
