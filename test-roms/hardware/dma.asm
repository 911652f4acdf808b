; dma: the 8237A of an AT.
; Tests: registers and their byte pointer, a copy from memory to memory with its status, temporary register and time, a source
;   that goes down or stands still, requests of software on a channel without a device, modes, and that channel 0 is at rest.
; Source: [8237]; [ATTR] page registers.
; Models: i80286
; DOSBox 0.74 has no requests of software.

%include "check.inc"
%include "dma.inc"
