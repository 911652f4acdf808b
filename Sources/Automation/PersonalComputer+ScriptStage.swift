import Core
import Machine

extension PersonalComputer: ScriptStage {
    public func pushInput(_ event: InputEvent) { input.push(event, at: now) }
}
