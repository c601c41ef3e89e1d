// sq_chaos: disturbs the released gateway under load in every way that it knows, and audits the bank.
//
// Clients and the bank run in this process, on one thread; the gateway is a child process on one journal.
// During the run only what must never happen is checked; at the end each cent at the bank must be one that a
// client knows of, or one on the gateway's own list. Each scene is a process of its own, because some of them
// need namespaces.

#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "codec/dialect/dialect_file.hpp"
#include "config/dialects.hpp"
#include "tests/chaos/report.hpp"
#include "tests/chaos/scenes.hpp"

namespace {

constexpr int exit_failed = 1;   // the books do not agree, or the gateway did not do what it must
constexpr int exit_misused = 2;  // nothing could be tried

int misused(const std::string& why) {
  std::cerr << "sq_chaos: " << why << "\n";
  return exit_misused;
}

// Quotes an argument for a shell.
std::string quoted(const std::string& text) {
  std::string all = "'";
  for (const char c : text)
    all += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return all + "'";
}

void list(std::ostream& out) {
  for (const auto& e : chaos::scenes())
    out << "  " << std::left << std::setw(18) << e.name << e.what << "\n";
}

std::string prepare_directory(const std::string& asked) {
  auto directory = asked;
  if (directory.empty()) {
    directory = (std::filesystem::temp_directory_path() / "socketqueue-chaos-XXXXXX").string();
    return mkdtemp(directory.data()) == nullptr ? "" : directory;
  }
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  return error ? "" : directory;
}

int play_one(const chaos::options& o, const chaos::scene_entry& entry) {
  const auto dialect = codec::parse_dialect(config::built_in_dialect("smartvista"));
  if (!dialect)
    return misused("the built-in dialect: " + dialect.error());
  const auto directory = prepare_directory(o.directory);
  if (directory.empty())
    return misused("cannot make a directory, neither a temporary one nor " + o.directory);
  auto& out = o.json ? std::cerr : std::cout;
  out << entry.name << ": seed " << o.seed << ", in " << directory << std::endl;
  chaos::result r;
  std::optional<chaos::stage> stage;  // outlives the scene, whose sockets are on its loop
  const auto scene = entry.make();
  if (const auto why = scene->enter(directory); !why.empty()) {
    r.scene = entry.name;
    r.skipped = why;
  } else {
    stage.emplace(o, *dialect, directory);
    if (const auto wrong = stage->prepare(*scene); !wrong.empty())
      return misused(wrong);
    const auto usual = o.brief ? entry.brief : entry.usual;
    r = stage->play(*scene, o.seconds == 0 ? usual : std::chrono::seconds(o.seconds));
  }
  print(r, out);
  if (o.json)
    std::cout << as_json(r, o.seed) << std::endl;
  std::error_code error;
  if (!r.good())
    out << "The journal and the gateway's log are in " << directory << "\n";
  else if (o.directory.empty())
    std::filesystem::remove_all(directory, error);
  return r.good() ? 0 : exit_failed;
}

// The result that a scene's process prints at its end; null where it prints none.
nlohmann::ordered_json result_of(const chaos::options& o, const chaos::scene_entry& entry) {
  const auto program = std::filesystem::read_symlink("/proc/self/exe").string();
  auto command = quoted(program) + " --json --program=" + quoted(o.program) + " --scene=" + entry.name +
                 " --seed=" + std::to_string(o.seed);
  if (!o.directory.empty())
    command += " --directory=" + quoted(o.directory + "/" + entry.name);
  if (o.brief)
    command += " --brief";
  if (o.seconds != 0)
    command += " --seconds=" + std::to_string(o.seconds);
  std::string text;
  if (auto* pipe = popen(command.c_str(), "r")) {
    char buffer[65536];
    for (std::size_t size = 0; (size = fread(buffer, 1, sizeof buffer, pipe)) != 0;)
      text.append(buffer, size);
    pclose(pipe);
  }
  return nlohmann::ordered_json::parse(text, nullptr, false);
}

std::string summary_of(const nlohmann::ordered_json& r) {
  if (!r.is_object())
    return "FAILED: it said nothing";
  if (r.contains("skipped"))
    return "skipped: " + r["skipped"].get<std::string>();
  const auto count_of = [&r](const char* name) {
    return std::to_string(r[name].get<std::size_t>()) + " " + name;
  };
  auto text = count_of("purchases") + ", " + count_of("disturbances") + ", " + count_of("kills") + ": " +
              (r["good"].get<bool>() ? "good" : "WRONG");
  for (const auto& [kind, count] : r["wrong"].items())
    text += "\n      " + std::to_string(count.get<std::size_t>()) + " times: " + kind;
  for (const auto& [name, what] :
       {std::pair("lost_behind_proxy", "acknowledged by a proxy, and lost there"),
        std::pair("acknowledgement_lost", "read and reversed, for the acknowledgement was lost")})
    if (const auto count = r[name]["count"].get<std::size_t>(); count > 0)
      text += "\n      known limit, " + std::to_string(count) + " times: " + what;
  return text;
}

// Three at a time, because most of a scene is waiting.
int play_all(const chaos::options& o) {
  const auto entries = chaos::scenes();
  std::vector<nlohmann::ordered_json> results(entries.size());
  std::mutex next_is_mine;
  std::size_t next = 0;
  const auto work = [&] {
    for (;;) {
      std::size_t mine = 0;
      {
        const std::lock_guard lock(next_is_mine);
        mine = next++;
      }
      if (mine >= entries.size())
        return;
      results[mine] = result_of(o, entries[mine]);
    }
  };
  { std::jthread one(work), two(work), three(work); }
  auto& out = o.json ? std::cerr : std::cout;
  bool good = true;
  nlohmann::ordered_json scenes = nlohmann::ordered_json::array();
  out << "\n";
  for (std::size_t i = 0; i < entries.size(); ++i) {
    out << "  " << std::left << std::setw(18) << entries[i].name << summary_of(results[i]) << "\n";
    good = good && results[i].is_object() && results[i].value("good", false);
    scenes.push_back(std::move(results[i]));
  }
  out << "seed " << o.seed << ": " << (good ? "all is well" : "WRONG; try that scene alone, with this seed")
      << std::endl;
  if (o.json)
    std::cout << nlohmann::ordered_json{{"good", good}, {"seed", o.seed}, {"scenes", scenes}}.dump()
              << std::endl;
  return good ? 0 : exit_failed;
}

}  // namespace

int main(int argc, char** argv) {
  auto parsed = chaos::parse({argv + 1, static_cast<std::size_t>(argc - 1)});
  if (const auto* why = std::get_if<std::string>(&parsed))
    return misused(*why);
  const auto& o = std::get<chaos::options>(parsed);
  if (o.help || o.list) {
    if (o.help)
      std::cout << chaos::help_text() << "\nscenes:\n";
    list(std::cout);
    return 0;
  }
  if (access(o.program.c_str(), X_OK) != 0)
    return misused("there is no program " + o.program + "; build first");
  std::signal(SIGPIPE, SIG_IGN);
  if (o.scene.empty())
    return play_all(o);
  const auto* entry = chaos::find_scene(o.scene);
  return entry ? play_one(o, *entry) : misused("there is no scene '" + o.scene + "'; --list tells all");
}
