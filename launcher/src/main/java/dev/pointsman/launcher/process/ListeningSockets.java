package dev.pointsman.launcher.process;

import dev.pointsman.launcher.process.PortHolder.HolderKind;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listening sockets of this machine and their processes, by {@code /proc/net/tcp}, {@code /proc/net/tcp6} and the files that processes hold open, see proc(5).
 * Thread-safe; each call reads anew.
 */
public final class ListeningSockets {
    private static final List<String> TABLES = List.of("net/tcp", "net/tcp6");
    private static final String LISTENS = "0A";
    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final Logger LOG = LoggerFactory.getLogger(ListeningSockets.class);

    private final ProcessTable processes;

    ListeningSockets(ProcessTable processes) {
        this.processes = processes;
    }

    /**
     * The sockets of a machine.
     *
     * @param proc {@code /proc}, or a folder that looks like it
     */
    public static ListeningSockets in(Path proc) {
        return new ListeningSockets(new ProcessTable(proc));
    }

    /**
     * Who listens on a port.
     *
     * @param family the processes that count as ours
     */
    public PortHolder holder(int port, Set<Long> family) {
        Map<String, Integer> listening = listening();
        Set<String> sockets = listening.entrySet().stream()
                .filter(entry -> entry.getValue() == port)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        if (sockets.isEmpty()) {
            return new PortHolder(listening.isEmpty() ? HolderKind.UNKNOWN : HolderKind.NONE, "");
        }
        for (long pid : family) {
            if (holdsAny(pid, sockets)) {
                return new PortHolder(HolderKind.OURS, "");
            }
        }
        for (ProcessStat process : processes.all()) {
            if (holdsAny(process.pid(), sockets)) {
                return new PortHolder(HolderKind.ANOTHER, name(process.pid()) + " (process " + process.pid() + ")");
            }
        }
        return new PortHolder(HolderKind.UNKNOWN, "");
    }

    /** The ports that any of these processes listens on, in order. */
    List<Integer> portsOf(Set<Long> family) {
        Map<String, Integer> listening = listening();
        TreeSet<Integer> ports = new TreeSet<>();
        for (long pid : family) {
            for (String socket : socketsOf(pid)) {
                Integer port = listening.get(socket);
                if (port != null) {
                    ports.add(port);
                }
            }
        }
        return List.copyOf(ports);
    }

    /** The listening sockets, as {@code socket:[inode]}, with their ports. */
    public Map<String, Integer> listening() {
        Map<String, Integer> found = new HashMap<>();
        for (String table : TABLES) {
            try {
                Files.readAllLines(processes.proc().resolve(table)).stream()
                        .skip(1)
                        .forEach(line -> {
                            List<String> fields =
                                    BLANKS.splitAsStream(line.strip()).toList();
                            if (fields.size() > 9 && fields.get(3).equals(LISTENS)) {
                                String address = fields.get(1);
                                int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1), 16);
                                found.put("socket:[" + fields.get(9) + "]", port);
                            }
                        });
            } catch (IOException notThere) {
                LOG.debug("No Linux, or one without IPv6", notThere);
            }
        }
        return found;
    }

    private boolean holdsAny(long pid, Set<String> sockets) {
        return socketsOf(pid).stream().anyMatch(sockets::contains);
    }

    private Set<String> socketsOf(long pid) {
        Set<String> found = new HashSet<>();
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(processes.proc().resolve(Path.of(Long.toString(pid), "fd")))) {
            for (Path file : files) {
                String target = target(file);
                if (target.startsWith("socket:")) {
                    found.add(target);
                }
            }
        } catch (IOException | DirectoryIteratorException notOurs) {
            return found;
        }
        return found;
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException closed) {
            return "";
        }
    }

    private String name(long pid) {
        try {
            return Files.readString(processes.proc().resolve(Path.of(Long.toString(pid), "comm")))
                    .strip();
        } catch (IOException over) {
            return "a program";
        }
    }
}
