package dev.pointsman.cli.doctor;

import java.util.Locale;

/** What is looked at, in the order in which it is reported. docs/doctor.md has a row for each. */
public enum DoctorCheck {
    JAVA_VERSION,
    JAVA_MEMORY,
    CONFIGURATION,
    SECRET_FILES,
    FOLDERS,
    DISK,
    TEMP_FOLDER,
    CERTIFICATES,
    DESCRIPTORS,
    LOCAL_PORTS,
    LISTEN_QUEUE,
    LISTEN_PORT,
    CONSUL_AGENT,
    CONSUL_LEADER,
    CONSUL_CLOCK,
    CONSUL_LIMITS,
    CONSUL_TOKEN,
    CONSUL_RIGHTS,
    CONSUL_WAIT,
    CATALOG,
    INSTANCE_ADDRESS,
    INSTANCE_CHECK,
    INSTANCE_HEALTH,
    TAGS,
    TAG_CONFLICTS,
    ROUTES,
    INSTANCE_ANSWER,
    KEEP_ALIVE,
    BALANCER,
    BALANCER_SECRETS,
    BALANCER_VERSIONS,
    BALANCER_SETTINGS,
    BALANCER_ROUTES,
    /** The examination itself. */
    DOCTOR;

    /** The stable name, as programs read it: {@code java-version}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
