// The verbs of the program's own bank emulator and test clients: the same actors as with --echoServerPort and
// --testClients.

#include <charconv>

#include "scenarios/player/script.hpp"
#include "scenarios/player/verbs.hpp"

namespace player {

namespace {

// Reads the words from `at` on as options, after "with" where there are any.
void read_options(const script& p, std::size_t at, config::settings& into, std::vector<std::string>& texts) {
  const auto& words = p.now().rest;
  if (at == words.size())
    return;
  if (words[at].text != "with" || at + 1 == words.size())
    p.read().fail(&words[at], "expected nothing more, or: with OPTION=VALUE ...");
  p.assign_options(at + 1, into, texts);
}

void bank_runs(script& p) {
  if (p.has_begun())
    p.read().fail(nullptr, "the bank runs from the beginning: this stands before everything that happens");
  p.setup.bank = p.setup.settings;
  read_options(p, 0, p.setup.bank, p.setup.bank_options);
  p.setup.behaviour = host_behaviour::is_bank;
}

void terminals_run(script& p) {
  std::size_t count = 0;
  const auto& text = p.now().name;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end != text.data() + text.size() || count == 0 || count > 10000)
    p.read().fail(nullptr, "expected how many, 1 to 10000: terminals 10 run");
  auto settings = p.setup.settings;
  std::vector<std::string> options;
  read_options(p, 0, settings, options);
  p.here().run_test_clients(count, settings, options);
}

std::string told(const test_clients_report& r) {
  return r.clients == 0 ? std::string("  no terminals run\n")
                        : "  " + std::to_string(r.clients) + " terminals: " + std::to_string(r.good) +
                            " correct answers, " + std::to_string(r.failed) + " failures, " +
                            std::to_string(r.never_served) + " terminals without a correct answer\n";
}

void were_all_served(script& p) {
  p.read().no_words();
  test_clients_report r;
  const auto served = [&] {
    r = p.here().terminals();
    return r.clients != 0 && r.never_served == 0;
  };
  p.expect(served, [&r] { return told(r); });
}

void failed_at_most(script& p) {
  const auto most = p.read().number(p.read().only_word("a number"));
  p.here().run_until_idle();
  const auto r = p.here().terminals();
  if (r.clients == 0 || static_cast<long>(r.failed) > most)
    throw unmet{told(r)};
}

constexpr verb bank_rows[]{{"runs", "[with OPTION=VALUE ...]", with_own_gateway, bank_runs}};
constexpr verb terminal_rows[]{{"run", "[with OPTION=VALUE ...]", with_gateway, terminals_run},
                               {"were all served", "", with_gateway, were_all_served},
                               {"failed at most", "N", with_gateway, failed_at_most}};

}  // namespace

std::span<const verb> emulator_verbs() { return bank_rows; }
std::span<const verb> test_client_verbs() { return terminal_rows; }

}  // namespace player
