package dev.pointsman.balancer.accesslog;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pointsman.balancer.observe.MaskedNames;
import dev.pointsman.balancer.testkit.CapturedLog;
import dev.pointsman.balancer.testkit.MadeUpRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class AccessLogTest {
    @TempDir
    private Path folder = Path.of(".");

    @RegisterExtension
    final CapturedLog warnings = new CapturedLog();

    private final AccessLog log = new AccessLog(Clock.systemUTC(), 64 * 1024);
    private final LoopAccessLog loop = log.ofLoop();

    @AfterEach
    void close() throws Exception {
        closeNow();
    }

    private void closeNow() throws Exception {
        log.close().get(15, TimeUnit.SECONDS);
    }

    private Path file(String name) {
        return folder.resolve(name);
    }

    private LogDestination open(String name) throws IOException {
        LogDestination destination = new LogDestination(file(name));
        log.open(destination);
        return destination;
    }

    private static LineFormat format(String template) {
        try {
            return LineFormat.of(template, MaskedNames.NONE);
        } catch (BadTemplateException bad) {
            throw new AssertionError(bad);
        }
    }

    private static void request(LoopAccessLog to, String uri) {
        MadeUpRequest request = new MadeUpRequest();
        request.uri = uri;
        to.requestEnded(request);
    }

    private List<String> lines(String name) throws IOException {
        return Files.readAllLines(file(name));
    }

    private void awaitLines(String name, int count) {
        await().untilAsserted(() -> assertThat(lines(name)).hasSize(count));
    }

    @Test
    void a_line_is_written_soon_and_all_of_them_when_it_is_closed() throws Exception {
        loop.logTo(open("a"), format("{uri}"));
        request(loop, "/1");
        awaitLines("a", 1);
        // The thread sleeps by now, or is about to.
        request(loop, "/2");
        awaitLines("a", 2);
        for (int i = 3; i <= 1000; i++) {
            request(loop, "/" + i);
        }

        closeNow();

        assertThat(lines("a")).hasSize(1000).startsWith("/1", "/2", "/3").endsWith("/1000");
        assertThat(log.lostLines()).isZero();
    }

    @Test
    void a_new_file_is_for_its_user_and_group_alone_and_an_old_one_goes_on() throws Exception {
        Files.writeString(file("old"), "before\n");
        loop.logTo(open("old"), format("{uri}"));
        request(loop, "/1");
        awaitLines("old", 2);
        LogDestination made = open("new");

        assertThat(lines("old")).containsExactly("before", "/1");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file("new"))))
                .startsWith("rw-")
                .endsWith("---")
                .doesNotContain("x")
                .matches("rw-r?-----");
        assertThat(made.toString()).isEqualTo(file("new").toString());
    }

    @Test
    void the_half_line_of_a_killed_process_is_ended_before_the_first_line() throws Exception {
        Files.writeString(file("a"), "whole\nhal");
        loop.logTo(open("a"), format("{uri}"));
        request(loop, "/1");
        closeNow();

        assertThat(lines("a")).containsExactly("whole", "hal", "/1");
    }

    @Test
    void a_renamed_file_gets_lines_until_it_is_opened_again_and_none_is_lost() throws Exception {
        loop.logTo(open("a"), format("{uri}"));
        request(loop, "/1");
        awaitLines("a", 1);
        Files.move(file("a"), file("a.1"));
        request(loop, "/2");
        awaitLines("a.1", 2);

        log.reopen().get(15, TimeUnit.SECONDS);
        request(loop, "/3");
        closeNow();

        assertThat(lines("a.1")).containsExactly("/1", "/2");
        assertThat(lines("a")).containsExactly("/3");
    }

    @Test
    void a_file_that_cannot_be_opened_again_goes_on_as_it_was() throws Exception {
        loop.logTo(open("a"), format("{uri}"));
        Files.move(file("a"), file("a.1"));
        Files.createDirectory(file("a"));

        log.reopen().get(15, TimeUnit.SECONDS);
        request(loop, "/1");
        closeNow();

        assertThat(lines("a.1")).containsExactly("/1");
        assertThat(warnings.text()).contains("cannot be opened again").contains("goes on");
    }

    @Test
    void a_file_that_is_cut_to_nothing_goes_on_from_its_beginning() throws Exception {
        loop.logTo(open("a"), format("{uri}"));
        request(loop, "/1");
        awaitLines("a", 1);
        Files.newByteChannel(file("a"), StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
                .close();
        request(loop, "/2");
        closeNow();

        assertThat(Files.readString(file("a"))).isEqualTo("/2\n");
    }

    @Test
    void what_cannot_be_opened_is_said_and_what_is_open_goes_on() throws Exception {
        loop.logTo(open("a"), format("{uri}"));

        assertThatThrownBy(() -> open("no/such/folder")).isInstanceOf(IOException.class);
        request(loop, "/1");
        closeNow();

        assertThat(lines("a")).containsExactly("/1");
    }

    @Test
    void another_destination_gets_the_lines_from_then_on_and_no_earlier_one() throws Exception {
        LoopAccessLog other = log.ofLoop();
        LogDestination first = open("a");
        loop.logTo(first, format("{uri}"));
        other.logTo(first, format("{uri}"));
        request(loop, "/1");
        request(other, "/2");
        LogDestination second = open("b");
        loop.logTo(second, format("{uri} {status}"));
        request(loop, "/3");
        request(other, "/4");
        other.logTo(second, format("{uri} {status}"));
        log.keepOnly(second);
        request(other, "/5");
        loop.stop();
        request(loop, "/6");
        closeNow();

        assertThat(lines("a")).containsExactlyInAnyOrder("/1", "/2", "/4");
        assertThat(lines("b")).containsExactlyInAnyOrder("/3 200", "/5 200");
    }

    @Test
    void a_file_that_nobody_logs_to_is_closed() throws Exception {
        LogDestination first = open("a");
        loop.logTo(first, format("{uri}"));
        request(loop, "/1");
        loop.stop();
        log.keepOnly(null);
        await().until(() -> openFiles().stream().noneMatch(file("a")::equals));

        assertThat(lines("a")).containsExactly("/1");
        loop.logTo(open("a"), format("{uri}"));
        request(loop, "/2");
        closeNow();
        assertThat(lines("a")).containsExactly("/1", "/2");
    }

    private static List<Path> openFiles() throws IOException {
        List<Path> open = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path each : all) {
                try {
                    open.add(Files.readSymbolicLink(each));
                } catch (IOException closedMeanwhile) {
                    // The one that this look has opened.
                }
            }
        }
        return open;
    }

    static boolean hasFullDevice() {
        return Files.isWritable(Path.of("/dev/full"));
    }

    @Test
    @EnabledIf("hasFullDevice")
    void a_full_disk_makes_nobody_wait_and_what_there_is_no_room_for_is_counted() throws Exception {
        LogDestination full = new LogDestination(Path.of("/dev/full"));
        log.open(full);
        loop.logTo(full, format("{uri}"));
        String uri = "/" + "x".repeat(1000);
        for (int i = 0; i < 1000; i++) {
            request(loop, uri);
        }
        await().until(() -> log.failedWrites() > 1);
        assertThat(log.lostLines()).isPositive();

        closeNow();

        // None has ever arrived.
        assertThat(log.lostLines()).isEqualTo(1000);
        assertThat(warnings.text().lines().filter(line -> line.contains("cannot be written")))
                .hasSize(1);
        assertThat(warnings.text()).contains("lines were dropped").contains("lines were lost");
    }

    @Test
    @EnabledIf("hasFullDevice")
    void what_waited_on_a_full_disk_is_written_once_there_is_room() throws Exception {
        Files.createSymbolicLink(file("a"), Path.of("/dev/full"));
        loop.logTo(open("a"), format("{uri}"));
        request(loop, "/1");
        await().until(() -> log.failedWrites() > 0);
        request(loop, "/2");
        Files.delete(file("a"));

        log.reopen().get(15, TimeUnit.SECONDS);
        closeNow();

        assertThat(lines("a")).containsExactly("/1", "/2");
        assertThat(log.lostLines()).isZero();
    }

    @Test
    void that_lines_are_dropped_is_said_while_nobody_reads_what_is_written() throws Exception {
        Path pipe = file("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        // Both ends, so that none waits for the other to be opened.
        try (FileChannel reader = FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            loop.logTo(open("pipe"), format("{uri}"));

            // More than fits into the pipe, what is about to be written to it, and the ring.
            for (int i = 0; i < 40_000; i++) {
                request(loop, "/a-line-of-thirty-two-bytes-" + i % 1000);
            }

            await().untilAsserted(() -> assertThat(warnings.text()).contains("lines were dropped"));
            assertThat(log.lostLines()).isPositive();
            drain(reader);
            closeNow();
        }
    }

    /** Reads what comes, until the pipe has no end to write to any more. */
    private static void drain(FileChannel reader) {
        Thread drain = new Thread(() -> {
            ByteBuffer read = ByteBuffer.allocate(64 * 1024);
            try {
                while (reader.read(read.clear()) >= 0) {
                    // on
                }
            } catch (IOException closed) {
                // The test is over.
            }
        });
        drain.setDaemon(true);
        drain.start();
    }

    @Test
    void lines_of_several_threads_are_whole_and_those_dropped_are_counted() throws Exception {
        int producers = 4;
        int each = 20_000;
        LogDestination destination = open("a");
        List<Thread> threads = new ArrayList<>();
        for (int p = 0; p < producers; p++) {
            String name = "/" + p + "/";
            Thread thread = new Thread(() -> {
                LoopAccessLog own = log.ofLoop();
                own.logTo(destination, format("{uri} {client}"));
                for (int i = 0; i < each; i++) {
                    request(own, name + i);
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        closeNow();

        List<String> lines = lines("a");
        assertThat(lines).hasSize(Math.toIntExact((long) producers * each - log.lostLines()));
        assertThat(lines).allMatch(line -> line.matches("/\\d/\\d+ 192\\.0\\.2\\.7"));
        Map<Character, List<String>> byThread = lines.stream().collect(groupingBy(line -> line.charAt(1)));
        byThread.values().forEach(own -> assertThat(own.stream().map(AccessLogTest::number))
                .isSorted()
                .doesNotHaveDuplicates());
    }

    private static int number(String line) {
        return Integer.parseInt(line.substring(3, line.indexOf(' ')));
    }

    @Test
    void one_that_was_never_opened_ends_and_is_reopened_at_once() {
        assertThat(log.reopen()).isCompleted();
        assertThat(log.close()).isCompleted();
    }
}
