// What an actor does with a message or an error that it does not expect.
//
// CAF's own defaults print messages, card data included, to the console. These handlers log the kind of
// message and never its content.
#pragma once

#include <caf/all.hpp>

#include <exception>

#include "config/log.hpp"

namespace actors {

template <class Self>
void with_default_handlers(Self* self) {
  self->set_default_handler([](caf::scheduled_actor* a, caf::message_view& m) -> caf::result<caf::message> {
    config::log::error("{} received a message that it does not handle, of {} parts", a->name(),
                       m.content().size());
    return caf::sec::unexpected_message;
  });
  // An exception stops the actor in any case; with this error its supervisor sees a failure.
  self->set_exception_handler([](caf::scheduled_actor* a, std::exception_ptr& thrown) -> caf::error {
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& e) {
      config::log::error("{} {} failed: {}", a->name(), a->id(), e.what());
    } catch (...) {
      config::log::error("{} {} failed", a->name(), a->id());
    }
    return caf::sec::runtime_error;
  });
  self->set_down_handler([](caf::scheduled_actor*, caf::down_msg&) {});
  self->set_error_handler([](caf::scheduled_actor* a, caf::error& e) {
    config::log::error("{} {} received an error that it does not expect, code {}", a->name(), a->id(),
                       e.code());
  });
}

}  // namespace actors
