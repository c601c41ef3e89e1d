// When the statistics are kept for the next process.

#include <catch2/catch.hpp>

#include "tests/support/virtual_gateway.hpp"

using namespace std::chrono_literals;
using Catch::Contains;
using support::virtual_gateway;

namespace {

struct saving_gateway : virtual_gateway {
  saving_gateway() {
    save_statistics = [all = all_saved](std::string line) { all->push_back(std::move(line)); };
    restart();
    host_answers();
  }
  void buy() {
    client({purchase()});
    host_says(support::approval(host_got_last()));
  }
  // The last one is saved when this is destroyed.
  std::shared_ptr<std::vector<std::string>> all_saved = std::make_shared<std::vector<std::string>>();
  std::vector<std::string>& saved = *all_saved;
};

}  // namespace

TEST_CASE_METHOD(saving_gateway, "the statistics are saved every minute") {
  buy();
  pass(50s);
  CHECK(saved.empty());
  pass(11s);
  REQUIRE(saved.size() == 1);
  CHECK_THAT(saved.front(), Contains(R"("securedAmount":10,)"));
  pass(3min);
  CHECK(saved.size() == 4);
}

TEST_CASE_METHOD(saving_gateway, "the statistics are saved when the process is told to end") {
  buy();
  REQUIRE(ask<actors::test_report>(gateway, actors::drain_atom::value));
  run_until_idle();
  REQUIRE_FALSE(saved.empty());
  CHECK_THAT(saved.back(), Contains(R"("securedAmount":10,)"));
}

TEST_CASE_METHOD(saving_gateway, "statistics that are set to zero are saved at once") {
  buy();
  caf::anon_send(gateway, actors::reset_atom::value);
  run_until_idle();
  REQUIRE(saved.size() == 1);
  CHECK_THAT(saved.back(), Contains(R"({"securedAmount":0,)"));
}
