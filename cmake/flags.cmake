# Compiler flags of everything that is built here: wick_flags(target).

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(CMAKE_C_COMPILER_ID MATCHES "GNU|Clang")
    set(wick_warnings -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion)
    # -ffp-contract=off: a * b + c rounds twice on every instruction set, so that all of them give the same bits.
    # -fno-math-errno: nobody reads errno after sqrt, and without it the compiler vectorises.
    # -fno-trapping-math: nor the exception flags; without it the compiler vectorises a choice between two values.
    set(wick_code_flags -ffp-contract=off -fno-math-errno -fno-trapping-math)
    # Each float operation rounds to float (FLT_EVAL_METHOD 0), or numbers are others than PyTorch's and than those of other
    # machines: 32-bit x86 leaves the x87 unit's 64 bits for SSE2, and gcc's C11 on s390x computes in double without a word.
    include(CheckCSourceCompiles)
    foreach(flags "" "-msse2 -mfpmath=sse" "-fexcess-precision=fast")
        string(MAKE_C_IDENTIFIER "WICK_ROUNDS_TO_FLOAT${flags}" rounds)
        set(CMAKE_REQUIRED_FLAGS "-std=c11 ${flags}")
        check_c_source_compiles("#include <float.h>
            #if FLT_EVAL_METHOD != 0
            #error wider
            #endif
            int main(void) { return 0; }" ${rounds})
        if(${rounds})
            separate_arguments(flags)
            list(APPEND wick_code_flags ${flags})
            break()
        endif()
    endforeach()
    unset(CMAKE_REQUIRED_FLAGS)
    if(NOT ${rounds})
        message(FATAL_ERROR "This compiler computes float expressions in a wider type (FLT_EVAL_METHOD is not 0), and no "
            "known flag keeps it from that.")
    endif()
endif()
if(WICK_WERROR)
    list(APPEND wick_warnings -Werror)
endif()
set(wick_sanitize_flags "")
if(WICK_SANITIZE)
    set(wick_sanitize_flags -fsanitize=${WICK_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
endif()

function(wick_flags target)
    # Where off_t may have 32 bits: files beyond 2 GiB, and folders and inodes whose numbers have 64, can be opened and listed.
    target_compile_definitions(${target} PRIVATE _FILE_OFFSET_BITS=64)
    if(MINGW) # C's printf instead of Microsoft's, which has no %zu
        target_compile_definitions(${target} PRIVATE __USE_MINGW_ANSI_STDIO=1)
    endif()
    target_compile_options(${target} PRIVATE ${wick_warnings} ${wick_code_flags} ${wick_sanitize_flags})
    get_target_property(type ${target} TYPE)
    if(wick_sanitize_flags AND NOT type MATCHES "OBJECT_LIBRARY|STATIC_LIBRARY")
        target_link_options(${target} PRIVATE ${wick_sanitize_flags})
    endif()
endfunction()
