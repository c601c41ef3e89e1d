#include "tests/lab/wire.hpp"

#include "codec/mti.hpp"

namespace lab {

namespace {

constexpr std::size_t mti_size = 4;
constexpr std::size_t bitmap_end = mti_size + 8;
constexpr std::size_t code_field = 39;

bool announces(std::string_view message, std::size_t number) {
  const auto byte = static_cast<unsigned char>(message[mti_size + (number - 1) / 8]);
  return (byte >> (7 - (number - 1) % 8) & 1) != 0;
}

}  // namespace

layout::layout(const codec::dialect& d) {
  for (std::size_t number = 2; number < fields_end; ++number)
    if (const auto* spec = d.find(static_cast<int>(number)))
      shapes_[number] = {true, spec->length.coded == &codec::bcd_length,
                         static_cast<std::uint16_t>(spec->prefix_size()),
                         static_cast<std::uint16_t>(spec->length_max)};
}

reading layout::read(std::string_view stream, outline& out) const {
  if (stream.size() < bitmap_end)
    return reading::more_needed;
  if (!codec::is_mti(stream.substr(0, mti_size)) || announces(stream, 1))
    return reading::bad;
  std::size_t offset = bitmap_end;
  for (std::size_t number = 2; number < fields_end; ++number) {
    out.begin[number] = out.end[number] = static_cast<std::uint16_t>(offset);
    if (!announces(stream, number))
      continue;
    const auto& known = shapes_[number];
    if (!known.exists)
      return reading::bad;
    std::size_t size = known.size;
    if (known.prefix_size != 0) {
      if (stream.size() < offset + known.prefix_size)
        return reading::more_needed;
      const int said = prefixed_size(stream.substr(offset, known.prefix_size), known.is_bcd);
      if (said < 0)
        return reading::bad;
      offset += known.prefix_size;
      size = static_cast<std::size_t>(said);
    }
    out.begin[number] = static_cast<std::uint16_t>(offset);
    offset += size;
    if (stream.size() < offset)
      return reading::more_needed;
    out.end[number] = static_cast<std::uint16_t>(offset);
  }
  out.size = offset;
  return reading::whole;
}

int layout::prefixed_size(std::string_view prefix, bool is_bcd) {
  int size = 0;
  for (const char c : prefix) {
    const int byte = static_cast<unsigned char>(c);
    const int high = is_bcd ? byte >> 4 : 0;
    const int low = is_bcd ? byte & 15 : byte - '0';
    if (high > 9 || low < 0 || low > 9)
      return -1;
    size = size * (is_bcd ? 100 : 10) + high * 10 + low;
  }
  return size;
}

void append_approval(std::string& out, std::string_view request, const outline& of) {
  const auto front = out.size();
  const std::size_t code_at = of.begin[code_field];
  out.append(request.substr(0, code_at)).append("000").append(request.substr(code_at, of.size - code_at));
  out[front + 2] = static_cast<char>(out[front + 2] + 1);
  auto& byte = out[front + mti_size + (code_field - 1) / 8];
  byte = static_cast<char>(static_cast<unsigned char>(byte) | 0x80U >> (code_field - 1) % 8);
}

void write_digits(char* to, std::size_t width, std::uint64_t number) {
  for (auto* at = to + width; at != to; number /= 10)
    *--at = static_cast<char>('0' + number % 10);
}

std::uint64_t read_digits(std::string_view digits) {
  std::uint64_t number = 0;
  for (const char c : digits)
    number = number * 10 + static_cast<std::uint64_t>(c - '0');
  return number;
}

}  // namespace lab
