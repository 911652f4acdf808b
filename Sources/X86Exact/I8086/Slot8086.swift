/// The words of `CPUState` by number, as the microcode reaches them.
enum Slot8086 {
    static let ax = 0
    static let cx = 1
    static let dx = 2
    static let bx = 3
    static let sp = 4
    static let bp = 5
    static let si = 6
    static let di = 7
    /// Always zero: the segment of ports and of the interrupt table.
    static let zero = 8
    static let es = 9
    static let cs = 10
    static let ss = 11
    static let ds = 12
    /// Bytes: AL is byte 0, AH byte 1.
    static let al = 0
    static let ah = 1
    static let cl = 2

    /// The byte of 8-bit register `number`: AL CL DL BL AH CH DH BH.
    @inline(__always) static func byte(_ number: UInt8) -> Int { Int((number & 3) &<< 1 | number &>> 2 & 1) }
}
