# SPDX-License-Identifier: Apache-2.0
# How every target is compiled.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

find_program(CCACHE ccache)
if(CCACHE)
  # The precompiled header defeats ccache unless it may ignore defines and time stamps in it.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      ${CCACHE})
endif()

add_library(rollcall_flags INTERFACE)
target_compile_options(rollcall_flags INTERFACE -Wall -Wextra)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 takes the unused members of a std::variant for uninitialized ones once it optimizes.
  target_compile_options(rollcall_flags INTERFACE -Wno-maybe-uninitialized)
endif()
if(ROLLCALL_SANITIZE)
  target_compile_options(rollcall_flags INTERFACE -fsanitize=${ROLLCALL_SANITIZE}
                                                  -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(rollcall_flags INTERFACE -fsanitize=${ROLLCALL_SANITIZE})
endif()
if(ROLLCALL_FUZZ)
  target_compile_options(rollcall_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
