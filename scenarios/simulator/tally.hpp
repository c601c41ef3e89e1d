// Sums over many runs.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace simulator {

struct tally {
  std::uint64_t runs = 0;
  std::uint64_t purchases = 0;
  std::uint64_t steps = 0;          ///< messages that actors handled
  std::uint64_t approvals = 0;      ///< shown to clients
  std::uint64_t reversals = 0;      ///< made by the bank
  std::uint64_t own_reversals = 0;  ///< that clients asked for themselves
  std::uint64_t parts = 0;          ///< how many of those took back a part
  std::uint64_t approved_in_part = 0;
  std::uint64_t inquiries = 0;  ///< of clients, with the STAN of a purchase
  std::uint64_t restarts = 0;
  std::uint64_t records = 0;      ///< on the disks
  std::uint64_t unconfirmed = 0;  ///< open cases at the end: approvals that a client may have
  /// Approvals that were read and reversed, because their acknowledgement was lost with the connection.
  std::uint64_t lost_acknowledgements = 0;
  std::map<std::string, std::uint64_t> faults;  ///< by kind

  void add(const tally& other) {
    runs += other.runs;
    purchases += other.purchases;
    steps += other.steps;
    approvals += other.approvals;
    reversals += other.reversals;
    own_reversals += other.own_reversals;
    parts += other.parts;
    approved_in_part += other.approved_in_part;
    inquiries += other.inquiries;
    restarts += other.restarts;
    records += other.records;
    unconfirmed += other.unconfirmed;
    lost_acknowledgements += other.lost_acknowledgements;
    for (const auto& [kind, count] : other.faults)
      faults[kind] += count;
  }
};

}  // namespace simulator
