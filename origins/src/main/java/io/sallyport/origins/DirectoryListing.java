package io.sallyport.origins;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A folder as a plain page of links. */
final class DirectoryListing {
    private DirectoryListing() {}

    /**
     * The page for a directory inside the folder: its subdirectories and files by name, no links
     * that lead out.
     */
    static String html(SharedFolder folder, Path directory) throws IOException {
        String title = escape("/" + folder.root().relativize(directory));
        var page = new StringBuilder("<!doctype html>\n<meta charset=\"utf-8\">\n");
        page.append("<title>")
                .append(title)
                .append("</title>\n<h1>")
                .append(title)
                .append("</h1>\n<ul>\n");
        if (!directory.equals(folder.root())) {
            page.append(link(folder, directory.resolve("..").normalize(), ".."));
        }
        for (Path entry : visibleEntries(folder, directory)) {
            page.append(link(folder, entry, String.valueOf(entry.getFileName())));
        }
        return page.append("</ul>\n").toString();
    }

    private static List<Path> visibleEntries(SharedFolder folder, Path directory)
            throws IOException {
        DirectoryStream.Filter<Path> visible =
                entry -> folder.contains(entry) && !FolderHandler.isUnfinishedUpload(entry);
        var entries = new ArrayList<Path>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory, visible)) {
            stream.forEach(entries::add);
        }
        entries.sort(null);
        return entries;
    }

    private static String link(SharedFolder folder, Path entry, String name) {
        String slash = Files.isDirectory(entry) ? "/" : "";
        String path = "/" + folder.root().relativize(entry);
        String address = path.endsWith("/") ? path : path + slash;
        return "<li><a href=\"%s\">%s</a>\n"
                .formatted(escape(percentEncoded(address)), escape(name + slash));
    }

    private static String percentEncoded(String path) {
        try {
            return new URI(null, null, path, null).toASCIIString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("a path is always a URI once it is quoted", e);
        }
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
