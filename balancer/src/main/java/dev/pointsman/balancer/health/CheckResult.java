package dev.pointsman.balancer.health;

/**
 * The result of one check of one instance.
 *
 * @param passed whether the instance gave the expected response in time
 * @param what what it did, as the end of a sentence: {@code answered 500}
 */
record CheckResult(boolean passed, String what) {
    /** No result: this process fell short of what it needs to check. Says nothing about the instance. */
    static final CheckResult NONE = new CheckResult(false, "");

    static CheckResult passed(String what) {
        return new CheckResult(true, what);
    }

    static CheckResult failed(String what) {
        return new CheckResult(false, what);
    }
}
