// The files of conf/, inside the program so that it needs none. A test compares them.
enum BuiltInConfiguration {
    static let defaults = #"""
        # Ochenta's defaults. The same text is inside the program; this file shows what can be set.
        # Your own files are read after it: /etc/ochenta/ochenta.toml, then ~/.config/ochenta/ochenta.toml, then --conf FILE.
        # On the command line: --set section.key=value.

        [machine]
        # One of `ochenta machines`. The settings of a profile can be overridden here, for instance clock_mhz = 8.0, or
        # engine = "exact" for a processor that runs clock by clock (8088, 8086 and 80286).
        profile = "vga286"

        [speed]
        # real: emulated time keeps to yours; max: no pacing while the program runs; 50%: half of real; 8mhz: the processor's
        # clock; 3000cpms: instructions a millisecond; auto: max under stdio and none unless audio.output is a device,
        # otherwise real.
        mode = "auto"

        [display]
        # window, terminal, stdio or none; auto: stdio if standard input or output is a pipe or a file, otherwise a window if
        # there is a display, otherwise terminal.
        output = "auto"

        [video]
        # The characters in the machine's ROM: built-in, a font of the Linux console such as "Lat15-VGA16", or a file (PSF, or
        # 256 characters of 8 dots across). It takes the place of the built-in font of its height (8, 14 or 16).
        font = "built-in"
        # The picture in the window: integer: whole multiples of its lines; smooth: as large as fits; crt: as a picture tube.
        scaling = "smooth"
        # Where the rates of machine and display differ: true: frames are blended; false: some are left out or shown twice.
        blend = false
        # Whether pictures have the border around the display area, in its colour: in the window, in screenshots and films.
        border = false
        # The colour of a monochrome monitor (MDA, Hercules): green, amber or white.
        phosphor = "green"
        # A colour monitor on the composite output of a CGA, of the card of 1981 (old) or the later one (new): none, old or new;
        # its hue control, -180 to 180 degrees.
        composite = "none"
        hue = 0
        # The memory of an EGA in KB: 64, 128 or 256. With 64 its modes 0Fh and 10h have two planes.
        ega_memory = 256
        # The monitor on an EGA: enhanced: 350 lines and 64 colours; color: the CGA's, 200 lines and 16; monochrome: the MDA's.
        ega_monitor = "enhanced"
        # Whether a CGA of an exact machine shows snow in text of 80 columns.
        snow = false
        # A VGA with 1 MB: modes up to 1024x768 through the VESA BIOS extension 1.2.
        vbe = false
        # The image of another video BIOS, for an 8086 or 80286; built-in: the machine's own.
        bios = "built-in"

        [sound]
        # The sound card: none, adlib, gameblaster, sb1, sb15, sb2, sbpro, sbpro2, sb16, gus; auto: what the profile has.
        card = "auto"
        # The card's jumpers: port (hex), interrupt, DMA channel, and that for 16 bits of an sb16; auto: as it left the factory.
        # DOS finds them in the variable BLASTER.
        port = "auto"
        irq = "auto"
        dma = "auto"
        hdma = "auto"
        # The two chips of the Game Blaster on an sb1, sb15 or sb2: true, false; auto: an sb1 has them.
        cms = "auto"
        # What is plugged into the printer port: none, covox, disney.
        lpt1 = "none"
        # A Roland MPU-401 at port 330: true, false; auto: with an sb16.
        mpu401 = "auto"
        # A Gravis UltraSound beside the card, or as it: true, false; auto: if the card is gus. Its port (hex), interrupt, DMA
        # channel, and memory in KB (256, 512, 768, 1024); auto: 240, 11 (XT: 5), 3, 1024. DOS finds them in ULTRASND.
        gus = "auto"
        gus_port = "auto"
        gus_irq = "auto"
        gus_dma = "auto"
        gus_memory = "auto"
        # Frames a second that are made.
        rate = 48000
        # Whether the loudspeaker's cone and the cards' filters take away high tones.
        filter = true
        mute = false
        # In percent, 0 to 200: of everything; of the loudspeaker, of FM music (opl), of the Sound Blaster's converters, of the
        # sound generator of PCjr and Tandy, of the Game Blaster (cms), of what is on the printer port (covox), of the Gravis
        # UltraSound (gus), of FluidSynth (midi).
        volume = 100
        volume_speaker = 100
        volume_opl = 100
        volume_sb = 100
        volume_tandy = 100
        volume_cms = 100
        volume_covox = 100
        volume_gus = 100
        volume_midi = 100

        [audio]
        # Where the sound goes. device: the host's; alsa:NAME: one of ALSA's; none; a file ending in .wav or .flac; auto: the
        # device, and none under stdio and none.
        output = "auto"
        # Milliseconds from the machine to the device, 15 to 500. More of it bridges longer delays of a busy host.
        latency = 24

        [midi]
        # Where the MIDI port leads: none; alsa: a port of ALSA's sequencer, alsa:CLIENT connected to that one; fluidsynth, or
        # fluidsynth:FILE.sf2 with a sound font; a file ending in .mid.
        device = "none"

        [window]
        fullscreen = false
        # capture: a click gives the mouse to the machine, Ctrl-F10 takes it back; seamless: it moves in and out; none.
        mouse = "capture"
        # Joysticks and gamepads at the game port, port 201: two: the first is A, the second B; one: the first is both, with
        # four axes and four buttons; none. A Sound Blaster or UltraSound has the port; machine.game_port=true adds it.
        joysticks = "two"
        # The Ctrl key of the hot keys, or none at all: right-ctrl, ctrl (either), none.
        hot_keys = "right-ctrl"
        # The directory of the screenshot key; empty: ~/Pictures if there is one, otherwise ~/.local/share/ochenta/screenshots.
        screenshots = ""

        [dos]
        # What programs see as the version of DOS.
        version = "5.0"
        # The code page: what DOS reports, the characters on the screen, and what text becomes on its way in and out:
        # 437, 737, 850, 852, 855, 857, 858, 860 to 866, 869 or 874. Names of files on the host stay in 437.
        codepage = 437
        # Where a program that is not in this directory starts. C: is its own directory and D: this one. auto: D: if one of its
        # arguments names a file or directory here, otherwise C:.
        start_drive = "auto"

        [clock]
        # The machine's date and time at power-on, such as "1990-01-01 00:00:00". auto: yours; under --script that date.
        start = "auto"

        [stdio]
        # utf-8: text is translated between UTF-8 and the code page, and line ends between LF and CR LF; raw: bytes as they are.
        encoding = "utf-8"

        [terminal]
        # auto: from COLORTERM and TERM; otherwise truecolor, 256 or 16.
        colors = "auto"
        # How pictures are drawn. auto: what the terminal answers when it is asked, or blocks; otherwise kitty (its picture
        # protocol), sixel, sextants (blocks of two by three, which not every font has) or halfblocks.
        graphics = "auto"
        # Whether the terminal reports its mouse while a program uses one; its own selection then needs Shift.
        mouse = true

        [capture]
        # Pictures in PNG files. raw: the program's pixels, one for one; square: as a monitor shows them, in square dots.
        pixels = "raw"

        [log]
        # warning, info, debug or trace.
        level = "warning"

        # [environment] holds variables of DOS: EDITOR = "C:\\TOOLS\\EDIT.COM"
        # [drives] mounts directories: D = "/home/me/dos", E = "/home/me/more:ro"
        """#

    /// Machine profiles by name, in the order in which they are listed.
    static let machines: [(name: String, text: String)] = [
        (
            "vga286",
            #"""
            summary = "286 at 12 MHz, VGA, 640 KB and 1 MB of extended memory, Sound Blaster 16"
            processor = "80286"
            engine = "fast"
            clock_mhz = 12.0
            family = "at"
            video = "vga"
            conventional_kb = 640
            extended_kb = 1024
            coprocessor = true
            sound = "sb16"
            board_sound = "none"
            mouse = "ps2"
            game_port = "auto"
            """#
        ),
        (
            "at286",
            #"""
            summary = "IBM AT: 286 at 6 MHz, CGA, 512 KB, Sound Blaster 1.5"
            processor = "80286"
            engine = "fast"
            clock_mhz = 6.0
            family = "at"
            video = "cga"
            conventional_kb = 512
            extended_kb = 0
            coprocessor = false
            sound = "sb15"
            board_sound = "none"
            mouse = "serial"
            game_port = "auto"
            """#
        ),
        (
            "ega",
            #"""
            summary = "286 at 8 MHz, EGA with 256 KB, 640 KB, Sound Blaster 2.0"
            processor = "80286"
            engine = "fast"
            clock_mhz = 8.0
            family = "at"
            video = "ega"
            conventional_kb = 640
            extended_kb = 0
            coprocessor = false
            sound = "sb2"
            board_sound = "none"
            mouse = "serial"
            game_port = "auto"
            """#
        ),
        (
            "ibmxt",
            #"""
            summary = "IBM XT: 8088 at 4.77 MHz, CGA, 640 KB"
            processor = "8088"
            engine = "fast"
            clock_mhz = 4.7727
            family = "xt"
            video = "cga"
            conventional_kb = 640
            extended_kb = 0
            coprocessor = false
            sound = "none"
            board_sound = "none"
            mouse = "serial"
            game_port = "auto"
            """#
        ),
        (
            "xt186",
            #"""
            summary = "XT with an 80186: 8 MHz, CGA, 640 KB, Sound Blaster 1.5"
            processor = "80186"
            engine = "fast"
            clock_mhz = 8.0
            family = "xt"
            video = "cga"
            conventional_kb = 640
            extended_kb = 0
            coprocessor = false
            sound = "sb15"
            board_sound = "none"
            mouse = "serial"
            game_port = "auto"
            """#
        ),
        (
            "ibm5150",
            #"""
            summary = "IBM PC: 8088 at 4.77 MHz, CGA, 256 KB"
            processor = "8088"
            engine = "fast"
            clock_mhz = 4.7727
            family = "pc"
            video = "cga"
            conventional_kb = 256
            extended_kb = 0
            coprocessor = false
            sound = "none"
            board_sound = "none"
            mouse = "serial"
            game_port = "auto"
            """#
        ),
        (
            "monochrome",
            #"""
            summary = "IBM XT with the monochrome display adapter: 8088 at 4.77 MHz, 640 KB"
            processor = "8088"
            engine = "fast"
            clock_mhz = 4.7727
            family = "xt"
            video = "mda"
            conventional_kb = 640
            extended_kb = 0
            coprocessor = false
            sound = "none"
            board_sound = "none"
            mouse = "serial"
            game_port = "auto"
            """#
        ),
        (
            "hercules",
            #"""
            summary = "XT with a Hercules card: 8088 at 4.77 MHz, 640 KB, AdLib"
            processor = "8088"
            engine = "fast"
            clock_mhz = 4.7727
            family = "xt"
            video = "hercules"
            conventional_kb = 640
            extended_kb = 0
            coprocessor = false
            sound = "adlib"
            board_sound = "none"
            mouse = "serial"
            game_port = "auto"
            """#
        ),
        (
            "tandy1000",
            #"""
            summary = "Tandy 1000: 8088 at 4.77 MHz, 640 KB, its sound; its own keys are missing"
            processor = "8088"
            engine = "fast"
            clock_mhz = 4.7727
            family = "xt"
            video = "tandy"
            conventional_kb = 640
            extended_kb = 0
            coprocessor = false
            sound = "none"
            board_sound = "tandy"
            mouse = "serial"
            game_port = "auto"
            """#
        ),
        (
            "pcjr",
            #"""
            summary = "IBM PCjr: 8088 at 4.77 MHz, 128 KB, its sound; keyboard and cartridges are missing"
            processor = "8088"
            engine = "fast"
            clock_mhz = 4.7727
            family = "pc"
            video = "pcjr"
            conventional_kb = 128
            extended_kb = 0
            coprocessor = false
            sound = "none"
            board_sound = "pcjr"
            mouse = "none"
            game_port = "auto"
            """#
        ),
    ]
}
