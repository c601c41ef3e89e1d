#include "config/load.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "config/config_file.hpp"
#include "config/dependencies.hpp"
#include "config/links.hpp"
#include "config/options.hpp"
#include "config/printable.hpp"
#include "config/variables.hpp"

namespace config {

namespace {

using problem = std::optional<std::string>;

// `name`: what it is called where it stands.
problem set_option(settings& s, const option& o, std::string_view text, std::string_view where,
                   std::string_view name) {
  if (const auto why = assign(s, o, text); !why.empty())
    return std::string(where) + std::string(name) + " " + why +
           (text.empty() ? "" : ", not " + in_quotes(text));
  return {};
}

// Recognizes "--vv", and "-v" where there is such an option: the option in front of it is missing its value.
bool is_option(std::string_view argument) {
  if (argument.starts_with("--"))
    return true;
  const auto name = argument.substr(std::min<std::size_t>(argument.size(), 1), argument.find('=') - 1);
  return argument.starts_with("-") && (find_option(name) || !long_name(name).empty());
}

std::string needs_value(const option& o, std::string_view next) {
  const auto name = std::string(o.name), given = (name == "c" ? "-" : "--") + name + "=";
  return name + " needs a value" +
         (next.empty() ? ": " + given + std::string(o.value_name)
                       : ", and " + in_quotes(next) + " is an option: " + given + std::string(o.value_name) +
                           "; a value that begins so is written " + given + printable(next, '?'));
}

// A word where an option was due. In front of all it may have been meant as a command.
std::string no_option(std::string_view word, bool is_first) {
  std::vector<std::string_view> names;
  std::string all;
  for (const auto& c : commands()) {
    names.push_back(c.name);
    all += (all.empty() ? "" : ", ") + std::string(c.name);
  }
  if (const auto near = is_first ? nearest(word, names) : std::string_view(); !near.empty())
    return "there is no command " + in_quotes(word) + "; did you mean " + in_quotes(near) + "?";
  return "expected an option, or first of all a command (" + all + "), not " + in_quotes(word) +
         "; --help lists all";
}

// Assigns the options and adds their names to `given`. Returns where reading had to stop; `faults` gets the
// values that cannot be.
problem read_arguments(settings& s, std::span<const char* const> arguments,
                       std::map<std::string_view, std::string>& given, std::vector<std::string>& faults) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    const auto dashes = argument.starts_with("--") ? 2U : argument.starts_with("-") ? 1U : 0U;
    if (dashes == 0 || argument.size() == dashes)
      return no_option(argument, i == 0);
    const auto equals = argument.find('=');
    const auto name = argument.substr(dashes, equals == std::string_view::npos ? equals : equals - dashes);
    const auto other = long_name(name);
    const auto* o = find_option(other.empty() ? name : other);
    if (!o)
      return no_such_option(name);
    const bool is_flag = o->where.is_flag();
    const bool value_follows =
      i + 1 < arguments.size() && (!is_flag || std::string_view(arguments[i + 1]) == "true" ||
                                   std::string_view(arguments[i + 1]) == "false");
    std::string_view text;
    if (equals != std::string_view::npos)
      text = argument.substr(equals + 1);
    else if (value_follows && !is_option(arguments[i + 1]))
      text = arguments[++i];
    else if (is_flag)
      text = "true";
    else
      return needs_value(*o, value_follows ? arguments[i + 1] : "");
    if (auto why = set_option(s, *o, text, "", o->name))
      faults.push_back(*why);
    given.insert_or_assign(o->name, std::string(text));
  }
  return {};
}

// An object, or a list with more than plain values in it.
std::string not_plain(const option& o, const nlohmann::json& value) {
  return " must be " + expected_of(o) + ", not " +
         (value.is_object() ? "an object, {...}" : "a list with lists or objects in it");
}

// Reads all sources, the strongest first, so that a weaker one does not replace what is given.
class reader {
public:
  explicit reader(loaded& all) : faults_(all.faults), given_(all.given) {}

  // Whether all arguments could be told apart.
  bool read_command_line(settings& s, std::span<const char* const> arguments) {
    const auto why = read_arguments(s, arguments, given_, faults_);
    if (why)
      faults_.push_back(*why);
    return !why;
  }

  // The lists come behind the options of the environment, which are the links' defaults too.
  void read_file(settings& s, const config_file& file) {
    for (const auto& v : file.values(faults_)) {
      const auto text = as_text(v.json);
      if (const auto why = text ? fault_of_type(*v.what, v.json) : not_plain(*v.what, v.json); !why.empty())
        faults_.push_back(file.where(v.path) + v.path + why);
      else if (given_.emplace(v.what->name, *text).second)
        set(s, *v.what, *text, file.where(v.path), v.path);
    }
  }

  // Only the path of the file, which must be known before it is read.
  void read_file_name(settings& s, const std::vector<variable>& all) {
    for (const auto& v : all)
      if (v.what->stands == standing::not_in_file && given_.emplace(v.what->name, v.text).second)
        set(s, *v.what, v.text, v.name + " in the environment: ", v.what->name);
  }

  void read_environment(settings& s, const std::vector<variable>& all) {
    for (const auto& v : all)
      if (given_.emplace(v.what->name, v.text).second)
        set(s, *v.what, v.text, v.name + " in the environment: ", v.what->name);
  }

private:
  void set(settings& s, const option& o, std::string_view text, const std::string& where,
           std::string_view name) {
    if (auto why = set_option(s, o, text, where, name))
      faults_.push_back(*why);
  }

  std::vector<std::string>& faults_;
  std::map<std::string_view, std::string>& given_;
};

// The path with which a fault of the lists begins: "upstreams[0].name: expected ...".
std::string_view path_in_front(std::string_view fault) { return fault.substr(0, fault.find_first_of(": ")); }

}  // namespace

settings defaults() {
  settings s;
  for (const auto& group : option_groups())
    for (const auto& o : group.options)
      if (!o.default_text.empty())
        assign(s, o, o.default_text);
  return s;
}

std::string default_journal() {
  const auto from_environment = [](const char* name) {
    const char* text = std::getenv(name);
    return std::string_view(text ? text : "");
  };
  if (const auto given = from_environment("SOCKETQUEUE_JOURNAL"); !given.empty() && given != "none")
    return std::string(given);
  const auto first = from_environment("STATE_DIRECTORY");
  return first.empty() ? "./socketqueue-state" : std::string(first.substr(0, first.find(':')));
}

loaded load_all(std::span<const char* const> arguments, std::span<const char* const> environment) {
  loaded all{defaults(), {}};
  auto& s = all.what;
  auto& faults = all.faults;
  reader from(all);
  const bool is_read = from.read_command_line(s, arguments);
  // A check tells the faults of all sources.
  if (s.reading.asks_for_text() || !is_read || (!faults.empty() && !s.reading.check))
    return all;
  const auto variables = options_in(environment, faults);
  from.read_file_name(s, variables);
  std::optional<config_file> file;
  if (!s.reading.file.empty()) {
    auto opened = config_file::open(s.reading.file);
    if (auto* why = std::get_if<std::string>(&opened)) {
      faults.push_back(std::move(*why));
      return all;
    }
    file = std::get<config_file>(std::move(opened));
    from.read_file(s, *file);
  }
  from.read_environment(s, variables);
  if (s.reading.smart_vista)
    assign(s, *find_option("hostConfig"), "smartVista");
  if (s.reading.open_way)
    assign(s, *find_option("hostConfig"), "openWay");
  if (file && (faults.empty() || s.reading.check)) {
    auto with_lists = s;
    if (const auto why = read_link_lists(with_lists, file->content()))
      faults.push_back(file->where(path_in_front(*why)) + *why);
    else
      s = std::move(with_lists);
  }
  // What is missing may be what could not be read.
  if (faults.empty())
    for (auto& why : faults_of(s))
      faults.push_back(file && is_link_list(why.substr(0, why.find('[')))
                         ? file->where(path_in_front(why)) + why
                         : std::move(why));
  if (s.journal.directory.empty())
    s.journal.directory = default_journal();
  all.is_whole = true;
  return all;
}

std::variant<settings, std::string> load(std::span<const char* const> arguments) {
  auto all = load_all(arguments, own_environment());
  if (!all.faults.empty())
    return std::move(all.faults.front());
  return std::move(all.what);
}

}  // namespace config
