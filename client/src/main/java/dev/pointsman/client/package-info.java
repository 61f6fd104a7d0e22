/** A client that balances its requests over the instances of a service: {@link dev.pointsman.client.ServiceClient}. */
@NullMarked
package dev.pointsman.client;

import org.jspecify.annotations.NullMarked;
