/* test_table.c - numbers in text files: what numpy.loadtxt made of them, and what is refused. */
#define _POSIX_C_SOURCE 200809L

#include <locale.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "data_help.h"

/* ---- NumPy's values ---------------------------------------------------------------------------------------------- */

static int digit_of(char c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

/* Bytes from hexadecimal digits, "-" for none; how many. */
static size_t from_hex(const char *hex, char *bytes)
{
    size_t count = 0;
    for (; hex[0] != '-' && hex[0] && hex[1]; hex += 2)
        bytes[count++] = (char)(digit_of(hex[0]) << 4 | digit_of(hex[1]));
    bytes[count] = '\0';
    return count;
}

static const char *text_option(const char *word, char *text)
{
    return word[1] == '-' ? NULL : (from_hex(word + 1, text), text);
}

static bool is_element(wick_tensor *t, int64_t i, const char *word)
{
    if (wick_dtype_of(t) == WICK_FLOAT64) {
        uint64_t bits;
        memcpy(&bits, wick_data_float64(t) + i, sizeof bits);
        return bits == strtoull(word, NULL, 16);
    }
    if (wick_dtype_of(t) == WICK_FLOAT32) {
        uint32_t bits;
        memcpy(&bits, wick_data_float32(t) + i, sizeof bits);
        return bits == strtoul(word, NULL, 16);
    }
    return tensor_whole(t, i) == strtoll(word, NULL, 10);
}

/* Replays a line of table.txt. */
static void check_case(char *line, int number)
{
    WICK_SCOPE;
    wick_loadtxt_options o = {.size_ = sizeof o, 0, WICK_LOADTXT_DEFAULTS};
    static char bytes[16384], texts[3][64];
    int64_t columns[8], wanted[2];
    char shape[64];
    char *word = strtok(line, " \n");
    for (wick_dtype dtype = WICK_FLOAT32; dtype <= WICK_BOOL; dtype++)
        if (strcmp(wick_dtype_name(dtype), word + 1) == 0)
            o.dtype = dtype;
    o.delimiter = text_option(strtok(NULL, " \n"), texts[0]);
    o.comments = text_option(strtok(NULL, " \n"), texts[1]);
    o.quotechar = text_option(strtok(NULL, " \n"), texts[2]);
    o.skiprows = atoll(strtok(NULL, " \n") + 1);
    int64_t most = atoll(strtok(NULL, " \n") + 1);
    o.max_rows = most < 0 ? INT64_MAX : most;
    o.ndmin = atoi(strtok(NULL, " \n") + 1);
    word = strtok(NULL, " \n") + 1;
    if (word[0] != '-' || word[1]) {
        o.usecols.items = columns;
        for (char *end = word; *word; word = end + (*end == ','))
            columns[o.usecols.count++] = strtoll(word, &end, 10);
    }
    size_t size = from_hex(strtok(NULL, " \n"), bytes);
    wick_tensor *t = wick_data_loadtxt_opt(write_file("a", bytes, size), &o);
    word = strtok(NULL, " \n");
    if (strcmp(word, "error") == 0) {
        ck_assert_msg(!t, "table.txt:%d: an error was expected for '%s'", number, bytes);
        ck_assert_msg(wick_error_kind() == WICK_ERROR_FILE && strstr(wick_error(), ", line ") != NULL,
                      "table.txt:%d: %s", number, wick_error());
        wick_clear_error();
        return;
    }
    ck_assert_msg(t != NULL, "table.txt:%d: '%s': %s", number, bytes, wick_error());
    wanted[0] = wick_ndim(t) > 0 ? wick_size(t, 0) : 0;
    wanted[1] = wick_ndim(t) > 1 ? wick_size(t, 1) : 0;
    snprintf(shape, sizeof shape,
             wick_ndim(t) == 0   ? "()"
             : wick_ndim(t) == 1 ? "%lld"
                                 : "%lldx%lld",
             (long long)wanted[0], (long long)wanted[1]);
    ck_assert_msg(strcmp(shape, word) == 0, "table.txt:%d: '%s': shape %s, not %s", number, bytes, shape, word);
    for (int64_t i = 0; i < wick_numel(t); i++) {
        word = strtok(NULL, " \n");
        ck_assert_msg(word && is_element(t, i, word), "table.txt:%d: '%s': element %lld is %.17g, and %s in NumPy",
                      number, bytes, (long long)i, tensor_real(t, i), word);
    }
    ck_assert_ptr_null(strtok(NULL, " \n"));
}

static int check_cases(void)
{
    static char line[65536];
    FILE *file = fopen(WICK_TESTS_DIR "/torch/data/table.txt", "r");
    ck_assert_ptr_nonnull(file);
    int number = 0;
    while (fgets(line, sizeof line, file))
        check_case(line, ++number);
    fclose(file);
    return number;
}

START_TEST(values_are_those_of_numpy) { ck_assert_int_gt(check_cases(), 1000); }
END_TEST

/* In a locale with a decimal comma, if there is one. */
START_TEST(values_do_not_depend_on_the_locale)
{
    static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "de_DE"};
    bool set = false;
    for (size_t i = 0; !set && i < sizeof names / sizeof *names; i++)
        set = setlocale(LC_ALL, names[i]) != NULL;
    if (!set)
        printf("skipped: no locale with a decimal comma is installed\n");
    else
        check_cases();
    setlocale(LC_ALL, "C");
}
END_TEST

/* ---- Columns of text --------------------------------------------------------------------------------------------- */

#define FILE_OF(text) write_file("a", text, sizeof(text) - 1)

START_TEST(classes)
{
    wick_dict *species = wick_nn_dict_new();
    const char *path = FILE_OF("5.1,setosa\n4.9, virginica \r\n4.7,setosa\n4.6,\"versi,color\"");
    wick_tensor *t = wick_data_loadtxt(path, .delimiter = ",", .quotechar = "\"",
                                       .converters = WICK_CONVERTERS(WICK_CLASSES(-1, species)));
    ASSERT_SHAPE(t, 4, 2);
    ASSERT_VALUES(t, 5.1, 0, 4.9, 1, 4.7, 0, 4.6, 2);
    ck_assert_int_eq(wick_nn_dict_count(species), 3);
    ck_assert_str_eq(wick_nn_dict_name(species, 0), "setosa");
    ck_assert_str_eq(wick_nn_dict_name(species, 1), "virginica");
    ck_assert_str_eq(wick_nn_dict_name(species, 2), "versi,color");
    /* Another file, with the same numbers and a new name; and only that column, as whole numbers. */
    t = wick_data_loadtxt(FILE_OF("1,virginica\n2,other\n3,setosa\n"), .delimiter = ",", .dtype = WICK_INT64,
                          .usecols = WICK_COLUMNS(1), .converters = WICK_CONVERTERS(WICK_CLASSES(1, species)));
    ck_assert_int_eq(wick_dtype_of(t), WICK_INT64);
    ASSERT_SHAPE(t, 3);
    ASSERT_VALUES(t, 1, 3, 0);
    /* Numbers that are given. */
    wick_dict *given = wick_nn_dict_new();
    wick_nn_dict_set(given, "M", wick_scalar(1));
    wick_nn_dict_set(given, "B", wick_scalar(-1));
    t = wick_data_loadtxt(FILE_OF("M 1\nB 2\nM 3"), .converters = WICK_CONVERTERS(WICK_CLASSES(0, given)));
    ASSERT_VALUES(t, 1, 1, -1, 2, 1, 3);
}
END_TEST

/* What only the test file has is no class, and a call that fails adds none. */
START_TEST(known_classes)
{
    wick_dict *species = wick_nn_dict_new();
#define READ(text, classes) wick_data_loadtxt(FILE_OF(text), .delimiter = ",", .converters = WICK_CONVERTERS(classes))
    ASSERT_FAILS(READ("1,a\n2,b\nx,c\n", WICK_CLASSES(1, species)), WICK_ERROR_FILE, "line 3, column 1", "'x'");
    ck_assert_int_eq(wick_nn_dict_count(species), 0);
    ck_assert_ptr_nonnull(READ("1,a\n2,b\n", WICK_CLASSES(1, species)));
    wick_tensor *t = READ("1, b\n2,a\n", WICK_KNOWN_CLASSES(-1, species));
    ASSERT_VALUES(t, 1, 1, 2, 0);
    ASSERT_FAILS(READ("1,b\n2,A\tB\n", WICK_KNOWN_CLASSES(-1, species)), WICK_ERROR_FILE,
                 "line 2, column 2: 'A\\tB' is not one of the 2 known classes: 'a', 'b'");
    ck_assert_int_eq(wick_nn_dict_count(species), 2);
    ASSERT_FAILS(READ("1,c\n2,b\n3,?,4\n", WICK_CLASSES(1, species)), WICK_ERROR_FILE, "line 3");
    ck_assert_int_eq(wick_nn_dict_count(species), 2);
    ck_assert_ptr_nonnull(READ("1,d\n2,b\n", WICK_CLASSES(1, species)));
    ck_assert_str_eq(wick_nn_dict_name(species, 2), "d");
    ck_assert_double_eq(wick_item(wick_nn_dict_get(species, "d")), 2);
    /* One dict for two columns. */
    ASSERT_FAILS(wick_data_loadtxt(FILE_OF("e,f\ng,?,\n"), .delimiter = ",",
                                   .converters = WICK_CONVERTERS(WICK_CLASSES(0, species), WICK_CLASSES(1, species))),
                 WICK_ERROR_FILE, "line 2");
    ck_assert_int_eq(wick_nn_dict_count(species), 3);
    ASSERT_FAILS(READ("1,x\n", WICK_KNOWN_CLASSES(1, wick_nn_dict_new())), WICK_ERROR_FILE,
                 "'x' is not one of the 0 known classes");
}
END_TEST

static double length_of_text(const char *text, void *context)
{
    (*(int *)context)++;
    if (strcmp(text, "bad") == 0)
        wick_fail(WICK_ERROR_ARGUMENT, "length_of_text: bad");
    return (double)strlen(text);
}

START_TEST(functions)
{
    int calls = 0;
    wick_tensor *t = wick_data_loadtxt(FILE_OF("1, x \n2,\n3,abc"), .delimiter = ",",
                                       .converters = WICK_CONVERTERS(WICK_CONVERTER(1, length_of_text, &calls)));
    ASSERT_VALUES(t, 1, 3, 2, 0, 3, 3);
    ck_assert_int_eq(calls, 3);
    t = wick_data_loadtxt(FILE_OF("a,bb"), .delimiter = ",", .dtype = WICK_UINT8,
                          .converters = WICK_CONVERTERS(WICK_CONVERTER(0, length_of_text, &calls),
                                                        WICK_CONVERTER(-1, length_of_text, &calls)));
    ASSERT_VALUES(t, 1, 2);
    ASSERT_FAILS(wick_data_loadtxt(FILE_OF("1,bad"), .delimiter = ",",
                                   .converters = WICK_CONVERTERS(WICK_CONVERTER(1, length_of_text, &calls))),
                 WICK_ERROR_ARGUMENT, "length_of_text: bad");
}
END_TEST

/* ---- What is refused, and what is large -------------------------------------------------------------------------- */

#define REFUSES(text, ...)                                                                                         \
    ASSERT_FAILS(wick_data_loadtxt(FILE_OF(text), .delimiter = ","), WICK_ERROR_FILE, "wick_data_loadtxt", folder, \
                 __VA_ARGS__)

START_TEST(bad_files)
{
    char missing[128];
    snprintf(missing, sizeof missing, "%s/missing", folder);
    ASSERT_FAILS(wick_data_loadtxt(NULL), WICK_ERROR_ARGUMENT, "wick_data_loadtxt", "NULL");
    ASSERT_FAILS(wick_data_loadtxt(missing), WICK_ERROR_FILE, missing, strerror(ENOENT));
    ASSERT_FAILS(wick_data_loadtxt(folder), WICK_ERROR_FILE, "directory");
    REFUSES("1,2\n3,4\n5,abc\n", "line 3, column 2: could not convert 'abc' to a number", ".converters");
    REFUSES("1,?\n", "line 1, column 2", "'?'", ".converters", "WICK_CLASSES");
    REFUSES("1,a\tb\\\x1b[31m\x7f\xC3\xA9\xC2\x9b\n", "'a\\tb\\\\\\x1b[31m\\x7f\xC3\xA9\\x9b'");
    REFUSES("#\n\n1,2\n\n3\n", "line 5 has 1 columns, and line 3 has 2", ".usecols");
    REFUSES("1,2\n3,\n", "line 2, column 2: the field is empty", ".converters");
    REFUSES("1,2\n3,4\0005\n", "line 2, column 2", "'4\\x005'");
    REFUSES("1,\0", "line 1, column 2", "'\\x00'");
#define TEN "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
    REFUSES("1," HUNDRED "xyz", "'" HUNDRED "...'");
    REFUSES("1," HUNDRED "x", "'" HUNDRED "...'");
    REFUSES("1,x" HUNDRED, "'x" TEN, TEN "012345678...'");
    REFUSES("1\r\n2\r3\nx", "line 4, column 1");
    const char *path = FILE_OF("1,2,3\n4,5\n");
    ASSERT_FAILS(wick_data_loadtxt(path, .delimiter = ",", .usecols = WICK_COLUMNS(2)), WICK_ERROR_FILE, "line 2",
                 "2 columns", "column 2");
    wick_dict *d = wick_nn_dict_new();
    ASSERT_FAILS(wick_data_loadtxt(path, .delimiter = ",", .converters = WICK_CONVERTERS(WICK_CLASSES(3, d))),
                 WICK_ERROR_FILE, "line 1", "3 columns", "column 3");
    ASSERT_FAILS(wick_data_loadtxt(FILE_OF("300"), .dtype = WICK_UINT8), WICK_ERROR_FILE, "'300'", "0 to 255");
    ASSERT_FAILS(wick_data_loadtxt(FILE_OF("1.5"), .dtype = WICK_INT64), WICK_ERROR_FILE, "'1.5'", "whole number");
}
END_TEST

START_TEST(bad_options)
{
    const char *path = FILE_OF("1,2");
    wick_dict *d = wick_nn_dict_new();
    int calls = 0;
#define BAD(word, ...) \
    ASSERT_FAILS(wick_data_loadtxt(path, __VA_ARGS__), WICK_ERROR_ARGUMENT, "wick_data_loadtxt", word)
    BAD(".delimiter is ';;'", .delimiter = ";;");
    BAD(".delimiter is ''", .delimiter = "");
    BAD(".delimiter", .delimiter = "\n");
    BAD(".quotechar", .quotechar = "\"\"");
    BAD(".comments is ''", .comments = "");
    BAD("different", .delimiter = "#");
    BAD("different", .quotechar = "#");
    BAD("different", .delimiter = "x", .quotechar = "x");
    BAD(".skiprows is -1", .skiprows = -1);
    BAD(".max_rows is -1", .max_rows = -1);
    BAD(".ndmin is 3", .ndmin = 3);
    BAD("column 1 needs", .converters = WICK_CONVERTERS(WICK_CLASSES(1, NULL)));
    BAD("column 1 needs", .converters = WICK_CONVERTERS({1, d, length_of_text, &calls, false}));
    BAD("classes", .converters = WICK_CONVERTERS(WICK_CLASSES(1, (wick_dict *)wick_zeros(1))));
    BAD("without items", .usecols = {NULL, 1});
    ASSERT_FAILS(wick_data_loadtxt(path, .dtype = (wick_dtype)99), WICK_ERROR_DTYPE, ".dtype is 99");
}
END_TEST

START_TEST(large_files)
{
    /* A row of many columns, and as many rows: what is read is as long as the file. */
    size_t count = is_slow() ? 20000 : 1000000, size = 0;
    char *text = malloc(2 * count < 66000 ? 66000 : 2 * count);
    for (size_t i = 0; i < count; i++) {
        text[size++] = (char)('0' + i % 10);
        text[size++] = ',';
    }
    wick_tensor *t = wick_data_loadtxt(write_file("a", text, size - 1), .delimiter = ",", .dtype = WICK_UINT8);
    ASSERT_SHAPE(t, (int64_t)count);
    for (size_t i = 0; i < count; i++)
        ck_assert_int_eq(wick_data_uint8(t)[i], (int)(i % 10));
    for (size_t i = 1; i < size; i += 2)
        text[i] = '\n';
    wick_tensor *rows = wick_data_loadtxt(write_file("a", text, size), .dtype = WICK_UINT8);
    ck_assert(wick_equal(t, rows));
    /* One field that is longer than a piece of the file. */
    memset(text, '0', size);
    text[0] = '7';
    text[1] = '.';
    ASSERT_VALUES(wick_data_loadtxt(write_file("a", text, size)), 7);
    memset(text, ' ', size);
    text[size - 1] = '8';
    ASSERT_VALUES(wick_data_loadtxt(write_file("a", text, size)), 8);
    /* Line ends and comments at every place of a piece's end. */
    for (size_t at = 65536 - 40; at < 65536 + 40; at++) {
        WICK_SCOPE;
        memset(text, ' ', 66000);
        text[0] = '1';
        memcpy(text + at, "\r\n2//3\r\n4", 9);
        ASSERT_VALUES(wick_data_loadtxt(write_file("a", text, 66000), .comments = "//"), 1, 2, 4);
    }
    free(text);
}
END_TEST

#ifdef __linux__
/* In a child that may have 10 times the file's bytes more than it has: whether the table can be read. */
static int read_within(const char *path, size_t bytes, wick_dtype dtype)
{
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file || fscanf(file, "%lu", &pages) != 1)
        return 2;
    fclose(file);
    rlim_t most = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + 10 * (rlim_t)bytes;
    if (setrlimit(RLIMIT_AS, &(struct rlimit){most, most}) != 0)
        return 2;
    wick_tensor *t = wick_data_loadtxt(path, .delimiter = ",", .dtype = dtype);
    return t && wick_numel(t) == (int64_t)(bytes / 2) ? 0 : 1;
}

/* A small gzipped file may hold one enormous row: it takes no more than some times its unpacked bytes. */
START_TEST(memory_of_a_row)
{
    if (is_slow()) /* which have memory of their own */
        return;
    const size_t bytes = (size_t)33 << 19;
    char *text = malloc(bytes);
    for (size_t i = 0; i < bytes; i += 2)
        memcpy(text + i, "1,", 2);
    const char *path = write_file("a", text, bytes - 1);
    free(text);
    const wick_dtype dtypes[] = {WICK_FLOAT32, WICK_FLOAT64};
    for (size_t i = 0; i < sizeof dtypes / sizeof *dtypes; i++) {
        int status;
        pid_t child = fork();
        ck_assert_int_ge(child, 0);
        if (child == 0)
            _exit(read_within(path, bytes, dtypes[i]));
        ck_assert_int_eq(waitpid(child, &status, 0), child);
        ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%s: status %d", wick_dtype_name(dtypes[i]),
                      status);
    }
}
END_TEST
#endif

/* ---- savetxt ----------------------------------------------------------------------------------------------------- */

static const char *contents(const char *name)
{
    static char text[1024];
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    ck_assert_ptr_nonnull(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

/* Texts that numpy.savetxt wrote. */
START_TEST(saved)
{
    char path[128];
    snprintf(path, sizeof path, "%s/a", folder);
    wick_tensor *t = wick_from(((double[][2]){{1, -0.1}, {NAN, 1e300}}), 2, 2);
    ck_assert(wick_data_savetxt(path, t));
    ck_assert_str_eq(contents("a"), "1.000000000000000000e+00 -1.000000000000000056e-01\n"
                                    "nan 1.000000000000000053e+300\n");
    ASSERT_VALUES(wick_data_loadtxt(path), 1, -0.1, NAN, 1e300);
    ck_assert(wick_data_savetxt(path, t, .fmt = "%10.3g", .delimiter = ",", .header = "a,b\nc", .footer = "end"));
    ck_assert_str_eq(contents("a"), "# a,b\n# c\n         1,      -0.1\n       nan,    1e+300\n# end\n");
    t = wick_from(((int64_t[]){5, -7, INT64_MIN}), 3);
    ck_assert(wick_data_savetxt(path, t, "%d", .newline = "\r\n"));
    ck_assert_str_eq(contents("a"), "5\r\n-7\r\n-9223372036854775808\r\n");
    ck_assert(wick_equal(wick_data_loadtxt(path, WICK_INT64), t));
    ck_assert(wick_data_savetxt(path, wick_from(((float[]){2.9f, -2.9f}), 2), "%+d"));
    ck_assert_str_eq(contents("a"), "+2\n-2\n");
    ck_assert(wick_data_savetxt(path, wick_zeros(0, 3)));
    ck_assert_str_eq(contents("a"), "");
    wick_tensor *columns = wick_t(wick_reshape(wick_arange(4), 2, 2));
    ck_assert(wick_data_savetxt(path, columns, "%.1f", .comments = "", .header = "x y"));
    ck_assert_str_eq(contents("a"), "x y\n0.0 2.0\n1.0 3.0\n");
}
END_TEST

START_TEST(not_saved)
{
    char path[128];
    snprintf(path, sizeof path, "%s/missing/a", folder);
    wick_tensor *t = wick_zeros(2);
    ASSERT_FAILS(wick_data_savetxt(path, t), WICK_ERROR_FILE, "wick_data_savetxt", path, strerror(ENOENT));
    ASSERT_FAILS(wick_data_savetxt(folder, t), WICK_ERROR_FILE, folder);
    ASSERT_FAILS(wick_data_savetxt(NULL, t), WICK_ERROR_ARGUMENT, "NULL");
    ASSERT_FAILS(wick_data_savetxt(path, NULL), WICK_ERROR_ARGUMENT, "NULL");
    ASSERT_FAILS(wick_data_savetxt(path, t, .delimiter = NULL), WICK_ERROR_ARGUMENT, ".delimiter");
    ASSERT_FAILS(wick_data_savetxt(path, wick_zeros()), WICK_ERROR_SHAPE, "()");
    ASSERT_FAILS(wick_data_savetxt(path, wick_zeros(1, 1, 1)), WICK_ERROR_SHAPE, "(1, 1, 1)");
    ASSERT_FAILS(wick_data_savetxt(path, wick_full(NAN, 1), "%d"), WICK_ERROR_ARGUMENT, "nan", "%d");
    static const char *const bad[] = {"",    "%",    "x",       "%s",       "%n",   "%e%e",
                                      "%ee", "%.18", "%99999e", "%.99999f", "%.2d", "%lld"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ASSERT_FAILS(wick_data_savetxt(path, t, bad[i]), WICK_ERROR_ARGUMENT, ".fmt", bad[i]);
    ASSERT_FAILS(wick_data_savetxt(path, t, NULL), WICK_ERROR_ARGUMENT, ".fmt");
    char beside[160];
    snprintf(beside, sizeof beside, "%s.tmp", folder); /* nothing is left of the attempt */
    ck_assert_int_ne(access(beside, F_OK), 0);
}
END_TEST

static bool run_table(void)
{
    WICK_SCOPE;
    char path[136];
    snprintf(path, sizeof path, "%s/a", folder);
    wick_dict *names = wick_nn_dict_new();
    wick_tensor *t =
        names ? wick_data_loadtxt(path, .delimiter = ",", .converters = WICK_CONVERTERS(WICK_CLASSES(0, names))) : NULL;
    return t && wick_data_savetxt(strcat(path, ".out"), t) && remove(path) == 0;
}

START_TEST(failed_allocations)
{
    FILE_OF("a,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17\nb,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17");
    check_allocations(run_table, "table");
}
END_TEST

/* ---- Real files -------------------------------------------------------------------------------------------------- */

/* The standardisation of a training part, applied to all parts, as operations say it:
 *     mean = X.mean(axis=0, keepdims=True);  std = X.std(axis=0, keepdims=True) + 1e-8;  (X - mean) / std */
START_TEST(standardised)
{
    wick_tensor *X = wick_from(((double[][2]){{1, 10}, {2, 30}, {6, 50}}), 3, 2), *other = wick_ones(1, 2);
    wick_tensor *mean = wick_mean(X, 0, .keepdim = true);
    wick_tensor *std = wick_add(wick_std(X, 0, .correction = 0, .keepdim = true), 1e-8);
    wick_tensor *y = wick_div(wick_sub(X, mean), std);
    /* by NumPy */
    ASSERT_VALUES(y, -0.9258200954868372, -1.2247448706415889, -0.4629100477434186, 0, 1.3887301432302557,
                  1.2247448706415889);
    ASSERT_SHAPE(wick_div(wick_sub(other, mean), std), 1, 2);
    wick_tensor *low = wick_min(X, .dim = 0), *high = wick_max(X, .dim = 0); /* to [0, 1] */
    ASSERT_VALUES(wick_div(wick_sub(X, low), wick_sub(high, low)), 0, 0, 0.2, 0.5, 1, 1);
    ASSERT_VALUES(wick_one_hot(wick_from(((int64_t[]){1, 0, 2}), 3)), 0, 1, 0, 1, 0, 0, 0, 0, 1);
}
END_TEST

START_TEST(real_tables)
{
    const char *parent = getenv("WICK_DATA_DIR");
    char path[512];
    snprintf(path, sizeof path, "%s/tabular/iris.csv", parent && *parent ? parent : WICK_DEFAULT_DATA_DIR);
    if (access(path, R_OK) != 0) {
        printf("skipped: the tables (WICK_DATA_DIR is not set)\n");
        return;
    }
    wick_dict *species = wick_nn_dict_new();
    wick_tensor *t = wick_data_loadtxt(path, .delimiter = ",", .converters = WICK_CONVERTERS(WICK_CLASSES(4, species)));
    ASSERT_SHAPE(t, 150, 5);
    ASSERT_VALUES(wick_select(t, 0, 149), 5.9, 3.0, 5.1, 1.8, 2); /* the last row has no line end */
    ASSERT_VALUES(wick_sum(t, 0), 876.5, 458.1, 563.8, 179.8, 150);
    ck_assert_str_eq(wick_nn_dict_name(species, 2), "Iris-virginica");
    memcpy(strrchr(path, '/'), "/winequality-red.csv", 21);
    t = wick_data_loadtxt(path, .delimiter = ",");
    if (!t) {
        wick_clear_error();
        t = wick_data_loadtxt(path, .delimiter = ";", .skiprows = 1);
    }
    ASSERT_SHAPE(t, 1599, 12);
    memcpy(strrchr(path, '/'), "/optdigits.tra", 15);
    t = wick_data_loadtxt(path, .delimiter = ",", .dtype = WICK_UINT8);
    ASSERT_SHAPE(t, 3823, 65);
    ck_assert_int_eq(wick_item_int(wick_max(t)), 16);
}
END_TEST

Suite *table_suite(void);
Suite *table_suite(void)
{
    const TTest *const tests[] = {
        values_are_those_of_numpy,
        values_do_not_depend_on_the_locale,
        classes,
        known_classes,
        functions,
        bad_files,
        bad_options,
        large_files,
#ifdef __linux__
        memory_of_a_row,
#endif
        saved,
        not_saved,
        failed_allocations,
        standardised,
        real_tables,
    };
    Suite *s = suite_create("table");
    TCase *c = tcase_create("table");
    tcase_add_checked_fixture(c, begin_test, end_test);
    tcase_add_checked_fixture(c, make_folder, remove_folder);
    tcase_set_timeout(c, 120);
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
        tcase_add_test(c, tests[i]);
    suite_add_tcase(s, c);
    return s;
}
