// The journal of the released program: what a kill leaves behind, and what the next start makes of it.

#include <catch2/catch.hpp>

#include <sys/stat.h>

#include <boost/asio.hpp>

#include <csignal>
#include <cstdlib>
#include <map>
#include <set>

#include "codec/pack.hpp"
#include "codec/text/legacy_json.hpp"
#include "codec/unpack.hpp"
#include "tests/lab/browser.hpp"
#include "tests/store/old_journal.hpp"
#include "tests/support/dialects.hpp"
#include "tests/support/journaled.hpp"
#include "tests/support/v1.hpp"

using Catch::Contains;
using lab::browser;
using lab::http_get;
using lab::http_post;
using support::free_port;
using support::journaled;
using support::keyed;
using support::program;
using support::purchase_now;
using support::v1_json;
using tcp = boost::asio::ip::tcp;

namespace {

// What a program decides by. Card data, also masked, does not outlive the process that had it.
nlohmann::json essence(const lab::http_response& r) {
  auto j = r.json();
  for (const auto* name : {"pan", "track2"})
    j.at("message").erase(name);
  return j;
}

// Files alone, over what is there, as `cp -r` does it.
void put_back(const std::string& from, const std::string& to) {
  for (const auto& file : std::filesystem::directory_iterator(from))
    if (file.is_regular_file())
      test::write(to + "/" + file.path().filename().string(), test::read(file.path()));
}

// In tests/golden/journal-v1.
constexpr const char* approved_in_golden = "txn_ahsl1632r9d3en9np94iq9vi";

// A raw client that may wait for its answer.
struct raw_client {
  raw_client(std::uint16_t port, const codec::message& m) {
    socket.connect({boost::asio::ip::address_v4::loopback(), port});
    boost::asio::write(socket, boost::asio::buffer(*codec::pack(m, support::smart_vista())));
  }

  // Empty where it is hung up on.
  std::string answer() {
    std::string bytes;
    boost::system::error_code end;
    boost::asio::read(socket, boost::asio::dynamic_buffer(bytes), end);
    return bytes;
  }

  boost::asio::io_context io;
  tcp::socket socket{io};
};

}  // namespace

TEST_CASE(
  "an Idempotency-Key holds across a kill: declined, approved and unknown stay what they were, and the host "
  "sees each purchase once") {
  journaled j({"--queueTimeout=0.5"});
  j.start();
  const auto no = v1_json(purchase_now("00000041")), yes = v1_json(purchase_now("00000042")),
             unknown = v1_json(purchase_now("00000043"));
  browser before(j.http_port);
  before.send(keyed("no", no));
  j.host.answer(j.host.read(), "116");
  const auto declined = before.reply();
  CHECK(declined.json().at("outcome") == "declined");
  before.send(keyed("yes", yes));
  j.host.answer(j.host.read());
  const auto approved = before.reply();
  CHECK(approved.json().at("outcome") == "approved");
  before.send(keyed("unknown", unknown));
  CHECK(j.host.read().mti() == "0200");
  const auto failed = before.reply();
  CHECK(failed.status == 504);
  CHECK(failed.json().at("outcome") == "reversing");
  const auto undoing = j.host.read();
  CHECK(undoing.mti() == "0400");
  j.host.answer(undoing);
  REQUIRE(j.gateway->says("is reversed"));
  // What loses no money becomes durable with whatever comes next.
  before.send(keyed("last", v1_json(purchase_now("00000045"))));
  j.host.answer(j.host.read(), "116");
  CHECK(before.reply().json().at("outcome") == "declined");

  j.start_again();
  browser after(j.http_port);
  CHECK(essence(after.ask(keyed("no", no))) == essence(declined));
  CHECK(essence(after.ask(keyed("yes", yes))) == essence(approved));
  CHECK(after.ask(keyed("yes", no)).json().at("code") == "idempotency_conflict");
  const auto still_failed = after.ask(keyed("unknown", unknown));
  CHECK(still_failed.status == 504);
  CHECK(still_failed.json().at("code") == "timed_out");
  CHECK(still_failed.json().at("transaction_id") == failed.json().at("transaction_id"));
  // Whatever the host sees next is a new purchase: nothing was sent a second time.
  after.send(keyed("new", v1_json(purchase_now("00000044"))));
  auto next = j.host.read();
  // The end of the last purchase need not have been durable.
  if (next.mti() == "0400") {
    CHECK(next[41] == "00000045");
    next = j.host.read();
  }
  CHECK(next[41] == "00000044");
  j.host.answer(next);
  CHECK(after.reply().json().at("outcome") == "approved");
}

TEST_CASE(
  "a purchase in flight at a kill is reversed before its terminal is served again, and other terminals are "
  "served") {
  journaled j;
  j.start();
  raw_client lost(j.port, purchase_now("00000042", "000001"));
  CHECK(j.host.read()[11] == "000001");
  j.kill();
  CHECK(lost.answer().empty());

  j.start();
  REQUIRE(j.gateway->says("The journal holds 1 open case"));
  // Without its answer the reversal keeps its own terminal waiting, and no other.
  raw_client same(j.port, purchase_now("00000042", "000002"));
  const auto undoing = j.host.read();
  CHECK(undoing.mti() == "0400");
  CHECK(undoing[11] == "000001");
  raw_client other(j.port, purchase_now("00000043", "000003"));
  const auto first = j.host.read();
  CHECK(first[11] == "000003");
  j.host.answer(first);
  CHECK_FALSE(other.answer().empty());
  j.host.answer(undoing);
  const auto second = j.host.read();
  CHECK(second[11] == "000002");
  j.host.answer(second);
  CHECK_FALSE(same.answer().empty());
  CHECK(j.asked({"pending"}) == std::pair(0, std::string("No open cases.\n")));
}

TEST_CASE(
  "TERM while the host is silent leaves the case in the journal, status 0, and the next start reverses it") {
  journaled j({"--queueTimeout=0.3", "--queueShortTimeout=0.2"});
  j.start();
  raw_client client(j.port, purchase_now());
  CHECK(j.host.read().mti() == "0200");
  j.gateway->signal(SIGTERM);
  CHECK(client.answer().empty());
  client.socket.close();
  CHECK(j.host.read().mti() == "0400");
  CHECK(j.gateway->wait() == 0);
  CHECK_THAT(j.gateway->output(), Contains("Open cases: 1; they stay in the journal"));

  j.start();
  const auto undoing = j.host.read();
  CHECK(undoing.mti() == "0400");
  j.host.answer(undoing);
  REQUIRE(j.gateway->says("is reversed"));
  CHECK(j.asked({"pending"}) == std::pair(0, std::string("No open cases.\n")));
  j.gateway->signal(SIGTERM);
  CHECK(j.gateway->wait() == 0);
}

TEST_CASE(
  "an approval that was written when the gateway was killed is kept and listed, and whoever asks with its "
  "key again gets it") {
  journaled j({"--httpDelivery=confirm"});
  j.start();
  const auto body = v1_json(purchase_now());
  browser before(j.http_port);
  before.send(keyed("k", body));
  j.host.answer(j.host.read());
  const auto approved = before.reply();

  j.start_again();
  CHECK_THAT(j.asked({"pending"}).second, Contains("unconfirmed"));
  browser after(j.http_port);
  CHECK(essence(after.ask(keyed("k", body))) == essence(approved));
  const auto id = approved.json().at("transaction_id").get<std::string>();
  CHECK(after.ask(http_post("/v1/messages/" + id + "/confirm", "")).json().at("outcome") == "approved");
  CHECK(j.asked({"pending"}) == std::pair(0, std::string("No open cases.\n")));
}

TEST_CASE("a second gateway on the same journal does not start, and says who has it") {
  journaled j;
  j.start();
  program second({"--upstreamHost=127.0.0.1", "--upstreamPort=" + j.host.port(),
                  "--listenPort=" + std::to_string(free_port()), "--journal=" + j.journal});
  CHECK(second.wait() == 2);
  CHECK_THAT(second.output(), Contains("another socketqueue (process " + std::to_string(j.gateway->pid()) +
                                       ") uses the journal in " + j.journal));
}

TEST_CASE("without a journal the log says at the start what a kill would lose") {
  program gateway({"--upstreamHost=127.0.0.1", "--upstreamPort=" + std::to_string(free_port()),
                   "--listenPort=" + std::to_string(free_port()), "--journal=none"});
  CHECK(gateway.says("--journal=none: when this process ends, transactions under way are lost"));
}

TEST_CASE(
  "the key may lie elsewhere, and without it, with another one, or where others may read it, nothing starts "
  "and nothing is changed") {
  journaled j;
  const auto key = j.directory / "key";
  j.more = {"--journalKeyFile=" + key};
  j.start();
  raw_client lost(j.port, purchase_now());
  CHECK(j.host.read().mti() == "0200");
  j.kill();
  CHECK(test::mode(key) == std::filesystem::perms(0600));
  CHECK_FALSE(std::filesystem::exists(j.journal + "/journal.key"));

  const auto refused = [&] {
    program gateway({"--upstreamHost=127.0.0.1", "--upstreamPort=" + j.host.port(),
                     "--listenPort=" + std::to_string(j.port), "--journal=" + j.journal,
                     "--journalKeyFile=" + key});
    CHECK(gateway.wait() == 2);
    CHECK(std::ranges::count(gateway.output(), '\n') == 1);
    return gateway.output();
  };
  const auto right = test::read(key);
  std::filesystem::remove(key);
  CHECK_THAT(refused(), Contains("journalKeyFile: the sealing key " + key + " is missing"));
  test::write(key, std::string(64, 'a') + "\n");
  std::filesystem::permissions(key, std::filesystem::perms(0600));
  CHECK_THAT(refused(), Contains("was sealed with another key"));
  test::write(key, "no key");
  CHECK_THAT(refused(), Contains("is not 64 hexadecimal digits"));
  test::write(key, right);
  std::filesystem::permissions(key, std::filesystem::perms(0640));
  CHECK_THAT(refused(), Contains("can be read or changed by others") && Contains("chmod 600 " + key));

  std::filesystem::permissions(key, std::filesystem::perms(0600));
  j.start();
  CHECK(j.host.read().mti() == "0400");
}

TEST_CASE(
  "an older journal that is put back does not start a gateway, and adopted it reverses nothing that a client "
  "may have been shown") {
  const auto unconfirmed = GENERATE("keep", "reverse");
  journaled j({std::string("--unconfirmed=") + unconfirmed});
  j.start();
  raw_client first(j.port, purchase_now("00000041", "000001")),
    second(j.port, purchase_now("00000042", "000002"));
  const auto one = j.host.read(), other = j.host.read();
  const auto backup = j.directory / "backup";
  std::filesystem::create_directory(backup);
  put_back(j.journal, backup);
  // Both are shown as approved, of which the copy does not know.
  j.host.answer(one);
  j.host.answer(other);
  CHECK_FALSE(first.answer().empty());
  CHECK_FALSE(second.answer().empty());
  j.kill();
  put_back(backup, j.journal);

  program refused({"--upstreamHost=127.0.0.1", "--upstreamPort=" + j.host.port(),
                   "--listenPort=" + std::to_string(j.port), "--journal=" + j.journal});
  CHECK(refused.wait() == 2);
  CHECK_THAT(refused.output(), Contains("--journalAdopt") && Contains("nothing was changed"));

  j.more.push_back("--journalAdopt");
  j.start();
  REQUIRE(j.gateway->says("what became of 2 of its transactions since it was copied is unknown"));
  CHECK_THAT(j.asked({"pending"}).second,
             Contains("unconfirmed") && Contains("from a journal that was adopted"));
  j.more.pop_back();
  j.start_again();
  // Whatever the host sees next is not of them.
  raw_client later(j.port, purchase_now("00000043", "000003"));
  const auto next = j.host.read();
  CHECK(next.mti() == "0200");
  j.host.answer(next);
  CHECK_FALSE(later.answer().empty());
  // An operator ends them, and that is kept.
  CHECK_THAT(j.asked({"resolve", "1", "--why", "the bank holds it, and the shop has its receipt"}).second,
             Contains("as approved"));
  CHECK(j.asked({"reverse", "2", "--why", "the shop has no receipt"}).first == 0);
  const auto undoing = j.host.read();
  CHECK(undoing.mti() == "0400");
  CHECK(undoing[11] == other[11]);
  j.host.answer(undoing);
  REQUIRE(j.gateway->says("is reversed"));
  j.gateway->signal(SIGTERM);
  CHECK(j.gateway->wait() == 0);
  j.start();
  CHECK(j.asked({"pending"}) == std::pair(0, std::string("No open cases.\n")));
}

TEST_CASE(
  "a journal of the first program that kept one is gone on with: what was at the host is reversed, and keys "
  "are known") {
  journaled j;
  std::filesystem::copy(std::string(SOURCE_DIR) + "/tests/golden/journal-v1", j.journal);
  std::filesystem::permissions(j.journal, std::filesystem::perms::owner_all);
  std::filesystem::permissions(j.journal + "/journal.key", std::filesystem::perms(0600));
  test::make_at_home(j.journal);
  j.start();
  REQUIRE(j.gateway->says("The journal holds 1 open case"));
  const auto undoing = j.host.read();
  CHECK(undoing.mti() == "0400");
  CHECK(undoing[11] == "000005");
  CHECK(undoing[2] == "4850781234567891");
  j.host.answer(undoing);
  REQUIRE(j.gateway->says("is reversed"));
  browser b(j.http_port);
  const auto known =
    b.ask("GET /v1/messages/" + std::string(approved_in_golden) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK(known.status == 200);
  CHECK(known.json().at("outcome") == "approved");
}

TEST_CASE(
  "a journal of records in JSON is gone on with, over several starts: what was at the host is reversed, "
  "once, and keys and "
  "answers are known") {
  journaled j({"--restampStan"});
  std::filesystem::copy(std::string(SOURCE_DIR) + "/tests/golden/journal-json", j.journal);
  std::filesystem::permissions(j.journal, std::filesystem::perms::owner_all);
  std::filesystem::permissions(j.journal + "/journal.key", std::filesystem::perms(0600));
  test::make_at_home(j.journal);
  j.start();
  REQUIRE(j.gateway->says("The journal holds 3 open cases"));
  std::set<std::string> stans;
  for (int i = 0; i < 3; ++i) {
    const auto undoing = j.host.read();
    CHECK(undoing.mti() == "0400");
    CHECK(undoing[2] == "4850781234567891");
    CHECK(undoing[14] == "002512");
    stans.insert(std::string(undoing[11]));
    j.host.answer(undoing);
  }
  CHECK(stans == std::set<std::string>{"750350", "751351", "751352"});
  const std::map<std::string, std::string> outcomes{{"txn_hbrdd2c6pe2ng6aellalhniu", "approved"},
                                                    {"txn_8iho5h17pvaukc40vdq2jk5v", "reversed"},
                                                    {"txn_g5humlqj5prmo0f7q2kalrvn", "approved"},
                                                    {"txn_ffqh4br3u9agi4flvl1cf9g9", "reversed"},
                                                    {"txn_h4u3vpn3h3ke88c3871qakc9", "reversed"}};
  for (const bool again : {false, true}) {
    INFO((again ? "after a second start" : "after the first start"));
    if (again) {
      j.gateway->signal(SIGTERM);
      CHECK(j.gateway->wait() == 0);
      j.start();
    }
    browser b(j.http_port);
    for (const auto& [id, outcome] : outcomes) {
      const auto known = b.ask("GET /v1/messages/" + id + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
      CHECK(known.json().at("outcome") == outcome);
    }
    const auto renumbered =
      b.ask("GET /v1/messages/txn_g5humlqj5prmo0f7q2kalrvn HTTP/1.1\r\nHost: localhost\r\n\r\n");
    CHECK(renumbered.json().at("stan") == "000007");
  }
}

TEST_CASE(
  "a gateway whose journal is removed or replaced while it runs ends before it acknowledges another "
  "purchase") {
  const std::string way =
    GENERATE("rm -rf $S", "mv $S $S.away", "cp $S/journal.db $S.db && mv $S.db $S/journal.db");
  INFO(way);
  journaled j;
  j.start();
  raw_client before(j.port, purchase_now("00000041", "000001"));
  j.host.answer(j.host.read());
  CHECK_FALSE(before.answer().empty());
  REQUIRE(std::system(("S=" + j.journal + "; " + way).c_str()) == 0);
  raw_client after(j.port, purchase_now("00000042", "000002"));
  CHECK(after.answer().empty());
  CHECK(j.gateway->wait() == 1);
  CHECK_THAT(j.gateway->output(), Contains("was removed or replaced while it was in use"));
}

TEST_CASE(
  "an idle gateway whose journal is removed or replaced ends, and leaves the control socket to who comes "
  "after it") {
  const std::string way =
    GENERATE("rm -rf $S", "rm -rf $S && mkdir -m 700 $S", "mv $S $S.away && cp -a $S.away $S");
  INFO(way);
  journaled j;
  j.start();
  REQUIRE(std::system(("S=" + j.journal + "; " + way).c_str()) == 0);
  CHECK(j.gateway->wait() == 1);
  CHECK_THAT(j.gateway->output(), Contains("was removed or replaced while it was in use") &&
                                    !Contains("control was removed or replaced"));
}

TEST_CASE("a gateway whose control socket is removed makes it again") {
  journaled j;
  j.start();
  REQUIRE(std::filesystem::remove(j.journal + "/control"));
  REQUIRE(
    j.gateway->says("Control socket: " + j.journal + "/control was removed or replaced and is made again"));
  CHECK(j.asked({"pending"}) == std::pair(0, std::string("No open cases.\n")));
}

TEST_CASE("a journal in a place that others may change, or led to by links, starts no gateway") {
  journaled j;
  std::filesystem::create_directory(j.journal);
  const auto refused = [&](std::vector<std::string> options = {}) {
    options.insert(options.end(), {"--upstreamHost=127.0.0.1", "--upstreamPort=" + j.host.port(),
                                   "--listenPort=" + std::to_string(j.port), "--journal=" + j.journal});
    program gateway(options);
    CHECK(gateway.wait() == 2);
    CHECK(std::ranges::count(gateway.output(), '\n') == 1);
    return gateway.output();
  };
  std::filesystem::permissions(j.journal, std::filesystem::perms(0777));
  CHECK_THAT(refused(), Contains("journal: " + j.journal + " can be changed by others"));
  CHECK(std::filesystem::is_empty(j.journal));
  std::filesystem::permissions(j.journal, std::filesystem::perms(0700));
  const auto precious = j.directory / "precious";
  test::write(precious, std::string(64, 'a'));
  std::filesystem::permissions(precious, std::filesystem::perms(0600));
  std::filesystem::copy(precious, j.journal + "/journal.key");
  for (const auto* name : {"journal.db", "watermark", "lock", "reserve", "journal.key", "control"}) {
    INFO(name);
    const auto link = j.journal + "/" + name;
    std::filesystem::remove(link);
    std::filesystem::create_symlink(precious, link);
    CHECK_THAT(refused(), Contains(link));
    CHECK(test::read(precious) == std::string(64, 'a'));
    std::filesystem::remove(link);
  }
  std::filesystem::create_symlink(precious, j.directory / "link");
  CHECK_THAT(refused({"--journalKeyFile=" + (j.directory / "link")}), Contains("symbolic link"));
  CHECK_THAT(refused({"--pidFile=" + (j.directory / "link")}),
             Contains("cannot write the pidFile") && Contains("symbolic link"));
  CHECK(test::read(precious) == std::string(64, 'a'));
}

TEST_CASE("what others may read of a journal is taken from them at the start, and the log says so") {
  journaled j;
  j.start();
  raw_client one(j.port, purchase_now());
  j.host.answer(j.host.read());
  CHECK_FALSE(one.answer().empty());
  j.kill();
  std::filesystem::permissions(j.journal, std::filesystem::perms(0755));
  std::filesystem::permissions(j.journal + "/journal.db", std::filesystem::perms(0644));
  std::filesystem::permissions(j.journal + "/watermark", std::filesystem::perms(0640));
  j.start();
  REQUIRE(j.gateway->says("journal.db could be read by others"));
  REQUIRE(j.gateway->says("watermark could be read by others"));
  CHECK(test::mode(j.journal + "/journal.db") == std::filesystem::perms(0600));
  CHECK(test::mode(j.journal + "/watermark") == std::filesystem::perms(0600));
  CHECK(test::mode(j.journal) == std::filesystem::perms(0755));
}

TEST_CASE("a journal behind a link to its directory is used as if there were none") {
  journaled j;
  const auto data = j.directory / "data";
  std::filesystem::create_directory(data);
  std::filesystem::permissions(data, std::filesystem::perms(0700));
  std::filesystem::create_directory_symlink(data, j.journal);
  j.start();
  raw_client one(j.port, purchase_now());
  j.host.answer(j.host.read());
  CHECK_FALSE(one.answer().empty());
  CHECK(std::filesystem::exists(data + "/journal.db"));
  CHECK(j.asked({"pending"}) == std::pair(0, std::string("No open cases.\n")));
}

TEST_CASE("a journal without its mark is refused with the name of the file and with what to do") {
  journaled j;
  j.start();
  raw_client one(j.port, purchase_now());
  j.host.answer(j.host.read());
  CHECK_FALSE(one.answer().empty());
  j.kill();
  REQUIRE(std::system(("rm " + j.journal + "/acknowledged.*").c_str()) == 0);
  program refused({"--upstreamHost=127.0.0.1", "--upstreamPort=" + j.host.port(),
                   "--listenPort=" + std::to_string(j.port), "--journal=" + j.journal});
  CHECK(refused.wait() == 2);
  CHECK_THAT(refused.output(), Contains("has lost its file acknowledged.") && Contains("--journalAdopt") &&
                                 !Contains("was copied or restored"));
}

TEST_CASE("where the key lies on another disk, a journal that was set back there as a whole is refused") {
  journaled j;
  j.more = {"--journalKeyFile=" + (j.directory / "key")};
  j.start();
  raw_client one(j.port, purchase_now());
  j.host.answer(j.host.read());
  CHECK_FALSE(one.answer().empty());
  j.gateway->signal(SIGTERM);
  CHECK(j.gateway->wait() == 0);
  // As after the loss of that disk.
  std::filesystem::remove_all(j.journal);
  program refused({"--upstreamHost=127.0.0.1", "--upstreamPort=" + j.host.port(),
                   "--listenPort=" + std::to_string(j.port), "--journal=" + j.journal, j.more.front()});
  CHECK(refused.wait() == 2);
  CHECK_THAT(refused.output(), Contains("is empty, although") && Contains("--journalAdopt"));
}
