# SPDX-License-Identifier: Apache-2.0

# rollcall_layer(NAME [DEPENDS layer...] [PACKAGES target...] [PRIVATE_PACKAGES target...])
# Makes target rollcall_NAME from server/NAME/*.cpp, linked to just what it may use.
function(rollcall_layer name)
  cmake_parse_arguments(LAYER "" "" "DEPENDS;PACKAGES;PRIVATE_PACKAGES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/server/${name}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  list(TRANSFORM LAYER_DEPENDS PREPEND rollcall_)
  if(NOT sources)
    add_library(rollcall_${name} INTERFACE)
    target_include_directories(rollcall_${name} INTERFACE ${PROJECT_SOURCE_DIR}/include)
    target_link_libraries(rollcall_${name} INTERFACE rollcall_flags ${LAYER_DEPENDS} ${LAYER_PACKAGES})
    return()
  endif()
  add_library(rollcall_${name} STATIC ${sources})
  target_include_directories(rollcall_${name} PUBLIC ${PROJECT_SOURCE_DIR}/include
                                              PRIVATE ${PROJECT_SOURCE_DIR}/server/${name})
  target_link_libraries(rollcall_${name}
    PUBLIC rollcall_flags Threads::Threads ${LAYER_DEPENDS} ${LAYER_PACKAGES}
    PRIVATE ${LAYER_PRIVATE_PACKAGES})
  rollcall_precompile(rollcall_${name})
endfunction()

# rollcall_program(NAME source...): a program on top of every layer.
function(rollcall_program name)
  foreach(source ${ARGN})
    if(NOT EXISTS ${PROJECT_SOURCE_DIR}/${source})
      message(STATUS "${name}: ${source} is missing, program not built")
      return()
    endif()
  endforeach()
  add_executable(${name} ${ARGN})
  target_link_libraries(${name} PRIVATE rollcall_app)
  # Takes the place of malloc, which costs a sixth of a request's time more; a sanitizer brings its own.
  # Nothing names a symbol of it, so the linker must be told to keep it.
  if(TARGET mimalloc)
    target_link_libraries(${name} PRIVATE -Wl,--push-state,--no-as-needed mimalloc -Wl,--pop-state)
  endif()
endfunction()

function(rollcall_precompile target)
  if(ROLLCALL_PCH)
    target_precompile_headers(${target} PRIVATE <algorithm> <array> <chrono> <cstdint> <functional>
      <map> <memory> <optional> <string> <string_view> <unordered_map> <utility> <variant> <vector>
      <fmt/format.h>)
  endif()
endfunction()
