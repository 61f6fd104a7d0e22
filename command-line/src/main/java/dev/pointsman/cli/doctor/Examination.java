package dev.pointsman.cli.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** All checkups, side by side: most of them wait for others, and each of those may be silent. Used once. */
public final class Examination {
    private final Map<DoctorCheck, Checkup> checkups;
    private final Duration longest;

    /**
     * An examination that has not begun.
     *
     * @param checkups by the first thing that each looks at
     * @param longest until what is not over is given up
     */
    Examination(Map<DoctorCheck, Checkup> checkups, Duration longest) {
        this.checkups = Map.copyOf(checkups);
        this.longest = longest;
    }

    /** Looks at everything; what is of the same check stays in the order in which it was found. */
    public List<Finding> run() throws InterruptedException {
        ExecutorService threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "checkup");
            // What hangs must not keep the process.
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<DoctorCheck> names = new ArrayList<>();
            List<Callable<List<Finding>>> tasks = new ArrayList<>();
            checkups.forEach((name, checkup) -> {
                names.add(name);
                tasks.add(checkup::findings);
            });
            List<Future<List<Finding>>> looks = threads.invokeAll(tasks, longest.toMillis(), TimeUnit.MILLISECONDS);
            List<Finding> found = new ArrayList<>();
            for (int i = 0; i < looks.size(); i++) {
                found.addAll(found(names.get(i), looks.get(i)));
            }
            found.sort(Comparator.comparing(Finding::check));
            return List.copyOf(found);
        } finally {
            threads.shutdownNow();
        }
    }

    private List<Finding> found(DoctorCheck name, Future<List<Finding>> look) throws InterruptedException {
        try {
            return look.get();
        } catch (CancellationException tooLong) {
            return List.of(Finding.warning(
                    DoctorCheck.DOCTOR,
                    name.id(),
                    "was not finished within " + longest.toSeconds() + " s",
                    "so it is not known whether anything is wrong there",
                    "look at what it asks: the registry, instances or balancers respond slowly or not at all"));
        } catch (ExecutionException failed) {
            return List.of(Finding.warning(
                    DoctorCheck.DOCTOR,
                    name.id(),
                    "could not be looked at: " + failed.getCause(),
                    "so it is not known whether anything is wrong there",
                    "please report this"));
        }
    }
}
