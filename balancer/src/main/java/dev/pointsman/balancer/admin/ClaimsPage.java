package dev.pointsman.balancer.admin;

import dev.pointsman.balancer.claim.ClaimConflict;
import dev.pointsman.balancer.claim.ClaimProblem;
import dev.pointsman.balancer.claim.Claims;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.function.Supplier;

/** The page of what instances announce by their tags: conflicts, and what has no effect. */
public final class ClaimsPage implements AdminPart {
    private final Supplier<Claims> claims;

    /** @param claims what is announced now */
    public ClaimsPage(Supplier<Claims> claims) {
        this.claims = claims;
    }

    @Override
    public void mount(Router router) {
        router.get("/api/claims").handler(rc -> Replies.respond(rc, 200, json(claims.get())));
    }

    private static JsonObject json(Claims claims) {
        JsonArray conflicts = new JsonArray();
        claims.conflicts().forEach(conflict -> conflicts.add(conflict(conflict)));
        return new JsonObject()
                .put("routes", claims.routes().size())
                .put("conflicts", conflicts)
                .put("problems", problems(claims.problems()))
                .put("fenced", problems(claims.fenced()))
                .put("overruled", problems(claims.overruled()))
                .put("documentProblems", new JsonArray(claims.documentProblems()));
    }

    private static JsonObject conflict(ClaimConflict conflict) {
        JsonArray claimants = new JsonArray();
        conflict.claimants()
                .forEach(each -> claimants.add(new JsonObject()
                        .put("service", each.service())
                        .put("since", each.since().toString())
                        .put("instances", each.instances())));
        return new JsonObject().put("route", conflict.key()).put("claimants", claimants);
    }

    private static JsonArray problems(List<ClaimProblem> problems) {
        JsonArray list = new JsonArray();
        problems.forEach(each -> list.add(new JsonObject()
                .put("service", each.service())
                .put("instance", each.instance().toString())
                .put("tag", each.tag())
                .put("problem", each.problem())));
        return list;
    }
}
