package dev.pointsman.client.internal.resolve;

import dev.pointsman.pool.Upstream;
import io.vertx.core.net.endpoint.InteractionMetrics;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The requests to one upstream, as Vert.x reports them. Holds nothing itself: what they show is in the upstream. */
final class UpstreamInteractions implements InteractionMetrics<Interaction> {
    private final UnsentInteractions unsent;

    /** Set before Vert.x's object with it is handed out. */
    private @Nullable Upstream upstream;

    UpstreamInteractions(UnsentInteractions unsent) {
        this.unsent = unsent;
    }

    /** Says which upstream it is; once, before the first request. */
    void at(Upstream which) {
        upstream = which;
    }

    @Override
    public Interaction initiateRequest() {
        Interaction interaction = new Interaction(Objects.requireNonNull(upstream), unsent.now());
        unsent.add(interaction);
        return interaction;
    }

    @Override
    public void reportRequestBegin(Interaction interaction) {
        unsent.remove(interaction);
        interaction.sent();
    }

    @Override
    public void reportResponseBegin(Interaction interaction) {
        interaction.responded();
    }

    @Override
    public void reportResponseEnd(Interaction interaction) {
        interaction.ended();
    }

    @Override
    public void reportFailure(Interaction interaction, Throwable failure) {
        unsent.remove(interaction);
        interaction.failed(failure);
    }
}
