// The part of a dialect file that says how messages are exchanged.
#pragma once

#include "codec/dialect/dialect.hpp"
#include "codec/dialect/file/place.hpp"

namespace codec::file {

enum class fields_are : std::uint8_t { all_known, broken };

/// Reads the rules of exchange into `d`, whose fields are read already. With broken rows among them a rule
/// may name a field that is not there, and what depends on fields is not looked at. Faults go where `whole`
/// keeps them.
void read_exchange(const place& whole, dialect& d, fields_are rows);

/// The MTI of a request.
std::string read_request(const place& p);

/// A field that has a row in `fields`, by its number. `known`: the dialect, where all its rows are good; else
/// nullptr, and any field may be named.
int read_number(const place& p, const dialect* known);

/// A request and its fields, as `examples` have them. All rows of `d` are good.
example_message read_example(const place& p, const dialect& d);

/// What network management is at this host. All rows and codes of `d` are read and good.
network_rules read_network(const place& p, const dialect& d);

/// What the host does beside responding: `network`, `rejects`, `rrn`, `confirmation`, `hostRequests`. All
/// rows and codes of `d` are read and good.
void read_host_rules(const place& whole, dialect& d);

/// Which fields and parts a request must or must not have. All rows of `d` are good.
void read_rules(const place& list, dialect& d);

/// Codes of field 39, as they are compared.
codes read_codes(const place& whole, const char* key, const dialect& d);

/// A code of field 39 as it is sent.
std::string read_own_code(const place& code, const dialect& d);

/// What codes of field 39 mean: `approvals`, `answers` and those of `reversal`.
void read_all_codes(const place& whole, dialect& d);

}  // namespace codec::file
