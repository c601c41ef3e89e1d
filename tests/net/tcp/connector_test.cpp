// Dials to hosts with several addresses, of which some do not answer. Names are looked up by a fake.

#include <catch2/catch.hpp>

#include <boost/asio.hpp>

#include <map>

#include "net/loop.hpp"
#include "net/tcp/connector.hpp"
#include "tests/net/watched.hpp"

using namespace std::chrono_literals;
using boost::asio::ip::tcp;

namespace {

class fake_lookup final : public net::name_lookup {
public:
  explicit fake_lookup(net::loop& on) : loop_(on) {}

  void find(const std::string& host,
            std::function<void(std::variant<addresses, std::string>)> then) override {
    asked.push_back(host);
    if (silent)
      return late.push_back(std::move(then));
    std::variant<addresses, std::string> found = "no such name";
    if (const auto it = names.find(host); it != names.end()) {
      addresses all;
      for (const auto* a : it->second)
        all.push_back(boost::asio::ip::make_address(a));
      found = all;
    }
    loop_.post([then = std::move(then), found = std::move(found)] { then(found); });
  }

  std::map<std::string, std::vector<const char*>> names;
  std::vector<std::string> asked;
  std::vector<std::function<void(std::variant<addresses, std::string>)>> late;
  bool silent = false;

private:
  net::loop& loop_;
};

// Addresses of this machine that share a port: some accept, one does not answer.
struct street {
  net::loop loop;
  std::shared_ptr<fake_lookup> lookup = std::make_shared<fake_lookup>(loop);
  std::vector<tcp::acceptor> doors;
  std::vector<tcp::socket> filling;
  std::uint16_t port = 0;
  net::dial_options options;

  street() {
    options.lookup_timeout = 50ms;
    options.address_timeout = 300ms;
    options.stagger = 20ms;
  }
  // A lookup that is not answered keeps its dialer, which keeps the lookup.
  ~street() { lookup->late.clear(); }

  tcp::acceptor& open(const char* address, int backlog = 16) {
    auto& door = doors.emplace_back(loop.io());
    const tcp::endpoint at(boost::asio::ip::make_address(address), port);
    door.open(at.protocol());
    door.set_option(tcp::acceptor::reuse_address(true));
    door.bind(at);
    door.listen(backlog);
    port = door.local_endpoint().port();
    return door;
  }

  // The queue of those that call is full, so that further calls are not answered.
  void open_deaf(const char* address) {
    const auto at = open(address, 0).local_endpoint();
    for (int i = 0; i < 4; ++i) {
      auto& s = filling.emplace_back(loop.io(), at.protocol());
      s.non_blocking(true);
      // Asio's own would wait.
      ::connect(s.native_handle(), at.data(), static_cast<socklen_t>(at.size()));
    }
  }

  // Two hosts that answer, a and b.
  void open_hosts() {
    open("127.0.0.2");
    open("127.0.0.3");
    lookup->names["a"] = {"127.0.0.2"};
    lookup->names["b"] = {"127.0.0.3"};
  }

  std::unique_ptr<net::dialer> dialer(const char* targets) {
    options.targets = std::get<std::vector<net::target>>(net::parse_targets(targets, port));
    return net::make_connector(loop, options, lookup);
  }

  // The peer of the link, or why there is none.
  std::string dial(net::dialer& d) {
    watched w;
    d.dial(w.events());
    run_until(loop, [&w] { return w.link || w.down; });
    return w.link ? w.link->peer() : *w.down;
  }
  std::string at(const char* address) const { return std::string(address) + ":" + std::to_string(port); }
};

}  // namespace

TEST_CASE("a host of whose addresses the first does not answer is connected at the second") {
  street s;
  s.open_deaf("127.0.0.2");
  s.open("127.0.0.3");
  s.lookup->names["bank"] = {"127.0.0.2", "127.0.0.3"};
  const auto d = s.dialer("bank");
  CHECK(s.dial(*d) == s.at("127.0.0.3"));
}

TEST_CASE("an address that refuses is followed by the next at once") {
  street s;
  s.options.stagger = 1h;
  s.open("127.0.0.3");
  s.lookup->names["bank"] = {"127.0.0.2", "127.0.0.3"};
  const auto d = s.dialer("bank");
  CHECK(s.dial(*d) == s.at("127.0.0.3"));
}

TEST_CASE("the next dial begins with the address that worked last") {
  street s;
  s.options.stagger = 1h;
  s.open("127.0.0.3");
  s.lookup->names["bank"] = {"127.0.0.2", "127.0.0.3"};
  const auto d = s.dialer("bank");
  CHECK(s.dial(*d) == s.at("127.0.0.3"));
  s.open("127.0.0.2");
  CHECK(s.dial(*d) == s.at("127.0.0.3"));
}

TEST_CASE("a dial where nothing answers ends by itself and says what became of each address") {
  street s;
  s.open_deaf("127.0.0.2");
  s.lookup->names["bank"] = {"127.0.0.2", "127.0.0.3"};
  const auto d = s.dialer("bank");
  const auto why = s.dial(*d);
  CHECK_THAT(why, Catch::Contains("cannot connect to " + s.at("127.0.0.2") + ": no answer within 300 ms"));
  CHECK_THAT(why, Catch::Contains("cannot connect to " + s.at("127.0.0.3") + ": Connection refused"));
}

TEST_CASE("each dial looks the name up anew, and uses what it knows where that is not answered") {
  street s;
  s.open("127.0.0.3");
  s.lookup->names["bank"] = {"127.0.0.3"};
  const auto d = s.dialer("bank");
  CHECK(s.dial(*d) == s.at("127.0.0.3"));
  s.lookup->silent = true;
  CHECK(s.dial(*d) == s.at("127.0.0.3"));
  CHECK(s.lookup->asked.size() == 2);

  s.lookup->silent = false;
  s.open("127.0.0.4");
  s.lookup->names["bank"] = {"127.0.0.4"};
  CHECK(s.dial(*d) == s.at("127.0.0.4"));
}

TEST_CASE("a lookup that is not answered ends, and one that answers later is good for the next dial") {
  street s;
  s.open("127.0.0.3");
  s.lookup->silent = true;
  const auto d = s.dialer("bank");
  CHECK(s.dial(*d) == "cannot find the host bank: no answer within 50 ms");
  s.lookup->late.at(0)(net::name_lookup::addresses{boost::asio::ip::make_address("127.0.0.3")});
  CHECK(s.dial(*d) == s.at("127.0.0.3"));
}

TEST_CASE("of several hosts the second is dialed where the first has no address that answers") {
  street s;
  s.open("127.0.0.3");
  s.lookup->names["backup"] = {"127.0.0.3"};
  s.lookup->names["primary"] = {"127.0.0.2"};
  const auto d = s.dialer("primary,backup");
  CHECK(s.dial(*d) == s.at("127.0.0.3"));
  s.open("127.0.0.2");
  CHECK(s.dial(*d) == s.at("127.0.0.2"));
  CHECK(d->target() == "primary:" + std::to_string(s.port) + ", backup:" + std::to_string(s.port));
}

TEST_CASE("a host whose link was given up is dialed last, once") {
  street s;
  s.open_hosts();
  const auto d = s.dialer("a,b");
  CHECK(s.dial(*d) == s.at("127.0.0.2"));
  CHECK(s.dial(*d) == s.at("127.0.0.2"));
  d->distrust();
  CHECK(s.dial(*d) == s.at("127.0.0.3"));
  CHECK(s.dial(*d) == s.at("127.0.0.2"));
}

TEST_CASE("an address whose link was given up is dialed last") {
  street s;
  s.open("127.0.0.2");
  s.open("127.0.0.3");
  s.lookup->names["bank"] = {"127.0.0.2", "127.0.0.3"};
  const auto d = s.dialer("bank");
  CHECK(s.dial(*d) == s.at("127.0.0.2"));
  d->distrust();
  CHECK(s.dial(*d) == s.at("127.0.0.3"));
  CHECK(s.dial(*d) == s.at("127.0.0.3"));
}

TEST_CASE("hosts that are dialed in turn are each begun with once") {
  street s;
  s.options.in_turn = true;
  s.open_hosts();
  const auto d = s.dialer("a,b");
  CHECK(s.dial(*d) == s.at("127.0.0.2"));
  CHECK(s.dial(*d) == s.at("127.0.0.3"));
  CHECK(s.dial(*d) == s.at("127.0.0.2"));
}

TEST_CASE("a dial that is abandoned says nothing more") {
  street s;
  s.open_deaf("127.0.0.2");
  s.lookup->names["bank"] = {"127.0.0.2"};
  const auto d = s.dialer("bank");
  watched w;
  d->dial(w.events());
  run_until(s.loop, [&s] { return !s.lookup->asked.empty(); });
  d->abandon();
  s.loop.run_for(400ms);
  CHECK_FALSE(w.link);
  CHECK_FALSE(w.down);
}
