// `socketqueue dialect import`: another program's spec as a dialect file. What it does not say is guessed on
// the safe side and said on standard error, as is what could not be taken over.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <ostream>

#include "codec/dialect/dialect_file.hpp"
#include "inspect/arguments.hpp"
#include "inspect/import/rows.hpp"
#include "inspect/input.hpp"

namespace inspect {

namespace {

// Takes out the rows that are no rows of a dialect, until the rest is one.
void drop_broken_rows(imported& all) {
  for (auto faults = codec::faults_of_dialect(text_of(all)); !faults.empty() && !all.rows.empty();
       faults = codec::faults_of_dialect(text_of(all))) {
    std::size_t at = 0;
    if (std::sscanf(faults.front().c_str(), "fields[%zu]", &at) != 1 || at >= all.rows.size()) {
      all.broken = faults.front();
      return;
    }
    const auto number = all.rows[at].value("field", 0);
    all.missing.push_back({std::to_string(number), "", faults.front()});
    all.rows.erase(all.rows.begin() + static_cast<std::ptrdiff_t>(at));
  }
  if (all.rows.empty())
    all.broken = "there is no field in it that could be taken over";
}

// A file that is there stays as it is.
std::string write_new(const std::string& path, const std::string& text) {
  std::error_code error;
  if (std::filesystem::exists(path, error))
    return "'" + path + "' is there already; give --output another name, or remove it";
  std::ofstream file(path, std::ios::binary);
  file << text << std::flush;
  return file ? "" : "cannot write '" + path + "'";
}

}  // namespace

int import_dialect(const arguments& a, streams io) {
  const auto& path = a.words.front();
  const auto read = read_text(path, io.in);
  if (const auto* why = std::get_if<std::string>(&read))
    return misused(io, *why);
  const auto& text = std::get<given_bytes>(read).bytes;
  const auto first = text.find_first_not_of(" \t\r\n\xef\xbb\xbf");
  if (first == std::string::npos || (text[first] != '<' && text[first] != '{'))
    return misused(io, "'" + path + "' is neither XML of a jPOS packager nor JSON of a moov-io/iso8583 spec");
  auto all = text[first] == '<' ? read_jpos(text.substr(first)) : read_moov(text.substr(first));
  if (all.broken.empty())
    drop_broken_rows(all);
  if (all.broken.empty()) {
    const auto d = codec::parse_dialect(text_of(all));
    all.examples = examples_of(*d);
    all.answers = answers_of(*d);
  }
  for (const auto& m : all.missing)
    io.err << printable("socketqueue: left out: " + m.path + (m.what.empty() ? "" : " (" + m.what + ")") +
                        ": " + m.why)
           << "\n";
  if (!all.broken.empty())
    return misused(io, "'" + path + "': " + all.broken);
  io.err << "socketqueue: such a file does not say which codes of field 39 approve (0 is guessed: 00, 000), "
            "which fields are mandatory, what a purchase has in it (examples are guessed), nor how a "
            "transaction is reversed: without `reversal` nothing is. "
            "Privacy is guessed. See docs/DIALECTS.md\n";
  const auto result = text_of(all);
  if (!a.has("output")) {
    io.out << result;
  } else if (const auto why = write_new(a.value("output"), result); !why.empty()) {
    return misused(io, why);
  }
  return all.missing.empty() ? 0 : exit_no;
}

}  // namespace inspect
