/// The 256 first bytes of an instruction, named as in Intel's opcode map: E is a ModRM operand, G a register operand,
/// I an immediate, M an address, J a jump distance, O a direct address; b is a byte, v a word, w a word or segment.
///
/// All values exist, so that a byte can be taken for one without a test, and `switch` becomes one jump table.
enum Opcode: UInt8 {
    case addEbGb, addEvGv, addGbEb, addGvEv, addALIb, addAXIv, pushES, popES
    case orEbGb, orEvGv, orGbEb, orGvEv, orALIb, orAXIv, pushCS, escape0F
    case adcEbGb, adcEvGv, adcGbEb, adcGvEv, adcALIb, adcAXIv, pushSS, popSS
    case sbbEbGb, sbbEvGv, sbbGbEb, sbbGvEv, sbbALIb, sbbAXIv, pushDS, popDS
    case andEbGb, andEvGv, andGbEb, andGvEv, andALIb, andAXIv, overrideES, daa
    case subEbGb, subEvGv, subGbEb, subGvEv, subALIb, subAXIv, overrideCS, das
    case xorEbGb, xorEvGv, xorGbEb, xorGvEv, xorALIb, xorAXIv, overrideSS, aaa
    case cmpEbGb, cmpEvGv, cmpGbEb, cmpGvEv, cmpALIb, cmpAXIv, overrideDS, aas
    case incAX, incCX, incDX, incBX, incSP, incBP, incSI, incDI
    case decAX, decCX, decDX, decBX, decSP, decBP, decSI, decDI
    case pushAX, pushCX, pushDX, pushBX, pushSP, pushBP, pushSI, pushDI
    case popAX, popCX, popDX, popBX, popSP, popBP, popSI, popDI
    case pusha, popa, bound, x63, x64, x65, x66, x67
    case pushIv, imulGvEvIv, pushIb, imulGvEvIb, insb, insw, outsb, outsw
    case jo, jno, jb, jnb, jz, jnz, jbe, jnbe
    case js, jns, jp, jnp, jl, jnl, jle, jnle
    case group1EbIb, group1EvIv, group1EbIbAlias, group1EvIb, testEbGb, testEvGv, xchgEbGb, xchgEvGv
    case movEbGb, movEvGv, movGbEb, movGvEv, movEwSw, lea, movSwEw, popEv
    case nop, xchgCX, xchgDX, xchgBX, xchgSP, xchgBP, xchgSI, xchgDI
    case cbw, cwd, callFar, wait, pushf, popf, sahf, lahf
    case movALOb, movAXOv, movObAL, movOvAX, movsb, movsw, cmpsb, cmpsw
    case testALIb, testAXIv, stosb, stosw, lodsb, lodsw, scasb, scasw
    case movALIb, movCLIb, movDLIb, movBLIb, movAHIb, movCHIb, movDHIb, movBHIb
    case movAXIv, movCXIv, movDXIv, movBXIv, movSPIv, movBPIv, movSIIv, movDIIv
    case shiftEbIb, shiftEvIb, retIw, ret, les, lds, movEbIb, movEvIv
    case enter, leave, retFarIw, retFar, int3, intIb, into, iret
    case shiftEb1, shiftEv1, shiftEbCL, shiftEvCL, aam, aad, salc, xlat
    case esc0, esc1, esc2, esc3, esc4, esc5, esc6, esc7
    case loopnz, loopz, loop, jcxz, inALIb, inAXIb, outIbAL, outIbAX
    case callJv, jmpJv, jmpFar, jmpJb, inALDX, inAXDX, outDXAL, outDXAX
    case lock, lockAlias, repnz, rep, hlt, cmc, unaryEb, unaryEv
    case clc, stc, cli, sti, cld, std, stepEb, stepEv
}
