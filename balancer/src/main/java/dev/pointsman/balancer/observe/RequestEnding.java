package dev.pointsman.balancer.observe;

/** How a request ended. */
public enum RequestEnding {
    /** The response went out whole: an instance's or our own. */
    COMPLETE,
    /** A part of the response went out, and the rest did not come: the instance broke off. */
    CUT_SHORT,
    /** The client left before it had all of the response. */
    CLIENT_GONE
}
