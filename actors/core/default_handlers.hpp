// What an actor does with what nobody expected.
//
// CAF's own defaults print messages, card data included, to the console. Ours
// log what kind of thing it was and never its content.
#pragma once

#include <caf/all.hpp>

#include <exception>

#include "config/log.hpp"

namespace actors {

template <class Self>
void with_default_handlers(Self* self) {
  self->set_default_handler([](caf::scheduled_actor* a, caf::message_view& m) -> caf::result<caf::message> {
    config::log::error("{} got a message that it does not know, of {} parts", a->name(), m.content().size());
    return caf::sec::unexpected_message;
  });
  // An exception ends the actor whatever we return; an error makes it a death that its keeper hears of.
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
    config::log::error("{} {} was told of an error that it did not ask about, code {}", a->name(), a->id(),
                       e.code());
  });
}

}  // namespace actors
