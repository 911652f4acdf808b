// swift-tools-version: 6.2
import Foundation
import PackageDescription

// CI sets OCHENTA_STRICT so that a warning fails the build.
let isStrict = ProcessInfo.processInfo.environment["OCHENTA_STRICT"] != nil
let settings: [SwiftSetting] = isStrict ? [.treatAllWarnings(as: .error)] : []

/// A target of the layer table in docs/architecture.md. Its tests, if any, are in Tests/NAMETests.
func layer(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], files: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies + ["TestSupport"], exclude: files, swiftSettings: settings)
}

let package = Package(
    name: "ochenta",
    products: [
        .executable(name: "ochenta", targets: ["ochenta"]),
        .executable(name: "ochenta-bench", targets: ["ochenta-bench"]),
    ],
    targets: [
        .target(name: "CLinux"),
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CPNG", providers: [.apt(["libpng-dev"])]),
        .target(name: "CSDL2"),
        .target(name: "CSound"),
        // Layer 0
        layer("Core", ["CLinux"]),
        // Layer 1
        layer("X86", ["Core"]),
        layer("Chips", ["Core"]),
        layer("Storage", ["Core"]),
        layer("Fonts", ["Core"]),
        // Layer 2
        layer("X86Fast", ["Core", "X86"]),
        layer("X86Exact", ["Core", "X86"]),
        layer("X87", ["Core", "X86"]),
        layer("Boards", ["Core", "Chips", "Fonts"]),
        layer("BIOS", ["Core", "X86", "Fonts"]),
        layer("DOS", ["Core", "X86", "Storage"]),
        // Layer 3
        layer(
            "Machine",
            ["Core", "X86", "X86Exact", "X86Fast", "X87", "Chips", "Boards", "Storage", "Fonts", "BIOS", "DOS"]),
        // Layer 4
        layer("ProcessorSuites", ["CZlib", "Core", "X86", "X86Exact", "X86Fast"]),
        layer("Automation", ["Core", "Fonts", "Machine"]),
        layer("Output", ["CPNG", "CSound", "CZlib", "Core"]),
        // Layer 5
        layer(
            "Hosting",
            ["CLinux", "CSDL2", "CSound", "CZlib", "Core", "Storage", "Fonts", "Machine", "Automation"]),
        // Layer 6
        layer("FrontendStdio", ["Core", "Machine", "Hosting"]),
        layer("FrontendTerminal", ["CLinux", "CZlib", "Core", "Machine", "Output", "Automation", "Hosting"]),
        layer("FrontendSDL", ["CLinux", "CSDL2", "Core", "Fonts", "Machine", "Output", "Automation", "Hosting"]),
        // Layer 7
        .executableTarget(
            name: "ochenta",
            dependencies: [
                "Core", "X86", "Machine", "ProcessorSuites", "Automation", "Output", "Hosting", "FrontendStdio",
                "FrontendTerminal", "FrontendSDL",
            ], swiftSettings: settings),
        .executableTarget(
            name: "ochenta-bench", dependencies: ["Core", "Chips", "Storage", "Machine", "Output"],
            path: "Sources/bench", swiftSettings: settings),
        // Tests
        .target(
            name: "TestSupport", dependencies: ["CPNG", "Core"], path: "Tests/TestSupport",
            swiftSettings: settings),
        .target(name: "CHostX87", path: "Tests/CHostX87"),
        .testTarget(name: "LayeringTests", swiftSettings: settings),
        .testTarget(name: "RomTests", dependencies: ["ochenta"], swiftSettings: settings),
        tests("CoreTests", ["Core"]),
        tests("X86Tests", ["Core", "X86"]),
        tests("X86FastTests", ["Core", "X86", "X86Fast"]),
        tests("X86ExactTests", ["Core", "X86", "X86Fast", "X86Exact", "ProcessorSuites"]),
        tests("X87Tests", ["CHostX87", "Core", "X86", "X87"]),
        tests("ChipsTests", ["CZlib", "Core", "Chips"]),
        tests("StorageTests", ["Core", "Storage"]),
        tests("FontsTests", ["Core", "Fonts"]),
        tests("BoardsTests", ["Core", "Chips", "Boards"]),
        tests("BIOSTests", ["Core", "X86", "X86Fast", "Chips", "Boards", "Fonts", "BIOS"]),
        tests("DOSTests", ["Core", "X86", "X86Fast", "Storage", "DOS"]),
        tests("MachineTests", ["Core", "X86", "Storage", "BIOS", "DOS", "Machine", "Hosting"]),
        tests("ProcessorSuitesTests", ["Core", "X86", "X86Fast", "X86Exact", "ProcessorSuites"]),
        tests("AutomationTests", ["Core", "Fonts", "Machine", "Storage", "Automation"]),
        tests("OutputTests", ["CZlib", "Core", "Output"]),
        tests("GoldenTests", ["Core", "Storage", "Machine", "Output"], files: ["Golden"]),
        tests("HostingTests", ["CLinux", "CZlib", "Core", "Storage", "Fonts", "Machine", "Automation", "Hosting"]),
        tests(
            "FrontendTests",
            [
                "ochenta", "CSDL2", "CZlib", "Core", "Fonts", "Storage", "Machine", "Output", "Automation", "Hosting",
                "FrontendStdio", "FrontendTerminal", "FrontendSDL",
            ]),
    ],
    swiftLanguageModes: [.v6]
)
