package dev.pointsman.balancer.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/**
 * A file in the text form of RFC 7468: certificates, a private key, or both of them. What stands between its blocks is a comment, and
 * blocks of other kinds (parameters of Diffie-Hellman, say) count for nothing. Immutable, thread-safe.
 */
public final class PemFile {
    /** Far more than any bundle of authorities has; a file without an end must not fill the memory. */
    private static final int LARGEST = 4 * 1024 * 1024;

    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";
    private static final Set<String> CERTIFICATE = Set.of("CERTIFICATE", "X509 CERTIFICATE");

    private final Path file;
    private final List<PemBlock> blocks;

    /** A block: what stands behind BEGIN, and between that line and the one with END. */
    private record PemBlock(String label, String text) {}

    private PemFile(Path file, List<PemBlock> blocks) {
        this.file = file;
        this.blocks = List.copyOf(blocks);
    }

    /**
     * Reads a file. Blocks on the disk.
     *
     * @throws BadTlsFileException if it cannot be read, or is cut off
     */
    public static PemFile read(Path file) throws BadTlsFileException {
        String text = text(file);
        List<PemBlock> blocks = new ArrayList<>();
        int at = text.indexOf(BEGIN);
        while (at >= 0) {
            int labelEnd = text.indexOf(DASHES, at + BEGIN.length());
            String label = labelEnd < 0 ? "" : text.substring(at + BEGIN.length(), labelEnd);
            String last = END + label + DASHES;
            int end = labelEnd < 0 ? -1 : text.indexOf(last, labelEnd);
            if (end < 0) {
                throw new BadTlsFileException(
                        file, "cut off in a block of it (expected: a PEM file, in which END follows each BEGIN)");
            }
            blocks.add(new PemBlock(label, text.substring(labelEnd + DASHES.length(), end)));
            at = text.indexOf(BEGIN, end + last.length());
        }
        return new PemFile(file, blocks);
    }

    private static String text(Path file) throws BadTlsFileException {
        if (Files.isDirectory(file)) {
            throw new BadTlsFileException(file, "a folder (expected: a PEM file)");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw new BadTlsFileException(file, "too large (expected: a PEM file of 4 MiB at most)");
            }
            return new String(bytes, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException none) {
            throw new BadTlsFileException(file, "there is no such file (expected: a PEM file)");
        } catch (AccessDeniedException denied) {
            throw new BadTlsFileException(file, "this user may not read it (expected: a PEM file that it may read)");
        } catch (IOException failed) {
            throw new BadTlsFileException(file, "cannot be read: " + failed.getMessage() + " (expected: a PEM file)");
        }
    }

    /** The path that it was read from. */
    public Path file() {
        return file;
    }

    /**
     * The certificates, in their order.
     *
     * @throws BadTlsFileException if there is none, or one cannot be read
     */
    public List<X509Certificate> certificates() throws BadTlsFileException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (PemBlock block : blocks) {
            if (CERTIFICATE.contains(block.label())) {
                certificates.add(certificate(block, certificates.size() + 1));
            }
        }
        if (certificates.isEmpty()) {
            throw new BadTlsFileException(file, "no certificate in it (expected: a PEM file with BEGIN CERTIFICATE)");
        }
        return certificates;
    }

    private X509Certificate certificate(PemBlock block, int number) throws BadTlsFileException {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der(block)));
        } catch (CertificateException broken) {
            throw new BadTlsFileException(
                    file, "certificate " + number + " in it cannot be read (expected: X.509 in base64)");
        }
    }

    /** Whether there is a private key, of whatever form. */
    public boolean hasKey() {
        return blocks.stream().anyMatch(PemFile::isKey);
    }

    private static boolean isKey(PemBlock block) {
        return block.label().endsWith("PRIVATE KEY");
    }

    /**
     * The private key: RSA or EC, in PKCS #8, PKCS #1 or SEC 1.
     *
     * @throws BadTlsFileException if there is none, more than one, or one that cannot be used, such as an encrypted one
     */
    public PrivateKey privateKey() throws BadTlsFileException {
        List<PemBlock> keys = blocks.stream().filter(PemFile::isKey).toList();
        if (keys.isEmpty()) {
            throw new BadTlsFileException(file, "no private key in it (expected: a PEM file with BEGIN PRIVATE KEY)");
        }
        if (keys.size() > 1) {
            throw new BadTlsFileException(file, keys.size() + " private keys in it (expected: one)");
        }
        PemBlock key = keys.get(0);
        if (key.label().equals("ENCRYPTED PRIVATE KEY") || key.text().contains("ENCRYPTED")) {
            throw new BadTlsFileException(
                    file,
                    "the private key is encrypted (expected: one without a password, readable by this user alone;"
                            + " `openssl pkey -in OLD -out NEW` makes one)");
        }
        return PrivateKeys.read(file, key.label(), der(key), parameters());
    }

    /** The curve that stands in a block of its own before a key of SEC 1; empty where there is none. */
    private byte[] parameters() throws BadTlsFileException {
        for (PemBlock block : blocks) {
            if (block.label().equals("EC PARAMETERS")) {
                return der(block);
            }
        }
        return new byte[0];
    }

    private byte[] der(PemBlock block) throws BadTlsFileException {
        String base64 = block.text().replaceAll("\\s+", "");
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException broken) {
            throw new BadTlsFileException(
                    file, "what stands below BEGIN " + block.label() + " cannot be read (expected: base64)");
        }
    }
}
