; What bare.asm leaves in memory from 0:600h on.

        dw      5050
        dd      1234h * 5678h
        db      'bare metal'
        dw      3333h
        dw      0D0D0h
        dw      0400h
        times   8 db 0
