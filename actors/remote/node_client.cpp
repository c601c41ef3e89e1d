#include "actors/remote/node_client.hpp"

#include <algorithm>
#include <caf/io/middleman.hpp>
#include <caf/openssl/manager.hpp>
#include <set>

#include "actors/remote/node_config.hpp"

namespace actors {

namespace {

caf::io::middleman_actor connector_of(caf::actor_system& system, bool has_tls) {
  return has_tls ? system.openssl_manager().actor_handle() : system.middleman().actor_handle();
}

}  // namespace

node_client::node_client(const config::node_settings& where)
  : where_(where), config_(std::make_unique<caf::actor_system_config>()) {
  make_node(*config_, where_);
  config_->set("scheduler.max-threads", std::size_t(1));
  config_->set("scheduler.policy", caf::atom("sharing"));
  system_ = std::make_unique<caf::actor_system>(*config_);
  scope_ = std::make_unique<caf::scoped_actor>(*system_, true);
  self_ = scope_->ptr();
}

node_client::~node_client() = default;

std::string node_client::connect() {
  if (node_)
    return {};
  std::string why;
  self_
    ->request(connector_of(*system_, where_.has_tls()), connect_max, caf::connect_atom::value, where_.address,
              where_.port)
    .receive(
      [&](const caf::node_id&, caf::strong_actor_ptr& at, const std::set<std::string>& messages) {
        const auto ours = system_->message_types<inspection::inspector_actor>();
        if (!at)
          why = title() + " is a CAF node that publishes no actor; is it the nodePort of a gateway?";
        else if (!std::ranges::includes(messages, ours))
          why =
            title() + " is a CAF node with another actor; is it the nodePort of a gateway of this version?";
        else
          node_ = caf::actor_cast<inspection::inspector_actor>(at);
      },
      [&](caf::error& e) { why = meaning(e); });
  return why;
}

std::string node_client::lost() {
  node_ = nullptr;
  return title() + " does not answer any more";
}

std::string node_client::meaning(const caf::error& e) const {
  if (e == caf::sec::incompatible_application_ids)
    return title() + " is a node of another version of socketqueue, or of another program (this one is " +
           inspection::application() + ")";
  if (e == caf::sec::incompatible_versions)
    return title() + " is a node with another version of CAF";
  if (e == caf::sec::disconnect_during_handshake)
    return where_.has_tls()
             ? title() +
                 " refuses the connection: its authority has not signed this certificate, or it has no TLS"
             : title() +
                 " closes the connection: it is no nodePort, or one with TLS (--nodeTlsCertificate, "
                 "--nodeTlsKey, --nodeTlsAuthority)";
  if (e == caf::sec::request_timeout || e == caf::sec::connection_timeout)
    return title() + " does not answer as a node within 3 s; is it the nodePort of a gateway?";
  if (e == caf::sec::malformed_basp_message)
    return title() + " is something other than a CAF node; is it the nodePort of a gateway?";
  if (e == caf::sec::cannot_connect_to_node)
    return "nothing answers at " + title() + "; is the gateway running, with --nodePort?";
  return "no connection to " + title() + ": " + system_->render(e);
}

}  // namespace actors
