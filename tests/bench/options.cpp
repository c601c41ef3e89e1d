#include "tests/bench/options.hpp"

#include <array>
#include <charconv>
#include <functional>
#include <string_view>

namespace bench {

namespace {

// Takes the text behind `=` and returns what is wrong with it.
using assignment = std::function<std::string(options&, std::string_view text)>;

struct option {
  std::string_view name;
  std::string_view value;  ///< empty: a flag
  std::string_view meaning;
  assignment assign;
};

std::string read_number(std::string_view text, std::uint64_t least, std::uint64_t most,
                        std::uint64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size() && number >= least && number <= most)
    return {};
  return "must be a whole number, " + std::to_string(least) + " to " + std::to_string(most) + ", not '" +
         std::string(text) + "'";
}

template <class Member>
assignment number(Member options::*member, std::uint64_t least, std::uint64_t most) {
  return [=](options& o, std::string_view text) {
    std::uint64_t read = 0;
    auto wrong = read_number(text, least, most, read);
    if (wrong.empty())
      o.*member = static_cast<Member>(read);
    return wrong;
  };
}

assignment flag(bool options::*member) {
  return [=](options& o, std::string_view) {
    o.*member = true;
    return std::string();
  };
}

std::string assign_mode(options& o, std::string_view text) {
  if (text != "gateway" && text != "relay")
    return "must be gateway or relay, not '" + std::string(text) + "'";
  o.mode = text == "gateway" ? between::gateway : between::relay;
  return {};
}

std::string assign_transactions(options& o, std::string_view text) {
  std::uint64_t read = 0;
  auto wrong = read_number(text, 1, 100'000'000, read);
  if (wrong.empty())
    o.transactions = read;
  return wrong;
}

const auto& table() {
  using o = options;
  static const std::array all{
    option{"target-port", "port", "the clients connect here, on 127.0.0.1",
           number(&o::target_port, 1, 65535)},
    option{"bank-port", "port", "the bank listens here", number(&o::bank_port, 1, 65535)},
    option{"mode", "name",
           "gateway (default): messages come to the bank framed, over one link;\n"
           "relay: they come bare, over one connection for each client",
           assign_mode},
    option{"clients", "count", "connections that send purchases; default 50",
           number(&o::clients, 1, 100'000)},
    option{"transactions", "count", "all clients together; default 10000, or none where connections are held",
           assign_transactions},
    option{"warmup", "count", "transactions before the measured ones; default 0",
           number(&o::warmup, 0, 100'000'000)},
    option{"depth", "count", "purchases of one client in flight at a time; default 1",
           number(&o::depth, 1, 100)},
    option{"one-shot", "", "a new connection for each purchase, which the gateway closes",
           flag(&o::one_shot)},
    option{"hostile", "", "replies leave late, out of order and in random pieces", flag(&o::hostile)},
    option{"seed", "number", "of all that is random; default 1", number(&o::seed, 0, UINT64_MAX)},
    option{"connections", "count",
           "hold that many idle connections too, and at the end have an echo answered on each",
           number(&o::connections, 0, 100'000)},
    option{"hold", "seconds", "how long they stay idle where there are no transactions; default 0",
           number(&o::hold, 0, 86'400)},
    option{"patience", "seconds", "a reply that has not come by then is lost; default 60",
           number(&o::timeout, 1, 86'400)},
    option{"pid", "pid", "the process whose CPU time and memory are told", number(&o::pid, 1, 4'194'304)},
    option{"json", "", "the result as one JSON object; all else goes to standard error", flag(&o::json)},
    option{"help", "", "this page", flag(&o::help)},
  };
  return all;
}

const option* find_option(std::string_view name) {
  for (const auto& o : table())
    if (o.name == name)
      return &o;
  return nullptr;
}

std::string read_argument(options& into, std::string_view argument) {
  if (!argument.starts_with("--"))
    return "expected an option, not '" + std::string(argument) + "'; --help lists all";
  const auto equals = argument.find('=');
  const std::string name(argument.substr(2, equals == std::string_view::npos ? equals : equals - 2));
  const auto* o = find_option(name);
  if (!o)
    return "there is no option '" + name + "'; --help lists all";
  if (o->value.empty() != (equals == std::string_view::npos))
    return name +
           (o->value.empty() ? " takes no value" : " needs a value: --" + name + "=" + std::string(o->value));
  const auto wrong =
    o->assign(into, equals == std::string_view::npos ? std::string_view() : argument.substr(equals + 1));
  return wrong.empty() ? wrong : name + " " + wrong;
}

std::string check(const options& o) {
  if (o.target_port == 0 || o.bank_port == 0)
    return "target-port and bank-port are needed; --help lists all options";
  if (o.one_shot && o.depth != 1)
    return "one-shot sends one purchase over each connection, so depth must be 1";
  if ((o.one_shot || o.hostile) && o.mode == between::relay)
    return "one-shot and hostile need the mode gateway";
  return {};
}

}  // namespace

std::variant<options, std::string> parse(std::span<const char* const> arguments) {
  options o;
  for (const auto* argument : arguments)
    if (auto wrong = read_argument(o, argument); !wrong.empty())
      return wrong;
  if (o.help)
    return o;
  if (auto wrong = check(o); !wrong.empty())
    return wrong;
  return o;
}

std::string help_text() {
  constexpr std::size_t column = 26;
  std::string text =
    "sq_load --target-port=port --bank-port=port [option...]\n\n"
    "Clients and bank in one process, around a gateway or a relay. Every reply is checked;\n"
    "the exit status is 0 only when all were right, 1 when some were not, 2 when nothing could be "
    "measured.\n\n";
  for (const auto& o : table()) {
    auto line = "  --" + std::string(o.name) + (o.value.empty() ? "" : "=" + std::string(o.value));
    line.resize(column, ' ');
    for (const char c : o.meaning) {
      line += c;
      if (c == '\n')
        line.append(column, ' ');
    }
    text += line + "\n";
  }
  return text;
}

}  // namespace bench
