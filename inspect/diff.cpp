// `socketqueue diff`: two messages, field by field and part by part, and their frames. It compares the values
// themselves and shows of them what may be shown.

#include <algorithm>
#include <map>
#include <ostream>

#include "codec/composite/composite.hpp"
#include "codec/privacy/masked_bytes.hpp"
#include "codec/privacy/message_table.hpp"
#include "codec/text/hex.hpp"
#include "codec/text/latin1.hpp"
#include "inspect/arguments.hpp"
#include "inspect/input.hpp"
#include "inspect/reading.hpp"

namespace inspect {

namespace {

struct side_of_diff {
  std::string called;
  reading read;
  std::string_view header, bytes, trailer;
  std::vector<codec::table_row> rows;

  const codec::message& value() const { return read.messages.front().value; }

  const codec::table_row* find(std::string_view path) const {
    const auto it = std::ranges::find(rows, path, &codec::table_row::path);
    return it == rows.end() ? nullptr : &*it;
  }
};

// Fills `side` from a word of the command line. Returns why that is not possible.
std::string read_side(const std::string& word, const arguments& a, const codec::dialect& d,
                      const std::vector<frame>& frames, streams io, std::string& bytes, side_of_diff& side) {
  auto given = read_bytes({word}, a, io.in);
  if (auto* why = std::get_if<std::string>(&given))
    return std::move(*why);
  bytes = std::get<given_bytes>(std::move(given)).bytes;
  side.read = best_reading(bytes, d, frames);
  if (side.read.messages.size() != 1)
    return side.called + " has " + std::to_string(side.read.messages.size()) +
           " messages, and diff compares one with one";
  const auto& m = side.read.messages.front();
  if (side.value().mti().empty())
    return side.called + " cannot be read: " + to_string(m.faults.front());
  const std::string_view all = bytes;
  side.header = all.substr(m.where.at, m.where.begin - m.where.at);
  side.bytes = all.substr(m.where.begin, m.where.end - m.where.begin);
  side.trailer = all.substr(m.where.end, std::max(m.where.next, m.where.end) - m.where.end);
  side.rows = codec::message_rows(side.value(), d, codec::detail::parts);
  return "";
}

// The paths of both, in the order of fields, a field's parts behind it.
std::vector<std::string> paths_of(const side_of_diff& a, const side_of_diff& b) {
  std::vector<std::string> paths;
  auto other = b.rows.begin();
  const auto field_of = [](const codec::table_row& row) { return std::stoi(row.path); };
  const auto add = [&paths](const std::string& path) {
    if (std::ranges::find(paths, path) == paths.end())
      paths.push_back(path);
  };
  for (auto it = a.rows.begin(); it != a.rows.end();) {
    const auto number = field_of(*it);
    for (; other != b.rows.end() && field_of(*other) < number; ++other)
      add(other->path);
    for (; it != a.rows.end() && field_of(*it) == number; ++it)
      add(it->path);
    for (; other != b.rows.end() && field_of(*other) == number; ++other)
      add(other->path);
  }
  for (; other != b.rows.end(); ++other)
    add(other->path);
  return paths;
}

std::string text_of(const codec::table_row* row) {
  return row ? printable(codec::utf8_of_latin1(row->value)) : "(absent)";
}

struct frame_around {
  std::string header, trailer;
};

// What the frame of this side writes around its message: a length follows from the message, as the bitmap
// follows from the fields.
frame_around written_around(const side_of_diff& s) {
  std::string frame;
  if (!s.read.by.framing.append)
    return {};
  s.read.by.framing.append(frame, s.bytes);
  const auto size = s.header.size() + s.bytes.size() + s.trailer.size();
  if (frame.size() != size)
    return {};
  return {frame.substr(0, s.header.size()), frame.substr(s.header.size() + s.bytes.size())};
}

// Whether bytes around the messages differ in more than what follows from the messages.
bool differ(std::string_view a, std::string_view b, std::string_view written_a, std::string_view written_b) {
  if (a.size() != b.size() || a.size() != written_a.size() || a.size() != written_b.size())
    return a != b;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i] != b[i] && (a[i] != written_a[i] || b[i] != written_b[i]))
      return true;
  return false;
}

class comparison {
public:
  comparison(const side_of_diff& a, const side_of_diff& b, const codec::dialect& d, std::ostream& out)
    : a_(a), b_(b), d_(d), out_(out) {}

  // How many fields and parts differ.
  std::size_t run() {
    compare_frames();
    const auto paths = paths_of(a_, b_);
    for (const auto& path : paths) {
      const bool differ = is_different(path);
      // Of a field that is made of parts they say more than the whole does, if one of them differs.
      const bool is_told_by_parts = std::ranges::any_of(
        paths, [&](const std::string& part) { return part.starts_with(path + ".") && is_different(part); });
      if (differ && !is_told_by_parts)
        print(path);
    }
    return count_;
  }

private:
  static std::string frame_text(std::string_view bytes, const side_of_diff& s) {
    return s.read.by.header.empty() ? s.read.by.name()
                                    : header_text(bytes, s.read.by) + " (" + s.read.by.name() + ")";
  }

  void compare_frames() {
    const auto of_a = written_around(a_), of_b = written_around(b_);
    if (differ(a_.header, b_.header, of_a.header, of_b.header)) {
      out_ << "header\n  A: " << frame_text(a_.header, a_) << "\n  B: " << frame_text(b_.header, b_) << "\n";
      ++count_;
    }
    if (differ(a_.trailer, b_.trailer, of_a.trailer, of_b.trailer)) {
      const auto shown = [](const side_of_diff& s) {
        return s.trailer.empty() ? "(absent)" : codec::masked_bytes(codec::to_hex(s.trailer));
      };
      out_ << "trailer\n  A: " << shown(a_) << "\n  B: " << shown(b_) << "\n";
      ++count_;
    }
  }

  // The bitmap follows from the fields, and is no difference of its own.
  bool is_different(const std::string& path) const {
    if (path == "1")
      return false;
    return codec::value_at(a_.value(), path, d_) != codec::value_at(b_.value(), path, d_);
  }

  void print(const std::string& path) {
    const auto *a = a_.find(path), *b = b_.find(path);
    const auto& name = (a ? a : b)->name;
    out_ << path << (name.empty() ? "" : " " + name) << "\n  A: " << text_of(a) << "\n  B: " << text_of(b)
         << "\n";
    if (a && b && a->value == b->value)
      out_ << "  (they differ in what is masked)\n";
    ++count_;
  }

  const side_of_diff &a_, &b_;
  const codec::dialect& d_;
  std::ostream& out_;
  std::size_t count_ = 0;
};

}  // namespace

int diff(const arguments& a, streams io) {
  const auto chosen = read_dialect(a.value("dialect", "smartVista"));
  if (const auto* why = std::get_if<std::string>(&chosen))
    return misused(io, *why);
  const auto frames = read_frames(a);
  if (const auto* why = std::get_if<std::string>(&frames))
    return misused(io, *why);
  if (a.words[0] == "-" && a.words[1] == "-")
    return misused(io, "diff reads one message from standard input at most");
  const auto& d = std::get<codec::dialect>(chosen);
  std::string bytes[2];
  side_of_diff sides[2]{{"A", {}, {}, {}, {}, {}}, {"B", {}, {}, {}, {}, {}}};
  for (std::size_t i = 0; i < 2; ++i)
    if (const auto why =
          read_side(a.words[i], a, d, std::get<std::vector<frame>>(frames), io, bytes[i], sides[i]);
        !why.empty())
      return misused(io, why);
  for (const auto& s : sides)
    for (const auto& f : s.read.messages.front().faults)
      io.err << "socketqueue: " << s.called << " was not read whole: " << to_string(f) << "\n";
  if (const auto count = comparison(sides[0], sides[1], d, io.out).run(); count != 0) {
    io.out << count << (count == 1 ? " difference\n" : " differences\n");
    return exit_no;
  }
  if (sides[0].bytes != sides[1].bytes) {
    const auto at = std::ranges::mismatch(sides[0].bytes, sides[1].bytes).in1 - sides[0].bytes.begin();
    io.out << "the values are the same, and the bytes are not, from byte " << at
           << " of the message: filling, letters of the other case, or what could not be read\n";
    return exit_no;
  }
  io.out << "no difference\n";
  return 0;
}

}  // namespace inspect
