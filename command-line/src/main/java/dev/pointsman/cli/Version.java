package dev.pointsman.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IVersionProvider;

/** The version of the jar, the revision that it was built from, and what it runs on. */
final class Version implements IVersionProvider {
    /** The build writes it into the jar's manifest: what {@code git describe --always --dirty} says. */
    private static final String REVISION = "Pointsman-Revision";

    @Override
    public String[] getVersion() {
        Attributes jar = manifest();
        return lines(
                jar.getValue(Attributes.Name.IMPLEMENTATION_VERSION), jar.getValue(REVISION), System.getProperties());
    }

    static String[] lines(@Nullable String version, @Nullable String revision, Properties system) {
        boolean known = revision != null && !revision.equals("unknown");
        return new String[] {
            "pointsman " + (version == null ? "(not from a jar)" : version) + ", "
                    + (known ? "revision " + revision : "unknown revision"),
            "Java " + system.getProperty("java.version") + " (" + system.getProperty("java.vendor") + ", "
                    + system.getProperty("java.vm.name") + " " + system.getProperty("java.vm.version") + ")",
            system.getProperty("os.name") + " " + system.getProperty("os.version") + ", "
                    + system.getProperty("os.arch")
        };
    }

    /** Of the jar that has every command; empty where there is none. */
    private static Attributes manifest() {
        if (Version.class.getPackage().getImplementationVersion() == null) {
            return new Attributes();
        }
        try (InputStream file = ClassLoader.getSystemResourceAsStream("META-INF/MANIFEST.MF")) {
            return file == null ? new Attributes() : new Manifest(file).getMainAttributes();
        } catch (IOException unreadable) {
            return new Attributes();
        }
    }
}
