package dev.pointsman.balancer.downstream;

/** A receiver of the end of a response. */
public interface ResponseEndListener {
    /** Called once, when the last byte of the response was written, or none will be. */
    void responseEnded();
}
