// Seals card data and loads the key. Neither the key nor clear text is ever logged, and every buffer that
// held the key is wiped.

#include "store/sealing.hpp"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>

#include "store/files.hpp"

namespace store {

namespace {

constexpr std::size_t id_length = 16;
constexpr std::size_t fingerprint_length = 32;
constexpr std::size_t nonce_length = 12;
constexpr std::size_t tag_length = 16;

// Without randomness, memory or digests sealing is not safe, so the process stops.
void must(bool did, const char* what) {
  if (did)
    return;
  std::fprintf(stderr, "OpenSSL cannot %s; the process ends\n", what);
  std::abort();
}

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

using cipher_context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

cipher_context new_context() {
  cipher_context made(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  must(made != nullptr, "get memory");
  return made;
}

void append_hex(std::string& to, unsigned char byte) {
  to += "0123456789abcdef"[byte >> 4];
  to += "0123456789abcdef"[byte & 15];
}

int hex_value(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string id_of(const sealer::key& key) {
  // The prefix makes the id differ from any other digest of the key.
  std::string text = "socketqueue sealing key id ";
  text.append(reinterpret_cast<const char*>(key.data()), key.size());
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  must(EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr) == 1,
       "compute SHA-256");
  wipe(text);
  std::string id;
  for (std::size_t i = 0; i < id_length / 2; ++i)
    append_hex(id, digest[i]);
  return id;
}

bool read_hex(std::string_view text, sealer::key& into) {
  if (text.ends_with('\n'))
    text.remove_suffix(1);
  if (text.size() != into.size() * 2)
    return false;
  for (std::size_t i = 0; i < into.size(); ++i) {
    const int high = hex_value(text[2 * i]);
    const int low = hex_value(text[2 * i + 1]);
    if (high < 0 || low < 0)
      return false;
    into[i] = static_cast<unsigned char>(high * 16 + low);
  }
  return true;
}

std::variant<sealer, std::string> read_key(int file, const std::string& path) {
  struct stat is {};
  if (::fstat(file, &is) != 0)
    return cannot("read the sealing key in", path);
  if (!S_ISREG(is.st_mode))
    return "the sealing key " + path + " is not a file";
  // Root may own a key that this user can read.
  if (is.st_uid != ::geteuid() && is.st_uid != 0)
    return "the sealing key " + path + " belongs to user " + std::to_string(is.st_uid) +
           ", who may change it, and this process runs as user " + std::to_string(::geteuid()) +
           "; give it to that user, or to root";
  if ((is.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return "the sealing key " + path +
           " can be read or changed by others than its owner; if none has, run: chmod 600 " + path;
  std::array<char, 80> text{};
  const auto count = ::read(file, text.data(), text.size());
  if (count < 0)
    return cannot("read the sealing key in", path);
  sealer::key key{};
  const bool good = read_hex({text.data(), static_cast<std::size_t>(count)}, key);
  OPENSSL_cleanse(text.data(), text.size());
  if (good)
    return sealer(key);
  OPENSSL_cleanse(key.data(), key.size());
  return "the sealing key " + path +
         " is not 64 hexadecimal digits; put the right one there: nothing sealed can be read without it";
}

// Written to a temporary file and linked to its name when durable: after a power loss there is a complete key
// or none, and a key that another process has made meanwhile is not overwritten.
std::string create_key(const std::string& path) {
  if (auto problem = make_directory(directory_of(path)); !problem.empty())
    return problem;
  sealer::key key{};
  must(RAND_priv_bytes(key.data(), static_cast<int>(key.size())) == 1, "make random numbers");
  std::string text;
  text.reserve(2 * key.size() + 1);
  for (const auto byte : key)
    append_hex(text, byte);
  text += '\n';
  OPENSSL_cleanse(key.data(), key.size());
  std::array<unsigned char, 8> random_source{};
  must(RAND_bytes(random_source.data(), static_cast<int>(random_source.size())) == 1, "make random numbers");
  auto beside = path + ".";
  for (const auto byte : random_source)
    append_hex(beside, byte);

  std::string problem;
  const auto file = open_private(beside, O_WRONLY | O_CREAT | O_EXCL);
  if (!file || !write_all(file.get(), text, 0) || ::fsync(file.get()) != 0)
    problem = cannot("write a new sealing key to", beside);
  else if (::link(beside.c_str(), path.c_str()) != 0 && errno != EEXIST)
    problem = cannot("write a new sealing key to", path);
  wipe(text);
  if (file)
    ::unlink(beside.c_str());
  return problem.empty() ? sync_directory(directory_of(path)) : problem;
}

}  // namespace

// Expanding the key takes longer than sealing a card, so it is done once. No nonce may be used twice with one
// key: it is eight random bytes of this object, and a counter. Two objects of one key hardly ever draw the
// same bytes: after a million starts with a probability of 3 in 100 million.
struct sealer::cipher {
  explicit cipher(const key& of) : context(new_context()) {
    must(EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, of.data(), nullptr) == 1,
         "take the key");
  }

  void next_nonce(unsigned char* to) {
    if (count == 0)
      must(RAND_bytes(prefix.data(), static_cast<int>(prefix.size())) == 1, "make random numbers");
    std::memcpy(to, prefix.data(), prefix.size());
    std::memcpy(to + prefix.size(), &count, sizeof count);
    ++count;
  }

  cipher_context context;
  std::array<unsigned char, nonce_length - sizeof(std::uint32_t)> prefix{};
  std::uint32_t count = 0;  // where it overflows, another prefix follows
};

sealer::sealer(key& from) : key_(from), id_(id_of(from)) { OPENSSL_cleanse(from.data(), from.size()); }

sealer::~sealer() { OPENSSL_cleanse(key_.data(), key_.size()); }

std::string sealer::fingerprint(std::string_view text) const {
  // Derives a key for fingerprints: one key serves one purpose.
  std::array<unsigned char, EVP_MAX_MD_SIZE> own{}, digest{};
  constexpr std::string_view purpose = "socketqueue fingerprints";
  unsigned own_size = 0;
  must(HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()), bytes(purpose), purpose.size(),
            own.data(), &own_size) != nullptr,
       "compute HMAC");
  must(HMAC(EVP_sha256(), own.data(), static_cast<int>(own_size), bytes(text), text.size(), digest.data(),
            nullptr) != nullptr,
       "compute HMAC");
  OPENSSL_cleanse(own.data(), own.size());
  std::string print;
  for (std::size_t i = 0; i < fingerprint_length / 2; ++i)
    append_hex(print, digest[i]);
  return print;
}

sealer::sealer(sealer&& other) noexcept
  : key_(other.key_), id_(other.id_), cipher_(std::move(other.cipher_)) {
  OPENSSL_cleanse(other.key_.data(), other.key_.size());
}

std::string sealer::seal(std::string_view clear, std::string_view associated) const {
  std::string sealed = id_;
  sealed.resize(id_length + nonce_length + clear.size() + tag_length);
  auto* const nonce = bytes(sealed) + id_length;
  auto* const text = nonce + nonce_length;
  auto* const tag = text + clear.size();
  if (!cipher_)
    cipher_ = std::make_unique<cipher>(key_);
  cipher_->next_nonce(nonce);

  auto* const context = cipher_->context.get();
  int count = 0;
  must(EVP_EncryptInit_ex(context, nullptr, nullptr, nullptr, nonce) == 1 &&
         EVP_EncryptUpdate(context, nullptr, &count, bytes(associated),
                           static_cast<int>(associated.size())) == 1 &&
         EVP_EncryptUpdate(context, text, &count, bytes(clear), static_cast<int>(clear.size())) == 1 &&
         EVP_EncryptFinal_ex(context, tag, &count) == 1 &&
         EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, tag_length, tag) == 1,
       "seal");
  return sealed;
}

std::optional<std::string> sealer::unseal(std::string_view sealed, std::string_view associated) const {
  if (sealed.size() < id_length + nonce_length + tag_length || !sealed.starts_with(id_))
    return std::nullopt;
  const auto nonce = sealed.substr(id_length, nonce_length);
  const auto text =
    sealed.substr(id_length + nonce_length, sealed.size() - id_length - nonce_length - tag_length);
  std::string tag(sealed.substr(sealed.size() - tag_length));

  // Constructed in place: moving a short string would leave a copy of its bytes behind.
  std::optional<std::string> clear(std::in_place, text.size(), '\0');
  const auto context = new_context();
  int count = 0;
  unsigned char none = 0;
  must(EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key_.data(), bytes(nonce)) == 1 &&
         EVP_DecryptUpdate(context.get(), nullptr, &count, bytes(associated),
                           static_cast<int>(associated.size())) == 1 &&
         EVP_DecryptUpdate(context.get(), bytes(*clear), &count, bytes(text),
                           static_cast<int>(text.size())) == 1 &&
         EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, tag_length, bytes(tag)) == 1,
       "unseal");
  if (EVP_DecryptFinal_ex(context.get(), &none, &count) != 1) {
    wipe(*clear);
    clear.reset();
  }
  return clear;
}

void wipe(std::string& clear) {
  OPENSSL_cleanse(clear.data(), clear.size());
  clear.clear();
}

std::variant<sealer, std::string> load_key(const std::string& path, bool may_create) {
  auto file = open_private(path, O_RDONLY | O_NONBLOCK);
  if (!file && errno == ELOOP)
    return "the sealing key " + path + " is a symbolic link, which is not followed; name the file itself";
  if (!file && errno == ENOENT) {
    if (!may_create)
      return "the sealing key " + path +
             " is missing, and what the journal holds was sealed with it; put it back: "
             "a new key could not open it, so none was made and nothing was changed";
    if (auto problem = create_key(path); !problem.empty())
      return problem;
    file = open_private(path, O_RDONLY);
  }
  if (!file)
    return cannot("read the sealing key in", path);
  return read_key(file.get(), path);
}

}  // namespace store
