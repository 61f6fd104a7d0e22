package dev.pointsman.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A certificate authority in a folder, made by {@code openssl}: tests that use it need that program. What it issues is valid for ten days.
 * Not thread-safe.
 */
public final class TestAuthority {
    private static final List<String> EC = List.of("ec", "-pkeyopt", "ec_paramgen_curve:P-256");
    private static final String DAYS = "10";

    private final Path folder;
    private final String name;
    private int serial = 1;

    /**
     * A certificate and its key.
     *
     * @param cert a PEM file: the certificate alone
     * @param key a PEM file, PKCS #8
     */
    public record Issued(Path cert, Path key) {}

    private TestAuthority(Path folder, String name) {
        this.folder = folder;
        this.name = name;
    }

    /** Makes an authority with a key of its own, as {@code NAME.crt} and {@code NAME.key} in the folder. */
    public static TestAuthority in(Path folder, String name) {
        TestAuthority authority = new TestAuthority(folder, name);
        openssl(
                folder,
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "10",
                "-subj",
                "/CN=" + name,
                "-keyout",
                name + ".key",
                "-out",
                name + ".crt");
        return authority;
    }

    /** The authority's own certificate. */
    public Path cert() {
        return folder.resolve(name + ".crt");
    }

    /**
     * Issues a certificate with an EC key as {@code FILE.crt} and {@code FILE.key}.
     *
     * @param file without an extension
     * @param subject as {@code /O=Shop/CN=alice}
     * @param dnsNames its alternative names
     */
    public Issued issue(String file, String subject, String... dnsNames) {
        return issue(file, subject, EC, DAYS, dnsNames);
    }

    /** The same, expired for a day. */
    public Issued issueUntilYesterday(String file, String subject, String... dnsNames) {
        return issue(file, subject, EC, "-1", dnsNames);
    }

    /** The same with an RSA key of 2048 bits. */
    public Issued issueRsa(String file, String subject, String... dnsNames) {
        return issue(file, subject, List.of("rsa:2048"), DAYS, dnsNames);
    }

    /** The same with an RSA key of 1024 bits, which clients refuse. */
    public Issued issueShortRsa(String file, String subject, String... dnsNames) {
        return issue(file, subject, List.of("rsa:1024"), DAYS, dnsNames);
    }

    private Issued issue(String file, String subject, List<String> key, String days, String... dnsNames) {
        List<String> request = new ArrayList<>(List.of("req", "-utf8", "-newkey"));
        request.addAll(key);
        request.addAll(List.of("-nodes", "-subj", subject, "-keyout", file + ".key", "-out", file + ".csr"));
        openssl(folder, request.toArray(String[]::new));
        List<String> sign = new ArrayList<>(List.of(
                "x509",
                "-req",
                "-days",
                days,
                "-in",
                file + ".csr",
                "-CA",
                name + ".crt",
                "-CAkey",
                name + ".key",
                "-set_serial",
                String.valueOf(++serial),
                "-out",
                file + ".crt"));
        if (dnsNames.length > 0) {
            write(folder.resolve(file + ".ext"), "subjectAltName=DNS:" + String.join(",DNS:", dnsNames) + "\n");
            sign.addAll(List.of("-extfile", file + ".ext"));
        }
        openssl(folder, sign.toArray(String[]::new));
        return new Issued(folder.resolve(file + ".crt"), folder.resolve(file + ".key"));
    }

    /** Runs openssl in a folder and returns what it says, both streams; one that fails fails the test. */
    public static String openssl(Path folder, String... arguments) {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException(command + ": " + said);
            }
            return said;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Writes a file of text. */
    public static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
