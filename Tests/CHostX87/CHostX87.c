#include "CHostX87.h"

#include <string.h>

#if defined(__x86_64__)

typedef struct __attribute__((packed)) {
    uint64_t significand;
    uint16_t sign_exponent;
} packed_real;

static packed_real pack(host_real a) { return (packed_real){a.significand, a.sign_exponent}; }
static host_real unpack(packed_real a) { return (host_real){a.significand, a.sign_exponent}; }

bool host_x87_exists(void) { return true; }

// Loads ST(1) and ST, clears what that may have raised, executes, and leaves one value on the stack.
#define CALCULATE(instruction)                                                                                \
    __asm__ volatile("fninit\n\tfldcw %[cw]\n\tfldt %[b]\n\tfldt %[a]\n\tfnclex\n\t" instruction              \
                     "\n\tfnstsw %[sw]\n\tfstpt %[r]\n\tfninit\n\tfldcw %[usual]"                             \
                     : [r] "=m"(first), [sw] "=m"(status)                                                     \
                     : [a] "m"(x), [b] "m"(y), [cw] "m"(control), [usual] "m"(usual)                          \
                     : "memory")

// The same for instructions that push: the pushed value is stored first.
#define CALCULATE_TWO(instruction)                                                                            \
    __asm__ volatile("fninit\n\tfldcw %[cw]\n\tfldt %[a]\n\tfnclex\n\t" instruction                            \
                     "\n\tfnstsw %[sw]\n\tfstpt %[s]\n\tfstpt %[r]\n\tfninit\n\tfldcw %[usual]"               \
                     : [r] "=m"(first), [s] "=m"(second), [sw] "=m"(status)                                   \
                     : [a] "m"(x), [cw] "m"(control), [usual] "m"(usual)                                      \
                     : "memory")

host_result host_x87_calculate(host_operation operation, uint16_t control, host_real a, host_real b) {
    packed_real x = pack(a), y = pack(b), first = {0, 0}, second = {0, 0};
    uint16_t status = 0, usual = 0x037F;
    switch (operation) {
    case host_add: CALCULATE("fadd %%st(1), %%st"); break;
    // ST - ST(1) and ST / ST(1); the register form with the destination ST means the same to every assembler.
    case host_subtract: CALCULATE("fsub %%st(1), %%st"); break;
    case host_multiply: CALCULATE("fmul %%st(1), %%st"); break;
    case host_divide: CALCULATE("fdiv %%st(1), %%st"); break;
    case host_square_root: CALCULATE("fsqrt"); break;
    case host_remainder: CALCULATE("fprem"); break;
    case host_round_to_integer: CALCULATE("frndint"); break;
    case host_scale: CALCULATE("fscale"); break;
    case host_exponential: CALCULATE("f2xm1"); break;
    case host_logarithm: CALCULATE("fyl2x"); break;
    case host_logarithm_plus: CALCULATE("fyl2xp1"); break;
    case host_arc_tangent: CALCULATE("fpatan"); break;
    case host_compare: CALCULATE("fcom %%st(1)"); break;
    case host_examine: CALCULATE("fxam"); break;
    case host_extract: CALCULATE_TWO("fxtract"); break;
    case host_tangent: CALCULATE_TWO("fptan"); break;
    }
    return (host_result){unpack(first), unpack(second), status};
}

#define STORE(instruction)                                                                                    \
    __asm__ volatile("fninit\n\tfldcw %[cw]\n\tfldt %[a]\n\tfnclex\n\t" instruction " %[m]\n\tfnstsw %[sw]"      \
                     "\n\tfninit\n\tfldcw %[usual]"                                                           \
                     : [m] "+m"(*memory), [sw] "=m"(status)                                                   \
                     : [a] "m"(x), [cw] "m"(control), [usual] "m"(usual)                                      \
                     : "memory")

uint16_t host_x87_store(host_format format, uint16_t control, host_real a, uint8_t bytes[10]) {
    packed_real x = pack(a);
    uint16_t status = 0, usual = 0x037F;
    memset(bytes, 0, 10);
    uint8_t(*memory)[10] = (uint8_t(*)[10])bytes;
    switch (format) {
    case host_short: STORE("fstps"); break;
    case host_long: STORE("fstpl"); break;
    case host_word: STORE("fistps"); break;
    case host_doubleword: STORE("fistpl"); break;
    case host_quadword: STORE("fistpll"); break;
    case host_decimal: STORE("fbstp"); break;
    }
    return status;
}

#define LOAD(instruction)                                                                                     \
    __asm__ volatile("fninit\n\tfldcw %[cw]\n\t" instruction " %[m]\n\tfnstsw %[sw]\n\tfstpt %[r]"                \
                     "\n\tfninit\n\tfldcw %[usual]"                                                           \
                     : [r] "=m"(first), [sw] "=m"(status)                                                     \
                     : [m] "m"(*memory), [cw] "m"(control), [usual] "m"(usual)                                \
                     : "memory")

host_result host_x87_load(host_format format, uint16_t control, const uint8_t bytes[10]) {
    packed_real first = {0, 0};
    uint16_t status = 0, usual = 0x037F;
    const uint8_t(*memory)[10] = (const uint8_t(*)[10])bytes;
    switch (format) {
    case host_short: LOAD("flds"); break;
    case host_long: LOAD("fldl"); break;
    case host_word: LOAD("filds"); break;
    case host_doubleword: LOAD("fildl"); break;
    case host_quadword: LOAD("fildll"); break;
    case host_decimal: LOAD("fbld"); break;
    }
    return (host_result){unpack(first), {0, 0}, status};
}

#else

bool host_x87_exists(void) { return false; }

host_result host_x87_calculate(host_operation operation, uint16_t control, host_real a, host_real b) {
    (void)operation, (void)control, (void)b;
    return (host_result){a, a, 0};
}

uint16_t host_x87_store(host_format format, uint16_t control, host_real a, uint8_t bytes[10]) {
    (void)format, (void)control, (void)a;
    memset(bytes, 0, 10);
    return 0;
}

host_result host_x87_load(host_format format, uint16_t control, const uint8_t bytes[10]) {
    (void)format, (void)control, (void)bytes;
    return (host_result){{0, 0}, {0, 0}, 0};
}

#endif
