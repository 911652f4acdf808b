/// A value of a TOML file.
public indirect enum TOMLValue: Hashable, Sendable {
    case string(String)
    case integer(Int64)
    case float(Double)
    case boolean(Bool)
    case array([TOMLValue])
    case table([TOMLEntry])

    /// What it is called in messages.
    var kindName: String {
        switch self {
        case .string: "a string"
        case .integer: "an integer"
        case .float: "a number"
        case .boolean: "a boolean"
        case .array: "an array"
        case .table: "a table"
        }
    }
}

/// Where something stands in a file; both count from 1.
public struct TextPosition: Hashable, Sendable {
    public var line: Int
    public var column: Int
}

/// A key with its value. `path` has the names from the root: `machine.clock_mhz` is two.
public struct TOMLEntry: Hashable, Sendable {
    public var path: [String]
    public var value: TOMLValue
    public var position: TextPosition
}

/// What is wrong with a TOML file.
public struct TOMLError: Error, Hashable, Sendable {
    public var message: String
    public var position: TextPosition
}
