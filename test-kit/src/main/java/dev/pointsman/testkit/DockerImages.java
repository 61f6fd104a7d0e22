package dev.pointsman.testkit;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.PullResponseItem;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.dockerclient.DockerClientProviderStrategy;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.ImageNameSubstitutor;
import org.testcontainers.utility.TestcontainersConfiguration;

/**
 * A check whether a container of an image can be started here, without Testcontainers' own way, which tries for minutes
 * to pull what cannot be pulled. An image that is not there is pulled, once and within a minute.
 */
public final class DockerImages {
    private static final int CONNECTED_WITHIN_MS = 5_000;
    private static final int PULLED_WITHIN_SECONDS = 60;

    private DockerImages() {}

    /** The reason why no container of this image can be started, in a sentence; empty when one can. */
    public static Optional<String> lack(String image) {
        String host = System.getenv("DOCKER_HOST");
        // Testcontainers would go on to the usual socket, but a DOCKER_HOST is an order.
        if (host != null && host.startsWith("tcp:") && !listens(URI.create(host))) {
            return Optional.of("No Docker engine listens at DOCKER_HOST, " + host + ".");
        }
        DockerClient client;
        try {
            client = DockerClientProviderStrategy.getClientForConfig(
                    DockerClientFactory.instance().getTransportConfig());
        } catch (RuntimeException noEngine) {
            return Optional.of("No Docker engine responds.");
        }
        try (client) {
            return imagesFor(image)
                    .flatMap(each -> lack(client, each).stream())
                    .findFirst()
                    .or(DockerImages::lackOfTestcontainers);
        } catch (IOException e) {
            return Optional.of("The connection to the Docker engine broke: " + e + ".");
        }
    }

    /**
     * The images needed: the image itself and the one by which Testcontainers cleans up, unless the user has turned
     * that off.
     */
    @SuppressWarnings("deprecation") // there is no other way to ask which image that is
    private static Stream<String> imagesFor(String image) {
        List<String> needed = Boolean.parseBoolean(System.getenv("TESTCONTAINERS_RYUK_DISABLED"))
                ? List.of(image)
                : List.of(image, TestcontainersConfiguration.getInstance().getRyukImage());
        return needed.stream().map(each -> ImageNameSubstitutor.instance()
                .apply(DockerImageName.parse(each))
                .asCanonicalNameString());
    }

    private static Optional<String> lack(DockerClient client, String image) {
        try {
            client.inspectImageCmd(image).exec();
            return Optional.empty();
        } catch (NotFoundException notThere) {
            return pull(client, image)
                    .map(why -> "The Docker engine has no image " + image + " and cannot pull it (" + why
                            + "); get it with: docker pull " + image);
        } catch (RuntimeException e) {
            return Optional.of("The Docker engine does not tell whether it has the image " + image + ": " + e);
        }
    }

    /** Pulls an image; returns the reason if that did not work. */
    private static Optional<String> pull(DockerClient client, String image) {
        try (ResultCallback.Adapter<PullResponseItem> pull =
                client.pullImageCmd(image).exec(new ResultCallback.Adapter<>())) {
            if (!pull.awaitCompletion(PULLED_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                return Optional.of("not done within " + PULLED_WITHIN_SECONDS + " s");
            }
            // An engine reports a failed pull within a successful response.
            client.inspectImageCmd(image).exec();
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        } catch (IOException | RuntimeException e) {
            return Optional.of(String.valueOf(e.getMessage()).strip());
        }
    }

    private static Optional<String> lackOfTestcontainers() {
        try {
            DockerClientFactory.instance().client();
            return Optional.empty();
        } catch (RuntimeException e) {
            return Optional.of("Testcontainers cannot work with this Docker engine: " + e);
        }
    }

    private static boolean listens(URI host) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host.getHost(), host.getPort()), CONNECTED_WITHIN_MS);
            return true;
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }
}
