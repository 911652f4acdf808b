import Core
import Fonts
import Machine

extension PersonalComputer: ScriptStage {
    public var fonts: FontSet { configuration.fonts }
    public func pushInput(_ event: InputEvent) { input.push(event, at: now) }
}
