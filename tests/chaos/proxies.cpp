#include "tests/chaos/proxies.hpp"

#include <unistd.h>

#include <csignal>
#include <fstream>

namespace chaos {

namespace {

constexpr const char* haproxy_program = "/usr/sbin/haproxy";
constexpr const char* nginx_program = "/usr/sbin/nginx";
constexpr const char* nginx_stream = "/usr/lib/nginx/modules/ngx_stream_module.so";

bool can_run(const char* path) { return access(path, X_OK) == 0; }

std::string at(std::uint16_t port) { return "127.0.0.1:" + std::to_string(port); }

}  // namespace

haproxy::haproxy(std::string directory, const proxy_ports& p) : directory_(std::move(directory)) {
  std::ofstream(directory_ + "/haproxy.cfg")
    << "global\n  maxconn 1000\n  hard-stop-after 3s\n"
    << "defaults\n  timeout connect 2s\n  timeout client 60s\n  timeout server 60s\n"
    << "listen usual\n  mode http\n  bind " << at(p.http) << "\n  server gateway " << at(p.gateway_http)
    << "\n"
    << "listen never\n  mode http\n  http-reuse never\n  bind " << at(p.http_other) << "\n  server gateway "
    << at(p.gateway_http) << "\n"
    << "listen raw\n  mode tcp\n  bind " << at(p.raw) << "\n  server gateway " << at(p.gateway_raw) << "\n";
}

std::string haproxy::missing() {
  return can_run(haproxy_program) ? "" : "it needs HAProxy: Debian's package haproxy";
}

void haproxy::start() {
  child_.start({haproxy_program, "-W", "-f", directory_ + "/haproxy.cfg"}, directory_ + "/proxy.log");
}

void haproxy::reload() { child_.signal(SIGUSR2); }

nginx::nginx(std::string directory, const proxy_ports& p) : directory_(std::move(directory)) {
  const auto forward = [](std::uint16_t port) {
    return "proxy_pass http://" + at(port) + "; proxy_connect_timeout 2s; proxy_read_timeout 60s;";
  };
  std::ofstream out(directory_ + "/nginx.conf");
  out << "load_module " << nginx_stream
      << ";\ndaemon off;\nuser root;\nworker_processes 1;\nworker_shutdown_timeout 3s;\n"
      << "pid " << directory_
      << "/nginx.pid;\nerror_log stderr crit;\nevents { worker_connections 1000; }\nhttp {\n  access_log "
         "off;\n";
  for (const char* name : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"})
    out << "  " << name << "_temp_path " << directory_ << "/" << name << ";\n";
  out << "  upstream kept { server " << at(p.gateway_http) << "; keepalive 8; }\n"
      << "  server { listen " << at(p.http) << "; location / { " << forward(p.gateway_http) << " } }\n"
      << "  server { listen " << at(p.http_other)
      << "; location / { proxy_http_version 1.1; proxy_set_header Connection \"\"; proxy_pass http://kept; "
         "proxy_connect_timeout 2s; } }\n}\n"
      << "stream { server { listen " << at(p.raw) << "; proxy_pass " << at(p.gateway_raw)
      << "; proxy_connect_timeout 2s; } }\n";
}

std::string nginx::missing() {
  return can_run(nginx_program) && access(nginx_stream, R_OK) == 0
           ? ""
           : "it needs nginx: Debian's packages nginx-light and libnginx-mod-stream";
}

void nginx::start() {
  child_.start({nginx_program, "-p", directory_, "-c", directory_ + "/nginx.conf"},
               directory_ + "/proxy.log");
}

void nginx::reload() { child_.signal(SIGHUP); }

}  // namespace chaos
