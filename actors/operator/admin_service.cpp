// The service at `adminPort`: the live page, its events, and what programs ask. It asks the other parts and
// changes nothing itself: what an operator decides goes the way of the control socket (operator_requests),
// under the operator's address and with a reason.

#include "actors/operator/admin_service.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "actors/client/admission.hpp"
#include "actors/core/inspection_json.hpp"
#include "actors/http/paths.hpp"
#include "actors/operator/admin_describe.hpp"
#include "actors/operator/admin_page.hpp"
#include "actors/operator/admin_replies.hpp"
#include "actors/operator/operator_requests.hpp"
#include "actors/operator/transaction_filter.hpp"
#include "codec/text/client_json.hpp"

namespace actors {

using namespace std::chrono_literals;

namespace {

// For another part's reply; it is in the same process.
constexpr auto reply_max = 1s;

// The page takes nothing from elsewhere, runs no code but its own files, and stands in no other page's frame.
constexpr const char* page_policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

net::http_reply page_reply(const page_file& file) {
  const auto* type = file.name.ends_with(".js")     ? "text/javascript; charset=utf-8"
                     : file.name.ends_with(".css")  ? "text/css; charset=utf-8"
                     : file.name.ends_with(".json") ? "application/json"
                                                    : "text/html; charset=utf-8";
  return {200,
          type,
          std::string(file.text),
          {{"Content-Security-Policy", page_policy},
           {"X-Content-Type-Options", "nosniff"},
           {"Referrer-Policy", "no-referrer"},
           {"Cache-Control", "no-cache"}}};
}

net::http_reply nothing_there() { return problem_reply(404, "not_found", "There is nothing at this path"); }

// Null where it is not JSON, or has a member twice: which of two reasons counts is not for us to say.
nlohmann::json object_in(const std::string& body) {
  auto read = codec::read_client_json(body);
  auto* value = std::get_if<nlohmann::json>(&read);
  return value ? std::move(*value) : nlohmann::json();
}

class admin final : public http_service {
public:
  admin(session_actor::pointer s, const environment_ptr& e, std::string t, admission all_streams,
        admission all_readers, const client_connection& c, http_conversation& w)
    : self(s),
      env(e),
      token(std::move(t)),
      streams(std::move(all_streams)),
      readers(std::move(all_readers)),
      connection(c),
      with(w),
      requests(s, e) {}

  void serve(const net::http_request& request) override {
    if (!request.content_encoding.empty())
      return with.reply(problem_reply(415, "unsupported_media_type", "The body must not be compressed"),
                        true);
    const auto found = find_row(std::span<const row>(routes), request.method, request.path);
    if (found.row)
      return (this->*found.row->handle)(request, found.id);
    if (found.allowed.empty())
      return with.reply(nothing_there(), true);
    auto reply = request.method == "OPTIONS"
                   ? net::http_reply{204, {}, {}, {}}
                   : problem_reply(405, "method_not_allowed", "This path does not answer this method");
    reply.headers.emplace_back("Allow", found.allowed);
    with.reply(reply, true);
  }

  // The next event will never come of an actor that has failed: the client connects again.
  void learn(const directory& d) override {
    if (stream && d.admin_events != peers.admin_events)
      end_stream();
    peers = d;
    requests.learn(d);
  }

  void drain() override { end_stream(); }
  void client_gone() override { stream = {}; }

private:
  using handler = void (admin::*)(const net::http_request& request, const std::string& id);
  struct row {
    std::string_view method, path;
    handler handle;
  };

  void live(const net::http_request&, const std::string&) {
    with.reply({200, "application/json", "{\"live\":true}\n", {}}, true);
  }

  void ready(const net::http_request&, const std::string&) {
    ask<gateway_status>(peers.stats, ready_reply, status_atom::value);
  }

  void status(const net::http_request&, const std::string&) {
    ask<gateway_status>(peers.stats, status_reply, status_atom::value);
  }

  void metrics(const net::http_request&, const std::string&) {
    ask<std::string>(
      peers.stats,
      [](const std::string& text) {
        return net::http_reply{200, "text/plain; version=0.0.4; charset=utf-8", text, {}};
      },
      metrics_atom::value);
  }

  void front_page(const net::http_request&, const std::string&) { give_page("index.html"); }
  void openapi(const net::http_request&, const std::string&) { give_page("openapi.json"); }
  void page_part(const net::http_request&, const std::string& name) { give_page(name); }

  void give_page(const std::string& name) {
    const auto file = std::ranges::find(page_files(), std::string_view(name), &page_file::name);
    with.reply(file != page_files().end() ? page_reply(*file) : nothing_there(), true);
  }

  void events(const net::http_request& request, const std::string&) {
    const net::http_reply head{
      200, "text/event-stream", {}, {{"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}}};
    if (request.method == "HEAD")
      return with.reply(head, true);
    stream = streams.enter();
    if (!stream)
      return with.reply(problem_reply(503, "too_many_streams",
                                      std::to_string(admin_streams_max) +
                                        " clients listen to /v1/events already: close a page"),
                        true);
    with.begin_stream(head);
    await_event(0);
  }

  void dialects(const net::http_request&, const std::string&) {
    with.reply(dialects_reply(described_dialects(*env), env->upstreams), true);
  }

  void describe(const net::http_request& request, const std::string&) {
    const auto asked = object_in(request.body);
    if (!asked.is_object() || !asked.contains("text") || !asked.at("text").is_string() ||
        (asked.contains("dialect") && !asked.at("dialect").is_string()))
      return with.reply(problem_reply(400, "bad_body",
                                      "Give a JSON object with the message: {\"text\": \"3032...\", "
                                      "\"dialect\": \"\"}; without a dialect the best one is found"),
                        true);
    auto seat = readers.enter();
    if (!seat)
      return with.reply(
        problem_reply(503, "busy", "Another message is being read just now: ask again in a second"), true);
    // It stops when it has replied.
    const auto reader = spawn_admin_describe(self->system(), env, std::move(seat));
    self
      ->request(reader, caf::infinite,
                describe_message{asked.at("text").get<std::string>(), asked.value("dialect", std::string())})
      .then(
        [this](const message_described& m) {
          auto reply = view_reply(m.json);
          reply.status = m.status;
          if (m.status != 200)
            reply.content_type = "application/problem+json";
          with.reply(reply, true);
        },
        [this](caf::error&) {
          with.reply(problem_reply(500, "failed", "The message could not be read: the reader has failed"),
                     true);
        });
  }

  void await_event(std::uint64_t after) {
    self->request(peers.admin_events, caf::infinite, next_event{after})
      .then(
        [this](const live_event& e) {
          if (!stream)
            return;
          if (with.send_more("id: " + std::to_string(e.number) + "\nevent: overview\ndata: " + *e.text +
                             "\n\n"))
            await_event(e.number);
          else
            stream = {};
        },
        [this](caf::error&) { end_stream(); });
  }

  void end_stream() {
    if (!stream)
      return;
    stream = {};
    with.end_stream();
  }

  void links(const net::http_request&, const std::string&) {
    ask_overview<inspection::links>(inspection::links_atom::value);
  }

  void terminals(const net::http_request&, const std::string&) {
    ask_overview<inspection::terminals>(inspection::terminals_atom::value);
  }

  void parts(const net::http_request&, const std::string&) {
    ask_overview<inspection::parts>(inspection::parts_atom::value);
  }

  void transactions(const net::http_request& request, const std::string&) {
    const auto filter = read_transaction_filter(request.query);
    if (!filter)
      return with.reply(problem_reply(400, "bad_parameter", filter_fault), true);
    ask<inspection::transactions>(
      peers.overview,
      [filter](const inspection::transactions& all) { return view_reply(json_of(fitting(all, *filter))); },
      inspection::transactions_atom::value, std::uint64_t{inspection::transactions::kept_max});
  }

  template <class View, class... What>
  void ask_overview(What... what) {
    ask<View>(
      peers.overview, [](const View& v) { return view_reply(json_of(v)); }, what...);
  }

  template <class Reply, class Part, class... What>
  void ask(const Part& part, std::function<net::http_reply(const Reply&)> render, What... what) {
    self->request(part, reply_max, what...)
      .then([this, render](const Reply& r) { with.reply(render(r), true); },
            [this](caf::error&) {
              with.reply(
                problem_reply(503, "part_restarting",
                              "A part of the gateway is being restarted; ask again in a few seconds"),
                true);
            });
  }

  // The parameters are the filters of `socketqueue pending`.
  void list(const net::http_request& request, const std::string&) {
    const auto parameters = net::query_of(request.query);
    std::string line = "pending";
    for (const auto& [name, value] :
         parameters.value_or(std::vector<std::pair<std::string, std::string>>())) {
      if ((name + value).find_first_of(" \n") != std::string::npos)
        return with.reply(problem_reply(400, "bad_parameter", "A parameter has a space or a line end"), true);
      line += " " + name + "=" + value;
    }
    if (!parameters)
      return with.reply(problem_reply(400, "bad_parameter", "The query cannot be decoded"), true);
    requests.serve(line, connection.peer(), [this](const operator_result& r) { give(r); });
  }

  void retry(const net::http_request& request, const std::string& id) { decide("retry", request, id); }
  void reverse(const net::http_request& request, const std::string& id) { decide("reverse", request, id); }
  void resolve(const net::http_request& request, const std::string& id) { decide("resolve", request, id); }

  void decide(const std::string& verb, const net::http_request& request, const std::string& id) {
    if (!is_authorized(request.authorization, token))
      return with.reply(unauthorized_reply(request.authorization, token), true);
    // A longer number could be a card's, and the reply would repeat it.
    constexpr std::size_t digits_max = 12;
    if (id.find_first_not_of("0123456789") != std::string::npos || id.size() > digits_max ||
        id.find_first_not_of('0') == std::string::npos)
      return with.reply(problem_reply(404, "not_found", "A case is named by its number, from 1 on"), true);
    const auto asked = object_in(request.body.empty() ? "{}" : request.body);
    if (!asked.is_object() || (asked.contains("why") && !asked.at("why").is_string()))
      return with.reply(
        problem_reply(400, "bad_body", "Give a JSON object with the reason: {\"why\": \"...\"}"), true);
    const auto why = asked.value("why", std::string());
    if (verb != "retry" && why.find_first_not_of(' ') == std::string::npos)
      return with.reply(
        problem_reply(400, "no_reason", "A decision needs its reason: {\"why\": \"ticket 17: ...\"}"), true);
    if (why.find('\n') != std::string::npos)
      return with.reply(problem_reply(400, "bad_body", "The reason must be one line"), true);
    requests.serve(verb + " " + id + (verb == "retry" ? "" : " " + why), "admin " + connection.peer(),
                   [this](const operator_result& r) { give(r); });
  }

  void give(const operator_result& r) {
    using kind = operator_result::kind;
    const auto status = r.is == kind::done ? 200U : r.is == kind::not_done ? 409U : 400U;
    with.reply({status, "application/json", r.json + "\n", {{"Cache-Control", "no-store"}}}, true);
  }

  static constexpr row routes[] = {
    {"GET", "/", &admin::front_page},
    {"GET", "/page/{id}", &admin::page_part},
    {"GET", "/openapi.json", &admin::openapi},
    {"GET", "/v1/events", &admin::events},
    {"GET", "/v1/dialects", &admin::dialects},
    {"POST", "/v1/describe", &admin::describe},
    {"GET", "/livez", &admin::live},
    {"GET", "/readyz", &admin::ready},
    {"GET", "/metrics", &admin::metrics},
    {"GET", "/v1/status", &admin::status},
    {"GET", "/v1/links", &admin::links},
    {"GET", "/v1/terminals", &admin::terminals},
    {"GET", "/v1/transactions", &admin::transactions},
    {"GET", "/v1/actors", &admin::parts},
    {"GET", "/v1/pending", &admin::list},
    {"POST", "/v1/pending/{id}/retry", &admin::retry},
    {"POST", "/v1/pending/{id}/reverse", &admin::reverse},
    {"POST", "/v1/pending/{id}/resolve", &admin::resolve},
  };

  session_actor::pointer self;
  environment_ptr env;
  std::string token;
  admission streams, readers;  // of events; of messages that are described
  admission::seat stream;      // taken while this client listens to events
  const client_connection& connection;
  http_conversation& with;
  operator_requests requests;
  directory peers;
};

}  // namespace

http_service_factory admin_service(environment_ptr env, std::shared_ptr<const std::string> token) {
  return [env = std::move(env), token = std::move(token), streams = admission(admin_streams_max),
          readers = admission(1)](session_actor::pointer self, client_connection& connection,
                                  http_conversation& with) -> std::unique_ptr<http_service> {
    return std::make_unique<admin>(self, env, *token, streams, readers, connection, with);
  };
}

}  // namespace actors
