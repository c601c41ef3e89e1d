// The numbers that the gateway itself gives to messages, STANs and RRNs: one counter of each a host.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace actors {

/// Each STAN, 1 to 999999, is given once before the first one comes again. The journal has a record that
/// numbers up to a certain one are taken, always ahead of those that are given, so a later process goes on
/// behind them: a STAN is not given twice because the process was killed.
class own_numbers {
public:
  static constexpr std::uint64_t stan_max = 999999;

  /// How many STANs a record reserves; a restart skips no more.
  static constexpr std::uint64_t reserved_at_once = 1000;

  /// The same of RRNs, which inquiries get too: more than leave before the next record is written.
  static constexpr std::uint64_t rrns_at_once = 20000;

  /// The next STAN for this host. Without an earlier process's record the first one is random,
  /// because earlier processes have used some.
  std::uint64_t next_stan(const std::string& upstream, const std::function<std::uint64_t()>& random);

  /// The next number of the RRNs for this host, up to `most` and again.
  std::uint64_t next_rrn(const std::string& upstream, std::uint64_t most,
                         const std::function<std::uint64_t()>& random);

  /// Earlier processes have reserved numbers up to this one: the next one is behind it.
  void go_on_behind(const std::string& upstream, std::uint64_t until);

  struct reservation {
    std::string upstream;  ///< the host; of RRNs `rrns_of` it
    std::uint64_t until;   ///< counts on where STANs begin again at 1
  };

  /// What the journal is to record now: of hosts of whose reserved numbers less than a half is left.
  std::vector<reservation> take_due();

private:
  /// Under this name stands the counter of its RRNs; no host has such a name.
  static std::string rrns_of(const std::string& upstream) { return upstream + "\nrrn"; }

  std::uint64_t next(const std::string& name, std::uint64_t most,
                     const std::function<std::uint64_t()>& random);

  struct counter {
    std::optional<std::uint64_t> given;  // the last one
    std::uint64_t reserved = 0;
    std::uint64_t at_once = reserved_at_once;
  };
  std::map<std::string, counter> all_;  // by host
};

}  // namespace actors
