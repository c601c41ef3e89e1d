// The interface of today: fields by name, one answer shape, problems as application/problem+json.
#pragma once

#include "actors/http/router.hpp"

namespace actors {

http_action route_v1(const net::http_request& request, const environment& env);

net::http_reply v1_draining();
net::http_reply v1_long_key();
net::http_reply v1_unclear_key();

/// One kind of problem: its stable code, where it is found and what is then known about the money.
struct problem_kind {
  unsigned status;
  const char* code;     ///< for programs: "queue_full"
  const char* title;    ///< for people
  const char* stage;    ///< request, queue, host or timeout
  const char* outcome;  ///< not_sent or unknown
};

/// What a refusal is to an HTTP client.
const problem_kind& problem_of(refusal why);

}  // namespace actors
