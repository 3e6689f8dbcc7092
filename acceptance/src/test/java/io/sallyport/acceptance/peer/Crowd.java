package io.sallyport.acceptance.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** Thousands of partners at once, from many addresses of 127.0.0.0/8. */
public final class Crowd implements AutoCloseable {
    private static final int BATCH = 100;

    private final List<Partner> partners = new ArrayList<>();

    /**
     * Connects partners in batches: each of a batch has been greeted before the next batch comes.
     *
     * @param greeting what is done with each one as soon as it is connected
     */
    public static Crowd connect(
            int count, int port, IntFunction<InetAddress> from, Consumer<Partner> greeting) {
        var crowd = new Crowd();
        var to = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
        for (int first = 0; first < count; first += BATCH) {
            List<Callable<Partner>> batch = new ArrayList<>();
            for (int number = first; number < Math.min(count, first + BATCH); number++) {
                InetAddress source = from.apply(number);
                batch.add(() -> {
                    Partner partner = Partner.connect(to, source);
                    greeting.accept(partner);
                    return partner;
                });
            }
            crowd.partners.addAll(inParallel(batch));
        }
        return crowd;
    }

    /** One address for each partner, so that no limit per address is in the way. */
    public static InetAddress ownAddress(int number) {
        return address(1 + (number >> 16), number >> 8, number);
    }

    /** One of fifty addresses, as partners behind a few networks have. */
    public static InetAddress sharedAddress(int number) {
        return address(9, 0, 1 + number % 50);
    }

    public int size() {
        return partners.size();
    }

    public List<Partner> partners() {
        return List.copyOf(partners);
    }

    /** Does something with all of them at once; fails if it fails with any. */
    public void each(Consumer<Partner> action) {
        List<Callable<Partner>> actions = new ArrayList<>();
        for (Partner partner : partners) {
            actions.add(() -> {
                action.accept(partner);
                return partner;
            });
        }
        assertThat(inParallel(actions)).hasSize(partners.size());
    }

    /** Runs tasks at the same time and returns what they return, in order. */
    public static <T> List<T> inParallel(List<Callable<T>> tasks) {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<T> results = new ArrayList<>();
            for (Future<T> task : executor.invokeAll(tasks)) {
                results.add(task.get());
            }
            return results;
        } catch (ExecutionException failed) {
            throw new AssertionError(failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** The value below which so many percent of the times are. */
    public static Duration percentile(int percent, List<Duration> times) {
        List<Duration> sorted = times.stream().sorted().toList();
        return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
    }

    @Override
    public void close() {
        partners.forEach(Partner::close);
    }

    private static InetAddress address(int second, int third, int fourth) {
        try {
            return InetAddress.getByAddress(
                    new byte[] {127, (byte) second, (byte) third, (byte) fourth});
        } catch (UnknownHostException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }
}
