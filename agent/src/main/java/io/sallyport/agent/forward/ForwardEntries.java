package io.sallyport.agent.forward;

import io.netty.channel.EventLoop;
import io.sallyport.agent.config.ForwardConfig;
import io.sallyport.agent.config.ForwardConfig.Entry;
import io.sallyport.agent.ftp.FtpCourses;
import io.sallyport.agent.session.DataRequests;
import io.sallyport.agent.session.Gateway;
import io.sallyport.protocol.Endpoint;
import io.sallyport.relay.RelayEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All entries of the agent, as its configuration has them. Used on the core loop only. */
public final class ForwardEntries {
    private final Forwarding forwarding;
    private final List<EntryListener> listeners = new ArrayList<>();

    /**
     * @param gateway where to ask for partners: the first gateway that is connected; null if none
     *     is
     */
    public ForwardEntries(
            EventLoop core,
            DataRequests requests,
            RelayEngine engine,
            FtpCourses ftp,
            Supplier<@Nullable Gateway> gateway) {
        forwarding = new Forwarding(core, requests, engine, ftp, gateway, ForwardConfig.NONE);
    }

    /** Opens what is new, closes what is gone, and touches neither the others nor any session. */
    public void apply(ForwardConfig config) {
        forwarding.reload(config);
        List<EntryListener> before = List.copyOf(listeners);
        listeners.clear();
        List<Runnable> toOpen = new ArrayList<>();
        for (Entry entry : config.entries()) {
            EntryListener same =
                    before.stream()
                            .filter(listener -> isSamePlace(listener.entry(), entry))
                            .filter(listener -> !listeners.contains(listener))
                            .findFirst()
                            .orElse(null);
            if (same == null) {
                var listener = new EntryListener(forwarding, entry);
                listeners.add(listener);
                toOpen.add(listener::open);
            } else {
                same.replace(entry);
                listeners.add(same);
            }
        }
        before.stream()
                .filter(listener -> !listeners.contains(listener))
                .forEach(EntryListener::close);
        // After the others are closed: a port may change its entry.
        toOpen.forEach(Runnable::run);
    }

    private static boolean isSamePlace(Entry one, Entry other) {
        return one.kind().getClass() == other.kind().getClass()
                && one.listen().equals(other.listen());
    }

    /** Lets nobody in any more. */
    public void close() {
        listeners.forEach(EntryListener::close);
    }

    /** Where the first entry of this name listens; null if there is none, or it can't. */
    public @Nullable Endpoint bound(String name) {
        return listeners.stream()
                .filter(listener -> listener.entry().name().equals(name))
                .map(EntryListener::bound)
                .findFirst()
                .orElse(null);
    }

    /** What is shown of an entry. */
    public record View(
            String name, Endpoint listen, String bound, String state, int clients, String error) {}

    public List<View> view() {
        return listeners.stream()
                .map(listener -> {
                    Endpoint bound = listener.bound();
                    return new View(
                            listener.entry().name(),
                            listener.entry().listen(),
                            bound == null ? "" : bound.toString(),
                            bound == null ? "failed" : "open",
                            listener.clients(),
                            listener.error());
                })
                .toList();
    }
}
