// The simulator as a program of its own.

#include "scenarios/simulator/command.hpp"

int main(int argc, char** argv) {
  return simulator::simulate({argv + 1, static_cast<std::size_t>(argc - 1)});
}
