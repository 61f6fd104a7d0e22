package dev.pointsman.balancer.downstream;

import java.util.Locale;

/** The reasons for which a connection in HTTP/2, or a stream of it, is ended as its client asks for too much or errs. */
public enum Http2Abuse {
    /** Requests that are made and reset, over and over (CVE-2023-44487). */
    RAPID_RESET,
    /** Requests that we are made to reset, by frames that are wrong on purpose (CVE-2025-8671). */
    MADE_RESET,
    /** A field section in too many CONTINUATION frames, or too large ones. */
    CONTINUATION,
    SETTINGS,
    PING,
    PRIORITY,
    /** DATA frames without data. */
    EMPTY_DATA,
    /** Windows that are opened by a few bytes at a time, or more often than anything was sent. */
    WINDOW,
    /** Frames of types that nobody knows. */
    UNKNOWN_FRAME,
    /** Frames of streams that are over, in greater number than can have been under way. */
    LATE_FRAME,
    /** A field section that is larger than max-head; the request gets 431. */
    HEAD_TOO_LARGE,
    /** A window that stayed closed until the idle timeout, with a response waiting for it. */
    STALLED,
    /** SETTINGS that the client does not acknowledge. */
    SETTINGS_TIMEOUT,
    /** Anything else that RFC 9113 calls an error of the connection. */
    PROTOCOL_ERROR;

    /** Its name in metrics, such as {@code rapid-reset}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
