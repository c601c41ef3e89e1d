#include <catch2/catch.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "config/load.hpp"

using Catch::Contains;
using namespace std::chrono_literals;

namespace {

std::variant<config::settings, std::string> load(std::vector<const char*> arguments) {
  return config::load(arguments);
}

config::settings good(std::vector<const char*> arguments) {
  const auto loaded = load(std::move(arguments));
  if (const auto* why = std::get_if<std::string>(&loaded))
    FAIL(*why);
  return std::get<config::settings>(loaded);
}

std::string bad(std::vector<const char*> arguments) {
  const auto loaded = load(std::move(arguments));
  return std::holds_alternative<std::string>(loaded) ? std::get<std::string>(loaded) : "";
}

// A configuration file that is gone at the end of the test.
class config_file {
public:
  explicit config_file(const std::string& text)
    : path_("/tmp/socketqueue-load-test-" + std::to_string(getpid()) + ".json") {
    std::ofstream(path_) << text;
  }
  ~config_file() { std::remove(path_.c_str()); }
  config_file(const config_file&) = delete;
  config_file& operator=(const config_file&) = delete;
  const char* path() const { return path_.c_str(); }

private:
  std::string path_;
};

}  // namespace

TEST_CASE("options come as --name=value and as --name value, flags alone or with a value") {
  const auto s =
    good({"--upstreamHost=10.0.0.1", "--upstreamPort", "5000", "--listenPort=2014", "--vv",
          "--useHeader=false", "--silent", "true", "--queueTimeout=0.5", "--queueMessageKeyFields=11,41,42"});
  CHECK(s.upstreams.front().host == "10.0.0.1");
  CHECK(s.upstreams.front().port == 5000);
  CHECK(s.raw_listeners.front().port == 2014);
  CHECK(s.log.verbose);
  CHECK_FALSE(s.log.info);
  CHECK_FALSE(s.upstreams.front().frame.is_used);
  CHECK(s.log.silent);
  CHECK(s.queue.timeout == 500ms);
  CHECK(s.upstreams.front().dialect.key_fields == std::vector{11, 41, 42});
}

TEST_CASE("the old spellings of a dialect choose it") {
  CHECK(good({"--openWay", "--echoServerPort=5000"}).upstreams.front().dialect.name == "openWay");
  CHECK(good({"--smartVista", "--echoServerPort=5000"}).upstreams.front().dialect.name == "smartVista");
}

TEST_CASE("defaults are the old program's") {
  const auto s = config::defaults();
  CHECK(s.upstreams.front().dialect.name == "smartVista");
  CHECK(s.queue.messages_max == 100);
  CHECK(s.queue.lock_terminal);
  CHECK(s.queue.timeout == 35s);
  CHECK(s.queue.short_timeout == 5s);
  CHECK(s.upstreams.front().dialect.key_fields.empty());
  CHECK(s.upstreams.front().frame.is_used);
  CHECK(s.upstreams.front().frame.format.empty());
  CHECK_FALSE(s.upstreams.front().frame.length_includes_header);
  CHECK(s.upstreams.front().liveness.silence_max == 0ms);
  CHECK(s.raw_listeners.front().idle_max == 0ms);
}

TEST_CASE("the file has the same names, and the command line the last word") {
  const config_file file(
    R"({"upstreamHost": "10.0.0.1", "upstreamPort": 5000, "listenPort": 2014, "vv": true, "queueTimeout": 1.5,
                             "queueMessageKeyFields": [11, 41]})");
  const auto s = good({"--upstreamHost=10.0.0.2", "-c", file.path()});
  CHECK(s.upstreams.front().host == "10.0.0.2");
  CHECK(s.upstreams.front().port == 5000);
  CHECK(s.raw_listeners.front().port == 2014);
  CHECK(s.log.verbose);
  CHECK(s.queue.timeout == 1500ms);
  CHECK(good({"--c", file.path(), "--v"}).log.info);
}

TEST_CASE("wrong input gets a sentence that says what, where and what to do") {
  CHECK_THAT(bad({"--upstremHost=x"}), Contains("upstremHost") && Contains("did you mean 'upstreamHost'"));
  CHECK_THAT(bad({"--LISTENPORT=1"}), Contains("did you mean 'listenPort'"));
  CHECK_THAT(bad({"--echoServerPort=1", "--logstashHost=x"}), Contains("logstashPort is missing"));
  CHECK_THAT(bad({"--echoServerPort=1", "--logstashPort=1"}), Contains("logstashHost is missing"));
  CHECK_THAT(bad({"--echoServerPort=1", "--logFormat=xml"}),
             Contains("logFormat must be one of text, json, not 'xml'"));
  CHECK_THAT(bad({"--xyzzy"}), Contains("xyzzy") && Contains("--help"));
  CHECK_THAT(bad({"listenPort=1"}), Contains("expected an option"));
  CHECK_THAT(bad({"--listenPort=70000"}),
             Contains("listenPort") && Contains("1 to 65535") && Contains("70000"));
  CHECK_THAT(bad({"--listenPort"}), Contains("listenPort needs a value"));
  CHECK_THAT(bad({"--vv=maybe"}), Contains("vv must be true or false"));
  CHECK_THAT(bad({"--maxQueue=-1"}), Contains("maxQueue"));
  for (const auto* needed : {"--queueTimeout=0", "--queueShortTimeout=0", "--echoTimeout=0"})
    CHECK_THAT(bad({"--echoServerPort=1", needed}), Contains(" must be seconds, 0.1 to 86400, not '0'"));
  CHECK(bad({"--echoServerPort=1", "--echoInterval=0.001"}) ==
        "echoInterval must be seconds, 1 to 86400, or 0, not '0.001'");
  CHECK(bad({"--echoServerPort=1", "--echoInterval=0", "--upstreamTimeout=0"}).empty());
  CHECK_THAT(bad({"--queueMessageKeyFields=11,x"}), Contains("field numbers"));
  CHECK_THAT(bad({"-c", "/no/such/file.json"}),
             Contains("/no/such/file.json") && Contains("cannot be read: No such file or directory"));
}

TEST_CASE("an option whose value was forgotten does not take the next option for it") {
  CHECK(bad({"--journal", "--vv"}) ==
        "journal needs a value, and '--vv' is an option: --journal=path; a value that begins so is written "
        "--journal=--vv");
  CHECK_THAT(bad({"--logFile", "-v"}), Contains("logFile needs a value, and '-v' is an option"));
  CHECK_THAT(bad({"-c", "--vv"}), Contains("c needs a value, and '--vv' is an option"));
  CHECK_THAT(bad({"--upstreamHost", "--"}), Contains("upstreamHost needs a value"));
  CHECK(good({"--echoServerPort=1", "--journal=--vv"}).journal.directory == "--vv");
  CHECK(good({"--echoServerPort=1", "--logFile", "-"}).log.file == "-");
}

TEST_CASE("of an option that is given twice on the command line the last value counts") {
  const auto s = good({"--echoServerPort=1", "--queueTimeout=1", "--vv", "--queueTimeout=2", "--vv=false"});
  CHECK(s.queue.timeout == 2s);
  CHECK_FALSE(s.log.verbose);
}

TEST_CASE("an option that stands twice in the file is refused, for nobody knows which value is meant") {
  const config_file twice(R"({"echoServerPort": 1, "journal": "a", "vv": true, "journal": "b"})");
  CHECK_THAT(bad({"-c", twice.path()}), Contains(twice.path()) && Contains("'journal' stands there twice"));
}

TEST_CASE("a time without its unit is refused with what to write, and a number of the file too") {
  CHECK(
    bad({"--echoServerPort=1", "--unconfirmedAge=24"}) ==
    "unconfirmedAge must be a time with its unit, as 90s, 15min, 24h or 2d, or 0; at least 1 min, not '24'");
  const config_file number(R"({"echoServerPort": 1, "unconfirmedAge": 24})");
  CHECK_THAT(bad({"-c", number.path()}), Contains("with its unit, as 90s, 15min, 24h or 2d"));
  CHECK(good({"--echoServerPort=1", "--unconfirmedAge=0"}).delivery.unconfirmed_age == 0s);
  CHECK(good({"--echoServerPort=1", "--queueTimeout=35"}).queue.timeout == 35s);
}

TEST_CASE("a journal that is almost called none is asked about and not made") {
  for (const auto* almost : {"--journal=None", "--journal=NONE"})
    CHECK_THAT(bad({"--echoServerPort=1", almost}),
               Contains("--journal=none for no journal") && Contains("--journal=./N"));
  CHECK(good({"--echoServerPort=1", "--journal=./None"}).journal.directory == "./None");
  CHECK_FALSE(good({"--echoServerPort=1", "--journal=none"}).journal.is_kept());
}

TEST_CASE("an option's old name is refused with its new one") {
  CHECK(bad({"--clientContract=tcp"}) == "the option 'clientContract' is called 'clientDelivery' now");
  CHECK(bad({"--httpContract=tcp"}) == "the option 'httpContract' is called 'httpDelivery' now");
}

TEST_CASE("a wrong file is named in the sentence") {
  const config_file array("[]");
  CHECK_THAT(bad({"-c", array.path()}), Contains(array.path()) && Contains("expected a JSON object"));
}

TEST_CASE("an unknown or mistyped key of the file is refused") {
  const config_file unknown(R"({"listenPrt": 1})");
  CHECK_THAT(bad({"-c", unknown.path()}), Contains(unknown.path()) && Contains("did you mean 'listenPort'"));
}

TEST_CASE("a key of the file with a value that cannot be is refused") {
  const config_file wrong(R"({"listenPort": {"a": 1}})");
  CHECK_THAT(bad({"-c", wrong.path()}), Contains("listenPort"));
}

TEST_CASE("options that need each other are asked for") {
  CHECK_THAT(bad({}), Contains("nothing to do") && Contains("echoServerPort"));
  CHECK_THAT(bad({"--upstreamHost=x", "--listenPort=1"}), Contains("upstreamPort is missing"));
  CHECK_THAT(bad({"--upstreamHost=x", "--upstreamPort=1"}), Contains("listenPort"));
  CHECK_THAT(bad({"--listenPort=1"}), Contains("needs a host"));
  CHECK_THAT(bad({"--testClients=1"}), Contains("testTargetHost"));
  CHECK_THAT(bad({"--upstreamHost=x", "--upstreamPort=1", "--upstreamListenPort=2", "--listenPort=1"}),
             Contains("not both"));
  CHECK(bad({"--echoServerPort=5000"}).empty());
  CHECK(bad({"--upstreamListenPort=5000", "--upstreamAllow=10.0.0.1", "--listenPort=2014"}).empty());
  CHECK_THAT(bad({"--upstreamListenPort=5000", "--listenPort=2014"}), Contains("needs upstreamAllow"));
  CHECK_THAT(bad({"--upstreamHost=x", "--upstreamPort=1", "--upstreamAllow=10.0.0.1", "--listenPort=2014"}),
             Contains("belongs to upstreamListenPort"));
  CHECK_THAT(bad({"--echoServerPort=1", "--clientHostRequests"}), Contains("needs clientKeepOpen"));
  CHECK(bad({"--echoServerPort=1", "--clientHostRequests", "--clientKeepOpen"}).empty());
  CHECK_THAT(bad({"--echoServerPort=1", "--hostRequestUrl=https://a/"}),
             Contains("hostRequestSecretFile is missing"));
  CHECK_THAT(bad({"--echoServerPort=1", "--hostRequestSecretFile=a"}), Contains("hostRequestUrl is missing"));
  CHECK_THAT(bad({"--echoServerPort=1", "--alarmUrl=https://a/"}), Contains("alarmSecretFile is missing"));
  CHECK_THAT(bad({"--echoServerPort=1", "--alarmSecretFile=a"}), Contains("alarmUrl is missing"));
  CHECK_THAT(bad({"--echoServerPort=1", "--alarmCommand=/bin/true"}),
             Contains("alarmCommand belongs to a gateway"));
  CHECK(bad({"--help"}).empty());
}

TEST_CASE("whatever is no file of options gets a sentence, and is not waited for") {
  const auto pipe = "/tmp/socketqueue-load-test-" + std::to_string(getpid()) + ".pipe";
  REQUIRE(::mkfifo(pipe.c_str(), S_IRUSR | S_IWUSR) == 0);
  CHECK_THAT(bad({"-c", pipe.c_str()}), Contains(pipe) && Contains("is a pipe or a device"));
  std::remove(pipe.c_str());
  CHECK_THAT(bad({"-c", "/tmp"}), Contains("/tmp: this configuration file is a directory"));
  CHECK_THAT(bad({"-c", "/dev/zero"}), Contains("is a pipe or a device"));
  if (geteuid() != 0)
    CHECK_THAT(bad({"-c", "/etc/shadow"}), Contains("cannot be read: Permission denied"));
  const auto said_of = [](const std::string& text) {
    const config_file file(text);
    const auto why = bad({"-c", file.path()});
    CHECK_THAT(why, Contains(file.path()));
    CHECK(why.find('\n') == std::string::npos);
    CHECK(why.size() < 300);
    return why;
  };
  const std::string deep(100000, '['), end(100000, ']');
  CHECK_THAT(said_of(""), Contains("is not JSON"));
  CHECK_THAT(said_of(std::string("\0\x01\xff\xfe", 4)), Contains("is not JSON"));
  CHECK_THAT(said_of(deep + end), Contains("has more than 64 brackets within each other"));
  CHECK_THAT(said_of("{\"queueMessageKeyFields\":" + deep + end + "}"),
             Contains("has more than 64 brackets within each other"));
  CHECK_THAT(said_of("{\"queueMessageKeyFields\":[[11]]}"),
             Contains("must be field numbers, 2 to 192, separated by commas, not a list with lists"));
  CHECK_THAT(said_of(std::string(2000000, ' ') + "{}"), Contains("longer than a megabyte"));
  CHECK_THAT(said_of("{\"a\\u009b2Jb\": 1}"), Contains("there is no option 'a?2Jb'"));
  CHECK_THAT(said_of("{\"a\\nb" + std::string(5000, 'x') + "\":1}"), Contains("there is no option 'a?bx"));
  CHECK_THAT(said_of("{\"listenPort\":\"" + std::string(5000, '1') + "\"}"),
             Contains("listenPort must be a port"));
  const config_file brackets(
    "{\"logFile\":\"[[[[[[[\\\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\", "
    "\"echoServerPort\": 5}");
  CHECK(good({"-c", brackets.path()}).bank.port == 5);
}

TEST_CASE("an option with one of a few words is refused with all of them") {
  const char* const all[][2]{
    {"onClientGone", "wait_reply, immediate"}, {"clientDelivery", "tcp, idempotent, confirm"},
    {"hostRequestCards", "masked, full"},      {"httpDelivery", "tcp, idempotent, confirm"},
    {"unknownFields", "forward, refuse"},      {"stanScope", "second, day"},
    {"unconfirmed", "keep, reverse"}};
  for (const auto& [name, words] : all) {
    const auto given = "--" + std::string(name) + "=banana";
    CHECK(bad({"--echoServerPort=1", given.c_str()}) ==
          std::string(name) + " must be one of " + words + ", not 'banana'");
    const auto empty = "--" + std::string(name) + "=";
    CHECK(bad({"--echoServerPort=1", empty.c_str()}) == std::string(name) + " must not be empty");
  }
  const auto s = good({"--echoServerPort=1", "--onClientGone=immediate", "--clientDelivery=idempotent",
                       "--httpDelivery=confirm", "--stanScope=day", "--unconfirmed=reverse"});
  CHECK(s.delivery.on_client_gone == config::client_gone::immediate);
  CHECK(s.delivery.raw == config::raw_delivery::idempotent);
  CHECK(s.delivery.http == config::http_delivery::confirm);
  CHECK(s.queue.scope == config::stan_scope::day);
  CHECK(s.delivery.of_unconfirmed == config::unconfirmed::reverse);
}

TEST_CASE("an option reaches everything that it is for, and nothing else") {
  const auto s =
    good({"--echoServerPort=1", "--hostConfig=iso87-bcd", "--overrides=39:an:2", "--queueMessageKeyFields=11",
          "--headerFormat=bin2", "--useHeader=false", "--clientHeaderFormat=ascii4", "--clientTimeout=3",
          "--unknownFields=refuse", "--networkConfig=bank.json", "--exchangeConfig=host.json"});
  const config::dialect_settings dialect{"iso87-bcd", "39:an:2", {11}, "bank.json", "host.json"};
  const auto& host = s.upstreams.front();
  const auto& raw = s.raw_listeners.front();
  const auto& http = s.http_listeners.front();
  for (const auto* d : {&host.dialect, &raw.dialect, &http.dialect, &s.bank.dialect, &s.test_clients.dialect})
    CHECK(*d == dialect);
  for (const auto* f : {&host.frame, &s.bank.frame}) {
    CHECK(f->format == "bin2");
    CHECK_FALSE(f->is_used);
  }
  for (const auto* f : {&raw.frame, &s.test_clients.frame}) {
    CHECK(f->format == "ascii4");
    CHECK(f->is_used);
  }
  CHECK(raw.idle_max == 3s);
  CHECK(http.idle_max == 3s);
  CHECK(host.liveness.silence_max == 0s);
  CHECK(host.on_unknown == config::unknown_fields::refuse);
  CHECK(raw.on_unknown == config::unknown_fields::refuse);
}

TEST_CASE("a node is on this machine alone, or has TLS, which is three files") {
  const auto with = [](std::vector<const char*> more) {
    more.insert(more.end(), {"--upstreamHost=h", "--upstreamPort=1", "--listenPort=2", "--nodePort=3"});
    return more;
  };
  CHECK(good(with({})).node.address == "127.0.0.1");
  for (const auto* own : {"--nodeAddress=127.0.0.2", "--nodeAddress=::1", "--nodeAddress=localhost"})
    CHECK(good(with({own})).node.port == 3);
  CHECK_THAT(bad(with({"--nodeAddress=0.0.0.0"})),
             Contains("nodeAddress=0.0.0.0") && Contains("only with TLS"));
  CHECK_THAT(bad(with({"--nodeTlsCertificate=c", "--nodeTlsKey=k"})),
             Contains("nodeTlsAuthority is missing"));
  CHECK(
    good(with({"--nodeAddress=0.0.0.0", "--nodeTlsCertificate=c", "--nodeTlsKey=k", "--nodeTlsAuthority=a"}))
      .node.has_tls());
}
