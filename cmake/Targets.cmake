# SPDX-License-Identifier: Apache-2.0
# One function per kind of target, in the manner of Abseil's absl_cc_library. Sources are listed, never globbed.
#
#   duban_library(quantity HDRS quantity.h SRCS quantity.cc DEPS duban::text absl::statusor DATA data/units.textproto)
#   duban_test(quantity_test SRCS quantity_test.cc DEPS duban::quantity [LABELS unit])
#   duban_binary(duban_ingest OUTPUT duban-ingest SRCS main.cc DEPS …)
#   duban_proto_library(indicator_lexicon PROTOS services/indicator/lexicon.proto DEPS duban::protos)
#   duban_benchmark(…)  duban_fuzz(…)      built only when their option is on (a fuzz target's replay test with the tests)
#
# DATA files are embedded: data/units.textproto is  duban::embedded::units_textproto  (std::string_view) after
# #include "embedded/units.textproto.h". File names are unique in the project.

function(duban_embed target)
  foreach(file ${ARGN})
    get_filename_component(base ${file} NAME)
    string(MAKE_C_IDENTIFIER ${base} symbol)
    set(out ${PROJECT_BINARY_DIR}/embedded/${base})
    add_custom_command(
      OUTPUT ${out}.h ${out}.cc
      COMMAND ${CMAKE_COMMAND} -DIN=${CMAKE_CURRENT_SOURCE_DIR}/${file} -DOUT=${out} -DSYMBOL=${symbol} -DBASE=${base}
              -P ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
      DEPENDS ${file} ${PROJECT_SOURCE_DIR}/cmake/embed.cmake)
    target_sources(${target} PRIVATE ${out}.cc ${out}.h)
  endforeach()
endfunction()

# PROTOS are paths below ROOT (default: the source tree), as other protos import them; headers come out under the same path.
# With GRPC the service stubs are generated instead of the messages.
function(duban_proto_library name)
  cmake_parse_arguments(ARG "GRPC" "ROOT" "PROTOS;DEPS" ${ARGN})
  if(NOT ARG_ROOT)
    set(ARG_ROOT ${PROJECT_SOURCE_DIR})
  endif()
  set(out ${PROJECT_BINARY_DIR}/generated)
  file(MAKE_DIRECTORY ${out})
  if(ARG_GRPC)
    set(arguments --grpc_out=${out} --plugin=protoc-gen-grpc=${DUBAN_GRPC_CPP_PLUGIN})
    set(extension .grpc.pb)
  else()
    set(arguments --cpp_out=${out})
    set(extension .pb)
  endif()
  set(sources)
  foreach(proto ${ARG_PROTOS})
    string(REGEX REPLACE "\\.proto$" ${extension} base ${out}/${proto})
    add_custom_command(
      OUTPUT ${base}.cc ${base}.h
      COMMAND protobuf::protoc ${arguments} -I ${ARG_ROOT} -I ${PROJECT_SOURCE_DIR} -I ${PROJECT_SOURCE_DIR}/protos -I ${DUBAN_GOOGLE_PROTO_DIR} ${ARG_ROOT}/${proto}
      DEPENDS ${ARG_ROOT}/${proto})
    list(APPEND sources ${base}.cc ${base}.h)
  endforeach()
  add_library(duban_${name} STATIC ${sources})
  target_include_directories(duban_${name} SYSTEM PUBLIC ${out})
  target_link_libraries(duban_${name} PUBLIC protobuf::libprotobuf ${ARG_DEPS})
  add_library(duban::${name} ALIAS duban_${name})
endfunction()

function(duban_library name)
  cmake_parse_arguments(ARG "" "" "HDRS;SRCS;DEPS;DATA" ${ARGN})
  set(target duban_${name})
  if(ARG_SRCS OR ARG_DATA)
    add_library(${target} STATIC ${ARG_SRCS} ${ARG_HDRS})
    target_link_libraries(${target} PUBLIC ${ARG_DEPS} PRIVATE duban_options)
    target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR})
    duban_embed(${target} ${ARG_DATA})
  else()
    add_library(${target} INTERFACE)
    target_link_libraries(${target} INTERFACE ${ARG_DEPS})
    target_include_directories(${target} INTERFACE ${PROJECT_SOURCE_DIR})
  endif()
  add_library(duban::${name} ALIAS ${target})
endfunction()

function(duban_binary name)
  cmake_parse_arguments(ARG "" "OUTPUT" "SRCS;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SRCS})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS} duban_options)
  if(ARG_OUTPUT)
    set_target_properties(${name} PROPERTIES OUTPUT_NAME ${ARG_OUTPUT})
  endif()
endfunction()

# LABELS is one of unit (default), contract, integration, e2e, chaos, load. TIMEOUT in seconds (default 120). WORKING data:
# tests find files of the source tree under the environment variable DUBAN_SOURCE_DIR, programs under DUBAN_BINARY_DIR.
function(duban_test name)
  if(NOT DUBAN_BUILD_TESTS)
    return()
  endif()
  cmake_parse_arguments(ARG "" "TIMEOUT" "SRCS;DEPS;LABELS;DATA" ${ARGN})
  if(NOT ARG_LABELS)
    set(ARG_LABELS unit)
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  duban_binary(${name} SRCS ${ARG_SRCS} DEPS ${ARG_DEPS} GTest::gmock GTest::gtest GTest::gtest_main)
  duban_embed(${name} ${ARG_DATA})
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT}
    ENVIRONMENT "DUBAN_SOURCE_DIR=${PROJECT_SOURCE_DIR};DUBAN_BINARY_DIR=${PROJECT_BINARY_DIR}")
endfunction()

function(duban_benchmark name)
  if(DUBAN_BUILD_BENCHMARKS)
    cmake_parse_arguments(ARG "" "" "SRCS;DEPS" ${ARGN})
    duban_binary(${name} SRCS ${ARG_SRCS} DEPS ${ARG_DEPS} benchmark::benchmark benchmark::benchmark_main)
  endif()
endfunction()

# A libFuzzer target, and a test NAME_replay that runs it on what fuzzing found (testdata/fuzz/NAME) and on the samples.
function(duban_fuzz name)
  cmake_parse_arguments(ARG "" "" "SRCS;DEPS" ${ARGN})
  if(DUBAN_BUILD_FUZZERS)
    duban_binary(${name} SRCS ${ARG_SRCS} DEPS ${ARG_DEPS})
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    set_property(GLOBAL APPEND_STRING PROPERTY DUBAN_FUZZERS "${name} ${CMAKE_CURRENT_SOURCE_DIR}/testdata/fuzz/${name}\n")
  endif()
  if(DUBAN_BUILD_TESTS)
    duban_binary(${name}_replay SRCS ${ARG_SRCS} ${PROJECT_SOURCE_DIR}/common/testing/fuzz_replay.cc DEPS ${ARG_DEPS})
    add_test(NAME ${name}_replay
      COMMAND ${name}_replay ${CMAKE_CURRENT_SOURCE_DIR}/testdata/fuzz/${name} ${PROJECT_SOURCE_DIR}/deploy/samples)
    set_tests_properties(${name}_replay PROPERTIES LABELS unit TIMEOUT 120)
  endif()
endfunction()
