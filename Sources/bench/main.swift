import Foundation

// Usage: ochenta-bench PROGRAMS [ROUNDS]
//
// Runs the benchmark programs of the directory PROGRAMS (made by scripts/build-bench) on Ochenta and on the other
// emulators that are installed, interleaved, ROUNDS times (3). Prints the median processor time of each, without what an
// empty program takes, and the ratios.

let arguments = CommandLine.arguments
guard arguments.count >= 2 else {
    print("usage: ochenta-bench PROGRAMS [ROUNDS]")
    exit(2)
}
let programs = URL(filePath: arguments[1])
let rounds = arguments.count > 2 ? max(Int(arguments[2]) ?? 3, 1) : 3
let contenders = Contender.installed(beside: URL(filePath: arguments[0]).deletingLastPathComponent())
if contenders.isEmpty {
    print("ochenta-bench: nothing to run: build ochenta first")
    exit(1)
}

let bench = Bench(programs: programs, contenders: contenders, rounds: rounds)
bench.run()
print(bench.table())
if let ochenta = contenders.first(where: { $0.kind == .ochenta }) {
    print(ExactSpeed(ochenta: ochenta, directory: programs).table())
}
exit(bench.checksumsAgree ? 0 : 1)
