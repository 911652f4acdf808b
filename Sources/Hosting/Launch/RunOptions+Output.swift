import Automation

extension RunOptions {
    /// Refuses files that are to be written at the end of the run, or by its script, and cannot be. Asked before anything
    /// runs: nobody wants to learn it when the work is done.
    public func checkOutputFiles(script: Script?) throws(HostingError) {
        let files: [(String, String?)] =
            [("--text", textFile), ("--screenshot", pictureFile), ("--video", videoFile)]
            + recordings.map { ("--record", $0) }
        for (option, file) in files {
            if let file, let obstacle = HostFile.obstacle(writing: file) { throw HostingError("\(option) \(obstacle)") }
        }
        guard let script else { return }
        for step in script.steps {
            let (verb, path): (String, String)
            switch step.action {
            case .screenText(let file): (verb, path) = ("screen-text", file)
            case .screenshot(let file, _): (verb, path) = ("screenshot", file)
            case .record(let file?): (verb, path) = ("record", file)
            default: continue
            }
            if let obstacle = HostFile.obstacle(writing: path) {
                throw HostingError("\(script.name):\(step.line): \(verb) \(obstacle)")
            }
        }
    }
}
