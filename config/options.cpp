#include "config/options.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "config/duration.hpp"
#include "config/option_rows/table.hpp"

namespace config {

namespace {

constexpr command command_table[]{
  {"pending", "socketqueue pending", "what a running gateway has to reverse; pending --help",
   "--journal= --state= --older= --amount= --tid= --json --help"},
  {"retry", "", "", "--journal= --state= --older= --amount= --tid= --all --dry-run --json --help"},
  {"reverse", "", "", "--why= --journal= --state= --older= --amount= --tid= --all --dry-run --json --help"},
  {"resolve", "", "", "--why= --journal= --state= --older= --amount= --tid= --all --dry-run --json --help"},
  {"reload", "socketqueue reload", "a running gateway reads its configuration again; reload --help",
   "--journal= --json --help"},
  {"inspect", "socketqueue inspect HOST:PORT", "looks at a running gateway, once or live; inspect --help"},
  {"send", "socketqueue send purchase amount=10.00",
   "sends one message to a gateway and shows the answer; send --help",
   "--raw --to= --dialect= --header= --wait= --timeout= --json --force --help"},
  {"emulator", "socketqueue emulator silent",
   "a running bank emulator is silent, late, refuses; emulator --help", "--control= --help"},
  {"scenario", "socketqueue scenario scenarios/",
   "plays stories, examples of what can happen; scenario --help"},
  {"simulate", "socketqueue simulate --runs=1000",
   "plays random faults and audits the money; simulate --help"},
  {"describe", "socketqueue describe 30323030...", "a message as a table of its fields; describe --help",
   "--dialect= --header= --lengthIncludeHeader --json --raw --dangerous --help"},
  {"encode", "socketqueue encode FILE", "the way back: JSON to a message",
   "--dialect= --header= --lengthIncludeHeader --binary --force --help"},
  {"diff", "socketqueue diff A B", "two messages, field by field",
   "--dialect= --header= --lengthIncludeHeader --raw --help"},
  {"detect", "socketqueue detect FILE", "which dialects and headers fit a message",
   "--dialect= --header= --lengthIncludeHeader --json --raw --help"},
  {"dialect", "socketqueue dialect check FILE", "checks, prints, lists and imports dialects"},
  {"migrate", "socketqueue migrate OLD.json", "what becomes of the old program's configuration file",
   "--json --help"},
  {"completion", "socketqueue completion bash", "completes options in bash, zsh or fish"},
  {"man", "socketqueue man", "the manual page, for man(1)"},
};

template <class Visit>
void for_each_option(Visit visit) {
  for (const auto& group : option_groups())
    for (const auto& o : group.options)
      visit(o);
}

// The value of a number's text as its option counts it; nothing where it is none.
bool read_number(const option& o, std::string_view text, double& number) {
  if (o.where.kind == value_kind::duration) {
    const auto time = read_duration(text);
    number = time ? static_cast<double>(time->count()) : 0;
    return time.has_value();
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

bool is_allowed(const option& o, double number) {
  const auto& l = o.allowed;
  return (l.least == 0 && l.most == 0) || (l.or_zero && number == 0) ||
         (number >= l.least && number <= l.most);
}

std::string words_of_choice(const option& o) {
  std::string all;
  for (const auto word : o.where.words)
    all += (all.empty() ? "" : ", ") + std::string(word);
  return all;
}

}  // namespace

std::span<const option_group> option_groups() {
  static const option_group groups[]{
    {"host", "The bank's host", host_options()},
    {"clients", "Clients", client_options()},
    {"queue", "Queue", queue_options()},
    {"money", "Money", money_options()},
    {"test", "Bank emulator and test clients", test_options()},
    {"log", "Log", log_options()},
    {"watch", "Watching the gateway", watch_options()},
    {"process", "Process", process_options()},
  };
  return groups;
}

const option* find_option(std::string_view name) {
  const option* found = nullptr;
  for_each_option([&](const option& o) {
    if (o.name == name)
      found = &o;
  });
  return found;
}

const option* find_by_path(std::string_view path) {
  const option* found = nullptr;
  for_each_option([&](const option& o) {
    if (!o.path.empty() && o.path == path)
      found = &o;
  });
  return found;
}

bool is_section(std::string_view path) {
  bool found = false;
  for_each_option([&](const option& o) {
    found = found || (o.path.size() > path.size() && o.path.starts_with(path) && o.path[path.size()] == '.');
  });
  return found;
}

std::string_view renamed_option(std::string_view name) {
  constexpr std::pair<std::string_view, std::string_view> renamed[] = {{"clientContract", "clientDelivery"},
                                                                       {"httpContract", "httpDelivery"}};
  for (const auto& [old_name, new_name] : renamed)
    if (name == old_name)
      return new_name;
  return {};
}

std::string_view long_name(std::string_view letter) {
  return letter == "h" ? "help" : letter == "V" ? "version" : "";
}

std::string_view nearest_option(std::string_view name) {
  std::vector<std::string_view> names;
  for_each_option([&](const option& o) {
    if (o.name.size() > 2)
      names.push_back(o.name);
  });
  return nearest(name, names);
}

std::span<const command> commands() { return command_table; }

std::string in_digits(double number) {
  char digits[32];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, number, std::chars_format::fixed);
  return error == std::errc() ? std::string(digits, end) : "";
}

std::string expected_of(const option& o) {
  const auto& l = o.allowed;
  const bool is_limited = l.least != 0 || l.most != 0;
  const auto range = (is_limited ? in_digits(l.least) + " to " + in_digits(l.most) : "") +
                     std::string(l.or_zero ? ", or 0" : "");
  switch (o.where.kind) {
    case value_kind::flag: return "true or false";
    case value_kind::choice: return "one of " + words_of_choice(o);
    case value_kind::port: return "a port, 1 to 65535";
    case value_kind::count: return "a whole number, " + (is_limited ? range : "0 to 1000000");
    case value_kind::seconds: return "seconds, " + (is_limited ? range : "0.001 to 86400, or 0");
    case value_kind::duration:
      return "a time with its unit, as 90s, 15min, 24h or 2d, or 0" +
             (l.least == 0 ? "" : "; at least " + in_words(std::chrono::seconds(std::int64_t(l.least))));
    case value_kind::fields: return "field numbers, 2 to 192, separated by commas";
    case value_kind::word:
    case value_kind::text: break;
  }
  return "text that is not empty";
}

std::string assign(settings& into, const option& o, std::string_view text) {
  double number = 0;
  if (read_number(o, text, number) && !is_allowed(o, number))
    return "must be " + expected_of(o);
  auto why = o.where.read(into, text);
  const bool is_number = o.where.kind == value_kind::count || o.where.kind == value_kind::seconds ||
                         o.where.kind == value_kind::duration;
  return !why.empty() && is_number ? "must be " + expected_of(o) : why;
}

}  // namespace config
