import Glibc
import Hosting

/// The command: from arguments to an exit status.
enum Command {
    static let version = "0.1.0"

    static func run(_ arguments: [String]) -> Int32 {
        do throws(HostingError) {
            switch try CommandLineParser.parse(arguments) {
            case .run(let options): return try RunCommand(options).run()
            case .machines: try listMachines()
            case .processorTest(let arguments): return try ProcessorTestCommand(arguments).run()
            case .help(let topic): try help(topic)
            case .version: print("ochenta \(version)")
            }
            return ExitStatus.success
        } catch {
            printError("ochenta: \(error.message)")
            return error.status
        }
    }

    private static func help(_ topic: String?) throws(HostingError) {
        guard let page = HelpText.page(topic) else {
            let topics = HelpText.topics.map(\.name).joined(separator: ", ")
            throw HostingError("no help on '\(topic ?? "")'; topics are \(topics)")
        }
        print(page)
    }

    private static func listMachines() throws(HostingError) {
        let list = try ProfileCatalog(directories: HostEnvironment.configurationDirectories).list()
        let width = list.map(\.name.count).max() ?? 0
        for (name, summary) in list {
            print(name + String(repeating: " ", count: width + 2 - name.count) + summary)
        }
    }
}
