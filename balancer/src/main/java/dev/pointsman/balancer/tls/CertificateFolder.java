package dev.pointsman.balancer.tls;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * A folder of certificates: each {@code NAME.crt} or {@code NAME.pem} with its key in {@code NAME.key} or, as HAProxy has them, in the
 * file itself. Names that begin with a dot, and files with other endings, are passed over. Immutable.
 *
 * @param path the folder
 */
public record CertificateFolder(Path path) {
    /** The endings of files of certificates. */
    public static final List<String> ENDINGS = List.of(".crt", ".pem");

    /** The ending of files of keys. */
    public static final String KEY_ENDING = ".key";

    /**
     * The certificates' files, in the order of their names. Blocks on the disk.
     *
     * @throws BadTlsFileException if it is no folder, or cannot be read
     */
    public List<CertificateFiles> files() throws BadTlsFileException {
        TreeMap<String, Path> certs = new TreeMap<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (!name.startsWith(".") && ENDINGS.stream().anyMatch(name::endsWith) && Files.isRegularFile(entry)) {
                    certs.put(name, path.resolve(name));
                }
            }
        } catch (NoSuchFileException none) {
            throw new BadTlsFileException(path, "there is no such folder (expected: a folder of certificates)");
        } catch (NotDirectoryException file) {
            throw new BadTlsFileException(path, "a file (expected: a folder of certificates)");
        } catch (IOException failed) {
            throw new BadTlsFileException(path, "cannot be read (expected: a folder of certificates)");
        }
        List<CertificateFiles> files = new ArrayList<>();
        certs.forEach((name, cert) -> files.add(new CertificateFiles(cert, keyOf(name, cert))));
        return files;
    }

    private Path keyOf(String name, Path cert) {
        Path key = path.resolve(name.substring(0, name.lastIndexOf('.')) + KEY_ENDING);
        return Files.exists(key) ? key : cert;
    }
}
