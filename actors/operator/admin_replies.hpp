// What the admin port replies, as JSON. Pure.
#pragma once

#include <string>
#include <string_view>

#include "actors/operator/readiness.hpp"
#include "actors/protocol/metrics.hpp"
#include "actors/protocol/upstreams.hpp"
#include "net/http/http.hpp"

namespace actors {

/// /v1/status, and the text of its body without a line end.
std::string status_text(const gateway_status& s);
net::http_reply status_reply(const gateway_status& s);

/// /readyz: 503 and why, while new transactions cannot be served, or money waits too long.
net::http_reply ready_reply(const gateway_status& s);

/// A view of the gateway, as JSON already.
net::http_reply view_reply(const std::string& json);

/// /v1/dialects: their names, and what the response codes of the gateway's own mean.
net::http_reply dialects_reply(const std::vector<std::string>& names, const upstreams& hosts);

/// An error as RFC 9457 has it: {"status": 404, "code": "not_found", "title": "..."}.
net::http_reply problem_reply(unsigned status, std::string_view code, std::string_view title);

/// Whether a request that shows this Authorization may decide about cases. `token`: empty where nobody may.
/// It takes the same time wherever the two differ.
bool is_authorized(std::string_view authorization, std::string_view token);

/// Why not: nobody may, the token is missing, or it is another one.
net::http_reply unauthorized_reply(std::string_view authorization, std::string_view token);

}  // namespace actors
