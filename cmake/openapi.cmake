# SPDX-License-Identifier: Apache-2.0

# rollcall_embed_openapi(TARGET): compiles docs/openapi.yaml into the target, so that the server can
# hand it out without files beside it. Run as a script (-DOUT=... -P) it writes the source.
function(rollcall_embed_openapi target)
  set(script ${PROJECT_SOURCE_DIR}/cmake/openapi.cmake)
  set(file ${PROJECT_SOURCE_DIR}/docs/openapi.yaml)
  set(source ${PROJECT_BINARY_DIR}/embedded_openapi.cpp)
  add_custom_command(OUTPUT ${source}
    COMMAND ${CMAKE_COMMAND} -DOUT=${source} -DFILE=${file} -P ${script}
    DEPENDS ${file} ${script} VERBATIM)
  target_sources(${target} PRIVATE ${source})
endfunction()

if(CMAKE_SCRIPT_MODE_FILE AND OUT)
  file(READ ${FILE} text)
  file(WRITE ${OUT} "// Made from docs/openapi.yaml by cmake/openapi.cmake.
#include \"resources.hpp\"

namespace rollcall::admin {

std::string_view openapi_document() { return R\"yaml(${text})yaml\"; }

}  // namespace rollcall::admin
")
endif()
