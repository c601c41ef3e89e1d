// Configurations of whole processes: checked before a start, and read again while they run.

#include <catch2/catch.hpp>

#include <sys/wait.h>

#include <boost/asio.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>

#include <nlohmann/json.hpp>

#include "codec/pack.hpp"
#include "config/dialects.hpp"
#include "tests/store/directory.hpp"
#include "tests/support/dialects.hpp"
#include "tests/support/hand_host.hpp"
#include "tests/support/program.hpp"

using Catch::Contains;
using support::free_port;
using support::hand_host;
using support::program;
using tcp = boost::asio::ip::tcp;

namespace {

struct ended {
  int status;
  std::string text;  ///< of standard output and error
};

ended run(const std::vector<std::string>& arguments) {
  program p(arguments);
  const int status = p.wait();
  return {status, p.output()};
}

// The status and output of a line of a shell, in which $S is the program.
ended shell(const std::string& line) {
  std::string text;
  FILE* pipe = popen(("exec 2>&1; S='" PROGRAM "'; " + line).c_str(), "r");
  REQUIRE(pipe);
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe))
    text += static_cast<char>(c);
  return {WEXITSTATUS(pclose(pipe)), text};
}

std::string number(std::uint16_t port) { return std::to_string(port); }

std::vector<std::string> names_in(const std::string& directory) {
  std::vector<std::string> all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory))
    all.push_back(entry.path().string());
  std::ranges::sort(all);
  return all;
}

// A gateway whose options stand in a file, and its host, which is a hand.
struct configured {
  configured() { write(""); }

  void write(const std::string& more) const {
    test::write(file, "{\"upstreamHost\": \"127.0.0.1\", \"upstreamPort\": " + host.port() +
                        ", \"listenPort\": " + number(clients) + ", \"journal\": \"" + journal + "\"" +
                        (more.empty() ? "" : ",\n" + more) + "}");
  }

  std::vector<std::string> arguments() const { return {"-c", file, "--v"}; }

  test::directory home;
  hand_host host;
  std::uint16_t clients = free_port();
  std::string file = home / "gateway.json", journal = home / "journal";
};

}  // namespace

TEST_CASE("check of a configuration that is in order says so, and changes, makes and contacts nothing") {
  const configured c;
  const auto before = names_in(c.home.path());
  const auto [status, text] = run({"-c", c.file, "--check", "--logFile=" + (c.home / "log"),
                                   "--pidFile=" + (c.home / "pid"), "--statDumpFile=" + (c.home / "stat")});
  CHECK(status == 0);
  CHECK_THAT(text, Contains("is in order"));
  CHECK(names_in(c.home.path()) == before);
}

TEST_CASE("check tells all faults at once, a line each, and as JSON") {
  const test::directory home;
  boost::asio::io_context io;
  const tcp::acceptor taken(io, tcp::endpoint(tcp::v6(), 0));
  const auto port = number(taken.local_endpoint().port());
  const std::vector<std::string> wrong{"--upstreamHost=127.0.0.1",
                                       "--upstreamPort=1",
                                       "--listenPort=" + port,
                                       "--adminPort=" + number(free_port()),
                                       "--adminTokenFile=" + (home / "no-token"),
                                       "--alarmUrl=https://127.0.0.1/",
                                       "--alarmSecretFile=" + (home / "no-secret"),
                                       "--logFile=" + (home / "no-folder/log"),
                                       "--pidFile=" + home.path(),
                                       "--journal=/dev/null/journal",
                                       "--check"};
  const auto [status, text] = run(wrong);
  CHECK(status == 2);
  for (const auto* says : {"adminTokenFile: ", "alarmSecretFile ", "cannot write the logFile", "pidFile",
                           "journal: cannot look at /dev/null/journal", "Address already in use"})
    CHECK_THAT(text, Contains(says));
  CHECK_THAT(text, Contains("listenPort: cannot listen on port " + port));
  CHECK(std::ranges::count(text, '\n') >= 6);

  auto as_json = wrong;
  as_json.emplace_back("--json");
  const auto json = run(as_json);
  CHECK(json.status == 2);
  CHECK_THAT(json.text, Contains("\"ok\": false") && Contains("listenPort: cannot listen on port " + port));
  CHECK(run({"--check", "--echoServerPort=1", "--queueTimeout=0", "--maxQueue=0"}).text ==
        "socketqueue: queueTimeout must be seconds, 0.1 to 86400, not '0'\n"
        "socketqueue: maxQueue must be a whole number, 1 to 1000000, not '0'\n");
}

TEST_CASE("check sees a journal that another process uses, and one that is none") {
  configured c;
  {
    program gateway(c.arguments());
    c.host.accept();
    REQUIRE(gateway.says("Connected to upstream"));
    const auto [status, text] = run({"-c", c.file, "--check"});
    CHECK(status == 2);
    CHECK_THAT(text, Contains("uses the journal in " + c.journal));
    gateway.signal(SIGTERM);
    CHECK(gateway.wait() == 0);
  }
  CHECK(run({"-c", c.file, "--check"}).status == 0);
  std::filesystem::remove(c.journal + "/journal.key");
  CHECK_THAT(run({"-c", c.file, "--check"}).text, Contains("journalKeyFile: the sealing key"));
  test::write(c.journal + "/journal.db", "not a database at all");
  CHECK_THAT(run({"-c", c.file, "--check"}).text, Contains("is not the database of a journal"));
}

TEST_CASE("check sees what a start says of a journal, copied or without its database, and changes nothing") {
  configured c;
  const bool is_killed = GENERATE(false, true);
  {
    program gateway(c.arguments());
    c.host.accept();
    REQUIRE(gateway.says("Connected to upstream"));
    gateway.signal(is_killed ? SIGKILL : SIGTERM);
    gateway.wait();
  }
  CHECK(run({"-c", c.file, "--check"}).status == 0);
  const auto copy = c.home / "copy?#%";
  std::filesystem::remove(c.journal + "/control");  // a socket, which nobody can copy
  std::filesystem::copy(c.journal, copy);
  const auto before = names_in(copy);
  const auto [status, text] = run({"-c", c.file, "--journal=" + copy, "--check"});
  CHECK(status == 2);
  CHECK_THAT(text, Contains("was copied or restored"));
  CHECK(run({"-c", c.file, "--journal=" + copy, "--check", "--journalAdopt"}).status == 0);
  CHECK(names_in(copy) == before);
  test::write(c.journal + "/journal.db-wal", "left");
  std::filesystem::remove(c.journal + "/journal.db");
  const auto lost = run({"-c", c.file, "--check"});
  CHECK(lost.status == 2);
  CHECK_THAT(lost.text, Contains("has lost its file journal.db"));
}

TEST_CASE("a fault of one source or part hides none of another, and the same fault is told once") {
  const test::directory home;
  const std::vector<std::string> good{"--upstreamHost=127.0.0.1", "--upstreamPort=1", "--check",
                                      "--journal=" + (home / "journal")};
  const auto checked = [&](std::vector<std::string> more) {
    more.insert(more.end(), good.begin(), good.end());
    return run(more).text;
  };
  const auto log = "--logFile=" + (home / "no-folder/log"), token = "--adminTokenFile=" + (home / "no-token");
  const auto port = "--listenPort=" + number(free_port());
  CHECK_THAT(checked({port, "--hostConfig=smartvsta", log, token}),
             Contains("smartvsta") && Contains("cannot write the logFile") && Contains("adminTokenFile: "));
  CHECK_THAT(checked({port, "--logstashPort=99", "--hostConfig=smartvsta", log}),
             Contains("logstashHost is missing") && Contains("smartvsta") && Contains("the logFile"));
  const auto file = home / "gateway.json";
  test::write(file, "{\"listenPort\": 70000, \"hostConfig\": \"smartvsta\", \"logFile\": \"" +
                      (home / "no-folder/log") + "\"}");
  CHECK_THAT(checked({"-c", file, "--maxQueue=0"}), Contains("maxQueue must be") &&
                                                      Contains("listenPort must be a port") &&
                                                      Contains("smartvsta") && Contains("the logFile"));
  const auto frames = checked({port, "--headerFormat=bin3"});
  CHECK(std::ranges::count(frames, '\n') == 1);
  CHECK(checked({port, "--alarmUrl=https://127.0.0.1/"}) ==
        "socketqueue: alarmUrl and alarmSecretFile belong together; alarmSecretFile is missing\n");
}

TEST_CASE("check warns of a journal in memory") {
  if (!std::filesystem::is_directory("/dev/shm"))
    return;
  const auto [status, text] = run({"--upstreamHost=127.0.0.1", "--upstreamPort=1", "--check",
                                   "--listenPort=" + number(free_port()), "--journal=/dev/shm/no/journal"});
  CHECK_THAT(text, Contains("warning: journal: /dev/shm/no/journal is in memory"));
}

TEST_CASE(
  "a journal or testControl whose socket's path would be too long is refused by check and by a start, "
  "which has made no journal") {
  configured c;
  const auto journal = c.home / std::string(108, 'x');
  for (const bool is_check : {true, false}) {
    auto arguments = c.arguments();
    arguments.push_back("--journal=" + journal);
    if (is_check)
      arguments.emplace_back("--check");
    const auto [status, text] = run(arguments);
    CHECK(status == 2);
    CHECK_THAT(text, Contains("socketqueue: journal: the path of a local socket may have 107 bytes") &&
                       Contains(journal + "/control"));
  }
  CHECK_FALSE(std::filesystem::exists(journal));
  CHECK_THAT(run({"--echoServerPort=" + number(free_port()), "--testControl=" + journal, "--check"}).text,
             Contains("socketqueue: testControl: the path of a local socket may have 107 bytes"));
}

TEST_CASE("a start that is refused for its admin port has opened no other port and made no journal") {
  configured c;
  boost::asio::io_context io;
  const tcp::acceptor taken(io, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
  c.write("\"adminPort\": " + number(taken.local_endpoint().port()));
  const auto [status, text] = run(c.arguments());
  CHECK(status == 2);
  CHECK_THAT(text, Contains("adminPort: cannot listen"));
  CHECK_FALSE(std::filesystem::exists(c.journal));
}

TEST_CASE("the environment configures a process, and the journal's directory also its commands") {
  const test::directory home;
  const auto journal = home / "journal";
  const auto [status, text] = shell("SOCKETQUEUE_ECHO_SERVER_PORT=" + number(free_port()) + " $S --check");
  CHECK(status == 0);
  CHECK(shell("SOCKETQUEUE_ECHO_SERVER_PORTS=1 $S --check").status == 2);
  CHECK_THAT(shell("SOCKETQUEUE_JOURNAL=" + journal + " $S pending").text, Contains(journal));
}

TEST_CASE("reload changes what can change, names what needs a restart, and refuses what is wrong") {
  configured c;
  program gateway(c.arguments());
  c.host.accept();
  REQUIRE(gateway.says("Connected to upstream"));
  const std::vector<std::string> reload{"reload", "--journal=" + c.journal};
  CHECK(run(reload).text == "Nothing has changed.\n");

  c.write(R"("queueTimeout": 0.5, "maxQueue": 7, "clientKeepOpen": true)");
  const auto [status, text] = run(reload);
  CHECK(status == 0);
  CHECK_THAT(text, Contains("changed: queueTimeout is 0.5 now\n") &&
                     Contains("changed: maxQueue is 7 now\n") &&
                     Contains("not changed: clientKeepOpen is true now, which needs a restart\n"));
  // The host does not answer: the new time is over long before the old one of 35 s.
  const auto begun = std::chrono::steady_clock::now();
  CHECK(support::ask_port(c.clients, *codec::pack(support::echo(), support::smart_vista())).empty());
  CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(20));
  REQUIRE(gateway.says("Reload: maxQueue is 7 now"));

  c.write(R"("queueTimeout": "soon", "hostConfig": "smartVista")");
  const auto wrong = run(reload);
  CHECK(wrong.status == 1);
  CHECK_THAT(wrong.text, Contains("The configuration stays as it is: ") &&
                           Contains("line 2, column 1: queueTimeout must be seconds"));
  gateway.signal(SIGHUP);
  REQUIRE(gateway.says("The configuration stays as it is: ", 2));

  gateway.signal(SIGTERM);
  CHECK(gateway.wait() == 0);
  CHECK(run(reload).status == 2);
}

TEST_CASE("reload names each link that is new, is another one, or is not given any more") {
  const test::directory home;
  hand_host host;
  const auto link = [&host](const std::string& name, const std::string& address,
                            const std::string& more = "") {
    return R"({"name": ")" + name + R"(", "upstreamHost": ")" + address + R"(", "upstreamPort": )" +
           host.port() + more + "}";
  };
  const auto write = [&home](const std::string& links) {
    test::write(home / "config.json", R"({"upstreams": [)" + links + "]}");
  };
  write(link("a", "127.0.0.1") + ", " + link("b", "127.0.0.1") + ", " + link("c", "127.0.0.1"));
  program gateway({"-c", home / "config.json", "--journal=" + (home / "journal"),
                   "--listenPort=" + number(free_port()), "--silent"});
  host.accept();
  write(link("a", "localhost") + ", " + link("b", "127.0.0.1", R"(, "echoInterval": 7)") + ", " +
        link("d", "127.0.0.1"));
  CHECK(run({"reload", "--journal=" + (home / "journal")}).text ==
        "changed: the link 'a' has another address, and is dialed anew\n"
        "changed: the link 'b' has other options, and is dialed anew\n"
        "changed: the link 'd' is new, and is dialed\n"
        "changed: the link 'c' is not given any more, and ends behind its last response\n"
        "changed: groups have other links now\n");
}

TEST_CASE("an alarmUrl that is new needs a restart, and reload does not tell it as changed too") {
  const test::directory home;
  test::write(home / "secret", "a secret of some length");
  const auto new_url =
    "\"alarmUrl\": \"https://127.0.0.1:1/\", \"alarmSecretFile\": \"" + (home / "secret") + "\"";
  for (const std::string before : {"", "\"alarmCommand\": \"/bin/true\""}) {
    configured c;
    c.write(before);
    program gateway(c.arguments());
    c.host.accept();
    REQUIRE(gateway.says("Connected to upstream"));
    c.write(before + (before.empty() ? "" : ", ") + new_url);
    CHECK(run({"reload", "--journal=" + c.journal}).text ==
          "not changed: alarmCommand or alarmUrl is given now, or not any more, which needs a restart\n");
  }
}

TEST_CASE("TERM ends the process after drainTimeout, and the journal has what was under way") {
  configured c;
  c.write("\"drainTimeout\": 0.5");
  {
    program gateway(c.arguments());
    c.host.accept();
    REQUIRE(gateway.says("Connected to upstream"));
    boost::asio::io_context io;
    tcp::socket client(io);
    client.connect({boost::asio::ip::address_v4::loopback(), c.clients});
    boost::asio::write(
      client, boost::asio::buffer(*codec::pack(support::purchase_now("00000777", "000001", "000000000001"),
                                               support::smart_vista())));
    c.host.read();
    gateway.signal(SIGTERM);
    REQUIRE(gateway.says("Not all has ended within drainTimeout: 1 transactions under way"));
    CHECK(gateway.wait() == 0);
  }
  program next(c.arguments());
  c.host.accept();
  CHECK(c.host.read().mti() == "0400");
}

TEST_CASE("the manual page passes groff without a warning") {
  if (shell("command -v groff").status != 0)
    return;
  const auto [status, text] = shell("$S man | groff -ww -man -Tutf8 2>&1 >/dev/null");
  CHECK(text == "");
}

TEST_CASE("the completion of bash completes names, values and commands") {
  const auto completes = [](const std::string& words, int at) {
    return shell("bash -c \"source <($S completion bash); COMP_WORDS=(" + words + "); COMP_CWORD=" +
                 std::to_string(at) + "; compopt() { :; }; _socketqueue; echo \\${COMPREPLY[@]}\"")
      .text;
  };
  CHECK(completes("socketqueue --upstreamH", 1) == "--upstreamHost=\n");
  CHECK(completes("socketqueue --stanScope = d", 3) == "day\n");
  CHECK(completes("socketqueue pend", 1) == "pending\n");
}

TEST_CASE("setFields of a link whose messages go on as they are is refused, and named") {
  const test::directory home;
  const auto file = home / "gateway.json";
  const auto fault_where = [&](const std::string& dialect) {
    test::write(file, R"({"listenPort": )" + number(free_port()) + R"(, "journal": "none", "upstreams": [
      {"name": "main", "upstreamHost": "127.0.0.1", "upstreamPort": 1},
      {"name": "backup", "upstreamHost": "127.0.0.1", "upstreamPort": 2)" +
                        dialect + R"(, "setFields": {"24": "100"}}]})");
    return run({"-c", file, "--check"});
  };
  const auto same = fault_where("");
  CHECK(same.status == 2);
  CHECK_THAT(same.text, Contains("upstreams[1].setFields: this link speaks the clients' dialect"));
  CHECK(fault_where(R"(, "hostConfig": "iso87-ascii")").status == 0);
}

TEST_CASE("where a link cannot express the clients' purchase the advice is one that works") {
  const test::directory home;
  const auto file = home / "gateway.json", clients = home / "clients.json";
  // A field that smartVista does not have.
  auto dialect = nlohmann::json::parse(config::built_in_dialect("iso87-ascii"));
  dialect["examples"]["purchase"]["fields"]["48"] = "INVOICE";
  test::write(clients, dialect.dump());
  const auto checked = [&](const std::string& more) {
    test::write(file, R"({"listenPort": )" + number(free_port()) + R"(, "journal": "none", "hostConfig": ")" +
                        clients + R"(", "upstreams": [{"name": "main", "upstreamHost": "127.0.0.1",
                        "upstreamPort": 1, "hostConfig": "smartVista")" +
                        more + "}]}");
    return run({"-c", file, "--check"});
  };
  const auto absent = checked("");
  CHECK(absent.status == 2);
  INFO(absent.text);
  CHECK_THAT(absent.text, Contains("field 48: the dialect has no such field (Additional Data, Private); "
                                   "'smartVista' has no such field, which setFields cannot give it"));
  CHECK_THAT(absent.text, Contains("add it to a copy of the dialect's file, or by overrides") &&
                            Contains("take it out of `examples` of 'iso87-ascii'"));
  const auto set_all_the_same = checked(R"(, "setFields": {"48": "1"})");
  CHECK(set_all_the_same.status == 2);
  CHECK_THAT(set_all_the_same.text,
             Contains("upstreams[0].setFields.48: this link's dialect 'smartVista' has no "
                      "such field, so nothing would be set"));
  CHECK(checked(R"(, "overrides": "48:ll-an:999")").status == 0);
  // One that it has, and purchases do not.
  dialect["examples"]["purchase"]["fields"].erase("48");
  dialect["examples"]["purchase"]["fields"].erase("25");
  test::write(clients, dialect.dump());
  CHECK_THAT(checked("").text, Contains("field 25: mandatory, but absent") && Contains("by setFields"));
  CHECK(checked(R"(, "setFields": {"25": "00"})").status == 0);
}

TEST_CASE("setFields that make all purchases alike at the host are refused, and named") {
  const test::directory home;
  const auto file = home / "gateway.json";
  const auto checked = [&](const std::string& fields, const std::string& more = "") {
    test::write(file, R"({"listenPort": )" + number(free_port()) + R"(, "journal": "none", "upstreams": [
      {"name": "main", "upstreamHost": "127.0.0.1", "upstreamPort": 1, "hostConfig": "iso87-ascii",
       "setFields": {)" +
                        fields + "}}]" + more + "}");
    return run({"-c", file, "--check"});
  };
  for (const auto& [field, value] : {std::pair("11", "000001"), std::pair("4", "000000001000"),
                                     std::pair("12", "120000"), std::pair("41", "HOST0001")}) {
    const auto r = checked(R"("24": "100", ")" + std::string(field) + R"(": ")" + value + '"');
    INFO(r.text);
    CHECK(r.status == 2);
    CHECK_THAT(r.text, Contains("upstreams[0].setFields." + std::string(field) + ": all purchases"));
  }
  CHECK(checked(R"("41": "HOST0001")", R"(, "restampStan": true)").status == 0);
  CHECK(checked(R"("41": "{41}")").status == 0);
  CHECK(checked(R"("12": "{now:hhmmss}")").status == 0);
  CHECK(checked(R"("42": "SHOP")").status == 0);
}
