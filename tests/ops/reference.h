/* reference.h - reads <family>/ops_<family>.txt: cases that PyTorch has answered. ops.py tells the format. */
#pragma once

#include <wick/wick.h>

enum { REF_MAX_INPUTS = 6, REF_MAX_ARGS = 12 };

/* A tensor in the file: elements of its dtype in row-major order. */
typedef struct ref_tensor {
    wick_dtype dtype;
    int ndim;
    int64_t shape[WICK_MAX_DIMS];
    int64_t numel;
    void *data;
} ref_tensor;

typedef enum ref_number { REF_TENSOR, REF_INT, REF_FLOAT, REF_BOOL } ref_number;

typedef struct ref_input {
    ref_tensor value;
    ref_number number; /* which kind of number it is, if it is not a tensor */
    char layout;       /* 'c', 't', 's' or 'e' */
    bool can_grad;
} ref_input;

typedef struct ref_case {
    const char *file; /* "ops_index.txt", */
    int line;         /* and where in it the case stands */
    const char *op;   /* row of the table */
    bool error;       /* PyTorch refuses it; out and what follows are not there */
    int args;
    double real[REF_MAX_ARGS];   /* the numbers of the call */
    int64_t whole[REF_MAX_ARGS]; /* the same as integers */
    int inputs;
    ref_input in[REF_MAX_INPUTS];
    ref_tensor out;
    bool has_strides; /* whether the file says how out lies in memory: */
    bool copied;      /* in storage of its own, or */
    int64_t strides[WICK_MAX_DIMS];
    const char *fn; /* name of the grad_fn; NULL: not compared */
    bool has_gradients;
    ref_tensor dy;
    ref_tensor grad[REF_MAX_INPUTS]; /* data NULL: PyTorch gives none */
    bool check;                      /* gradient-check it */
} ref_case;

typedef struct ref_file {
    char name[64];
    char *text;
    ref_case *cases;
    int count;
} ref_file;

/* Reads the file. False, with a message, if it is missing, malformed, or not whole. */
bool ref_read(const char *path, ref_file *file, char *message, size_t size);
void ref_free(ref_file *file);

/* The input as a tensor in its layout, a leaf that requires grad if asked to and able to. */
wick_tensor *ref_make(const ref_input *input, bool requires_grad);

/* The same values, contiguous. */
wick_tensor *ref_tensor_of(const ref_tensor *t);

/* One element as a double or as an integer: in the reference, and at element i (row-major) of a tensor. */
double ref_real(const ref_tensor *t, int64_t i);
int64_t ref_whole(const ref_tensor *t, int64_t i);
double tensor_real(wick_tensor *t, int64_t i);
int64_t tensor_whole(wick_tensor *t, int64_t i);
