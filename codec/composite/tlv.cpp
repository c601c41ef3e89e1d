#include "codec/composite/tlv.hpp"

#include "codec/text/hex.hpp"

namespace codec {

namespace {

unsigned char byte_at(std::string_view bytes, std::size_t i) { return static_cast<unsigned char>(bytes[i]); }

// Bytes that the tag at the front takes; 0 where it is cut off.
std::size_t tag_size(std::string_view bytes) {
  if (bytes.empty())
    return 0;
  if ((byte_at(bytes, 0) & 0x1f) != 0x1f)
    return 1;
  for (std::size_t size = 2; size <= bytes.size() && size <= 4; ++size)
    if ((byte_at(bytes, size - 1) & 0x80) == 0)
      return size;
  return 0;
}

struct length_read {
  std::size_t size;  ///< bytes that the length takes
  std::size_t length;
};

// One byte below 0x80, or 0x81 or 0x82 and as many bytes behind it.
std::optional<length_read> read_length(std::string_view bytes) {
  if (bytes.empty())
    return {};
  const std::size_t first = byte_at(bytes, 0);
  if (first < 0x80)
    return length_read{1, first};
  const auto count = first - 0x80;
  if (count < 1 || count > 2 || bytes.size() < 1 + count)
    return {};
  std::size_t length = 0;
  for (std::size_t i = 1; i <= count; ++i)
    length = length << 8 | byte_at(bytes, i);
  return length_read{1 + count, length};
}

}  // namespace

std::optional<tlv> first_tlv(std::string_view bytes) {
  const auto tag = tag_size(bytes);
  if (tag == 0)
    return {};
  const auto length = read_length(bytes.substr(tag));
  if (!length || length->length > bytes.size() - tag - length->size)
    return {};
  const auto head = tag + length->size;
  return tlv{to_hex(bytes.substr(0, tag)), bytes.substr(0, head), bytes.substr(head, length->length),
             (byte_at(bytes, 0) & 0x20) != 0};
}

std::optional<std::vector<tlv>> split_tlv(std::string_view bytes) {
  std::vector<tlv> items;
  while (!bytes.empty()) {
    auto item = first_tlv(bytes);
    if (!item)
      return {};
    bytes.remove_prefix(item->head.size() + item->value.size());
    items.push_back(std::move(*item));
  }
  return items;
}

std::optional<std::string> write_tlv(std::string_view tag, std::string_view value) {
  const auto tag_bytes = from_hex(tag);
  if (!tag_bytes || tag_bytes->empty() || tag_size(*tag_bytes) != tag_bytes->size() || value.size() > 0xffff)
    return {};
  auto out = *tag_bytes;
  if (value.size() > 0xff)
    out += {static_cast<char>(0x82), static_cast<char>(value.size() >> 8)};
  else if (value.size() > 0x7f)
    out += static_cast<char>(0x81);
  out += static_cast<char>(value.size() & 0xff);
  out += value;
  return out;
}

}  // namespace codec
