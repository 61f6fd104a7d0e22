package dev.pointsman.registry;

/**
 * What a registry client has asked its registry for so far, of one kind.
 *
 * @param kind what was asked for, as one word: {@code instances} of a service, {@code checks} of all, {@code catalog},
 *     {@code keys}, {@code knock} (whether it responds at all), {@code other}
 * @param requests that were begun, those that failed included
 * @param receivedBytes content of the responses
 */
public record RegistryRequests(String kind, long requests, long receivedBytes) {}
