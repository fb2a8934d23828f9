# The library: wick::wick (shared) and wick::static, from one set of objects.

set(wick_layers tensor tensor/kernels autograd autograd/ops nn optim data plot)
set(wick_sources "")
set(wick_isa_sources "")
foreach(layer ${wick_layers})
    file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${layer}/*.c)
    list(APPEND wick_sources ${sources})
endforeach()

# What users include; every other header is internal and stays in the tree.
set(wick_public_headers
    wick.h
    tensor/platform.h tensor/args.h tensor/error.h tensor/number.h tensor/scope.h tensor/threads.h tensor/dtype.h tensor/tensor.h
    tensor/random.h tensor/numpy_random.h tensor/series.h
    autograd/autograd.h autograd/anomaly.h autograd/hooks.h autograd/function.h autograd/gradcheck.h autograd/ops.h
    autograd/draws.h
    nn/nn.h nn/containers.h nn/module_hooks.h nn/summary.h nn/layers.h nn/losses.h nn/init.h nn/clip.h
    optim/optim.h optim/lr.h optim/averaging.h
    data/data.h data/dataset.h data/sampler.h data/loader.h data/table.h data/files.h
    plot/plot.h plot/progress.h)
file(GLOB families RELATIVE ${PROJECT_SOURCE_DIR} CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/autograd/ops/*.h)
list(APPEND wick_public_headers ${families}) # the parts of ops.h

# A kernel file that mentions WK_ISA is compiled once for each instruction set, with WK_ISA defined to the set's name,
# which becomes part of its functions' names. The program picks one at run time.
set(wick_isas base)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$" AND CMAKE_C_COMPILER_ID MATCHES "GNU|Clang"
        AND CMAKE_SIZEOF_VOID_P EQUAL 8)
    set(wick_isas base avx2 avx512)
    set(wick_isa_flags_avx2 -mavx2 -mfma)
    set(wick_isa_flags_avx512 -mavx512f -mavx512dq -mavx512bw -mavx512vl -mfma)
endif()
if(wick_isas STREQUAL "base")
    list(APPEND wick_definitions WICK_BASE_ONLY)
endif()
foreach(source ${wick_sources})
    if(source MATCHES "/tensor/kernels/")
        file(STRINGS ${source} marked REGEX "WK_ISA" LIMIT_COUNT 1)
        if(marked)
            list(APPEND wick_isa_sources ${source})
        endif()
    endif()
endforeach()
if(wick_isa_sources)
    list(REMOVE_ITEM wick_sources ${wick_isa_sources})
endif()

# The parts that were found are the library's own business: nothing of them reaches its users.
function(wick_library_objects target)
    target_compile_definitions(${target} PRIVATE WICK_BUILD ${wick_definitions})
    target_include_directories(${target} SYSTEM PRIVATE ${wick_includes})
    wick_flags(${target})
    if(WICK_FUZZ) # the coverage that guides the search
        target_compile_options(${target} PRIVATE -fsanitize=fuzzer-no-link)
    endif()
endfunction()

set(wick_objects $<TARGET_OBJECTS:wick_objects>)
add_library(wick_objects OBJECT ${wick_sources})
wick_library_objects(wick_objects)
if(wick_isa_sources)
    foreach(isa ${wick_isas})
        add_library(wick_${isa} OBJECT ${wick_isa_sources})
        wick_library_objects(wick_${isa})
        target_compile_definitions(wick_${isa} PRIVATE WK_ISA=${isa})
        target_compile_options(wick_${isa} PRIVATE ${wick_isa_flags_${isa}})
        list(APPEND wick_objects $<TARGET_OBJECTS:wick_${isa}>)
    endforeach()
endif()

# In the tree, <wick/wick.h> is found through a link to the source; where links fail, through a copy of the headers.
set(wick_link ${PROJECT_BINARY_DIR}/include/wick)
if(NOT EXISTS ${wick_link}/wick.h)
    file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/include)
    file(CREATE_LINK ${PROJECT_SOURCE_DIR} ${wick_link} RESULT link_result SYMBOLIC)
endif()
if(NOT IS_SYMLINK ${wick_link})
    foreach(folder . tensor autograd nn optim data plot)
        file(GLOB headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.h)
        file(COPY ${headers} DESTINATION ${wick_link}/${folder})
    endforeach()
endif()

add_library(wick SHARED ${wick_objects})
add_library(wick_static STATIC ${wick_objects})
add_library(wick::wick ALIAS wick)
add_library(wick::static ALIAS wick_static)
foreach(target wick wick_static)
    target_include_directories(${target} INTERFACE
        $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
    set_target_properties(${target} PROPERTIES OUTPUT_NAME wick LINKER_LANGUAGE C)
    wick_flags(${target})
endforeach()
# The number in libwick.so.1 changes when programs that were compiled before no longer run: scripts/check_abi.py says when.
set_target_properties(wick PROPERTIES VERSION 1.${PROJECT_VERSION_MINOR}.${PROJECT_VERSION_PATCH} SOVERSION 1)
set_target_properties(wick_static PROPERTIES EXPORT_NAME static)
# A thread that used the library runs its code when it ends, which may be after a dlclose: the code stays.
if(UNIX AND NOT APPLE)
    target_link_options(wick PRIVATE -Wl,-z,nodelete)
endif()
target_link_libraries(wick PRIVATE ${wick_libraries} Threads::Threads)
target_link_libraries(wick_static INTERFACE
    "$<BUILD_INTERFACE:${wick_libraries};Threads::Threads>" "$<INSTALL_INTERFACE:${wick_link_flags}>")
