package io.sallyport.acceptance.ftp;

import io.sallyport.acceptance.peer.Programs;
import io.sallyport.acceptance.product.CommandResult;
import io.sallyport.acceptance.product.Commands;
import io.sallyport.acceptance.product.Repository;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Python's ftplib, by a script that does all operations in one process. */
public final class PythonFtplib {
    private static final Path SCRIPT =
            Repository.acceptance()
                    .resolve("src/test/resources/io/sallyport/acceptance/ftp/partner.py");

    static Map<FtpOperation, String> perform(
            Set<FtpOperation> operations, FtpTarget target, DataMode mode, FtpWorkspace workspace) {
        Map<String, String> said =
                said(
                        operations.stream()
                                .map(FtpOperation::name)
                                .collect(Collectors.joining(",")),
                        target,
                        mode,
                        workspace);
        Map<FtpOperation, String> failures = new EnumMap<>(FtpOperation.class);
        for (FtpOperation operation : operations) {
            String outcome = said.getOrDefault(operation.name(), "not done: " + said);
            if (!outcome.equals("ok")) {
                failures.put(operation, outcome);
            }
        }
        return failures;
    }

    /**
     * Begins an upload of the file {@code torn} and ends its TCP connection without ending its TLS;
     * returns {@code ok} if the server does not take it for whole.
     */
    public static String tearUpload(FtpTarget target, FtpWorkspace workspace) {
        String operation = "TORN_UPLOAD";
        Map<String, String> said = said(operation, target, DataMode.EPSV, workspace);
        return said.getOrDefault(operation, "not done: " + said);
    }

    private static Map<String, String> said(
            String operations, FtpTarget target, DataMode mode, FtpWorkspace workspace) {
        FtpMaterial material = workspace.material();
        CommandResult result =
                Commands.run(
                        workspace.local(),
                        List.of(
                                Programs.path("python3"),
                                SCRIPT.toString(),
                                "host=" + target.host(),
                                "port=" + target.port(),
                                "tls=" + target.tls(),
                                "trusted=" + target.trusted(),
                                "user=" + target.user(),
                                "password=" + target.password(),
                                "dataMode=" + mode,
                                "remote=" + workspace.remote(),
                                "local=" + workspace.local(),
                                "large=" + material.large(),
                                "medium=" + material.medium(),
                                "tail=" + material.tail(),
                                "small=" + material.small(),
                                "operations=" + operations));
        Map<String, String> said = new HashMap<>();
        result.out()
                .lines()
                .map(line -> line.split("\t", 2))
                .forEach(words -> said.put(words[0], words[1]));
        if (!result.err().isEmpty()) {
            said.put("error", result.err());
        }
        return said;
    }

    private PythonFtplib() {}
}
