// What happens in each scene, and to which clients. In all of them the gateway is also killed now and then.

#include "tests/chaos/scenes.hpp"

#include <algorithm>
#include <csignal>

#include "tests/chaos/disk.hpp"
#include "tests/chaos/network.hpp"
#include "tests/chaos/proxies.hpp"
#include "tests/chaos/relay.hpp"

namespace chaos {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr const char *keep_open = "--clientKeepOpen", *confirm = "--httpDelivery=confirm";

// Per thousand: how often the gateway is killed besides.
constexpr int killed = 100;

milliseconds some(stage& s, int least, int most) { return milliseconds(s.random(least, most)); }

concentrator_habits reads_at_once() {
  return {.how = concentrator_habits::reading::slowly,
          .at_once = 15,
          .rounds = 20,
          .bytes_a_second = 1'000'000,
          .small_window = false};
}

class kills final : public scene {
public:
  std::string set_up(stage& s) override {
    s.add_raw(35, s.world().raw);
    s.add_http(20, s.world().http);
    return {};
  }

  void act(stage& s) override {
    s.pass(some(s, 300, s.is_brief() ? 900 : 1500));
    if (s.gateway().has_failed())
      return;
    s.kill();
    s.pass(some(s, 0, 80));
    if (s.random(1, 20) == 1)
      s.kill_while_it_starts();  // while it replays its journal
    s.start();
  }

  bool is_over(const stage& s) const override { return s.kills_done() >= s.kills_asked(); }
};

template <class Proxy, bool Confirms>
class behind_proxy final : public scene {
public:
  std::string enter(const std::string&) override { return Proxy::missing(); }

  std::string set_up(stage& s) override {
    for (auto* w : {&http_, &http_other_, &raw_})
      *w = {s.endpoint(), true};
    proxy_ = std::make_unique<Proxy>(s.directory(),
                                     proxy_ports{http_.to.port(), http_other_.to.port(), raw_.to.port(),
                                                 s.world().http.to.port(), s.world().raw.to.port()});
    proxy_->start();
    s.add_gateway_option(keep_open);
    if (Confirms)
      s.add_gateway_option(confirm);
    s.add_raw(8, raw_);
    s.add_raw(6, raw_, {.purchases_max = 4});
    s.add_raw(3, raw_, {.purchases_max = 3, .resets_after = 0});
    s.add_raw(4, s.world().raw);
    for (const auto* w : {&http_, &http_other_})
      for (const bool keeps : {false, true}) {
        s.add_http(4, *w, {.confirms = Confirms, .keeps_open = keeps});
        s.add_http(2, *w, {.confirms = Confirms, .keeps_open = keeps, .resets_after = 0});
        s.add_http(2, *w, {.has_key = false, .confirms = Confirms, .keeps_open = keeps});
      }
    return {};
  }

  void act(stage& s) override {
    s.pass(some(s, 1000, 2500));
    if (!proxy_->is_running()) {
      // A proxy that is still starting ends when it is ordered to reload.
      if (++failures_ > 5)
        return s.fail("the proxy ends by itself: see proxy.log");
      disturb(s, "the proxy has ended", true);
    } else if (s.happens(350))
      disturb(s, "the proxy is reloaded", false);
    else if (s.happens(250))
      disturb(s, "the proxy is killed", true);
    s.kill_now_and_then(killed);
  }

  void clear(stage&) override { proxy_->kill(); }

private:
  void disturb(stage& s, const char* what, bool by_death) {
    for (auto* w : {&http_, &http_other_, &raw_})
      ++w->disturbances;
    s.disturb(what);
    if (!by_death)
      return proxy_->reload();
    proxy_->kill();
    s.pass(some(s, 0, 300));
    proxy_->start();
  }

  int failures_ = 0;
  way http_, http_other_, raw_;
  std::unique_ptr<Proxy> proxy_;
};

class resets final : public scene {
public:
  std::string set_up(stage& s) override {
    s.add_gateway_option(keep_open);
    const auto &raw = s.world().raw, &http = s.world().http;
    for (const int after : {0, 150})
      for (const int purchases : {1, 5})
        s.add_raw(7, raw, {.purchases_max = purchases, .resets_after = after});
    for (const int after : {0, 150}) {
      s.add_http(4, http, {.resets_after = after});
      s.add_http(4, http, {.has_key = false, .resets_after = after});
    }
    auto resetting = reads_at_once();
    resetting.rounds = 2;
    resetting.resets = true;
    s.add_concentrators(2, raw, resetting);
    return {};
  }

  void act(stage& s) override {
    s.pass(some(s, 500, 1500));
    s.kill_now_and_then(killed);
  }
};

class late_readers final : public scene {
public:
  std::string set_up(stage& s) override {
    s.add_gateway_option(keep_open);
    s.bank().misbehave(5);
    const auto& raw = s.world().raw;
    s.add_concentrators(8, raw, {});
    s.add_concentrators(4, raw, {.resets = true});
    s.add_concentrators(4, raw, {.how = concentrator_habits::reading::slowly, .at_once = 30, .rounds = 10});
    s.add_raw(10, raw);
    return {};
  }

  // A late reader must not be killed before it reads.
  void act(stage& s) override {
    s.pass(some(s, 1000, 2000));
    s.kill_now_and_then(killed / 5);
  }
};

class own_network : public scene {
public:
  std::string enter(const std::string&) override { return network_.enter(); }

protected:
  void connect(stage& s) {
    const auto open = [this](tcp::socket& socket) { return network_.open(socket); };
    raw_ = {{network::gateway_address(), s.world().raw.to.port()}, false, open};
    http_ = {{network::gateway_address(), s.world().http.to.port()}, false, open};
  }

  static void check(stage& s, const std::string& why) {
    if (!why.empty())
      s.fail(why);
  }

  network network_;
  way raw_, http_;
};

class cut_network final : public own_network {
public:
  std::string set_up(stage& s) override {
    connect(s);
    s.add_gateway_option(keep_open);
    s.add_raw(16, raw_);
    s.add_raw(8, raw_, {.purchases_max = 4});
    s.add_http(8, http_);
    s.add_http(4, http_, {.keeps_open = true});
    s.add_http(4, http_, {.has_key = false});
    s.add_concentrators(2, raw_, reads_at_once());
    return {};
  }

  void act(stage& s) override {
    s.pass(some(s, 500, 2000));
    // Longer or shorter than the gateway waits for an acknowledgement.
    const bool long_cut = s.happens(600);
    const int direction = s.random(0, 2);
    const bool to_gateway = direction != 1, to_client = direction != 0;
    const auto since = s.books().now() - 100ms;
    check(s, network_.cut(to_gateway, to_client));
    s.disturb(std::string("the way is cut ") + (direction == 0   ? "to the gateway"
                                                : direction == 1 ? "to the clients"
                                                                 : "in both directions"));
    s.pass(long_cut ? some(s, 11'000, 12'500) : some(s, 200, 4000));
    if (to_gateway && long_cut)
      s.books().acknowledgements_lost_since(since);
    check(s, network_.heal());
    s.disturb("the way is healed");
    s.pass(some(s, 500, 2000));
    s.kill_now_and_then(killed);
  }

  void heal(stage& s) override { check(s, network_.heal()); }
};

class slow_network final : public own_network {
public:
  std::string set_up(stage& s) override {
    connect(s);
    s.add_gateway_option(keep_open);
    s.bank().misbehave(5);
    check(s, network_.limit(120));
    s.add_concentrators(4, raw_, reads_at_once());
    s.add_raw(8, raw_);
    s.add_http(6, http_);
    return {};
  }

  void act(stage& s) override {
    s.pass(some(s, 1000, 3000));
    if (s.happens(500)) {
      const int rate = s.random(60, 300);
      check(s, network_.limit(static_cast<unsigned>(rate)));
      s.disturb("the way takes " + std::to_string(rate) + " kbit/s");
    }
    s.kill_now_and_then(killed / 3);
  }

  void heal(stage& s) override { check(s, network_.lift_limit()); }
};

class behind_relay final : public scene {
public:
  std::string set_up(stage& s) override {
    s.add_gateway_option(keep_open);
    s.add_gateway_option(confirm);
    raw_ = {s.endpoint(), true};
    http_ = {s.endpoint(), true};
    relays_.push_back(std::make_unique<relay>(s.network_loop(), raw_, s.world().raw.to, s.seed()));
    relays_.push_back(std::make_unique<relay>(s.network_loop(), http_, s.world().http.to, s.seed()));
    for (auto& r : relays_)
      if (auto why = r->listen(); !why.empty())
        return why;
    s.add_raw(14, raw_);
    s.add_raw(6, raw_, {.purchases_max = 4});
    s.add_http(8, http_, {.confirms = true});
    s.add_http(4, http_, {.confirms = true, .keeps_open = true});
    s.add_http(4, http_, {.has_key = false, .confirms = true});
    s.add_http(4, s.world().http, {.confirms = true});
    return {};
  }

  void act(stage& s) override {
    s.pass(some(s, 300, 2000));
    if (s.happens(300)) {
      s.disturb("the relay resets connections");
      for (auto& r : relays_)
        r->reset_some(300);
    }
    if (s.happens(400))
      cut(s);
    s.kill_now_and_then(killed);
  }

  void heal(stage&) override {
    for (auto& r : relays_) {
      r->heal();
      r->behave();
    }
  }

private:
  void cut(stage& s) {
    const auto direction = static_cast<relay::direction>(s.random(0, 2));
    const bool bytes_wait = s.happens(600);
    s.disturb(std::string("the relay is cut, and bytes ") + (bytes_wait ? "wait" : "are lost"));
    for (auto& r : relays_)
      r->cut(direction, bytes_wait);
    s.pass(!s.is_brief() && s.happens(300) ? some(s, 11'000, 12'500) : some(s, 300, 3000));
    for (auto& r : relays_)
      r->heal();
    s.disturb("the relay is healed");
  }

  way raw_, http_;
  std::vector<std::unique_ptr<relay>> relays_;
};

class stopped final : public scene {
public:
  std::string set_up(stage& s) override {
    s.add_gateway_option(keep_open);
    s.world().timeout = 100s;
    const auto &raw = s.world().raw, &http = s.world().http;
    s.add_raw(16, raw);
    s.add_raw(8, raw, {.purchases_max = 5});
    s.add_http(8, http);
    s.add_http(4, http, {.has_key = false});
    s.add_concentrators(3, raw, reads_at_once());
    return {};
  }

  void act(stage& s) override {
    s.pass(some(s, 500, 2000));
    if (!s.is_brief() && !std::exchange(was_long_, true))
      stop_gateway(s, some(s, 65'000, 75'000));
    else if (s.happens(500))
      stop_gateway(s, s.happens(400) ? some(s, 10'500, 14'000) : some(s, 200, 5000));
    else if (s.happens(500))
      stop_bank(s);
    else
      stop_clients(s);
    s.pass(some(s, 500, 2000));
    s.kill_now_and_then(killed);
  }

private:
  static void stop_gateway(stage& s, milliseconds time) {
    s.disturb("the gateway is stopped for " + std::to_string(time.count()) + " ms");
    s.gateway().signal(SIGSTOP);
    s.pass(time);
    s.gateway().signal(SIGCONT);
    s.disturb("the gateway goes on");
  }

  static void stop_bank(stage& s) {
    s.disturb("the bank is stopped");
    s.stop_bank(true);
    s.pass(some(s, 500, 6000));
    s.stop_bank(false);
    s.disturb("the bank goes on");
  }

  static void stop_clients(stage& s) {
    s.disturb("the clients are stopped");
    s.stop_clients(true);
    s.pass(s.happens(500) ? some(s, 10'500, 13'000) : some(s, 500, 5000));
    s.stop_clients(false);
    s.disturb("the clients go on");
  }

  bool was_long_ = false;
};

class two_links final : public scene {
public:
  std::string set_up(stage& s) override {
    s.add_gateway_option(keep_open);
    s.add_gateway_option("--echoInterval=2");
    s.add_gateway_option("--echoTimeout=0.5");
    s.add_raw(20, s.world().raw);
    s.add_raw(8, s.world().raw, {.purchases_max = 4});
    s.add_http(10, s.world().http);
    s.add_http(4, s.world().http, {.has_key = false});
    return s.add_way_to_bank();
  }

  void act(stage& s) override {
    s.pass(some(s, 300, 1500));
    const auto link = static_cast<std::size_t>(s.random(0, 1));
    const auto name = "link " + std::to_string(link);
    if (s.happens(600)) {
      s.disturb(name + " is down");
      s.bank().close(link);
      s.pass(some(s, 100, 4000));
      if (const auto why = s.bank().reopen(link); !why.empty())
        s.fail(why);
      s.disturb(name + " is up");
    } else {
      s.disturb(name + " hangs");
      s.bank().silence(link, true);
      s.pass(some(s, 500, 6000));
      s.bank().silence(link, false);
      s.disturb(name + " goes on");
    }
    s.kill_now_and_then(killed);
  }
};

class own_disk : public scene {
protected:
  void set_up_clients(stage& s) {
    s.put_journal(disk_.path() + "/journal");
    s.add_gateway_option(keep_open);
    s.add_raw(20, s.world().raw);
    s.add_raw(6, s.world().raw, {.purchases_max = 4});
    s.add_http(10, s.world().http);
    s.add_http(4, s.world().http, {.has_key = false});
    s.add_concentrators(2, s.world().raw, reads_at_once());
  }

  disk disk_;
};

class stalled_disk final : public own_disk {
public:
  std::string enter(const std::string& directory) override { return disk_.mount_image(directory); }

  std::string set_up(stage& s) override {
    set_up_clients(s);
    return {};
  }

  void act(stage& s) override {
    s.pass(some(s, 300, 2000));
    const auto time = !s.is_brief() && !std::exchange(was_long_, true) ? some(s, 35'000, 45'000)
                      : s.happens(300)                                 ? some(s, 8000, 13'000)
                                                                       : some(s, 100, 3000);
    s.disturb("the disk stands still for " + std::to_string(time.count()) + " ms");
    disk_.freeze();
    s.pass(time);
    const bool kills = s.happens(killed);
    if (kills)
      s.gateway().signal(SIGKILL);  // it ends when its write is done
    disk_.thaw();
    s.disturb("the disk goes on");
    if (kills) {
      s.kill();
      s.start();
    }
  }

  void heal(stage&) override { disk_.thaw(); }

private:
  bool was_long_ = false;
};

class full_disk final : public own_disk {
public:
  std::string enter(const std::string& directory) override { return disk_.mount_memory(directory, 24); }

  std::string set_up(stage& s) override {
    set_up_clients(s);
    return {};
  }

  void act(stage& s) override {
    s.pass(some(s, 300, 2000));
    const int left = s.happens(500) ? s.random(0, 300'000) : s.random(0, 3'000'000);
    s.disturb("the disk has " + std::to_string(left) + " bytes left");
    disk_.fill_but(static_cast<std::uint64_t>(left));
    s.pass(some(s, 500, 3000));
    if (!s.gateway().has_failed() && s.happens(2 * killed)) {
      s.kill();
      s.kill_while_it_starts();
    }
    disk_.empty();
    s.disturb("the disk has room again");
    if (s.gateway().has_failed())
      s.start();
  }

  void heal(stage&) override { disk_.empty(); }
};

template <class Scene>
std::unique_ptr<scene> make() {
  return std::make_unique<Scene>();
}

constexpr auto no_end = 3600s;

constexpr scene_entry all[] = {
  {"kills", "the gateway is killed 200 times", no_end, no_end, make<kills>},
  {"haproxy", "HAProxy in front of it, reloaded and killed", 60s, 10s, make<behind_proxy<haproxy, false>>},
  {"haproxy-confirm", "the same, and HTTP clients confirm what they have read", 60s, 10s,
   make<behind_proxy<haproxy, true>>},
  {"nginx", "nginx in front of it, reloaded and killed", 60s, 10s, make<behind_proxy<nginx, false>>},
  {"nginx-confirm", "the same, and HTTP clients confirm what they have read", 60s, 10s,
   make<behind_proxy<nginx, true>>},
  {"resets", "clients reset their connections when they have read", 60s, 8s, make<resets>},
  {"late-readers", "clients behind small windows read 11 to 13 s later, or slowly all the time", 75s, 16s,
   make<late_readers>},
  {"cut-network", "the way to the clients is cut for 11 s, and healed (needs root)", 120s, 18s,
   make<cut_network>},
  {"slow-network", "the way to the clients is never empty (needs root)", 60s, 10s, make<slow_network>},
  {"relay", "a proxy of our own: byte by byte, slow, cut and healed, resets in the middle of an answer", 75s,
   10s, make<behind_relay>},
  {"stopped", "the gateway is stopped for 70 s, for short times, and so are its bank and its clients", 180s,
   16s, make<stopped>},
  {"two-links", "the gateway has two links, one of which falls or hangs", 120s, 12s, make<two_links>},
  {"stalled-disk", "the journal's disk stands still (needs root)", 120s, 12s, make<stalled_disk>},
  {"full-disk", "the journal's disk is full (needs root)", 60s, 10s, make<full_disk>},
};

}  // namespace

std::span<const scene_entry> scenes() { return all; }

const scene_entry* find_scene(const std::string& name) {
  const auto* it = std::ranges::find_if(all, [&name](const auto& e) { return e.name == name; });
  return it == std::end(all) ? nullptr : it;
}

}  // namespace chaos
