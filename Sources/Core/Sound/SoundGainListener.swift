/// Told before a device sets how loud its sources are, so that what they have made before keeps its gain.
public protocol SoundGainListener: AnyObject {
    func gainWillChange(at now: Tick)
}
