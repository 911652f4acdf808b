import Foundation

/// Runs all programs on all contenders and keeps what they took.
final class Bench {
    private static let programs = [
        "SIEVE", "CRC", "SORT", "STRINGS", "QUEENS", "FILECOPY", "CONSOLE", "MODE13", "PLANES",
    ]
    /// An empty program: what starting the emulator takes.
    private static let empty = "NONE"

    private let directory: URL
    private let contenders: [Contender]
    private let rounds: Int
    private var times: [String: [String: [Double]]] = [:]
    private var outputs: [String: [String: Data]] = [:]

    init(programs: URL, contenders: [Contender], rounds: Int) {
        directory = programs
        self.contenders = contenders
        self.rounds = rounds
    }

    /// Interleaved, so that other load on the host meets all alike.
    func run() {
        for round in 1...rounds {
            for program in [Bench.empty] + Bench.programs {
                FileHandle.standardError.write(Data("round \(round) of \(rounds): \(program)\n".utf8))
                for contender in contenders {
                    guard let result = contender.run(program, from: directory) else { continue }
                    times[program, default: [:]][contender.name, default: []].append(result.seconds)
                    outputs[program, default: [:]][contender.name] = result.output
                }
            }
        }
    }

    /// Whether every program printed the same everywhere.
    var checksumsAgree: Bool { Bench.programs.allSatisfy { disagreement($0) == nil } }

    private func disagreement(_ program: String) -> String? {
        let texts = (outputs[program] ?? [:]).mapValues { String(decoding: $0, as: UTF8.self).filter { $0 != "\r" } }
            .mapValues { String($0.filter { !$0.isNewline }) }
        guard Set(texts.values).count > 1 else { return nil }
        return texts.sorted { $0.key < $1.key }.map { "\($0.key) printed \($0.value.prefix(20))" }
            .joined(separator: ", ")
    }

    private func median(_ program: String, _ contender: String) -> Double? {
        guard let sorted = times[program]?[contender]?.sorted(), !sorted.isEmpty else { return nil }
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    /// Without the start, and at least a millisecond, below which nothing is measured here.
    private func net(_ program: String, _ contender: String) -> Double? {
        guard let total = median(program, contender) else { return nil }
        return max(total - (median(Bench.empty, contender) ?? 0), 0.001)
    }

    func table() -> String {
        let names = contenders.map(\.name)
        let others = names.contains("ochenta") ? names.filter { $0 != "ochenta" } : []
        var lines = [row(["program"] + names.map { "\($0) s" } + others.map { "\($0) / ochenta" })]
        lines.append(String(repeating: "-", count: lines[0].count))
        lines.append(row(["(start)"] + names.map { format(median(Bench.empty, $0)) } + others.map { _ in "" }))
        for program in Bench.programs {
            let own = net(program, "ochenta")
            let ratios = others.map { other -> String in
                guard let own, let theirs = net(program, other) else { return "-" }
                return String(format: "%.2f", theirs / own)
            }
            lines.append(row([program.lowercased()] + names.map { format(net(program, $0)) } + ratios))
        }
        lines += Bench.programs.compactMap { program in disagreement(program).map { "\(program) DIFFERS: \($0)" } }
        lines.append(
            "dosbox runs its normal core with cycles=max. Processor time, median of \(rounds), without the start. A ratio above 1: ochenta is faster."
        )
        return lines.joined(separator: "\n")
    }

    private func format(_ seconds: Double?) -> String { seconds.map { String(format: "%.3f", $0) } ?? "-" }

    private func row(_ cells: [String]) -> String {
        cells.enumerated().map { index, cell in
            let blanks = String(repeating: " ", count: max((index == 0 ? 10 : 18) - cell.count, 0))
            return index == 0 ? cell + blanks : blanks + cell
        }.joined()
    }
}
