; none: nothing; what the others' start-up costs.
ROUNDS  equ 1
%include "kernel.inc"

kernel: ret
        kernel_end
