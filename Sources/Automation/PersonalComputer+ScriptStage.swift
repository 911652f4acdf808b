import Core
import Fonts
import Machine

extension PersonalComputer: ScriptStage {
    public var fonts: FontSet { configuration.fonts }
    public var codePage: CodePage { configuration.codePage }
    public var hasGamePort: Bool { configuration.profile.hasGamePort }
    public func pushInput(_ event: InputEvent) { input.push(event, at: now) }
}
