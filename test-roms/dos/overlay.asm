; overlay: loaded as an overlay by exec.asm; not a test by itself. A far procedure at its first byte returns 5AA5h in AX
; and its own code segment in DX.

        org 0

        mov ax, 5AA5h
        mov dx, cs
        retf
