package dev.pointsman.launcher.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files of control sockets: named by a launcher's process number, and {@code .sock}. */
final class ControlSockets {
    private static final Pattern NAME = Pattern.compile("(\\d{1,18})\\.sock");

    private ControlSockets() {}

    static Path of(Path folder, long pid) {
        return folder.resolve(pid + ".sock");
    }

    /** The sockets in a folder by process number, lowest first. */
    static Map<Long, Path> in(Path folder) throws IOException {
        Map<Long, Path> sockets = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            files.forEach(file -> {
                Matcher matcher = NAME.matcher(String.valueOf(file.getFileName()));
                if (matcher.matches()) {
                    sockets.put(Long.valueOf(matcher.group(1)), file);
                }
            });
        }
        return sockets;
    }
}
