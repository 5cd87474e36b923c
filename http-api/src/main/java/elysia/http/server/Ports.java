package elysia.http.server;

import elysia.core.auth.Authenticator;
import elysia.core.auth.Tokens;
import elysia.core.cluster.ClusterView;
import elysia.core.collection.Collections;
import elysia.core.diagnose.Diagnoses;
import elysia.core.event.Events;
import elysia.core.feed.Changes;
import elysia.core.repository.Repositories;
import elysia.core.search.Search;
import elysia.http.route.Audit;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/// All that the API reaches of the rest of the node.
public record Ports(Repositories repositories, Collections collections, Changes changes,
    Diagnoses diagnoses, Search search,
    ClusterView cluster, Events events, Authenticator authenticator, Tokens tokens, Audit audit,
    PrometheusMeterRegistry registry) {}
