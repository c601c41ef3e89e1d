#include "config/migrate.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "config/config_file.hpp"
#include "config/file.hpp"
#include "config/links.hpp"
#include "config/load.hpp"

namespace config {

namespace {

// Options of the old name that do something else, or more.
constexpr std::pair<std::string_view, std::string_view> changed[] = {
  {"upstreamTimeout", "closes the link only while an answer is due, and not a quiet one"},
  {"noAutoReversal",
   "what would be reversed waits on the list of `socketqueue pending`; the old program dropped it"},
  {"queueMessageKeyFields", "pairs by these fields as before; a response must also repeat amount and time"},
  {"statDumpFile", "a file of the old program is read too; it is written every minute, not only at the end"},
  {"openWay", "has reversals now, which the old program had not"},
  {"queueTimeout", "after it the purchase is reversed at the host, if it was sent"},
  {"dangerous", "logs card data in clear, as before; the log without it is masked in full"},
};

std::string_view note_of(std::string_view name) {
  const auto* found = std::ranges::find(changed, name, &std::pair<std::string_view, std::string_view>::first);
  return found == std::end(changed) ? "" : found->second;
}

// Why the option does nothing in these settings; empty: it does something.
std::string_view why_no_effect(std::string_view name, const settings& s) {
  if (name.starts_with("testTarget") || name == "testPurchases")
    return s.test_clients.count == 0 ? "there are no testClients" : "";
  if (name == "testRealLife")
    return s.bank.port == 0 ? "there is no echoServerPort" : "";
  if (name == "headerFormat" || name == "lengthIncludeHeader")
    return s.upstreams.front().frame.is_used ? "" : "useHeader is false";
  if (name == "smartVista")
    return s.reading.open_way ? "openWay is given too, and counts" : "";
  if ((name.starts_with("queue") || name == "maxQueue" || name == "noAutoReversal") &&
      name != "queueMessageKeyFields")
    return s.has_upstream() ? "" : "this process is no gateway";
  return "";
}

class migrator {
public:
  migrator(const config_file& file, const std::string& path) : file_(file) {
    const std::array<const char*, 2> arguments{"-c", path.c_str()};
    auto all = load_all(arguments, {});
    settings_ = std::move(all.what);
    result_.faults = std::move(all.faults);
  }

  migration run() {
    add_members(file_.content(), "");
    std::ranges::sort(result_.options, {},
                      [this](const auto& o) { return file_.places().offset_of(o.name); });
    return std::move(result_);
  }

private:
  // The fault of this member, without its place.
  std::string fault_of(const std::string& name) const {
    const auto where = file_.where(name);
    for (const auto& f : result_.faults)
      if (f.starts_with(where))
        return f.substr(where.size());
    return "";
  }

  void add_members(const nlohmann::json& of, const std::string& section) {
    for (const auto& [name, value] : of.items()) {
      const auto path = section.empty() ? name : section + "." + name;
      if (is_section(path) && value.is_object())
        add_members(value, path);
      else if (!section.empty() || (!is_link_list(name) && name != "$schema"))
        add(path, value);
    }
  }

  void add(const std::string& name, const nlohmann::json& value) {
    const bool is_path = name.find('.') != name.npos;
    const auto* o = is_path ? find_by_path(name) : find_option(name);
    const auto known = o ? o->name : std::string_view(name);
    migrated_option line{file_.places().of(name), name, "kept", ""};
    if (const auto now = renamed_option(name); !now.empty()) {
      line.what = "renamed";
      line.why = "write " + std::string(now);
    } else if (name == file_.places().twice()) {
      line.what = "refused";
      line.why = "stands there twice; leave one of them";
    } else if (const auto why = fault_of(name); !why.empty()) {
      line.what = "refused";
      line.why = why;
    } else if (!o || is_neutral(*o, value)) {
      line.what = "neutral";
      line.why = value.dump() + " says nothing";
    } else if (const auto none = why_no_effect(known, settings_); !none.empty()) {
      line.what = "no effect";
      line.why = none;
    } else {
      line.why = value == false ? "" : note_of(known);
      if (is_path && line.why.empty())
        line.why = "in a section, which the old program has not";
    }
    result_.options.push_back(std::move(line));
  }

  const config_file& file_;
  settings settings_;
  migration result_;
};

}  // namespace

std::variant<migration, std::string> migrate(const std::string& path) {
  const auto read = read_file(path);
  if (const auto* why = std::get_if<std::string>(&read))
    return path + ": this configuration file " + *why;
  const auto opened = config_file::open(path);
  if (const auto* why = std::get_if<std::string>(&opened))
    return migration{{}, {*why}};
  return migrator(std::get<config_file>(opened), path).run();
}

std::string text_of(const migration& m, const std::string& path) {
  std::string text;
  for (const auto& o : m.options) {
    auto row = o.where + "  ";
    row.resize(std::max<std::size_t>(row.size(), 22), ' ');
    row += in_quotes(o.name) + "  ";
    row.resize(std::max<std::size_t>(row.size(), 48), ' ');
    row += std::string(o.what);
    if (!o.why.empty()) {
      row.resize(std::max<std::size_t>(row.size() + 2, 59), ' ');
      row += o.why;
    }
    text += row + "\n";
  }
  if (m.starts())
    return text + path + " starts this program unchanged.\n";
  text += path + " does not start this program unchanged:\n";
  for (const auto& why : m.faults)
    text += "  " + why + "\n";
  return text;
}

std::string json_of(const migration& m) {
  nlohmann::ordered_json whole{{"starts", m.starts()}, {"options", nlohmann::json::array()}};
  for (const auto& o : m.options)
    whole["options"].push_back(
      nlohmann::ordered_json{{"where", o.where}, {"name", o.name}, {"what", o.what}, {"why", o.why}});
  whole["faults"] = m.faults;
  return whole.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace config
