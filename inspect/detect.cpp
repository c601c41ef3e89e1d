// `socketqueue detect`: reads the bytes as every dialect with every header, and tells which fit best.

#include <algorithm>
#include <ostream>

#include <nlohmann/json.hpp>

#include "config/dialects.hpp"
#include "inspect/arguments.hpp"
#include "inspect/input.hpp"
#include "inspect/reading.hpp"

namespace inspect {

namespace {

using json = nlohmann::ordered_json;

constexpr std::size_t shown_max = 10;

struct fit {
  std::string dialect;  ///< its name, or the file that was given
  reading read;
};

// The built-in dialects, then those of --dialect. Returns why one cannot be read.
std::string read_dialects(const arguments& a, std::vector<std::pair<std::string, codec::dialect>>& all) {
  std::vector<std::string> names;
  for (const auto& file : config::built_in_dialects())
    names.emplace_back(file.name);
  // Of dialects that fit equally well the default is shown first.
  std::stable_partition(names.begin(), names.end(),
                        [](const std::string& name) { return name == "smartvista"; });
  if (a.has("dialect"))
    for (const auto& name : a.options.at("dialect"))
      if (std::ranges::find(names, name) == names.end())
        names.push_back(name);
  for (const auto& name : names) {
    auto read = read_dialect(name);
    if (auto* why = std::get_if<std::string>(&read))
      return std::move(*why);
    all.emplace_back(name, std::get<codec::dialect>(std::move(read)));
  }
  return "";
}

// The best first. What reads nothing is left out.
std::vector<fit> fits_of(std::string_view bytes,
                         const std::vector<std::pair<std::string, codec::dialect>>& dialects,
                         const std::vector<frame>& frames) {
  std::vector<fit> all;
  for (const auto& [name, d] : dialects)
    for (const auto& f : frames)
      if (auto r = read_as(bytes, d, f); r.read != 0)
        all.push_back({name, std::move(r)});
  std::ranges::stable_sort(all, [](const fit& x, const fit& y) { return better(x.read, y.read); });
  return all;
}

std::string counted(std::size_t count, const std::string& one) {
  return std::to_string(count) + " " + one + (count == 1 ? "" : "s");
}

std::string why(const reading& r) {
  auto text =
    std::to_string(r.read) + " of " + counted(r.size, "byte") + ", " + counted(r.messages.size(), "message");
  text += ", " + (r.fault_count() == 0 ? "no faults" : counted(r.fault_count(), "fault"));
  if (r.doubts != 0)
    text += ", " + counted(r.doubts, "doubt") + ": mandatory fields are missing, or an odd message type";
  return text;
}

const unread* first_fault(const reading& r) {
  for (const auto& m : r.messages)
    if (!m.faults.empty())
      return &m.faults.front();
  return r.faults.empty() ? nullptr : &r.faults.front();
}

json as_json(const fit& f) {
  const auto& r = f.read;
  json object{{"dialect", f.dialect},
              {"header", r.by.header.empty() ? json() : json(r.by.header)},
              {"lengthIncludeHeader", r.by.includes_header},
              {"fits", r.is_whole()},
              {"size", r.size},
              {"read", r.read},
              {"messages", r.messages.size()},
              {"doubts", r.doubts}};
  auto faults = json::array();
  const auto add = [&faults](const std::vector<unread>& some) {
    for (const auto& u : some)
      faults.push_back({{"offset", u.offset}, {"path", u.path}, {"reason", u.why}});
  };
  for (const auto& m : r.messages)
    add(m.faults);
  add(r.faults);
  object["faults"] = std::move(faults);
  return object;
}

}  // namespace

int detect(const arguments& a, streams io) {
  std::vector<std::pair<std::string, codec::dialect>> dialects;
  if (const auto why = read_dialects(a, dialects); !why.empty())
    return misused(io, why);
  const auto frames = read_frames(a);
  if (const auto* why = std::get_if<std::string>(&frames))
    return misused(io, *why);
  const auto given = read_bytes(a.words, a, io.in);
  if (const auto* why = std::get_if<std::string>(&given))
    return misused(io, *why);
  const auto& ways = std::get<std::vector<frame>>(frames);
  const auto all = fits_of(std::get<given_bytes>(given).bytes, dialects, ways);
  const bool found = !all.empty() && all.front().read.is_whole();
  if (a.has("json")) {
    auto list = json::array();
    for (const auto& f : all)
      list.push_back(as_json(f));
    io.out << json{{"fits", std::move(list)}}.dump(2, ' ', false, json::error_handler_t::replace) << "\n";
    return found ? 0 : exit_no;
  }
  if (all.empty())
    io.out << "no dialect reads anything of it: " << counted(dialects.size(), "dialect") << ", "
           << counted(ways.size(), "way") << " of framing\n";
  for (std::size_t i = 0; i < std::min(all.size(), shown_max); ++i) {
    const auto& r = all[i].read;
    io.out << (r.is_whole() ? "fits   " : "partly ") << printable(all[i].dialect) << ", " << r.by.name()
           << ": " << why(r);
    if (const auto* first = first_fault(r))
      io.out << "; the first: " << to_string(*first);
    io.out << "\n";
  }
  return found ? 0 : exit_no;
}

}  // namespace inspect
