// Where the journal and its key lie: what is refused at the start, and what is noticed while it is used.

#include <catch2/catch.hpp>

#include <csignal>
#include <cstdlib>

#include "tests/store/old_journal.hpp"
#include "tests/support/dialects.hpp"
#include "tests/support/journaled.hpp"
#include "tests/support/raw_client.hpp"
#include "tests/support/v1.hpp"

using Catch::Contains;
using support::free_port;
using support::journaled;
using support::program;
using support::purchase_now;
using support::raw_client;

namespace {

// Files alone, over what is there, as `cp -r` does it.
void put_back(const std::string& from, const std::string& to) {
  for (const auto& file : std::filesystem::directory_iterator(from))
    if (file.is_regular_file())
      test::write(to + "/" + file.path().filename().string(), test::read(file.path()));
}

}  // namespace

TEST_CASE("a second gateway on the same journal does not start, and says who has it") {
  journaled j;
  j.start();
  program second({"--upstreamHost=127.0.0.1", "--upstreamPort=" + j.host.port(),
                  "--listenPort=" + std::to_string(free_port()), "--journal=" + j.journal});
  CHECK(second.wait() == 2);
  CHECK_THAT(second.output(), Contains("another socketqueue (process " + std::to_string(j.gateway->pid()) +
                                       ") uses the journal in " + j.journal));
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
