package dev.pointsman.client.internal.call;

import io.vertx.core.Context;
import io.vertx.core.http.HttpClient;

/**
 * An event loop for calls that no Vert.x context makes.
 *
 * @param context everything of a call runs on it
 * @param client an HTTP client that sends requests to a service's address, and has its connections on this loop
 */
public record CallLoop(Context context, HttpClient client) {}
