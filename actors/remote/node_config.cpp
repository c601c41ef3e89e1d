#include "actors/remote/node_config.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <caf/io/middleman.hpp>
#include <caf/openssl/manager.hpp>
#include <memory>

#include "actors/protocol/inspection.hpp"

namespace actors {

using namespace std::chrono_literals;

void make_node(caf::actor_system_config& c, const config::node_settings& s) {
  c.add_message_types<caf::id_block::inspection>();
  c.load<caf::io::middleman>();
  c.set("middleman.app-identifiers", std::vector<std::string>{inspection::application()});
  c.set("middleman.heartbeat-interval", caf::timespan(1s));
  c.set("middleman.connection-timeout", caf::timespan(5s));
  // CAF's network thread reads messages itself.
  c.set("middleman.workers", std::size_t(0));
  if (!s.has_tls())
    return;
  c.load<caf::openssl::manager>();
  c.openssl_certificate = s.certificate_file;
  c.openssl_key = s.key_file;
  c.openssl_cafile = s.authority_file;
}

std::string fault_of_tls(const config::node_settings& s) {
  if (!s.has_tls())
    return {};
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_method()), &SSL_CTX_free);
  std::string fault;
  if (SSL_CTX_use_certificate_chain_file(context.get(), s.certificate_file.c_str()) != 1)
    fault = "nodeTlsCertificate: " + s.certificate_file + " has no certificate that can be read (PEM)";
  else if (SSL_CTX_use_PrivateKey_file(context.get(), s.key_file.c_str(), SSL_FILETYPE_PEM) != 1)
    fault =
      "nodeTlsKey: " + s.key_file + " has no key that can be read (PEM), or not that of the certificate";
  else if (SSL_CTX_load_verify_locations(context.get(), s.authority_file.c_str(), nullptr) != 1)
    fault = "nodeTlsAuthority: " + s.authority_file + " has no certificate that can be read (PEM)";
  ERR_clear_error();
  return fault;
}

}  // namespace actors
