package dev.pointsman.balancer.downstream;

import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;

/**
 * A listening socket that another process has bound, and that both share for a while: each accepts from the same queue, so
 * that no client is lost between them.
 *
 * @param channel the socket, bound; its own word on its address may be wrong
 * @param address what it is bound to
 */
public record InheritedSocket(ServerSocketChannel channel, InetSocketAddress address) {}
