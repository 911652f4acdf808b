@testable import Hosting

/// What `--set` with each of `settings` leads to, in a terminal, from /tmp, without files of the user.
func plan(settings: [String]) throws -> LaunchRequest {
    var options = RunOptions()
    options.assignments = settings
    let host = HostSituation(
        isInputTerminal: true, isOutputTerminal: true, currentDirectory: "/tmp", configurationDirectories: [],
        localTime: .fixed)
    return try LaunchPlanner(options, host: host) { mount throws(HostingError) in
        try HostEnvironment.volume(mount, clock: nil)
    }.plan()
}
