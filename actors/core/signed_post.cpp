// Signs what is posted to a server of the operator's. The time is part of what is signed, so that an old post
// cannot be sent again by somebody else.

#include "actors/core/signed_post.hpp"

#include "actors/core/digest.hpp"

namespace actors {

net::http_post signed_post(std::string body, const std::string& id, const std::string& secret,
                           std::chrono::sys_seconds now) {
  net::http_post post{std::move(body), {}, {}};
  const auto time = std::to_string(now.time_since_epoch().count());
  post.headers = {{"Socketqueue-Id", id},
                  {"Socketqueue-Time", time},
                  {"Socketqueue-Signature", "sha256=" + keyed_digest_of(time + "." + post.body, secret)}};
  return post;
}

}  // namespace actors
