import Core
import Storage
import Testing
import TestSupport

@Suite struct ShortNameMapperTests {
    private func names(_ hostNames: [String]) -> [String: String] {
        let mapper = ShortNameMapper(hostNames.map { Array($0.utf8) })
        let pairs = zip(mapper.hostNames, mapper.shortNames).map { host, short in
            (String(decoding: host, as: UTF8.self), short?.description ?? "-")
        }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    @Test(
        "a valid 8.3 name keeps itself, whatever its case",
        arguments: [
            ("readme.txt", "README.TXT"), ("A", "A"), ("Makefile", "MAKEFILE"), ("12345678.123", "12345678.123"),
            ("x~1.y", "X~1.Y"), ("größe.ñ", "GRÖßE.Ñ"), ("a_b-c!.$#&", "A_B-C!.$#&"),
        ])
    func keeps(host: String, short: String) { #expect(names([host])[host] == short) }

    @Test(
        "what is no 8.3 name gets three characters, a tilde and four digits",
        arguments: [
            ("Program Files", "PRO~", ""), ("longfilename.text", "LON~", ".TEX"), (".bashrc", "BAS~", ""),
            ("a b.txt", "AB~", ".TXT"), ("archive.tar.gz", "ARC~", ".GZ"), ("trailing.", "TRA~", ""),
            ("two.dots..", "TWO~", ".DOT"), ("...", "~", ""), (" ", "~", ""), ("日本.txt", "__~", ".TXT"),
            ("con", "CON~", ""), ("Nul.txt", "NUL~", ".TXT"), ("clock$", "CLO~", ""), ("lpt1.c", "LPT~", ".C"),
            ("a+b.c", "A_B~", ".C"), ("x.html", "X~", ".HTM"), ("c:\\d", "C__~", ""),
        ])
    func makesUp(host: String, start: String, suffix: String) throws {
        let short = try #require(names([host])[host])
        #expect(short.hasPrefix(start) && short.hasSuffix(suffix), "\(short)")
        #expect(short.count == start.count + 4 + suffix.count, "\(short)")
    }

    @Test("the made-up digits never change: they may stand in somebody's batch file")
    func golden() {
        #expect(
            names(["Program Files", ".bashrc", "longfilename.text"]) == [
                "Program Files": "PRO~5VGM", ".bashrc": "BAS~WCX4", "longfilename.text": "LON~GFP4.TEX",
            ])
    }

    @Test("files that differ by case only are all reachable; upper case, then lower case, keeps the plain name")
    func caseDiffers() {
        let three = names(["readme", "Readme", "README"])
        #expect(Set(three.values).count == 3)
        #expect(three["README"] == "README")
        let two = names(["readme", "Readme"])
        #expect(two["readme"] == "README")
        #expect(two["Readme"] == three["Readme"])
        // Code page 437 has no capital A with grave: upper case is plain A.
        #expect(Set(names(["à", "a", "á"]).values).count == 3)
    }

    @Test("a made-up name stays the same whatever the listing order and the other files")
    func stable() {
        var generator = SeededGenerator(seed: 1)
        let all = (0..<400).map { "some long name \($0 * 7919).document" }
        let full = names(all)
        #expect(Set(full.values).count == all.count)
        for _ in 0..<10 {
            let some = all.shuffled(using: &generator).prefix(100)
            for (host, short) in names(Array(some)) { #expect(full[host] == short) }
        }
    }

    @Test("a plain name beats a made-up one that looks like it")
    func plainBeatsMadeUp() throws {
        let made = try #require(names(["Program Files"])["Program Files"])
        let both = names(["Program Files", made.lowercased()])
        #expect(both[made.lowercased()] == made)
        #expect(both["Program Files"] != made)
        #expect(both["Program Files"]?.hasPrefix("PRO~") == true)
    }

    @Test("random names of all byte values get unique, storable names, and looking up agrees with listing")
    func randomNames() {
        var generator = SeededGenerator(seed: 2)
        for round in 0..<30 {
            let alphabet: [UInt8] =
                round % 2 == 0 ? Array(1...255) : Array("abAB.~ 01ÄäéàÀ".utf8)
            let names = Set(
                (0..<40).map { _ in
                    (0..<Int.random(in: 1...14, using: &generator)).map { _ in
                        alphabet.randomElement(using: &generator) ?? 65
                    }.filter { $0 != 0x2F }
                }
            ).filter { !$0.isEmpty }.map { $0 }
            let mapper = ShortNameMapper(names)
            let shorts = mapper.shortNames.compactMap { $0 }
            #expect(shorts.count == names.count)
            #expect(Set(shorts).count == names.count)
            for (host, short) in zip(mapper.hostNames, shorts) {
                #expect(short.isStorable, "\(host) as \(short)")
                #expect(ShortNameMapper.hostName(of: short, in: names.shuffled(using: &generator)) == host)
            }
        }
    }

    @Test("a new file's spelling leads back to its short name, for every character")
    func spelling() {
        for byte in UInt8.min...UInt8.max {
            let short = ShortName(padded: [0x41, byte] + [UInt8](repeating: 0x20, count: 9))
            #expect(ShortName.uppercase(ShortName.lowercase(byte)) == ShortName.uppercase(byte))
            guard let spelling = ShortNameMapper.hostSpelling(of: short) else {
                #expect(!short.isStorable)
                continue
            }
            #expect(ShortNameMapper.ownName(of: spelling) == short, "\(byte)")
            #expect(ShortNameMapper.upperSpelling(of: short).flatMap(ShortNameMapper.ownName) == short, "\(byte)")
        }
    }

    @Test("what could mean something to the host is not storable")
    func notStorable() {
        let bad: [[UInt8]] = [
            Array("..         ".utf8), Array("A/B        ".utf8), Array("           ".utf8), Array("A B        ".utf8),
            Array("a          ".utf8), Array("NUL     TXT".utf8), [UInt8](repeating: 0, count: 11),
            Array("A       T T".utf8), Array("*          ".utf8),
        ]
        for bytes in bad {
            #expect(!ShortName(padded: bytes).isStorable)
            #expect(ShortNameMapper.hostSpelling(of: ShortName(padded: bytes)) == nil)
        }
        #expect(ShortName("COM5")?.isStorable == true)
    }
}
