// The simulator by itself, without the rest of the program.

#include "scenarios/simulator/command.hpp"

int main(int argc, char** argv) {
  return simulator::simulate({argv + 1, static_cast<std::size_t>(argc - 1)});
}
