// Messages of the journal's tests: what a bank and a client say to a request.
#pragma once

#include <memory>
#include <string>

#include "actors/protocol/transaction.hpp"
#include "codec/mti.hpp"

namespace test {

inline actors::message_ptr shared(codec::message m) {
  return std::make_shared<const codec::message>(std::move(m));
}

inline codec::message response_to(codec::message m, const std::string& code = "000",
                                  const std::string& reference = "000000000001") {
  m.set(0, codec::response_mti(m.mti()));
  m.set(37, reference);
  m.set(38, "ABC123");
  m.set(39, code);
  return m;
}

inline codec::message reversal_to(codec::message m) {
  m.set(0, "0400");
  return m;
}

}  // namespace test
