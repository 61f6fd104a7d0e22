package dev.pointsman.balancer.health;

/**
 * The result of one check of one instance.
 *
 * @param passed whether the instance gave the expected response in time
 * @param what what it did, as the end of a sentence: {@code answered 500}
 */
record CheckResult(boolean passed, String what) {}
