import Foundation

/// How much faster than its original the clock-exact 8088 is: an XT with its timer, refresh and text adapter.
struct ExactSpeed {
    private static let programs = ["SIEVE", "QUEENS", "STRINGS"]
    /// Emulated seconds of each run; none of the programs ends before.
    private static let seconds = 20.0

    let ochenta: Contender
    let directory: URL

    /// A line for each program. A factor of 1 is the speed of the 4.77 MHz machine.
    func table() -> String {
        let lines = ExactSpeed.programs.map { program in
            guard let measurement = ochenta.runExactly(program, from: directory, seconds: ExactSpeed.seconds) else {
                return "\(program.lowercased()): not run"
            }
            let factor = ExactSpeed.seconds / max(measurement.seconds, 0.001)
            return String(format: "%@: %.1f times an 8088 of 4.77 MHz", program.lowercased(), factor)
        }
        return (["exact engine, \(Int(ExactSpeed.seconds)) emulated seconds each:"] + lines).joined(separator: "\n")
    }
}
