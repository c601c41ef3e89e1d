// What the gateway and the process that serves its `nodePort` say to each other, and how it is written.
//
//   node process -question-> gateway;  gateway -number, view-> node process
//
// Both are one program, so there is one form. A question without a view in reply has failed.
#pragma once

#include <caf/all.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/framing.hpp"

namespace actors {

/// `what`: an atom of inspection::inspector_actor. 0 numbers no question, but the first frame of the process.
struct node_question {
  std::uint64_t number = 0;  ///< the reply has it too
  caf::atom_value what{};
  std::uint64_t most = 0;  ///< of last transactions
};

template <class Inspector>
auto inspect(Inspector& f, node_question& x) {
  return f(caf::meta::type_name("node_question"), x.number, x.what, x.most);
}

/// Four bytes of length, the highest first, in front of each.
net::framing node_framing();

/// Its bytes, one behind the other.
template <class... Ts>
std::string to_bytes(Ts... all) {
  std::vector<char> bytes;
  caf::binary_serializer sink(nullptr, bytes);
  return sink(all...) ? std::string() : std::string(bytes.begin(), bytes.end());
}

/// What `to_bytes` has made of these types; false where the bytes are something else.
template <class... Ts>
bool from_bytes(std::string_view bytes, Ts&... all) {
  caf::binary_deserializer source(nullptr, bytes.data(), bytes.size());
  return !source(all...);
}

}  // namespace actors
