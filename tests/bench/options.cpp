#include "tests/bench/options.hpp"

#include <string_view>
#include <vector>

#include "tests/lab/arguments.hpp"

namespace bench {

namespace {

std::string assign_mode(options& o, std::string_view text) {
  if (text != "gateway" && text != "relay")
    return "must be gateway or relay, not '" + std::string(text) + "'";
  o.mode = text == "gateway" ? between::gateway : between::relay;
  return {};
}

std::string assign_transactions(options& o, std::string_view text) {
  std::uint64_t read = 0;
  auto wrong = lab::read_number(text, 1, 100'000'000, read);
  if (wrong.empty())
    o.transactions = read;
  return wrong;
}

std::vector<lab::argument> table(options& o) {
  return {
    {"target-port", "port", "the clients connect here, on 127.0.0.1", lab::number(o.target_port, 1, 65535)},
    {"bank-port", "port", "the bank listens here", lab::number(o.bank_port, 1, 65535)},
    {"mode", "name",
     "gateway (default): messages come to the bank framed, over one link;\n"
     "relay: they come bare, over one connection for each client",
     [&o](std::string_view text) { return assign_mode(o, text); }},
    {"clients", "count", "connections that send purchases; default 50", lab::number(o.clients, 1, 100'000)},
    {"transactions", "count", "all clients together; default 10000, or none where connections are held",
     [&o](std::string_view text) { return assign_transactions(o, text); }},
    {"warmup", "count", "transactions before the measured ones; default 0",
     lab::number(o.warmup, 0, 100'000'000)},
    {"depth", "count", "purchases of one client in flight at a time; default 1",
     lab::number(o.depth, 1, 100)},
    {"rate", "count",
     "purchases a second, sent at set times whether or not replies come; a latency counts from\n"
     "its set time, so what a stall holds up counts too; default: the next one follows a reply",
     lab::number(o.rate, 1, 1'000'000)},
    {"http", "", "clients and held connections speak HTTP: JSON at /, over connections that stay open",
     lab::flag(o.http)},
    {"one-shot", "", "a new connection for each purchase, which the gateway closes", lab::flag(o.one_shot)},
    {"hostile", "", "replies leave late, out of order and in random pieces", lab::flag(o.hostile)},
    {"bank-delay", "ms", "replies leave so late, in order; default 0", lab::number(o.bank_delay, 0, 30'000)},
    {"seed", "number", "of all that is random; default 1", lab::number(o.seed, 0, UINT64_MAX)},
    {"connections", "count",
     "hold that many idle connections too, and at the end have an echo answered on each",
     lab::number(o.connections, 0, 100'000)},
    {"hold", "seconds", "how long they stay idle where there are no transactions; default 0",
     lab::number(o.hold, 0, 86'400)},
    {"patience", "seconds", "a reply that has not come by then is lost; default 60",
     lab::number(o.timeout, 1, 86'400)},
    {"pid", "pid", "the process whose CPU time and memory are told", lab::number(o.pid, 1, 4'194'304)},
    {"json", "", "the result as one JSON object; all else goes to standard error", lab::flag(o.json)},
    {"help", "", "this page", lab::flag(o.help)},
  };
}

std::string check(const options& o) {
  if (o.target_port == 0 || o.bank_port == 0)
    return "target-port and bank-port are needed; --help lists all options";
  if (o.one_shot && o.depth != 1)
    return "one-shot sends one purchase over each connection, so depth must be 1";
  if (o.http && (o.one_shot || o.depth != 1 || o.mode == between::relay))
    return "http needs the mode gateway, connections that stay open, and depth 1";
  if ((o.one_shot || o.hostile) && o.mode == between::relay)
    return "one-shot and hostile need the mode gateway";
  if (o.hostile && o.bank_delay.count() != 0)
    return "hostile has delays of its own, so bank-delay cannot be given too";
  return {};
}

}  // namespace

std::variant<options, std::string> parse(std::span<const char* const> arguments) {
  options o;
  if (auto wrong = lab::read_arguments(arguments, table(o)); !wrong.empty())
    return wrong;
  if (o.help)
    return o;
  if (auto wrong = check(o); !wrong.empty())
    return wrong;
  return o;
}

std::string help_text() {
  options o;
  return "sq_load --target-port=port --bank-port=port [option...]\n\n"
         "Clients and bank in one process, around a gateway or a relay. Every reply is checked;\n"
         "the exit status is 0 only when all were right, 1 when some were not, 2 when nothing could be "
         "measured.\n\n" +
         lab::help_of(table(o));
}

}  // namespace bench
