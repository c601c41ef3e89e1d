#include "actors/remote/screen.hpp"

#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <string_view>

namespace actors {

namespace {

constexpr std::string_view take_screen = "\x1b[?1049h\x1b[?25l\x1b[2J", give_back = "\x1b[?25h\x1b[?1049l";

termios before;
volatile std::sig_atomic_t is_taken = 0;

void write_whole(std::string_view text) {
  while (!text.empty()) {
    const auto count = ::write(STDOUT_FILENO, text.data(), text.size());
    if (count <= 0)
      return;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

// Only what a signal handler may do.
void restore() {
  if (!is_taken)
    return;
  is_taken = 0;
  write_whole(give_back);
  tcsetattr(STDIN_FILENO, TCSANOW, &before);
}

extern "C" void end_on_signal(int number) {
  restore();
  std::signal(number, SIG_DFL);
  raise(number);
}

extern "C" void size_changed(int) {}  // it ends the wait for a key

constexpr int ending[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGABRT, SIGSEGV, SIGPIPE};

// How many columns of `text` fit, as the place where it is cut: bytes of UTF-8 that go on a character count
// none.
std::string_view cut(std::string_view text, std::size_t columns) {
  std::size_t used = 0, at = 0;
  for (; at < text.size(); ++at)
    if ((static_cast<unsigned char>(text[at]) & 0xc0U) != 0x80 && used++ == columns)
      break;
  return text.substr(0, at);
}

}  // namespace

bool screen::is_there() { return isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1; }

screen::screen() {
  tcgetattr(STDIN_FILENO, &before);
  auto raw = before;
  raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  raw.c_cc[VMIN] = 0;
  raw.c_cc[VTIME] = 0;
  is_taken = 1;
  for (const int s : ending)
    std::signal(s, end_on_signal);
  struct sigaction resized {};
  resized.sa_handler = size_changed;
  sigaction(SIGWINCH, &resized, nullptr);
  // It would come back with the screen of others.
  std::signal(SIGTSTP, SIG_IGN);
  tcsetattr(STDIN_FILENO, TCSANOW, &raw);
  write_whole(take_screen);
}

screen::~screen() { restore(); }

screen::size screen::get_size() const {
  winsize w{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) != 0 || w.ws_col == 0 || w.ws_row == 0)
    return {80, 24};
  return {w.ws_col, w.ws_row};
}

void screen::draw(const std::vector<std::string>& lines) {
  const auto s = get_size();
  std::string all = "\x1b[H";
  const auto count = std::min<std::size_t>(lines.size(), s.rows);
  for (std::size_t i = 0; i < count; ++i) {
    all += cut(lines[i], s.columns);
    all += "\x1b[K";
    if (i + 1 < count)
      all += "\r\n";
  }
  all += "\x1b[J";
  write_whole(all);
}

int screen::wait_for_key(std::chrono::milliseconds time) {
  pollfd input{STDIN_FILENO, POLLIN, 0};
  if (poll(&input, 1, static_cast<int>(time.count())) <= 0)
    return 0;
  char key = 0;
  return ::read(STDIN_FILENO, &key, 1) == 1 ? static_cast<unsigned char>(key) : -1;
}

}  // namespace actors
