package dev.pointsman.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who may read files with secrets, and who may write what decides where requests go. Source: the launcher's hint about env files, which is
 * given for the same reason; a token in a file of mode 0644 is everybody's on that machine.
 */
final class SecretFilesCheckup implements Checkup {
    private final Map<Path, String> secrets;
    private final Set<Path> trusted;

    /**
     * A look at files.
     *
     * @param secrets each with what is secret in it, as in "holds ..."
     * @param trusted those of the configuration, secret or not
     */
    SecretFilesCheckup(Map<Path, String> secrets, Set<Path> trusted) {
        this.secrets = new LinkedHashMap<>(secrets);
        this.trusted = new TreeSet<>(trusted);
    }

    @Override
    public List<Finding> findings() {
        List<Finding> found = new ArrayList<>();
        Set<Path> all = new TreeSet<>(trusted);
        all.addAll(secrets.keySet());
        for (Path file : all) {
            try {
                found.addAll(look(file, Files.getPosixFilePermissions(file)));
            } catch (UnsupportedOperationException noPermissions) {
                return List.of();
            } catch (IOException unreadable) {
                found.add(Finding.warning(
                        DoctorCheck.SECRET_FILES,
                        file.toString(),
                        "cannot be looked at: " + unreadable.getMessage(),
                        "a balancer that runs as this user cannot read it either",
                        "see that the file is there and that the user may read it and enter its folders"));
            }
        }
        return found;
    }

    private List<Finding> look(Path file, Set<PosixFilePermission> permissions) {
        List<Finding> found = new ArrayList<>();
        String mode = PosixFilePermissions.toString(permissions);
        String secret = secrets.get(file);
        if (secret != null && permissions.contains(PosixFilePermission.OTHERS_READ)) {
            found.add(Finding.error(
                    DoctorCheck.SECRET_FILES,
                    file.toString(),
                    "holds " + secret + ", and every user of this machine can read it (" + mode + ")",
                    "whoever reads it can do what the secret is for",
                    "chmod 600 " + file + ", or 640 with the balancer's group"));
        }
        if (permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
            found.add(Finding.error(
                    DoctorCheck.SECRET_FILES,
                    file.toString(),
                    "can be written by every user of this machine (" + mode + ")",
                    "whoever writes it decides where requests go, and who may log in",
                    "chmod o-w " + file));
        }
        if (found.isEmpty()) {
            found.add(Finding.ok(
                    DoctorCheck.SECRET_FILES,
                    file.toString(),
                    secret == null
                            ? "holds no secret, and not everybody can write it"
                            : "is not for everybody (" + mode + ")"));
        }
        return found;
    }
}
