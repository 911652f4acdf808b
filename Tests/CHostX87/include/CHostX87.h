// The x87 of an x86-64 host, as a reference for tests. On other hosts nothing is here, and `host_x87_exists` says so.
#ifndef CHOSTX87_H
#define CHOSTX87_H

#include <stdbool.h>
#include <stdint.h>

// An 80-bit number: significand, and sign with exponent.
typedef struct {
    uint64_t significand;
    uint16_t sign_exponent;
} host_real;

typedef struct {
    host_real value;
    // What FPTAN and FXTRACT push.
    host_real second;
    uint16_t status;
} host_result;

typedef enum {
    host_add, host_subtract, host_multiply, host_divide, host_square_root, host_remainder, host_round_to_integer,
    host_scale, host_extract, host_exponential, host_logarithm, host_logarithm_plus, host_arc_tangent, host_tangent,
    host_compare, host_examine
} host_operation;

typedef enum {
    host_short, host_long, host_word, host_doubleword, host_quadword, host_decimal
} host_format;

bool host_x87_exists(void);

// ST = a, ST(1) = b; the result of `operation` under the control word, from cleared exceptions.
host_result host_x87_calculate(host_operation operation, uint16_t control, host_real a, host_real b);

// Stores a number in a format of memory. The bytes not used by the format are zero.
uint16_t host_x87_store(host_format format, uint16_t control, host_real a, uint8_t bytes[10]);

host_result host_x87_load(host_format format, uint16_t control, const uint8_t bytes[10]);

#endif
