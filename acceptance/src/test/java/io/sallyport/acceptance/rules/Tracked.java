package io.sallyport.acceptance.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.acceptance.product.Commands;
import io.sallyport.acceptance.product.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The repository's own files, as git knows them. */
record Tracked(Path path) {

    /** All files; never empty, or the rules would hold for nothing. */
    static List<Tracked> files() {
        String listing =
                Commands.mustRun(
                                Repository.root(),
                                "git",
                                "ls-files",
                                "-z",
                                "--cached",
                                "--others",
                                "--exclude-standard")
                        .out();
        List<Tracked> files =
                Stream.of(listing.split("\0"))
                        .map(Path::of)
                        .filter(path -> Files.isRegularFile(Repository.root().resolve(path)))
                        .map(Tracked::new)
                        .toList();
        assertThat(files).as("files of the repository").isNotEmpty();
        return files;
    }

    static List<Tracked> files(Predicate<Tracked> wanted) {
        List<Tracked> files = files().stream().filter(wanted).toList();
        assertThat(files).as("files that a rule is about").isNotEmpty();
        return files;
    }

    boolean isJava() {
        return path.toString().endsWith(".java");
    }

    boolean isMainJava() {
        return isJava() && path.toString().contains("/src/main/");
    }

    boolean isIn(String module) {
        return path.startsWith(module);
    }

    boolean isMarkdown() {
        return path.toString().endsWith(".md");
    }

    Path directory() {
        Path parent = Repository.root().resolve(path).getParent();
        return parent == null ? Repository.root() : parent;
    }

    /** The lines; empty if the file is not text. */
    Optional<List<String>> lines() {
        try {
            return Optional.of(Files.readAllLines(Repository.root().resolve(path)));
        } catch (CharacterCodingException notText) {
            return Optional.empty();
        } catch (IOException cannotRead) {
            throw new UncheckedIOException(cannotRead);
        }
    }

    /** Each line that breaks a rule, as {@code file:line: text}. */
    Stream<String> linesThat(Predicate<String> breakTheRule) {
        List<String> lines = lines().orElse(List.of());
        return IntStream.range(0, lines.size())
                .filter(number -> breakTheRule.test(lines.get(number)))
                .mapToObj(number -> path + ":" + (number + 1) + ": " + lines.get(number).strip());
    }
}
