package dev.pointsman.sample;

import picocli.CommandLine.IVersionProvider;

/** The version that {@code --version} prints, from the jar's manifest. */
final class SampleVersion implements IVersionProvider {
    static String text() {
        String version = SampleVersion.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    @Override
    public String[] getVersion() {
        return new String[] {"sample-service " + text()};
    }
}
