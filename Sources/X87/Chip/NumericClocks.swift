/// The typical clocks of each instruction, in clocks of the coprocessor; the processor's address calculation is its own.
///
/// Source: [8087] and [80287PRM], clock counts of the instruction set: the typical ones.
enum NumericClocks {
    static func clocks(of code: UInt16) -> Int {
        let field = Int(code >> 3 & 7)
        let escape = Int(code >> 8 & 7)
        guard code & 0xC0 == 0xC0 else { return memory[escape * 8 + field] }
        switch escape {
        case 0, 4: return arithmetic[field]
        case 6: return popping[field]
        case 1 where field >= 4: return functions[Int(code & 31)]
        default: return registers[escape * 8 + field]
        }
    }

    /// FADD, FMUL, FCOM, FCOMP, FSUB, FSUBR, FDIV, FDIVR with registers; the same with a pop.
    private static let arithmetic = [85, 138, 45, 47, 85, 87, 198, 199]
    private static let popping = [90, 142, 45, 50, 90, 90, 202, 203]

    /// D9 E0 to D9 FF.
    private static let functions = [
        15, 14, 13, 13, 42, 17, 13, 13, 18, 19, 18, 19, 21, 20, 14, 13,
        500, 950, 450, 650, 50, 13, 9, 9, 125, 850, 183, 13, 45, 35, 13, 13,
    ]

    /// Other register forms, by ESC byte and reg field.
    private static let registers = [
        0, 0, 0, 0, 0, 0, 0, 0,
        20, 12, 13, 20, 0, 0, 0, 0,
        13, 13, 13, 13, 13, 13, 13, 13,
        13, 13, 13, 13, 5, 13, 13, 13,
        0, 0, 0, 0, 0, 0, 0, 0,
        11, 12, 18, 20, 13, 13, 13, 13,
        0, 0, 0, 0, 0, 0, 0, 0,
        11, 12, 20, 20, 15, 13, 13, 13,
    ]

    /// Memory forms, by ESC byte and reg field.
    private static let memory = [
        105, 118, 65, 68, 105, 105, 220, 221,
        43, 13, 87, 89, 40, 10, 45, 15,
        125, 136, 85, 87, 125, 125, 236, 237,
        56, 13, 88, 90, 13, 57, 13, 55,
        110, 161, 70, 72, 110, 110, 225, 226,
        46, 13, 100, 102, 202, 13, 202, 15,
        120, 130, 80, 82, 120, 120, 230, 230,
        50, 13, 86, 88, 300, 64, 530, 100,
    ]
}
