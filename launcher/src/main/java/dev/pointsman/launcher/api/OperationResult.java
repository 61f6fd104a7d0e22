package dev.pointsman.launcher.api;

/**
 * The result of an operation of {@link Operations}.
 *
 * @param done whether the launcher did what was asked
 * @param sentence what was done, or why it was not
 */
public record OperationResult(boolean done, String sentence) {}
