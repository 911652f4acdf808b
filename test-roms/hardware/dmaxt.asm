; dmaxt: the 8237A of an XT.
; Tests: what dma tests, and the refresh of memory by channel 0.
; Settings: machine.profile=ibmxt
; Source: [8237]; [XTTR] page registers, refresh.
; DOSBox 0.74 has no requests of software and no refresh.

%include "check.inc"
%include "dma.inc"
