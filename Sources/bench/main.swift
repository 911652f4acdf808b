import Foundation

// Usage: ochenta-bench PROGRAMS [ROUNDS]
//        ochenta-bench --opl [ROUNDS]
//        ochenta-bench --pictures PROGRAMS [ROUNDS]
//        ochenta-bench --sound [ROUNDS]
//
// Runs the benchmark programs of the directory PROGRAMS (made by scripts/build-bench) on Ochenta and on the other
// emulators that are installed, interleaved, ROUNDS times (3). Prints the median processor time of each, without what an
// empty program takes, and the ratios. With --opl, what share of one processor the sound chips take instead; with
// --pictures, what drawing takes; with --sound, what listening takes.

let arguments = CommandLine.arguments
guard arguments.count >= 2 else {
    print(
        """
        usage: ochenta-bench PROGRAMS [ROUNDS]
               ochenta-bench --opl [ROUNDS]
               ochenta-bench --pictures PROGRAMS [ROUNDS]
               ochenta-bench --sound [ROUNDS]
        """)
    exit(2)
}
if arguments[1] == "--opl" {
    print(OPLSpeed(rounds: arguments.count > 2 ? max(Int(arguments[2]) ?? 20, 1) : 20).table())
    exit(0)
}
if arguments[1] == "--pictures", arguments.count > 2 {
    let rounds = arguments.count > 3 ? max(Int(arguments[3]) ?? 3, 1) : 3
    print(PictureSpeed(directory: URL(filePath: arguments[2]), rounds: rounds).table())
    exit(0)
}
if arguments[1] == "--sound" {
    print(SoundSpeed(rounds: arguments.count > 2 ? max(Int(arguments[2]) ?? 5, 1) : 5).table())
    exit(0)
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
