// A gateway and its bank emulator in one process, and purchases over HTTP, whose times the gateway fills in.
#pragma once

#include <string>
#include <vector>

#include "tests/lab/browser.hpp"
#include "tests/store/directory.hpp"
#include "tests/support/program.hpp"

namespace support {

struct gateway_with_bank {
  /// The options of its process, which a test may extend.
  std::vector<std::string> arguments() const {
    return {"--echoServerPort=" + bank,
            "--upstreamHost=localhost",
            "--upstreamPort=" + bank,
            "--listenPort=" + std::to_string(free_port()),
            "--listenHttpPort=" + std::to_string(http),
            "--journal=" + journal,
            "--v"};
  }

  /// The reply's body.
  std::string purchase() const {
    const auto* const message =
      R"({"mti": "0200", "processing_code": "000000", "amount": "1000", "terminal_id": "00992468",
          "merchant_id": "124642124643", "currency": "643", "pos_entry_mode": "021", "function_code": "200",
          "pos_condition_code": "00", "track2": "4850781234567891=25122011000000000000"})";
    return lab::browser(http).ask(lab::http_post("/v1/messages", message)).body;
  }

  test::directory home;
  std::string journal = home / "journal";
  std::string bank = std::to_string(free_port());
  std::uint16_t http = free_port();
};

}  // namespace support
