/// The pages of `ochenta help`.
public enum HelpText {
    /// The topics, in the order in which they are listed.
    public static let topics: [(name: String, text: String)] = [
        ("run", run), ("machines", machines), ("cpu-test", processorTest), ("boot", boot), ("drives", drives),
        ("keys", keys), ("input", input), ("scripts", scripts), ("pictures", pictures), ("sound", sound),
        ("speed", speed), ("settings", settings), ("exit", exit),
    ]

    /// The page of `topic` in the singular or the plural, the overview for nil; nil if there is no such topic.
    public static func page(_ topic: String?) -> String? {
        guard let topic else { return overview }
        return topics.first { $0.name == topic || $0.name == topic + "s" || $0.name + "s" == topic }?.text
    }

    static let overview = """
        Ochenta runs DOS programs: an 8086 and 80286 PC with DOS and BIOS of its own.
        It opens a window where there is a display; in the terminal, Ctrl-] ends it at once ('ochenta help keys').

          ochenta                        a DOS prompt, this directory as C:
          ochenta PROG.EXE [ARGS...]     run one program, leave when it ends
          ochenta DIR                    a prompt with DIR as C:
          ochenta machines               list machine profiles
          ochenta cpu-test SUITE...      run processor test suites
          ochenta help TOPIC             \(topics.prefix(7).map(\.name).joined(separator: ", ")),
                                         \(topics.dropFirst(7).map(\.name).joined(separator: ", "))

        \(options)
        Examples:
          ochenta MASM.EXE 'hello.asm;'
          printf 'b\\na\\n' | ochenta 'Z:\\SORT' > sorted.txt
        """

    private static let options = """
        Options stand before the program's name; what follows it belongs to the program.
          -m, --machine NAME         machine profile (vga286)
          -d, --drive C=DIR[:ro]     mount a directory as a drive; repeatable
          -c, --command LINE         a DOS command to run first; repeatable
              --display WHERE        window, terminal, stdio or none
              --speed SPEED          real, max, or such as 50%, 8mhz, 3000cpms
              --engine ENGINE        fast, interpreter, or exact: clock by clock (not the 80186)
              --audio WHERE          device, alsa:NAME, none, or FILE.wav ('ochenta help sound')
              --record FILE          record sound, chips' registers or MIDI; repeatable ('ochenta help sound')
              --script FILE          play a script ('ochenta help scripts')
              --text FILE            write the last text screen on exit, UTF-8
              --screenshot FILE.png  write a picture of the last screen on exit; FILE.svg of a text screen
              --video FILE.avi       make a film of the run ('ochenta help pictures')
              --time-limit TIME      stop after that much emulated time, such as 90s
              --host-time-limit TIME the same, of your time
              --set SECTION.KEY=VALUE  change a setting ('ochenta help settings')
              --conf FILE            read a TOML file of settings
              --log LEVEL            warning, info, debug or trace to standard error
          -h, --help                 this page
              --version              the version

        """

    private static let run = """
        ochenta [run] [OPTIONS] [PROG [ARGS...] | DIR]

        Runs PROG (.COM, .EXE or .BAT; the ending may be left out) and ends with its exit status. Without PROG it
        shows a DOS prompt. PROG is a file of yours, or a DOS path such as Z:\\MORE.COM ('ochenta help drives').

        \(options)
        Examples:
          ochenta run -m ibmxt --time-limit 10m CHESS.COM
          ochenta run -d C=dos -d D=.:ro -c 'set LIB=C:\\LIB' C:\\BIN\\CL.EXE d:hello.c
        """

    private static let machines = """
        ochenta machines [--conf FILE]

        Lists the machine profiles, with a line each. Profiles of your own are TOML files in
        ~/.config/ochenta/machines or /etc/ochenta/machines; the files in conf/machines are patterns for them.

        Examples:
          ochenta machines
          ochenta --machine ibm5150 PROG.COM
        """

    private static let processorTest = """
        ochenta cpu-test [OPTIONS] SUITE...
        ochenta cpu-test [OPTIONS] --rom FILE@ADDRESS...
        ochenta cpu-test [OPTIONS] --compare

        Runs hardware-captured processor tests. A SUITE is a directory of MOO or JSON files (gzip or plain), a directory
        of such directories, or one such file. Prints how many tests of each form are right, and the first failures.
        The tests are not part of Ochenta. They are published as github.com/SingleStepTests/8086 and /8088 (directory v1)
        and /80286 (v1_real_mode); the directory above those, as a clone has it, will do.

          --engine ENGINE        fast, or exact, which also has clocks and pins
          --level LEVEL          what must be right: state (registers, memory, defined flags), flags (undefined flags
                                 too), clocks (transfers and number of clocks), bus (all pins at every clock); the most
                                 that the engine has
          --filter FORM          only forms that begin so, such as F7 or F7.6
          --failures N           show so many failures (5)
          --all                  a line for every form, also for those that pass
          --json FILE            the results for programs; --junit FILE, --markdown FILE: in those formats
          --jobs N               so many files at a time (one for each processor of yours)
          --quiet                print nothing but errors
          --processor CPU        8088, 8086, 80186 or 80286, where the files do not say, or instead

        With --rom, runs ROM images on a bare machine until HLT, a jump to itself, or --limit. Numbers are hexadecimal.

          --rom FILE@ADDRESS     an image and its place, such as bios.bin@F0000; without ADDRESS it ends at 1 MB
          --start SEGMENT:OFFSET where to begin, if not as after reset
          --expect-memory FILE[@ADDRESS]  what memory must be at the end (from 0)
          --report-port PORT     print what is written there: text for a serial port (3F8), else hexadecimal (80, 190)
          --report-end VALUE     end when this value is reported
          --limit CLOCKS         stop after so many clocks, decimal (1000000000)

        With --compare, runs random programs on the fast and the exact engine side by side and compares registers, flags
        and everything written after every instruction, with interrupts at equal instruction counts.

          --programs N, --first N  so many programs (2000), from this number on (1)
          --minutes N            stop after so many minutes of your time

        Exit status: 0 all is right, 1 something is not, 2 a damaged file, 124 --limit, 127 no tests there.

        Examples:
          ochenta cpu-test --level state --junit results.xml cpu-tests/8086 cpu-tests/80286/F7.7.MOO.gz
          ochenta cpu-test --processor 80286 --rom add.bin@F0000 --expect-memory res_add.bin --report-port 80
        """

    private static let boot = """
        Not available yet: ochenta boot A.IMG [C.IMG...], which is to start disk images.

        Programs on a disk image can be copied to a directory meanwhile.

        Examples:
          mcopy -s -i A.IMG '::*' disk/
          ochenta disk
        """

    private static let drives = """
        Without --drive, C: is the current directory. If PROG lies elsewhere, C: is the program's own directory and D:
        the current one; the program starts on D: if one of its arguments names something there, otherwise on C:
        (--set dos.start_drive=C or D decides).

        Z: is Ochenta's own, read-only, and on the PATH: ATTRIB, CHOICE, COMMAND, DELTREE, FIND, MEM, MORE, MOVE,
        SORT, TREE, XCOPY. 'Z:\\SORT' runs one from here, in quotes because of the backslash.

        --drive C=DIR mounts DIR as C:, --drive C=DIR:ro so that nothing in it can change. With --drive, only what
        you name is mounted, and the program's directory if it lies in none of these.
        Names are those of DOS: 8 and 3 characters, in any case. Longer names get a short form, such as PRO~5VGM.
        Files that DOS programs create have lower-case names here, and so has what they rename. Many programs save a
        file by deleting the old one and creating it anew, so that README.TXT may be readme.txt after an editor.
        The bytes of files are not changed: text for old tools needs lines that end in CR LF ('unix2dos FILE').

        Examples:
          ochenta -d C=~/dos -d D=.:ro
          ochenta -d C=. -d E=/usr/share/dict:ro EDIT.EXE 'e:words'
        """

    private static let keys = """
        In the window all keys go to the DOS program, by their places on the keyboard, except these:
          Alt-Enter            full screen and back
          Ctrl-Shift-V, -C     types the clipboard; copies the text screen to it
          right Ctrl-F3        what F4, F6 and F7 turn: everything, or the loudspeaker, FM music and so on by itself
          right Ctrl-F4        sound off and on
          right Ctrl-F5        writes a picture of the screen, to ~/Pictures if that is there
          right Ctrl-F6, F7    quieter, louder
          right Ctrl-F8        shows speed and drives for some seconds
          right Ctrl-F9        ends Ochenta at once, with status 0
          Ctrl-F10             takes the mouse back, which a click gives to the program
          right Ctrl-F11, F12  slower, faster
          Alt-F12, Alt-Pause   full speed and back; stops and goes on
        With --set window.hot_keys=ctrl either Ctrl does; =none leaves all but Ctrl-F10 to the program.

        In the terminal all keys go to the DOS program, except Ctrl-], which ends Ochenta at once, with status 0.
        Where a terminal keeps a key to itself, write it in a script, or use another way to it:
          Esc then a key      Alt with that key
          F11, F12            Shift, Ctrl and Alt with F1 to F12 where the terminal sends them
          Ctrl-C              as in DOS; also Ctrl-Break, by sending the signal SIGINT
        Text that is pasted is typed at the pace at which the program reads it.

        A mouse that moves in and out of the window needs --set window.mouse=seamless. A terminal reports its mouse while
        a program uses one; to select text then, hold Shift, or set terminal.mouse=false.

        In the window the first joystick or gamepad that is plugged in, at any time, is joystick A of the game port, the
        second is B. --set window.joysticks=one makes the first both, for programs with four axes; =none leaves them out.
        The port comes with a Sound Blaster, an UltraSound, a PCjr and a Tandy; --set machine.game_port=true adds one.

        Examples:
          ochenta --set window.hot_keys=ctrl EDLIN.COM letter.txt
          kill -INT $(pidof ochenta)
        """

    private static let input = """
        With --display stdio, which a pipe or a file as input or output chooses, standard input is the program's, and its
        keyboard too. UTF-8 becomes the code page and LF becomes CR LF, and back on the way out; --set
        stdio.encoding=raw leaves bytes alone. Time stands still while the program waits for input.

        When standard input has ended, a program that
          reads a file or device (INT 21h AH=3Fh)  gets 0 bytes, the end of the file
          reads a character (AH=01h, 07h, 08h)     gets Ctrl-Z; after 1000 in a row Ctrl-C, after 2000 it is ended
          reads a line (AH=0Ah)                    gets what was begun, one empty line, lines with Ctrl-Z, then Ctrl-C
          looks for a character (AH=06h, 0Bh)      finds none
          waits for a key (INT 16h AH=00h, 10h)    is ended with status 1, and standard error says so
          looks for a key (INT 16h AH=01h, 11h)    finds none
        A program that looks for input and ignores that there is none goes on for ever: give it a --time-limit. A prompt
        ends. Where the keys are to come from a script instead, use --display none.

        Examples:
          printf 'y' | ochenta 'Z:\\CHOICE' 'Go on'; echo $?
          ochenta --time-limit 60s QUIZ.EXE < answers.txt
        """

    private static let scripts = """
        A script is a text file, one step a line; # starts a comment. All times are emulated time, so that a script
        plays the same every time. The machine's clock starts at 1990-01-01 00:00 unless clock.start is set.

          wait-text "C:\\>" [within 5s]   until the text screen shows it; 30s if nothing is said
          type "dir /w{enter}"           text; {enter} {esc} {f10} {alt+x} {up 3} {ctrl+c} as keys, {{ for a brace
          press ctrl+break               one key
          hold space 500ms               one key, for a time
          wait 2s
          expect-text "Volume"           fail now if the screen lacks it
          screen-text shot.txt           write the text screen to a file, UTF-8
          screenshot shot.png [square]   write the picture; raw and square as in 'ochenta help pictures'
          expect-pixel 10 10 #AA0000     fail if this pixel of the picture has another colour
          hash-frame                     print the picture's size and a hash of its pixels
          record tune.wav                record sound, or registers or MIDI, as in 'ochenta help sound'; record off
          volume opl 50                  how loud a part of the sound is from now on, or all; 0 is off
          mouse move +10 -4              counts to the right and down
          mouse to 32768 0               a place in the picture, 0 to 65535: this is the middle of the top edge
          mouse click left               or right, middle
          mouse buttons left+right       the buttons that are down from now on; none
          joystick a to 0 32768          plugs in joystick a or b: across and down, 0 to 65535
          joystick a buttons 1+2         the buttons that are down from now on; none
          joystick a off                 pulls it out
          exit                           end with status 0

        Text is also found in a graphics mode, where the program draws it with the machine's own characters. Steps that
        look at the picture take the first frame that begins after them; those that follow one another take the same.
        hash-frame prints to standard output under --display none, otherwise to standard error.
        A quote in a text is written twice. A step that fails ends the run with status 1, says which line, and
        prints the text screen. When the last step is done the program goes on; without 'exit' a prompt stays open.

        Examples:
          ochenta --display none --script test.txt EDLIN.COM new.txt
          ochenta --script demo.txt --text last.txt
        """

    private static let pictures = """
        --screenshot FILE.png writes the last picture when the run ends. It has the program's pixels one for one;
        --set capture.pixels=square makes it what a monitor shows, in square dots. FILE.svg is a text screen as shapes
        and letters.

        --video FILE.avi makes a film of all frames, without loss, at the machine's own rate, with its sound. VLC,
        mpv and ffmpeg play it (AVI with ZMBV). A mode with another size begins another file: FILE-2.avi, FILE-3.avi.

        --set video.border=true shows the border around the display area, too: here, in the window and in a terminal.
        A script's pixels and the mouse count inside it.

        In a terminal, pictures are drawn by kitty's protocol or sixels where the terminal says that it has them,
        otherwise with block characters. --set terminal.graphics=kitty, sixel, sextants or halfblocks decides.

        Examples:
          ochenta --display none --time-limit 20s --screenshot title.png --set capture.pixels=square GAME.EXE
          ochenta --video game.avi GAME.EXE && ffmpeg -i game-2.avi game.mp4
        """

    private static let sound = """
        --audio device is the host's sound device, the default in the window and the terminal. --audio alsa:NAME is one of
        ALSA's by its name there, such as alsa:hw:1; --audio none is silent; --audio FILE.wav or FILE.flac writes the sound
        to that file instead. At another speed than 100 % and while the machine stands still nothing is heard.

        --record FILE records beside that, from the beginning to the end, and so does 'record FILE' in a script, until
        'record off'. The end of the name says what:
          .wav, .flac     all sound; FLAC needs libsndfile
          .dro, .vgm      what is written to the registers of OPL2 and OPL3 (both), SN76489 and SAA1099 (VGM)
          .mid            what is sent on the MIDI port
        Recordings are of the machine's time: they are the same however fast the machine runs and whatever is heard.
        --video records a film with sound.

        --set sound.card=sbpro2 is another sound card, sound.lpt1=covox something on the printer port; 'ochenta help settings'
        has all. --set machine.board_sound=pcjr, tandy or tandydac is the sound of the main board of a PCjr, of a Tandy 1000,
        or of a later one that plays samples.

        --set midi.device=fluidsynth plays MIDI with FluidSynth, =alsa:CLIENT sends it to a synthesizer of yours, and
        =FILE.mid writes it to a file. Volumes of the parts (speaker, opl, sb ...) are in the section [sound] of 'ochenta
        help settings'; keys of the window and the step 'volume' of a script turn them while the machine runs.

        Examples:
          ochenta --display none --audio tune.flac --time-limit 3m PLAYER.EXE
          ochenta --record song.dro --set midi.device=fluidsynth GAME.EXE
        """

    private static let speed = """
        --speed real        emulated time keeps to yours; the default in the window
                            and the terminal, and where --audio names a device
        --speed 50%         the same at 50 percent
        --speed 8mhz        real, with a processor clock of 8 MHz
        --speed 3000cpms    real, with 3000 instructions a millisecond, as other emulators count cycles
        --speed max         as fast as possible while the program runs, real time while it waits; the default under
                            stdio and none, where waits are skipped too unless nothing else happens for a minute

        Examples:
          ochenta --speed max LINK.EXE hello;
          ochenta --machine ibmxt --speed 200% ROGUE.COM
        """

    private static let settings = """
        Settings are read from what is inside the program, /etc/ochenta/ochenta.toml, $XDG_CONFIG_HOME/ochenta/ochenta.toml
        (~/.config if that is not set), files given with --conf, and --set, each over the one before.
        The defaults:

        \(BuiltInConfiguration.defaults)

        Examples:
          ochenta --set dos.version=3.3 --set machine.extended_kb=0 PROG.EXE
          ochenta --conf work.toml --set environment.LIB='C:\\LIB' CL.EXE hello.c
        """

    private static let exit = """
        The exit status is the DOS program's own (its ERRORLEVEL, 0 to 255), or:
            0  the window was closed, Ctrl-] ended it, or 'exit' in a script
            1  a step of the script failed, or the program waits for a key and standard input has ended
            2  wrong usage, an input file that is wrong, or an output file that cannot be written
          124  a time limit ended the program
          125  Ochenta itself failed, or its output was lost, as on a full disk
          126  the program cannot be loaded
          127  the program was not found
          128+N  the signal N ended it

        What a program sees when standard input has ended is in 'ochenta help input'.

        Examples:
          printf 'y' | ochenta 'Z:\\CHOICE' > answer.txt; echo "status $?, 1 for yes"
          ochenta --time-limit 60s --display none LOOP.COM || echo "status $?"
        """
}
