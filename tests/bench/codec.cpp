// What reading and writing a message costs, in every built-in dialect: time and allocations here,
// instructions when tests/bench/codec runs it under callgrind.

#include <benchmark/benchmark.h>

#include <atomic>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <new>
#include <string_view>
#include <vector>

#include "codec/dialect/dialect_file.hpp"
#include "codec/pack.hpp"
#include "codec/unpack.hpp"
#include "config/dialects.hpp"

namespace {

std::atomic<std::size_t> allocations{0};

}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  if (auto* room = std::malloc(size))
    return room;
  throw std::bad_alloc();
}
void operator delete(void* room) noexcept { std::free(room); }
void operator delete(void* room, std::size_t) noexcept { std::free(room); }

namespace {

// The README's purchase with what a chip might say, 132 bytes. A made-up card.
constexpr std::pair<int, const char*> purchase[] = {
  {0, "0200"},
  {3, "000000"},
  {4, "000000001000"},
  {7, "1123120000"},
  {11, "000061"},
  {12, "261123120000"},
  {22, "021"},
  {24, "200"},
  {25, "00"},
  {35, "4850781234567891=25122011000000000000"},
  {41, "99246800"},
  {42, "012464212464364"},
  {49, "643"},
  {55,
   "9f2608a1b2c3d4e5f607189f2701809f101206011203a0000f0400000000000000000000ffff9f370412345678"
   "9f36020123950580800080009a032501019c01009f02060000000010009f03060000000000005f2a0209788202"
   "39009f1a0208269f3303e0f8c89f34034103029f3501229f1e0831323334353637388407a00000000410109f09"
   "0200029f4104000000015f340101"},
};

// As much of it as the dialect can express.
codec::message purchase_in(const codec::dialect& d) {
  codec::message m;
  for (const auto& [number, value] : purchase)
    if (const auto* spec = d.find(number); spec && !codec::value_fault(value, *spec))
      m.set(number, codec::canonical(value, *spec));
  return m;
}

struct measured {
  codec::dialect d;
  codec::message fields;
  std::string bytes;
  codec::message received;

  explicit measured(std::string_view file)
    : d(codec::parse_dialect(file).value()),
      fields(purchase_in(d)),
      bytes(codec::pack(fields, d).value()),
      received(codec::unpack(bytes, d).value()) {}
};

// By these names callgrind counts: tests/bench/codec.
[[gnu::noinline]] void measure_unpack(const measured& m) {
  benchmark::DoNotOptimize(codec::unpack(m.bytes, m.d));
}
[[gnu::noinline]] void measure_pass_on(const measured& m) {
  benchmark::DoNotOptimize(codec::pack(m.received, m.d));
}
[[gnu::noinline]] void measure_pack(const measured& m) {
  benchmark::DoNotOptimize(codec::pack(m.fields, m.d));
}

constexpr std::pair<const char*, void (*)(const measured&)> operations[] = {
  {"unpack", measure_unpack}, {"pass on", measure_pass_on}, {"pack", measure_pack}};

void run(benchmark::State& state, const measured* m, void (*operation)(const measured&)) {
  const auto before = allocations.load();
  for (auto _ : state)
    operation(*m);
  state.counters["allocations"] =
    benchmark::Counter(static_cast<double>(allocations.load() - before), benchmark::Counter::kAvgIterations);
  state.counters["bytes"] = static_cast<double>(m->bytes.size());
}

// "--times=1000 --dialect=smartvista": each operation so often, for callgrind.
int run_plainly(std::string_view times, std::string_view dialect) {
  for (const auto& file : config::built_in_dialects())
    if (file.name == dialect) {
      const measured m(file.text);
      for (auto left = std::atoi(times.data()); left > 0; --left)
        for (const auto& [name, operation] : operations)
          operation(m);
      return 0;
    }
  std::cerr << "there is no built-in dialect '" << dialect << "'\n";
  return 2;
}

}  // namespace

int main(int count, char** arguments) {
  const auto option = [&](std::string_view name) -> std::string_view {
    for (int i = 1; i < count; ++i)
      if (const std::string_view argument = arguments[i]; argument.starts_with(name))
        return argument.substr(name.size());
    return {};
  };
  if (const auto times = option("--times="); !times.empty())
    return run_plainly(times, option("--dialect="));
  if (count == 2 && std::string_view(arguments[1]) == "--dialects") {
    for (const auto& file : config::built_in_dialects())
      std::cout << file.name << "\n";
    return 0;
  }
  std::vector<std::unique_ptr<measured>> all;
  for (const auto& file : config::built_in_dialects()) {
    all.push_back(std::make_unique<measured>(file.text));
    for (const auto& [name, operation] : operations)
      benchmark::RegisterBenchmark((all.back()->d.name + " " + name).c_str(), run, all.back().get(),
                                   operation);
  }
  benchmark::Initialize(&count, arguments);
  if (benchmark::ReportUnrecognizedArguments(count, arguments))
    return 2;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
