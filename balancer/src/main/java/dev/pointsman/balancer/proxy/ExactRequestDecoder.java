package dev.pointsman.balancer.proxy;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;

/**
 * Netty's own request decoder, in the place of Vert.x's.
 *
 * <p>Vert.x's recognises common field names by comparing all octets but one, and so reads {@code Content-Xength} as
 * Content-Length (CVE-2026-102479): a client could make this proxy and an upstream disagree about where a request ends.
 * Nothing above the decoder can repair that, since the name as it was sent is gone by then. This class can go when the
 * test named for it passes without it, on a Vert.x of 5.1.10, 5.2.1 or later.
 */
final class ExactRequestDecoder extends HttpRequestDecoder {
    private static final String VERTX_NAME = "httpDecoder";

    private ExactRequestDecoder(HttpServerOptions options) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(options.getMaxInitialLineLength())
                .setMaxHeaderSize(options.getMaxHeaderSize())
                .setMaxChunkSize(options.getMaxChunkSize())
                .setInitialBufferSize(options.getDecoderInitialBufferSize()));
    }

    /** Takes the decoder's place on a new connection; to be called before anything was read from it. */
    static void install(Channel channel, HttpServerOptions options) {
        channel.pipeline().replace(VERTX_NAME, VERTX_NAME, new ExactRequestDecoder(options));
    }

    /**
     * As Vert.x expects it: with fields that are its own kind of map. A higher minor version is read as the highest that
     * is known (RFC 9110, 2.5); Vert.x would know no version at all for it.
     */
    @Override
    protected HttpMessage createMessage(String[] initialLine) {
        HttpVersion version = HttpVersion.valueOf(initialLine[2]);
        if (version.majorVersion() != 1) {
            throw new UnknownVersionException(initialLine[2]);
        }
        return new DefaultHttpRequest(
                version.minorVersion() > 1 ? HttpVersion.HTTP_1_1 : version,
                HttpMethod.valueOf(initialLine[0]),
                initialLine[1],
                (io.netty.handler.codec.http.HttpHeaders) HttpHeaders.headers());
    }

    /** HTTP of a major version that is not ours. */
    static final class UnknownVersionException extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        private UnknownVersionException(String version) {
            super(version);
        }
    }
}
