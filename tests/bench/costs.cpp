// SPDX-License-Identifier: Apache-2.0
#include "costs.hpp"

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include <unistd.h>

namespace bench {
namespace {

struct Process {
  int parent = 0;
  double cpu_seconds = 0;
};

/// /proc/PID/stat: the name may hold blanks, so fields are counted from behind its last ')'.
bool read_stat(const std::filesystem::path& folder, Process& process) {
  std::ifstream file(folder / "stat");
  std::string line;
  if (!std::getline(file, line) || line.rfind(')') == std::string::npos) return false;
  std::istringstream fields(line.substr(line.rfind(')') + 2));
  std::string skipped;
  fields >> skipped >> process.parent;
  for (int i = 0; i < 9; ++i)
    fields >> skipped;
  double user = 0, system = 0, children_user = 0, children_system = 0;
  fields >> user >> system >> children_user >> children_system;
  process.cpu_seconds =
      (user + system + children_user + children_system) / static_cast<double>(sysconf(_SC_CLK_TCK));
  return true;
}

std::map<int, Process> all_processes() {
  std::map<int, Process> processes;
  std::error_code gone;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", gone)) {
    const auto name = entry.path().filename().string();
    Process process;
    if (name.find_first_not_of("0123456789") == std::string::npos && read_stat(entry.path(), process)) {
      processes[std::stoi(name)] = process;
    }
  }
  return processes;
}

std::uint64_t pss_of(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/smaps_rollup");
  std::string word;
  while (file >> word) {
    std::uint64_t kib = 0;
    if (word == "Pss:" && file >> kib) return kib;
  }
  return 0;
}

bool below(const std::map<int, Process>& processes, int pid, int ancestor) {
  for (int steps = 0; pid > 1 && steps < 64; ++steps) {
    if (pid == ancestor) return true;
    const auto found = processes.find(pid);
    if (found == processes.end()) return false;
    pid = found->second.parent;
  }
  return false;
}

}  // namespace

Costs costs_of(int pid, int without) {
  Costs costs;
  if (pid == 0) return costs;
  const auto processes = all_processes();
  for (const auto& [id, process] : processes) {
    if (!below(processes, id, pid) || (without != 0 && below(processes, id, without))) continue;
    costs.cpu_seconds += process.cpu_seconds;
    costs.pss_kib += pss_of(id);
  }
  return costs;
}

}  // namespace bench
