package dev.pointsman.sample;

import dev.pointsman.client.ClientOptions;
import dev.pointsman.client.ServiceAddress;
import dev.pointsman.client.ServiceClient;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.RequestOptions;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Another service that this one calls, without a balancer in between; with the Vert.x on which both the calls and the calling service live. */
final class CalledService implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CalledService.class);
    private static final long CLOSE_SECONDS = 5;

    private final ServiceAddress address;
    private final Vertx vertx;
    private final ServiceClient client;

    private CalledService(ServiceAddress address, Vertx vertx, ServiceClient client) {
        this.address = address;
        this.vertx = vertx;
        this.client = client;
    }

    /**
     * Follows the service from now on, and waits for nothing.
     *
     * @throws IllegalArgumentException when Consul's certificates cannot be used
     */
    static CalledService follow(ServiceAddress address, ClientOptions options) {
        // As the agent makes its own: neither a file cache nor files from the class path are needed.
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        try {
            ServiceClient client = ServiceClient.create(vertx, options);
            client.follow(address)
                    .whenComplete((known, failure) -> log.debug("The instances of {} are known.", address, failure));
            return new CalledService(address, vertx, client);
        } catch (RuntimeException e) {
            vertx.close();
            throw e;
        }
    }

    ServiceAddress address() {
        return address;
    }

    Vertx vertx() {
        return vertx;
    }

    /** A request to one of its instances; its options name everything but the address. */
    Future<HttpClientRequest> request(RequestOptions options) {
        return client.httpClient().request(options.setServer(address));
    }

    /** Closes the client and then Vert.x; to be called when nothing is served any more, and not on an event loop. */
    @Override
    public void close() {
        client.close();
        try {
            vertx.close().await(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            log.warn("What calls {} did not close as it should: {}", address, e.toString());
        }
    }
}
