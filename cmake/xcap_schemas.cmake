# SPDX-License-Identifier: Apache-2.0

# rollcall_embed_xcap_schemas(TARGET): compiles server/xcap/schemas/ into the target, so that documents
# are validated without files beside the program. Run as a script (-DOUT=... -P) it writes the source.
function(rollcall_embed_xcap_schemas target)
  set(script ${PROJECT_SOURCE_DIR}/cmake/xcap_schemas.cmake)
  set(source ${PROJECT_BINARY_DIR}/embedded_xcap_schemas.cpp)
  set(folder ${PROJECT_SOURCE_DIR}/server/xcap/schemas)
  file(GLOB files CONFIGURE_DEPENDS ${folder}/*.xsd)
  add_custom_command(OUTPUT ${source}
    COMMAND ${CMAKE_COMMAND} -DOUT=${source} -DFOLDER=${folder} -P ${script}
    DEPENDS ${files} ${script} VERBATIM)
  target_sources(${target} PRIVATE ${source})
endfunction()

if(CMAKE_SCRIPT_MODE_FILE AND OUT)
  file(GLOB files ${FOLDER}/*.xsd)
  list(SORT files)
  set(rows "")
  foreach(file ${files})
    get_filename_component(name ${file} NAME)
    file(READ ${file} text)
    string(APPEND rows "    {\"${name}\", R\"xsd(${text})xsd\"},\n")
  endforeach()
  file(WRITE ${OUT} "// Made from server/xcap/schemas/ by cmake/xcap_schemas.cmake.
#include \"embedded_schemas.hpp\"

namespace rollcall::xcap {

static constexpr EmbeddedSchema schemas[] = {
${rows}};

std::span<const EmbeddedSchema> embedded_schemas() { return schemas; }

}  // namespace rollcall::xcap
")
endif()
