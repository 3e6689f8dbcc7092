package io.sallyport.copy;

import io.sallyport.copy.progress.Progress;
import io.sallyport.copy.remote.Address;
import io.sallyport.copy.remote.CopyException;
import io.sallyport.copy.remote.CopyException.Kind;
import io.sallyport.copy.remote.Faults;
import io.sallyport.copy.remote.Remote;
import io.sallyport.copy.remote.Remote.Ability;
import io.sallyport.copy.remote.RemoteFile;
import io.sallyport.copy.remote.Settings;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds out which files are meant, and copies one after the other. */
public final class Copy implements AutoCloseable {
    private static final int DEPTH_MAX = 64;

    private final Settings settings;
    private final boolean recursive;
    private final boolean resume;
    private final Progress progress;
    private @Nullable Remote remote;
    private @Nullable Address connected;
    private @Nullable Kind firstFailure;

    public Copy(Settings settings, boolean recursive, boolean resume, Progress progress) {
        this.settings = settings;
        this.recursive = recursive;
        this.resume = resume;
        this.progress = progress;
    }

    /**
     * Copies all that is meant, and returns the exit code: of the first failure if there was one.
     *
     * @throws CopyException if nothing can be begun
     */
    public int run(List<String> sources, String destination) throws IOException {
        boolean upload = Address.isUrl(destination);
        for (String source : sources) {
            if (Address.isUrl(source) == upload) {
                throw CopyException.usage(
                        upload
                                ? "from server to server is not copied: copy to a local folder"
                                        + " first"
                                : "one side must be a URL, such as sftp://host/path, but both are"
                                        + " local");
            }
        }
        if (upload) {
            Address target = Address.parse(destination);
            guarded(destination, () -> upload(sources, target));
        } else {
            List<Address> addresses = parsed(sources);
            for (Address address : addresses) {
                guarded(
                        address.toString(),
                        () -> download(address, destination, sources.size() > 1));
            }
        }
        return firstFailure == null ? 0 : firstFailure.exitCode();
    }

    private static List<Address> parsed(List<String> urls) throws CopyException {
        var addresses = new java.util.ArrayList<Address>();
        for (String url : urls) {
            addresses.add(Address.parse(url));
        }
        return addresses;
    }

    /** Tells of a failure, after which other files can still be copied, or throws it. */
    private void guarded(String name, Silence.Work work) throws IOException {
        try {
            work.run();
        } catch (IOException | RuntimeException failure) {
            CopyException told = Faults.during(name, failure);
            if (told.kind().concernsTheServer()) {
                throw told;
            }
            progress.failed(name, told.getMessage(), told.kind().exitCode());
            firstFailure = firstFailure == null ? told.kind() : firstFailure;
            // Nobody knows in the middle of what its conversation is.
            disconnect();
        }
    }

    private Remote remote(Address address) throws IOException {
        Remote open = remote;
        if (open != null && connected != null && connected.sameServer(address)) {
            return open;
        }
        close();
        Remote made = Remotes.open(address, settings);
        remote = made;
        connected = address;
        return made;
    }

    private Transfer transfer(Address address) throws IOException {
        return new Transfer(remote(address), resume, settings.idleTimeout(), progress);
    }

    private void download(Address address, String destination, boolean several) throws IOException {
        String name = lastOf(address.path());
        boolean wild = !address.scheme().isHttp() && (name.contains("*") || name.contains("?"));
        Path target = Path.of(destination);
        boolean intoFolder =
                several || wild || destination.endsWith("/") || Files.isDirectory(target);
        if (intoFolder && !Files.isDirectory(target)) {
            if (several || wild) {
                throw CopyException.usage(destination + " must be a folder that is there");
            }
            Files.createDirectories(target);
        }
        if (wild) {
            downloadMatching(address, name, target);
            return;
        }
        RemoteFile file =
                remote(address)
                        .find(address.path())
                        .orElseThrow(() -> CopyException.failed(address + " does not exist"));
        if (file.isFolder() && !recursive) {
            throw CopyException.failed(address + " is a folder: -r copies it");
        }
        if (intoFolder && file.name().isEmpty() && !file.isFolder()) {
            throw CopyException.usage(address + " has no file name: name the file to write");
        }
        download(
                address,
                file,
                intoFolder && !file.name().isEmpty() ? inside(target, file) : target,
                0);
    }

    private void downloadMatching(Address address, String wildcard, Path target)
            throws IOException {
        String folder = address.path().substring(0, address.path().length() - wildcard.length());
        Pattern pattern = Wildcard.pattern(wildcard);
        boolean any = false;
        for (RemoteFile file : remote(address).list(folder)) {
            if (pattern.matcher(file.name()).matches() && (recursive || !file.isFolder())) {
                any = true;
                Address one = address.withPath(folder + file.name());
                guarded(one.toString(), () -> download(one, file, inside(target, file), 0));
            }
        }
        if (!any) {
            throw CopyException.failed(address + ": nothing there has such a name");
        }
    }

    private void download(Address address, RemoteFile file, Path target, int depth)
            throws IOException {
        if (!file.isFolder()) {
            transfer(address).download(address.path(), file, target);
            return;
        }
        if (depth == DEPTH_MAX) {
            throw CopyException.failed(address + " is more than " + DEPTH_MAX + " folders deep");
        }
        Files.createDirectories(target);
        for (RemoteFile child : remote(address).list(address.path())) {
            Address there = address.withPath(joined(address.path(), child.name()));
            guarded(
                    there.toString(),
                    () -> download(there, child, inside(target, child), depth + 1));
        }
    }

    /** A server chooses names, and must not choose places. */
    static Path inside(Path folder, RemoteFile file) throws CopyException {
        String name = file.name();
        if (name.isEmpty()
                || name.equals(".")
                || name.equals("..")
                || name.contains("/")
                || name.contains("\\")
                || name.chars().anyMatch(Character::isISOControl)) {
            throw CopyException.failed(
                    "the server names a file '%s', which is no name for a file here"
                            .formatted(name.replaceAll("\\p{Cntrl}", "?")));
        }
        return folder.resolve(name);
    }

    private void upload(List<String> sources, Address target) throws IOException {
        for (String source : sources) {
            if (!Files.exists(Path.of(source))) {
                throw CopyException.failed(source + " does not exist");
            }
        }
        boolean intoFolder = isFolder(target);
        if (sources.size() > 1 && !intoFolder) {
            throw CopyException.usage(
                    target + " must be a folder that is there, or end with a slash");
        }
        for (String source : sources) {
            Path file = Path.of(source);
            Address there = intoFolder ? child(target, file) : target;
            guarded(source, () -> upload(file, there, 0));
        }
    }

    private boolean isFolder(Address target) throws IOException {
        if (target.path().isEmpty() || target.path().endsWith("/")) {
            return true;
        }
        Remote open = remote(target);
        return open.can(Ability.FOLDERS)
                && open.find(target.path()).filter(RemoteFile::isFolder).isPresent();
    }

    private void upload(Path source, Address target, int depth) throws IOException {
        if (!Files.isDirectory(source)) {
            if (!Files.isRegularFile(source)) {
                throw CopyException.failed(source + " is neither a file nor a folder");
            }
            transfer(target).upload(source, target.path());
            return;
        }
        if (!recursive) {
            throw CopyException.failed(source + " is a folder: -r copies it");
        }
        if (depth == DEPTH_MAX) {
            throw CopyException.failed(source + " is more than " + DEPTH_MAX + " folders deep");
        }
        remote(target).makeFolder(target.path());
        List<Path> children;
        try (Stream<Path> listing = Files.list(source)) {
            children = listing.sorted().toList();
        }
        for (Path path : children) {
            if (Files.isSymbolicLink(path) && Files.isDirectory(path)) {
                progress.note(path + " is a link to a folder, and left out");
            } else {
                guarded(path.toString(), () -> upload(path, child(target, path), depth + 1));
            }
        }
    }

    private static Address child(Address folder, Path source) throws IOException {
        Path real = source.getFileName();
        String name =
                real == null || real.toString().equals(".") || real.toString().equals("..")
                        ? String.valueOf(source.toRealPath(LinkOption.NOFOLLOW_LINKS).getFileName())
                        : real.toString();
        if (name.chars().anyMatch(Character::isISOControl)) {
            throw CopyException.failed(
                    Wildcard.printable(name) + ": a name with control characters is not copied");
        }
        return folder.withPath(
                joined(
                        folder.path(),
                        folder.scheme().isHttp()
                                ? URLEncoder.encode(name, StandardCharsets.UTF_8)
                                        .replace("+", "%20")
                                : name));
    }

    private static String lastOf(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static String joined(String folder, String name) {
        return folder.isEmpty() || folder.endsWith("/") ? folder + name : folder + "/" + name;
    }

    private void disconnect() {
        Remote open = remote;
        remote = null;
        if (open != null) {
            open.abort();
            open.close();
        }
    }

    @Override
    public void close() {
        Remote open = remote;
        remote = null;
        if (open != null) {
            open.close();
        }
    }
}
