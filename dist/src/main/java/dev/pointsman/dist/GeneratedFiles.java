package dev.pointsman.dist;

import dev.pointsman.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.AutoComplete;
import picocli.CommandLine.Model.CommandSpec;

/** Writes completions and pages of the manual to where bash, zsh, fish and man look for them below a prefix such as /usr. */
public final class GeneratedFiles {
    private final Path share;
    private final String version;
    private final String date;

    private GeneratedFiles(Path share, String version, String date) {
        this.share = share;
        this.version = version;
        this.date = date;
    }

    /** Arguments: the folder "share", the version, the time of the build (ISO 8601), of which the day is printed. */
    public static void main(String[] args) throws IOException {
        new GeneratedFiles(Path.of(args[0]), args[1], args[2].substring(0, "2026-01-01".length())).write();
    }

    private void write() throws IOException {
        CommandSpec root = Main.commands().getCommandSpec();
        String program = root.name();
        write(
                "bash-completion/completions/" + program,
                AutoComplete.bash(program, root.commandLine()).lines().toList());
        write("zsh/site-functions/_" + program, ZshCompletion.lines(root));
        write("fish/vendor_completions.d/" + program + ".fish", FishCompletion.lines(root));
        page(root);
    }

    private void page(CommandSpec command) throws IOException {
        ManualPage page = new ManualPage(command, version, date);
        write("man/man1/" + page.name() + ".1", page.lines());
        for (CommandSpec below : CommandTexts.below(command)) {
            page(below);
        }
    }

    private void write(String name, List<String> lines) throws IOException {
        Path file = share.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, lines);
    }
}
