package io.sallyport.agent.config;

import io.sallyport.process.TlsFiles;
import io.sallyport.process.identity.Identity;
import io.sallyport.process.yaml.Section;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** How the files that a configuration names are looked at; what is wrong is a fault of its key. */
interface NamedFiles {
    /** Looks at all of them. */
    NamedFiles CHECKED =
            new NamedFiles() {
                @Override
                public void identity(TlsFiles files, @Nullable String agent, Section tls) {
                    Identity.check(files, Identity.Purpose.AGENT, agent, tls);
                }

                @Override
                public void shownToPartners(Path certificate, Path key, Section tls) {
                    Identity.checkServer(certificate, key, tls);
                }

                @Override
                public void authorities(Path file, String key, Section section) {
                    Identity.checkAuthorities(file, key, section);
                }
            };

    /**
     * @param agent its name; null if it is not known
     */
    void identity(TlsFiles files, @Nullable String agent, Section tls);

    void shownToPartners(Path certificate, Path key, Section tls);

    void authorities(Path file, String key, Section section);
}
