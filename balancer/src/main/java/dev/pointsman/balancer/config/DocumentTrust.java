package dev.pointsman.balancer.config;

/** The trust in whoever wrote a configuration: what reading it may look at in this process and on its disk. */
public enum DocumentTrust {
    /** Variables of the environment are read, and the files that are named are looked at. */
    OPERATOR,
    /** Neither: a problem would tell what is there. Files count as given. */
    ANYBODY
}
