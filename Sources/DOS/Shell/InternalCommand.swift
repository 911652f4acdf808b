import Core
import Storage

/// The commands that are part of the interpreter.
enum InternalCommand: String, CaseIterable {
    case `break`, call, cd, chcp, chdir, cls, copy, ctty, date, del, dir, echo, erase, exit, `for`, goto, `if`, lh
    case loadhigh, md, mkdir, path, pause, prompt, rd, rem, ren, rename, rmdir, set, shift, time, truename, type, ver
    case verify, vol

    private static let byName = Dictionary(
        uniqueKeysWithValues: allCases.map { ($0.rawValue.uppercased().dosText, $0) })

    /// The command that `text` begins with, and what follows its name. A name ends at whatever cannot be in one, so
    /// that `CD\DOS`, `DIR/W` and `ECHO.` are commands; `TYPE.COM` is a file.
    static func parse(_ text: [UInt8]) -> (InternalCommand, rest: [UInt8])? {
        let name = text.prefix { Character8.isLetter($0) }
        guard let command = byName[name.uppercased] else { return nil }
        let rest = Array(text.dropFirst(name.count))
        guard let next = rest.first else { return (command, []) }
        guard Character8.isDelimiter(next) || "/.\\+[]:\"<>|()".utf8.contains(next) else { return nil }
        if next == Character8.dot {
            let word = rest.dropFirst().prefix { !Character8.isDelimiter($0) && $0 != Character8.slash }
            if ["COM", "EXE", "BAT"].contains(where: { word.isSame(as: $0) }) { return nil }
        }
        if next == Character8.colon && command != .echo { return nil }
        return (command, rest)
    }
}

extension ShellStep {
    /// Runs an internal command, or says which frame does.
    func run(_ command: InternalCommand, _ rest: [UInt8]) throws(StepSignal) -> ShellFlow {
        switch command {
        case .call: return .replace(CommandFrame(rest.withoutLeadingDelimiters, isCall: true))
        case .lh, .loadhigh: return .replace(CommandFrame(rest.withoutLeadingDelimiters))
        case .if: return try runIf(rest)
        case .for:
            guard !isInLoop else { throw .refused("FOR cannot be nested") }
            return .replace(try ForFrame(rest))
        case .goto:
            changeBatch { $0.goTo(rest.withoutLeadingDelimiters) }
            return .finish
        case .shift:
            changeBatch { $0.shift() }
            return .finish
        case .exit:
            process.cancellation = .leaving
            return .finish
        case .copy: return .replace(try CopyFrame(rest))
        case .del, .erase: return .replace(try DeleteFrame(rest))
        case .dir: return .replace(try DirectoryFrame(rest, self))
        case .ren, .rename: return .replace(try RenameFrame(rest))
        case .type: return .replace(try TypeFrame(rest))
        case .date: return .replace(DateTimeFrame(isTime: false, value: rest))
        case .time: return .replace(DateTimeFrame(isTime: true, value: rest))
        default:
            try runSimple(command, rest)
            return .finish
        }
    }

    /// Commands that are done in one step.
    private func runSimple(_ command: InternalCommand, _ rest: [UInt8]) throws(StepSignal) {
        switch command {
        case .break: try runBreak(rest)
        case .cd, .chdir: try runChangeDirectory(rest)
        case .chcp: try runCodePage(rest)
        case .cls: try runClear()
        case .ctty: try runConsole(rest)
        case .echo: try runEcho(rest)
        case .md, .mkdir: try runMakeDirectory(onePath(rest))
        case .rd, .rmdir: try runRemoveDirectory(onePath(rest))
        case .path: try runPath(rest)
        case .pause: try runPause(rest)
        case .prompt:
            let text = rest.withoutLeadingDelimiters
            try setVariable("PROMPT".dosText, text)
        case .set: try runSet(rest)
        case .truename: try runTrueName(rest)
        case .ver: try print("\r\n\(try versionText())\r\n\r\n")
        case .verify: try runVerify(rest)
        case .vol: try runVolume(rest)
        default: break
        }
    }

    private func onePath(_ rest: [UInt8]) throws(StepSignal) -> [UInt8] {
        let words = CommandArguments(rest).words
        guard let path = words.first else { throw .refused(ShellMessage.missingParameter) }
        guard words.count == 1 else { throw .refused("\(ShellMessage.tooManyParameters)") }
        return path
    }

    // MARK: Batch files

    /// Whether a FOR is running that no batch file separates from here.
    private var isInLoop: Bool {
        for slot in process.frames.reversed() {
            if slot.body is ForFrame { return true }
            if slot.body is BatchFrame { return false }
        }
        return false
    }

    /// Changes the innermost batch file; outside of one nothing happens.
    private func changeBatch(_ change: (inout BatchFrame) -> Void) {
        guard let index = process.frames.lastIndex(where: { $0.body is BatchFrame }),
            var batch = process.frames[index].body as? BatchFrame
        else { return }
        change(&batch)
        process.frames[index].body = batch
    }

    /// `IF [NOT] ERRORLEVEL n | EXIST file | a==b  command`
    private func runIf(_ text: [UInt8]) throws(StepSignal) -> ShellFlow {
        var (word, rest) = CommandLine.firstWord(text)
        let isNegated = word.isSame(as: "NOT")
        if isNegated { (word, rest) = CommandLine.firstWord(rest) }
        let isTrue: Bool
        if word.isSame(as: "ERRORLEVEL") {
            let (number, command) = CommandLine.firstWord(rest)
            guard let level = number.leadingNumber else { throw .refused(ShellMessage.syntaxError) }
            isTrue = Int(process.errorLevel) >= level
            rest = command
        } else if word.isSame(as: "EXIST") {
            let (path, command) = CommandLine.firstWord(rest)
            guard !path.isEmpty else { throw .refused(ShellMessage.syntaxError) }
            isTrue = try findFirstQuietly(path, attributes: [.hidden, .system]) != nil
            rest = command
        } else {
            (isTrue, rest) = try compare(isNegated ? afterNot(text) : text)
        }
        guard !rest.isEmpty else { throw .refused(ShellMessage.syntaxError) }
        return isTrue != isNegated ? .replace(CommandFrame(rest)) : .finish
    }

    private func afterNot(_ text: [UInt8]) -> [UInt8] {
        Array(text.withoutLeadingDelimiters.dropFirst(3))
    }

    private func compare(_ text: [UInt8]) throws(StepSignal) -> (Bool, rest: [UInt8]) {
        let isEnd: (UInt8) -> Bool = { Character8.isBlank($0) || $0 == Character8.equals }
        let start = text.withoutLeadingDelimiters
        let left = Array(start.prefix { !isEnd($0) })
        let afterLeft = Array(start.dropFirst(left.count).drop(while: Character8.isBlank))
        guard afterLeft.count >= 2, afterLeft[0] == Character8.equals, afterLeft[1] == Character8.equals else {
            throw .refused(ShellMessage.syntaxError)
        }
        let afterSigns = Array(afterLeft.dropFirst(2)).withoutLeadingDelimiters
        let right = Array(afterSigns.prefix { !Character8.isDelimiter($0) })
        return (left == right, Array(afterSigns.dropFirst(right.count)).withoutLeadingDelimiters)
    }

    /// `ECHO`, `ECHO ON`, `ECHO OFF`, `ECHO text`, `ECHO.`
    private func runEcho(_ rest: [UInt8]) throws(StepSignal) {
        let word = rest.withoutLeadingDelimiters.trimmed
        if let first = rest.first, !Character8.isDelimiter(first) {
            return try write(rest.dropFirst() + "\r\n".dosText)
        }
        if word.isEmpty { return try print("ECHO is \(process.isEchoOn ? "on" : "off")\r\n") }
        if word.isSame(as: "ON") {
            process.isEchoOn = true
        } else if word.isSame(as: "OFF") {
            process.isEchoOn = false
        } else {
            try write(rest.dropFirst() + "\r\n".dosText)
        }
    }

    private func runPause(_ rest: [UInt8]) throws(StepSignal) {
        try print("Press any key to continue . . .")
        let typed = try key()
        // An extended key comes in two parts.
        if typed == 0 { _ = try call(0x0700) }
        try print("\r\n")
    }

    // MARK: Switches of DOS

    private func onOrOff(_ rest: [UInt8]) throws(StepSignal) -> Bool? {
        let word = rest.withoutLeadingDelimiters.trimmed
        if word.isEmpty { return nil }
        if word.isSame(as: "ON") { return true }
        if word.isSame(as: "OFF") { return false }
        throw .refused("Must specify ON or OFF")
    }

    private func runBreak(_ rest: [UInt8]) throws(StepSignal) {
        if let isOn = try onOrOff(rest) {
            _ = try call(0x3301, dx: isOn ? 1 : 0)
        } else {
            try print("BREAK is \(try call(0x3300).dl != 0 ? "on" : "off")\r\n")
        }
    }

    private func runVerify(_ rest: [UInt8]) throws(StepSignal) {
        if let isOn = try onOrOff(rest) {
            _ = try call(isOn ? 0x2E01 : 0x2E00)
        } else {
            try print("VERIFY is \(try call(0x5400).al != 0 ? "on" : "off")\r\n")
        }
    }

    private func runCodePage(_ rest: [UInt8]) throws(StepSignal) {
        if let number = rest.withoutLeadingDelimiters.leadingNumber {
            let answer = try call(0x6602, bx: UInt16(number))
            if answer.isError { throw .refused("Invalid code page") }
        } else {
            try print("Active code page: \(try checked(0x6601).bx)\r\n")
        }
    }
}
