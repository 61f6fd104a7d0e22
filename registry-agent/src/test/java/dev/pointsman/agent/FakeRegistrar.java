package dev.pointsman.agent;

import dev.pointsman.registry.Registrar;
import dev.pointsman.registry.RegistryException;
import dev.pointsman.registry.ServiceRegistration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A registry in memory that fails, hangs and forgets on demand. */
final class FakeRegistrar implements Registrar {
    final List<String> calls = new CopyOnWriteArrayList<>();
    final Set<String> known = ConcurrentHashMap.newKeySet();
    final CountDownLatch closed = new CountDownLatch(1);

    /** What every call fails with, or null. */
    volatile RegistryException.@Nullable Kind failure;

    volatile @Nullable RuntimeException bug;

    /** The call with this name waits until {@link #release} (or for ever, and then until it is closed). */
    volatile String hangs = "";

    final CountDownLatch hanging = new CountDownLatch(1);
    final CountDownLatch release = new CountDownLatch(1);

    @Override
    public void register(ServiceRegistration registration) throws RegistryException {
        call("register");
        known.add(registration.id());
    }

    @Override
    public void deregister(String id) throws RegistryException {
        call("deregister");
        known.remove(id);
    }

    @Override
    public boolean isRegistered(String id) throws RegistryException {
        call("check");
        return known.contains(id);
    }

    @Override
    public void maintenance(String id, boolean on, String reason) throws RegistryException {
        call("maintenance");
    }

    long count(String name) {
        return calls.stream().filter(name::equals).count();
    }

    private void call(String name) throws RegistryException {
        calls.add(name);
        if (bug != null) {
            throw bug;
        }
        if (failure != null) {
            throw new RegistryException(failure, "the registry fails by order");
        }
        if (hangs.equals(name)) {
            hanging.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (closed.getCount() == 0) {
                throw new RegistryException(RegistryException.Kind.UNREACHABLE, "closed");
            }
        }
        calls.add(name + " done");
    }

    @Override
    public void close() {
        closed.countDown();
        release.countDown();
    }
}
