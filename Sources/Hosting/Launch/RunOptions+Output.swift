import Automation

extension RunOptions {
    /// Refuses files that are to be written at the end of the run, or by its script, and cannot be. Asked before anything
    /// runs: nobody wants to learn it when the work is done.
    public func checkOutputFiles(script: Script?) throws(HostingError) {
        for (option, file) in [("--text", textFile), ("--screenshot", pictureFile)] {
            if let file, let obstacle = HostFile.obstacle(writing: file) { throw HostingError("\(option) \(obstacle)") }
        }
        guard let script else { return }
        for step in script.steps {
            guard case .screenText(let path) = step.action, let obstacle = HostFile.obstacle(writing: path) else {
                continue
            }
            throw HostingError("\(script.name):\(step.line): screen-text \(obstacle)")
        }
    }
}
